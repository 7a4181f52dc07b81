import axios from 'axios';
import type { WorkflowExecuteMode } from 'n8n-workflow';

import { digestOf } from '../../nodes/Procore/hook/secret';
import { fixtureText } from '../unit/support/fixtures';
import { byId, COMPANY, EUROPE, PROJECT, TriggerBench, useN8n, type Generation } from './harness';
import { executeContext } from './support/gate';
import { runSafetyCheck } from './support/safety-check';
import { WebhookServer } from './support/webhook-server';

/** The secret of hooks that were created with a previous client secret. */
const EARLIER = 'c0ffee'.repeat(10) + 'abcd';

const PARAMETERS = {
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT],
	events: ['RFIs:create', 'RFIs:update'],
};

let serial = 0;

/** A payload of Procore with a new id, because a process drops one that it has just seen. */
function payload(name: string): { body: string; id: string } {
	serial += 1;
	const digits = String(serial).padStart(4, '0');
	const body = fixtureText(name)
		.replace(/"id": (\d{15})\d{4}/, `"id": $1${digits}`)
		.replace(/"(01M7[0-9A-Z]{18})[0-9A-Z]{4}"/, `"$1${digits}"`);
	return { body, id: /"id": "?([0-9A-Z]+)/.exec(body)?.[1] ?? '' };
}

describe('an event at the webhook', () => {
	const n8n = useN8n();
	const server = new WebhookServer(n8n);
	let trigger: TriggerBench;

	beforeAll(async () => await server.start());
	afterAll(async () => await server.stop());
	beforeEach(() => {
		server.runs.length = 0;
		server.errors.length = 0;
		server.warnings.length = 0;
		trigger = new TriggerBench(n8n, PARAMETERS);
		server.trigger = trigger;
		n8n.webhookBaseUrl = `${server.url}/webhook`;
		n8n.webhookTestBaseUrl = `${server.url}/webhook-test`;
	});

	/** The stored state of hooks that were created here, with changes. */
	function remembered(changes = {}) {
		const { apiUrl } = n8n.credential.stored;
		return {
			'node:Procore Trigger': {
				hook: {
					accepted: digestOf(`Bearer ${EARLIER}`),
					namespace: 'n',
					url: trigger.url,
					apiUrl: String(apiUrl).replace(/\/$/, ''),
					companyId: COMPANY,
					...changes,
				},
			},
		};
	}

	async function post(body: string | Buffer, authorization?: string, url = trigger.url) {
		return await axios.post<string>(url, body, {
			headers: {
				'Content-Type': 'application/json',
				...(authorization === undefined ? {} : { Authorization: authorization }),
			},
			transformRequest: (data: unknown) => data,
			responseType: 'text',
			transformResponse: (text: string) => text,
			validateStatus: () => true,
			maxBodyLength: Infinity,
			proxy: false,
		});
	}

	test('of a test tells beside its output which namespace the published trigger has', async () => {
		const hintsOf = async (mode: WorkflowExecuteMode) => {
			const context = executeContext(n8n, trigger, server.runs.flat(), { mode });
			const hint = jest.spyOn(context, 'addExecutionHints');
			await n8n.nodeType('procoreTrigger').execute?.call(context);
			return hint.mock.calls.flat();
		};
		const test = async () => {
			await trigger.listen();
			const { body } = payload('webhook-payload-v2-project');
			expect(
				(await post(body, `Bearer ${trigger.secretOf(trigger.testUrl)}`, trigger.testUrl)).status,
			).toBe(200);
			await trigger.stopListening();
			return await hintsOf('manual');
		};
		await trigger.activate();
		const [published] = (await n8n.control.state()).hooks;

		expect(await test()).toEqual([
			{ message: expect.stringContaining(`${published?.namespace}.`), location: 'outputPane' },
		]);
		expect(await hintsOf('webhook')).toEqual([]);

		trigger.parameters = { ...PARAMETERS, namespace: 'flows' };
		expect(await test()).toEqual([]);
	});

	describe.each([
		[
			'webhook-payload-v2-project',
			{ resource_name: 'RFIs', project_id: '902214', api_version: 'v2.0' },
		],
		[
			'webhook-payload-v2-company-nullified-metadata',
			{ resource_name: 'Company Vendors', project_id: null },
		],
		['webhook-payload-v3', { api_version: 'v3.0', resource_id: '8812046' }],
		['webhook-payload-v4-project', { api_version: 'v4.0', metadata: null, user_id: '7710345' }],
		['webhook-payload-v4-company-inferred', { api_version: 'v4.0', resource_name: 'Projects' }],
	])('%s', (name, expected) => {
		test('starts one run with one item and every digit', async () => {
			const { body, id } = payload(name);
			const { status, data } = await post(body, `Bearer ${trigger.secret}`);
			expect([status, data]).toEqual([200, '']);
			expect(server.runs).toEqual([[{ json: expect.objectContaining({ ...expected, id }) }]]);
		});

		test('returns the event as Procore sent it without Simplify, with every digit', async () => {
			trigger.parameters = { ...PARAMETERS, options: { simplify: false } };
			const { body, id } = payload(name);
			await post(body, `Bearer ${trigger.secret}`);
			const sent = JSON.parse(body.replace(/"id": (\d{16,})/g, '"id": "$1"'));
			expect(server.runs).toEqual([[{ json: sent }]]);
			expect(server.runs[0]?.[0]?.json.id).toBe(id);
		});
	});

	test.each<[string, (secret: string) => string | undefined]>([
		['a wrong secret', () => `Bearer ${'0'.repeat(64)}`],
		['no Authorization', () => undefined],
		['an empty Authorization', () => ''],
		['only a scheme', () => 'Bearer'],
		['another scheme', (secret) => `Basic ${secret}`],
		['a part of the secret', (secret) => `Bearer ${secret.slice(0, 63)}`],
		['the masked secret', (secret) => `*****${secret.slice(-5)}`],
		['the digest of the secret', (secret) => digestOf(`Bearer ${secret}`)],
		['the word undefined', () => 'Bearer undefined'],
		["the secret of the node's test hook", () => `Bearer ${trigger.secretOf(trigger.testUrl)}`],
	])('with %s gets a 401 and starts nothing', async (_case, authorization) => {
		for (const staticData of [{}, remembered()]) {
			trigger.staticData = staticData;
			const sent = authorization(trigger.secret);
			const { status, data } = await post(payload('webhook-payload-v3').body, sent);
			expect(status).toBe(401);
			expect(data).not.toContain(trigger.secret);
			expect(server.runs).toEqual([]);
			expect(server.errors).toEqual([]);
		}
	});

	describe('with the secret of a previous client secret', () => {
		const send = async () =>
			(await post(payload('webhook-payload-v3').body, `Bearer ${EARLIER}`)).status;

		test('is accepted if the stored state has that hook, in addition to the derived secret', async () => {
			trigger.staticData = remembered();
			expect(await send()).toBe(200);
			const { status } = await post(payload('webhook-payload-v3').body, `Bearer ${trigger.secret}`);
			expect(status).toBe(200);
		});

		test.each([
			['there is no stored state', () => ({})],
			[
				'the hook is in a Procore that the credential has left',
				() => remembered({ apiUrl: 'https://sandbox.procore.com' }),
			],
			[
				'the hook is in a company that the credential has left',
				() => remembered({ companyId: EUROPE }),
			],
			[
				'the hook delivers to the n8n whose database this one has a copy of',
				() => remembered({ url: 'https://original.larkspur.example/webhook/1/procore' }),
			],
			['the stored state contains no digest', () => remembered({ accepted: `Bearer ${EARLIER}` })],
		])('gets a 401 if %s', async (_case, staticData) => {
			trigger.staticData = staticData();
			expect(await send()).toBe(401);
			expect(server.runs).toEqual([]);
		});
	});

	describe('with the secret that the hooks had before the client secret was changed', () => {
		const HOUR = 3_600_000;
		let later: number;
		let earlier: string;

		const send = async (authorization: string) =>
			(await post(payload('webhook-payload-v3').body, authorization)).status;

		/** What n8n has in its database: it doesn't save the static data of a check that starts nothing. */
		let saved: TriggerBench['staticData'];

		beforeEach(async () => {
			later = 0;
			const now = Date.now.bind(Date);
			jest.spyOn(Date, 'now').mockImplementation(() => now() + later);
			serial += 1;
			trigger.nodeId = `rotated-${serial}`;
			await trigger.activate();
			saved = trigger.staticData;
			earlier = `Bearer ${trigger.secret}`;
			n8n.credential.stored.clientSecret = 'a new client secret';
		});
		afterEach(() => {
			jest.restoreAllMocks();
		});

		async function checkAsMain(): Promise<void> {
			expect((await runSafetyCheck(n8n, trigger)).saved).toBeUndefined();
			trigger.staticData = saved;
		}

		test('is accepted until a check has updated all hooks, although n8n does not save what the check stores', async () => {
			later += 31_000;
			expect(await send(earlier)).toBe(200);
			await n8n.control.addFault({
				method: 'PATCH',
				effect: { kind: 'status', status: 403, body: { message: 'Forbidden' } },
			});
			await checkAsMain();
			expect(await send(earlier)).toBe(200);
			await checkAsMain();
			expect(await send(earlier)).toBe(401);
			expect(await send(`Bearer ${trigger.secret}`)).toBe(200);
		});

		test('is accepted for a day by a process that runs no checks', async () => {
			trigger.nodeId = `processor-${serial}`;
			expect(await send(earlier)).toBe(200);
			later += 24 * HOUR - 60_000;
			expect(await send(earlier)).toBe(200);
			expect(await send(`Bearer ${trigger.secret}`)).toBe(200);
			later += 60_000;
			expect(await send(earlier)).toBe(401);
			expect(await send(`Bearer ${trigger.secret}`)).toBe(200);
		});

		test('is accepted for 12 hours by every process, restarted or not, once n8n has started', async () => {
			expect(await trigger.checkExists('init')).toBe(true);
			expect(JSON.stringify(trigger.staticData)).not.toBe(JSON.stringify(saved));
			for (const hours of [0, 11, 13]) {
				serial += 1;
				later = hours * HOUR;
				trigger.nodeId = `restarted-${serial}`;
				expect(await send(earlier)).toBe(hours < 12 ? 200 : 401);
				expect(await send(`Bearer ${trigger.secret}`)).toBe(200);
			}
			// A second start does not begin anew.
			const { staticData } = trigger;
			expect(await trigger.checkExists('init')).toBe(true);
			expect(trigger.staticData).toEqual(staticData);
		});
	});

	describe('whose secret is compared with that of the credential', () => {
		const good = async () =>
			(await post(payload('webhook-payload-v3').body, `Bearer ${trigger.secret}`)).status;
		const forged = async () => (await post('{}', 'Bearer wrong')).status;
		let now: number;

		beforeEach(() => {
			now = Date.now();
			jest.spyOn(Date, 'now').mockImplementation(() => now);
		});
		afterEach(() => {
			jest.restoreAllMocks();
		});

		test('opens the credential at most twice in half a minute, however many requests are forged, and sends nothing to Procore', async () => {
			const opened = jest.spyOn(n8n.credential, 'getDecrypted');
			await Promise.all(Array.from({ length: 20 }, forged));
			expect(await good()).toBe(200);
			expect(opened.mock.calls.length).toBeLessThanOrEqual(2);
			for (let minute = 0; minute < 3; minute += 1) {
				opened.mockClear();
				for (let second = 0; second < 60; second += 1) {
					now += 1_000;
					await Promise.all([forged(), good(), forged()]);
				}
				// Every half minute because of its age, and because of requests that do not match.
				expect(opened.mock.calls.length).toBeLessThanOrEqual(4);
			}
			expect(await n8n.requests()).toEqual([]);
		});

		test('is accepted with a new client secret right after the change, whichever process created the hook', async () => {
			expect(await good()).toBe(200);
			const earlier = `Bearer ${trigger.secret}`;
			n8n.credential.stored.clientSecret = 'a new client secret';
			now += 1_000;
			expect(await Promise.all([good(), good(), good()])).toEqual([200, 200, 200]);
			expect((await post(payload('webhook-payload-v3').body, earlier)).status).toBe(401);
		});

		test('is accepted half a minute after the change at the latest, if a forged request came in between', async () => {
			expect(await good()).toBe(200);
			expect(await forged()).toBe(401);
			n8n.credential.stored.clientSecret = 'a new client secret';
			expect(await good()).toBe(401);
			now += 31_000;
			expect(await good()).toBe(200);
		});

		test('is rejected half a minute after the credential was switched to another company', async () => {
			trigger.parameters = { ...PARAMETERS, companyId: byId('') };
			n8n.credential.stored.companyId = COMPANY;
			expect(await good()).toBe(200);
			const earlier = `Bearer ${trigger.secret}`;
			n8n.credential.stored.companyId = EUROPE;
			now += 31_000;
			expect((await post(payload('webhook-payload-v3').body, earlier)).status).toBe(401);
			expect(await good()).toBe(200);
		});

		test.each(['removeHook', 'keepHook'])(
			'is accepted with its renewed secret at once, and with the previous one for 12 hours, after an edit with %s',
			async (whenUnpublished) => {
				const renewed = (renewSecret: string) => ({
					...PARAMETERS,
					options: { renewSecret, whenUnpublished },
				});
				trigger.parameters = renewed('first');
				await trigger.activate();
				const [{ authorization: before } = { authorization: null }] = (await n8n.control.state())
					.hooks;
				await trigger.delete();
				trigger.parameters = renewed('second');
				await trigger.activate();
				const [{ authorization: after } = { authorization: null }] = (await n8n.control.state())
					.hooks;
				const send = async (authorization: string | null) =>
					(await post(payload('webhook-payload-v3').body, authorization ?? '')).status;

				expect(after).not.toBe(before);
				expect(await send(after)).toBe(200);
				expect(await send(before)).toBe(200);
				now += 12 * 3_600_000 - 1_000;
				expect(await send(before)).toBe(200);
				now += 2_000;
				expect(await send(before)).toBe(401);
				expect(await send(after)).toBe(200);
			},
		);

		test('is accepted with the previous secret, too, if the check beside the publication brings the new one', async () => {
			const renewed = (renewSecret: string) => ({
				...PARAMETERS,
				options: { renewSecret, whenUnpublished: 'keepHook' },
			});
			const authorization = async () => (await n8n.control.state()).hooks[0]?.authorization ?? '';
			trigger.parameters = renewed('first');
			await trigger.activate();
			const before = await authorization();
			await trigger.delete();
			trigger.parameters = renewed('second');
			trigger.nodeId = 'node-of-a-check-beside-a-publication';
			const saved = structuredClone(trigger.staticData);
			await runSafetyCheck(n8n, trigger);
			expect(await authorization()).not.toBe(before);
			const withPrevious = async () =>
				(await post(payload('webhook-payload-v3').body, before)).status;
			// n8n saves the state of the activation later, and that of the check not at all.
			const checked = trigger.staticData;
			trigger.staticData = saved;
			expect(await withPrevious()).toBe(200);
			now += 12 * 3_600_000 + 1_000;
			expect(await withPrevious()).toBe(401);
			now -= 12 * 3_600_000 + 1_000;
			trigger.staticData = checked;
			expect(await trigger.checkExists()).toBe(true);
			expect(await withPrevious()).toBe(200);
		});

		test('is still accepted if the credential cannot be read, by the cached secret and the stored state', async () => {
			expect(await good()).toBe(200);
			jest
				.spyOn(n8n.credential, 'getDecrypted')
				.mockRejectedValue(new Error('Credentials could not be decrypted'));
			now += 31_000;
			expect(await good()).toBe(200);
			expect(await forged()).toBe(401);
			trigger.nodeId = 'node-of-a-process-that-has-derived-nothing';
			expect(await good()).toBe(401);
			trigger.staticData = remembered();
			const { status } = await post(payload('webhook-payload-v3').body, `Bearer ${EARLIER}`);
			expect(status).toBe(200);
		});
	});

	test.each<[string, string | Buffer, number]>([
		['nothing', '', 400],
		['not JSON', '{"id": 6120447718830551043,', 400],
		['bytes that are not text', Buffer.from([0xff, 0xfe, 0x00, 0x01]), 400],
		['a list of events', `[${fixtureText('webhook-payload-v3')}]`, 200],
		['null', 'null', 200],
		['an object without an event', '{"hello":"s3cret content"}', 200],
		['an event without an id', fixtureText('webhook-payload-v3').replace('"id"', '"no_id"'), 200],
		['an event in __proto__', `{"__proto__":${fixtureText('webhook-payload-v3')}}`, 200],
		['300 kB of a new payload version', JSON.stringify({ data: 'x'.repeat(300_000) }), 200],
	])('starts nothing and is logged if its body is %s', async (_case, body, status) => {
		expect((await post(body, `Bearer ${trigger.secret}`)).status).toBe(status);
		expect(server.runs).toEqual([]);
		expect(server.errors).toEqual([]);
		expect(server.warnings).toEqual([
			expect.stringMatching(new RegExp(`authenticated request.*\\(${body.length} bytes`)),
		]);
		expect(server.warnings.join()).not.toContain('s3cret');
		// A sender without the secret learns nothing about what would be accepted.
		expect((await post(body)).status).toBe(401);
		expect(server.warnings).toHaveLength(1);
	});

	test('starts a run with a body of 300 kB', async () => {
		const { body, id } = payload('webhook-payload-v2-project');
		const large = body.replace('{', `{"data":"${'x'.repeat(300_000)}",`);
		expect((await post(large, `Bearer ${trigger.secret}`)).status).toBe(200);
		expect(server.runs).toEqual([[{ json: expect.objectContaining({ id }) }]]);
	});

	test('gets its response before the run if the node is set to that', async () => {
		trigger.parameters = { ...PARAMETERS, options: { acknowledge: 'immediately' } };
		const { body, id } = payload('webhook-payload-v2-project');
		expect((await post(body, `Bearer ${trigger.secret}`)).status).toBe(202);
		expect(server.runs).toEqual([[{ json: expect.objectContaining({ id }) }]]);
		expect((await post(body, 'Bearer wrong')).status).toBe(401);
	});

	describe.each<Generation>(['v2.0', 'v1.0'])('sent by Procore to a hook of %s', (version) => {
		beforeEach(async () => {
			await n8n.connect({ version });
			trigger.staticData = {};
		});

		const change = async (resourceName: string, eventType: 'create' | 'update' | 'delete') =>
			await n8n.control.change({ companyId: COMPANY, projectId: PROJECT, resourceName, eventType });
		const deliveries = async () => {
			// Delivers what is due.
			await n8n.control.advance(0);
			return (await n8n.control.state()).deliveries;
		};

		test.each(['v2.0', 'v3.0', 'v4.0'])(
			'starts a run with payload version %s and counts as delivered',
			async (payloadVersion) => {
				trigger.parameters = { ...PARAMETERS, options: { payloadVersion } };
				await trigger.activate();
				const [event] = await change('RFIs', 'update');
				expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
				expect(server.runs).toEqual([
					[
						{
							json: expect.objectContaining({
								id: payloadVersion === 'v4.0' ? event?.ulid : event?.id,
								ulid: event?.ulid,
								event_type: 'update',
								resource_name: 'RFIs',
								resource_id: event?.resourceId,
								company_id: COMPANY,
								project_id: PROJECT,
								api_version: payloadVersion,
							}),
						},
					],
				]);
			},
		);

		test('arrives only for the selected events, and not after the deactivation', async () => {
			await trigger.activate();
			await change('RFIs', 'delete');
			await change('Submittals', 'create');
			await trigger.delete();
			await change('RFIs', 'create');
			expect(await deliveries()).toEqual([]);
			expect(server.runs).toEqual([]);
		});

		test('stays in Procore with another secret than ours until the hook is repaired', async () => {
			await trigger.activate();
			const [hook] = (await n8n.control.state()).hooks;
			await n8n.control.editHook(hook?.id ?? '', { authorization: 'Bearer of somebody else' });
			await change('RFIs', 'create');
			expect(await deliveries()).toMatchObject([
				{ status: 'retrying', attempts: [{ responseStatus: 401 }] },
			]);
			expect(server.runs).toEqual([]);
			await trigger.activate();
			await n8n.control.advance(5);
			expect(await deliveries()).toMatchObject([{ status: 'delivered' }]);
			expect(server.runs).toHaveLength(1);
		});

		test('reaches both the production hook and the one that listens for a test event', async () => {
			await trigger.activate();
			await trigger.listen();
			await change('RFIs', 'create');
			expect(await deliveries()).toHaveLength(2);
			expect(server.runs).toHaveLength(2);
			await trigger.stopListening();
			await change('RFIs', 'create');
			await n8n.control.advance(0);
			expect(server.runs).toHaveLength(3);
		});
	});
});
