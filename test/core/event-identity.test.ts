import { byId, COMPANY, PROJECT, TriggerBench, useN8n } from './harness';
import { WebhookServer } from './support/webhook-server';

const USER = '7710345';
const OTHER_USER = '7713880';

let nodes = 0;

describe('an event in a process that runs no safety checks, with Ignore Own Changes', () => {
	const n8n = useN8n();
	const server = new WebhookServer(n8n);
	let trigger: TriggerBench;
	let later: number;

	beforeAll(async () => await server.start());
	afterAll(async () => await server.stop());
	beforeEach(() => {
		later = 0;
		const now = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => now() + later);
		server.runs.length = 0;
		server.errors.length = 0;
		server.warnings.length = 0;
		n8n.webhookBaseUrl = `${server.url}/webhook`;
	});
	afterEach(() => {
		jest.restoreAllMocks();
	});

	/** Goes on in a process that has neither activated nor checked the node. */
	function inAnotherProcess(): void {
		nodes += 1;
		trigger.nodeId = `processor-${nodes}`;
	}

	async function activate(ignoreOwnChanges: string): Promise<void> {
		trigger = new TriggerBench(n8n, {
			companyId: byId(COMPANY),
			scope: 'projects',
			projectIds: [PROJECT],
			events: ['RFIs:update'],
			ignoreOwnChanges,
		});
		server.trigger = trigger;
		await trigger.activate();
		inAnotherProcess();
		await n8n.requests();
	}

	async function connectAs(userId: string): Promise<void> {
		const { accessToken, refreshToken = '' } = await n8n.control.issueToken({
			grant: 'authorizationCode',
			userId,
		});
		n8n.credential.stored.oauthTokenData = {
			access_token: accessToken,
			refresh_token: refreshToken,
			token_type: 'bearer',
		};
	}

	/** Whether a change starts the workflow. */
	async function starts(change: { userId?: string; applicationId?: string }): Promise<boolean> {
		const before = server.runs.length;
		await n8n.control.change({
			companyId: COMPANY,
			projectId: PROJECT,
			resourceName: 'RFIs',
			eventType: 'update',
			...change,
		});
		await n8n.control.advance(0);
		expect(server.errors).toEqual([]);
		return server.runs.length > before;
	}

	/** The number of look-ups since the last call. */
	async function lookUps(): Promise<number> {
		return (await n8n.requests()).filter(({ path }) => path.endsWith('/me')).length;
	}

	test('is compared with the user who is connected now, not with the one of the activation', async () => {
		await activate('user');
		await connectAs(OTHER_USER);
		expect(await starts({ userId: OTHER_USER })).toBe(false);
		expect(await starts({ userId: USER })).toBe(true);
		expect(await starts({ userId: OTHER_USER })).toBe(false);
		expect(await lookUps()).toBe(1);
	});

	test('is compared with the new user after a change of the credential', async () => {
		await activate('both');
		expect(await starts({ userId: USER })).toBe(false);
		expect(await lookUps()).toBe(1);
		await connectAs(OTHER_USER);
		later += 31_000;
		expect(await starts({ userId: USER })).toBe(true);
		expect(await starts({ userId: OTHER_USER })).toBe(false);
		expect(await lookUps()).toBe(1);
	});

	test('is compared with the new app after a change of the credential, without a request', async () => {
		await activate('application');
		const earlier = String(n8n.credential.stored.clientId);
		expect(await starts({ applicationId: earlier })).toBe(false);
		n8n.credential.stored.clientId = 'another-app';
		later += 31_000;
		expect(await starts({ applicationId: 'another-app' })).toBe(false);
		expect(await starts({ applicationId: earlier })).toBe(true);
		expect(await n8n.requests()).toEqual([]);
	});

	test('is recognized as an own change although the stored state is lost', async () => {
		await activate('user');
		trigger.staticData = {};
		expect(await starts({ userId: USER })).toBe(false);
		expect(await starts({ userId: OTHER_USER })).toBe(true);
	});

	describe('while Procore does not return the user', () => {
		beforeEach(async () => {
			await activate('user');
		});

		const fail = async () => {
			await n8n.control.addFault({
				path: '/me$',
				times: 0,
				effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
			});
		};

		test('is compared with the user of the activation', async () => {
			await fail();
			expect(await starts({ userId: USER })).toBe(false);
			expect(await starts({ userId: OTHER_USER })).toBe(true);
			expect(await lookUps()).toBe(1);
			expect(server.warnings).toEqual([expect.stringContaining('whose changes are the node')]);
			later += 31_000;
			await n8n.control.clearFaults();
			await connectAs(OTHER_USER);
			expect(await starts({ userId: OTHER_USER })).toBe(false);
		});

		test('starts the workflow if the credential has changed, because it might be somebody else by now', async () => {
			expect(await starts({ userId: USER })).toBe(false);
			await fail();
			await connectAs(OTHER_USER);
			later += 31_000;
			expect(await starts({ userId: USER })).toBe(true);
			await n8n.control.clearFaults();
			later += 31_000;
			expect(await starts({ userId: OTHER_USER })).toBe(false);
		});
	});

	test('does not wait for a look-up that takes too long', async () => {
		await activate('user');
		await n8n.control.addFault({ path: '/me$', effect: { kind: 'hold' } });
		expect(await starts({ userId: OTHER_USER })).toBe(true);
		await n8n.control.releaseHeld();
	});

	test('causes no request if nothing is ignored, or the filters drop it', async () => {
		await activate('none');
		expect(await starts({ userId: USER })).toBe(true);
		trigger.parameters = {
			...trigger.parameters,
			ignoreOwnChanges: 'user',
			filters: {
				conditions: [{ field: 'source_user_id', operator: 'isOneOf', value: '1', users: [] }],
			},
		};
		expect(await starts({ userId: USER })).toBe(false);
		expect(await n8n.requests()).toEqual([]);
	});
});
