import type { INodeParameters } from 'n8n-workflow';

import type { HookState } from '../../emulator/control-client';
import {
	GENERATIONS,
	URL_A,
	inProject,
	jsonOf,
	makeHook,
	messageOf,
	onlyJson,
} from './action-support';
import { byId, COMPANY, OTHER_PROJECT, PROJECT, PROJECTS, useN8n } from './harness';

const NOBODY = 'http://127.0.0.1:9/nobody';
const RFI_UPDATE = { resourceName: 'RFIs', eventType: 'update' };
const DAY_SECONDS = 86_400;

function isoAgo(seconds: number): string {
	return new Date(Date.now() - seconds * 1000).toISOString();
}

describe.each(GENERATIONS)('check health on %s', (version) => {
	const n8n = useN8n();
	const isV2 = version === 'v2.0';

	beforeEach(async () => {
		await n8n.connect({ version });
	});

	const check = (more: INodeParameters = {}): INodeParameters => ({
		resource: 'hook',
		operation: 'check',
		companyId: byId(COMPANY),
		...more,
	});

	const checkProject = (more: INodeParameters = {}) =>
		check({ scope: 'project', projectId: byId(PROJECT), ...more });

	/** A hook with one trigger in each of these projects, in their order. */
	async function makeHooks(projects: readonly string[]): Promise<HookState[]> {
		const parameters = inProject('hook', 'create', {
			projectId: byId('={{ $json.project }}'),
			destinationUrl: URL_A,
		});
		jsonOf(
			await n8n.run(
				parameters,
				projects.map((project) => ({ project })),
			),
		);
		const { hooks } = await n8n.control.state({ deliveries: 0 });
		for (const { id } of hooks) await n8n.control.editHook(id, { triggers: [RFI_UPDATE] });
		await n8n.control.clearRequests();
		return hooks.sort(
			(one, other) =>
				projects.indexOf(one.scope.projectId ?? '') - projects.indexOf(other.scope.projectId ?? ''),
		);
	}

	/** A hook with one trigger in the usual project. */
	async function makeOne(): Promise<string> {
		const [hook] = await makeHooks([PROJECT]);
		return hook?.id ?? '';
	}

	/** Makes Procore retry a delivery repeatedly, to a URL at which nothing listens. */
	async function getStuck(hookId: string, projectId: string): Promise<void> {
		await n8n.control.editHook(hookId, { destinationUrl: NOBODY });
		await n8n.control.change({ companyId: COMPANY, projectId, ...RFI_UPDATE });
		await n8n.control.advance(600);
	}

	/** A hook that has been there for days, and whose last event was accepted more than a day ago. */
	async function makeQuietHook(project: string): Promise<string> {
		const json = onlyJson(
			await n8n.run(
				inProject('hook', 'create', { projectId: byId(project), destinationUrl: URL_A }),
			),
		);
		const id = String(json.id);
		await n8n.control.editHook(id, {
			triggers: [RFI_UPDATE],
			createdAt: isoAgo(30 * DAY_SECONDS),
		});
		await n8n.control.addDeliveries(id, { count: 3, secondsAgo: 1.5 * DAY_SECONDS });
		return id;
	}

	test('finds exactly the 7 of 300 hooks that are broken in seven ways, in at most 2 requests per hook on v2.0 and 3 on v1.0', async () => {
		const projects = [...PROJECTS];
		while (projects.length < 300) {
			const name = `Project ${projects.length}`;
			projects.push((await n8n.control.addProject({ companyId: COMPANY, name })).id);
		}
		const hooks = await makeHooks(projects.slice(0, 299));
		for (const { id } of hooks) {
			// Clearly before what fails later: Procore's times can have whole seconds.
			await n8n.control.addDeliveries(id, { count: 2, secondsAgo: 60 });
		}
		const ids = hooks.map(({ id }) => id);
		const broken = new Map<string, string>();
		const breakHook = async (
			at: number,
			problem: string,
			work: (id: string) => Promise<unknown>,
		) => {
			const id = ids[at] ?? '';
			broken.set(id, problem);
			await work(id);
		};
		if (isV2) {
			await breakHook(3, 'disabled', async (id) => {
				await n8n.control.editHook(id, { status: 'disabled' });
			});
		}
		await breakHook(40, 'wrongUrl', async (id) => {
			await n8n.control.editHook(id, { destinationUrl: 'https://old.larkspur.example/webhook/a' });
		});
		await breakHook(77, 'missingTriggers', async (id) => {
			await n8n.control.editHook(id, { triggers: [] });
		});
		await breakHook(150, 'queueStuck', async (id) => await getStuck(id, projects[150] ?? ''));
		await breakHook(201, 'failing', async (id) => {
			await n8n.control.addDeliveries(id, { count: 1, statuses: ['discarded'] });
		});
		await breakHook(250, 'unreachableUrl', async (id) => {
			await n8n.control.editHook(id, { destinationUrl: 'ftp://files.larkspur.example/a' });
		});
		broken.set(await makeQuietHook(projects[299] ?? ''), 'silent');
		await n8n.requests();

		const expectedUrl = `https://flows.larkspur.example/, ftp://files.larkspur.example, ${NOBODY}`;
		const json = jsonOf(await n8n.run(check({ options: { expectedUrl, silentHours: 24 } })));

		const requests = await n8n.requests();
		expect(requests.every(({ method }) => method === 'GET')).toBe(true);
		expect(requests.filter(({ status }) => status === 429)).toEqual([]);
		// One more than two or three per hook lists the projects.
		expect(requests).toHaveLength((isV2 ? 2 : 3) * 300 + 1);
		expect(json).toHaveLength(300);
		const unhealthy = json.filter(({ healthy }) => healthy !== true);
		expect(new Map(unhealthy.map(({ hook_id, problems }) => [hook_id, problems]))).toEqual(
			new Map([...broken].map(([id, problem]) => [id, [problem]])),
		);
		expect(unhealthy).toHaveLength(isV2 ? 7 : 6);
	});

	test('tells of a healthy hook when it delivered last, and that nothing waits', async () => {
		const id = await makeOne();
		await n8n.control.addDeliveries(id, { count: 3, statuses: ['failed', 'succeeded'] });
		await n8n.control.addDeliveries(id, { count: 1 });
		const json = onlyJson(await n8n.run(checkProject()));
		expect(json).toEqual({
			hook_id: id,
			namespace: 'flows',
			destination_url: URL_A,
			company_id: COMPANY,
			project_id: PROJECT,
			project_name: null,
			healthy: true,
			problems: [],
			last_success: expect.stringMatching(/^\d{4}-.*Z$/),
			last_failure: expect.stringMatching(/^\d{4}-.*Z$/),
			retrying: 0,
			enqueued: isV2 ? 0 : null,
			trigger_count: 1,
		});
	});

	test('takes a hook that has never delivered for healthy', async () => {
		await makeOne();
		const json = onlyJson(await n8n.run(checkProject()));
		expect(json).toMatchObject({ healthy: true, last_success: null, last_failure: null });
		expect(await n8n.requests()).toHaveLength(isV2 ? 2 : 3);
	});

	test('calls a hook failing until an event is accepted again', async () => {
		const id = await makeOne();
		await n8n.control.addDeliveries(id, {
			count: 3,
			statuses: ['succeeded', 'succeeded', 'failed'],
		});
		expect(onlyJson(await n8n.run(checkProject()))).toMatchObject({ problems: ['failing'] });
		await n8n.control.advance(60);
		await n8n.control.addDeliveries(id, { count: 1 });
		expect(onlyJson(await n8n.run(checkProject()))).toMatchObject({ healthy: true });
	});

	test('calls a hook silent only with the option, and only after the hours in it', async () => {
		await makeQuietHook(PROJECT);
		const problemsWith = async (options: INodeParameters) =>
			onlyJson(await n8n.run(checkProject({ options }))).problems;
		expect(await problemsWith({})).toEqual([]);
		expect(await problemsWith({ silentHours: 24 })).toEqual(['silent']);
		expect(await problemsWith({ silentHours: 72 })).toEqual([]);
	});

	test('compares the triggers with the events that are expected', async () => {
		await makeOne();
		const withEvents = (events: string) => checkProject({ options: { events } });
		expect(onlyJson(await n8n.run(withEvents('RFIs:update')))).toMatchObject({ healthy: true });
		expect(onlyJson(await n8n.run(withEvents('RFIs:update, RFIs:create')))).toMatchObject({
			problems: ['missingTriggers'],
			trigger_count: 1,
		});
		expect(messageOf(await n8n.run(withEvents('RFIs')))).toContain('"RFIs" in Expected Events');
	});

	test('tells in how many of the projects a namespace has hooks, until it has them in all', async () => {
		const projects = [...PROJECTS];
		const { id: added } = await n8n.control.addProject({ companyId: COMPANY, name: 'New site' });
		await makeHooks(projects);

		const partly = await n8n.run(check({ scope: 'allProjects' }));
		expect(partly.hints).toEqual([
			expect.stringContaining(
				`of ${projects.length + 1} active projects: "flows" in ${projects.length}.`,
			),
		]);

		await makeHooks([added]);
		expect((await n8n.run(check({ scope: 'allProjects' }))).hints).toEqual([]);
	});

	test('checks the hooks of every namespace unless one is given', async () => {
		await makeHook(n8n, { namespace: 'flows' });
		await makeHook(n8n, { namespace: 'others' });
		const all = jsonOf(await n8n.run(checkProject()));
		expect(all.map(({ namespace }) => namespace).sort()).toEqual(['flows', 'others']);
		const one = jsonOf(await n8n.run(check({ namespace: 'others' })));
		expect(one.map(({ namespace }) => namespace)).toEqual(['others']);
	});

	test('checks the hooks of a company, for which v2.0 needs a namespace', async () => {
		await makeHook(n8n, { scope: 'company', namespace: 'flows' });
		const company = check({ scope: 'company' });
		if (isV2) expect(messageOf(await n8n.run(company))).toContain('Namespace');
		else expect(jsonOf(await n8n.run(company))).toHaveLength(1);
		const json = onlyJson(await n8n.run({ ...company, namespace: 'flows' }));
		expect(json).toMatchObject({ project_id: null, problems: ['missingTriggers'] });
	});

	test.each([
		{},
		{ onError: 'continueRegularOutput' as const },
		{ onError: 'continueErrorOutput' as const },
	])(
		'keeps the other hooks if one project rejects the account, with the settings %j',
		async (settings) => {
			await makeHooks([PROJECT, OTHER_PROJECT]);
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			const { items, errorItems, error } = await n8n.run(check(), [{}], settings);
			expect(error).toBeUndefined();
			expect(errorItems).toEqual([]);
			expect(items.map(({ json }) => json)).toContainEqual(
				expect.objectContaining({ project_id: PROJECT, healthy: true }),
			);
			const [refused, ...others] = items.filter(({ json }) => json.healthy !== true);
			expect(others).toEqual([]);
			expect(refused?.json).toMatchObject({
				hook_id: null,
				project_id: OTHER_PROJECT,
				project_name: 'DC-002 - Dry Creek Depot',
				problems: ['notChecked'],
				error: expect.stringMatching(/Could not list the hooks of project 902377.*403/),
			});
		},
	);

	test('keeps the other hooks if the deliveries of one cannot be read', async () => {
		const [first, second] = await makeHooks([PROJECT, OTHER_PROJECT]);
		await n8n.control.addFault({
			path: `${first?.id}/deliveries`,
			times: 0,
			effect: { kind: 'status', status: 403, body: { errors: ['not for you'] } },
		});
		const json = jsonOf(await n8n.run(check()));
		expect(json.find(({ hook_id }) => hook_id === second?.id)).toMatchObject({ healthy: true });
		expect(json.find(({ hook_id }) => hook_id === first?.id)).toMatchObject({
			destination_url: URL_A,
			problems: ['notChecked'],
			error: expect.stringContaining('not for you'),
		});
	});

	test('fails if nothing can be read', async () => {
		await makeHooks([PROJECT, OTHER_PROJECT]);
		await n8n.control.setPermissions({ companyId: COMPANY, webhooks: 'none' });
		expect(messageOf(await n8n.run(check()))).toContain('403');
	});

	test('stays within a rate limit of 25 requests in a window', async () => {
		const projects = [...PROJECTS];
		while (projects.length < 30) {
			const name = `Project ${projects.length}`;
			projects.push((await n8n.control.addProject({ companyId: COMPANY, name })).id);
		}
		await makeHooks(projects);
		await n8n.control.setRateLimit({ limit: 25, windowSeconds: 2 });
		const json = jsonOf(await n8n.run(check()));
		const requests = await n8n.requests();
		await n8n.control.setRateLimit(null);
		expect(json.map(({ healthy }) => healthy)).toEqual(projects.map(() => true));
		expect(requests.filter(({ status }) => status === 429)).toEqual([]);
		expect(requests).toHaveLength((isV2 ? 2 : 3) * 30 + 1);
	});

	test('sends nothing more once the rate limit is used up for long', async () => {
		const projects = [...PROJECTS];
		while (projects.length < 40) {
			const name = `Project ${projects.length}`;
			projects.push((await n8n.control.addProject({ companyId: COMPANY, name })).id);
		}
		await n8n.control.addFault({
			path: '/hooks\\?',
			after: 10,
			effect: { kind: 'rateLimited', resetInSeconds: 1800 },
		});
		await n8n.requests();
		const json = jsonOf(await n8n.run(check()));
		expect(json).toHaveLength(30);
		expect(new Set(json.flatMap(({ problems }) => problems))).toEqual(new Set(['notChecked']));
		// Those that were under way.
		const refused = (await n8n.requests()).filter(({ status }) => status === 429);
		expect(refused.length).toBeLessThanOrEqual(5);
	});

	test('calls a queue stuck as soon as deliveries wait behind one that is retried', async () => {
		const id = await makeOne();
		await n8n.control.addDeliveries(id, { count: 2, statuses: ['succeeded', 'retrying'] });
		expect(onlyJson(await n8n.run(checkProject()))).toMatchObject({ healthy: true, retrying: 1 });
		await n8n.control.addDeliveries(id, { count: 3, statuses: ['enqueued'] });
		expect(onlyJson(await n8n.run(checkProject()))).toMatchObject(
			isV2
				? { problems: ['queueStuck'], retrying: 1, enqueued: 3 }
				: { problems: [], retrying: 1, enqueued: null },
		);
	});

	test('finds what a busy hook does now behind hundreds of older deliveries', async () => {
		const id = await makeOne();
		await n8n.control.addDeliveries(id, { count: 401 });
		await n8n.control.advance(60);
		await n8n.control.addDeliveries(id, { count: 1, statuses: ['discarded'] });
		await n8n.requests();
		expect(onlyJson(await n8n.run(checkProject()))).toMatchObject({ problems: ['failing'] });
		if (isV2) expect(await n8n.requests()).toHaveLength(3);
		await n8n.control.addDeliveries(id, { count: 1, statuses: ['retrying'] });
		await n8n.control.addDeliveries(id, { count: 300, statuses: ['enqueued'] });
		if (!isV2) return;
		await n8n.requests();
		expect(onlyJson(await n8n.run(checkProject()))).toMatchObject({
			problems: ['queueStuck'],
			retrying: 1,
		});
		expect(await n8n.requests()).toHaveLength(4);
	});

	test.each([0, 'soon'])('refuses %s for Silent After', async (silentHours) => {
		await n8n.requests();
		const parameters = checkProject({
			options: { silentHours: `={{ ${JSON.stringify(silentHours)} }}` },
		});
		expect(messageOf(await n8n.run(parameters))).toContain('Silent After');
		expect(await n8n.requests()).toEqual([]);
	});
});
