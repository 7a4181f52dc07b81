import type { Fault } from '../../emulator/control-client';
import { openProcore } from '../../nodes/Procore/api';
import { NOTHING_UNDELIVERED } from '../../nodes/Procore/api/undelivered';
import { COMPANY, useN8n, type Generation } from './harness';
import { DRAFT, IN_PROJECT, failureOf } from './support/webhooks-api';

const SUBSCRIPTION = { resource_name: 'RFIs', event_type: 'create' } as const;

const json = (body: unknown): Fault['effect'] => ({ kind: 'status', status: 200, body });
const HTML: Array<[string, Fault['effect'], RegExp]> = [
	['an HTML page', { kind: 'page' }, /with an HTML page titled "Sign in"\./],
	[
		'an HTML page without a type',
		{ kind: 'status', status: 200, body: '\n<!doctype html><p>Hi</p>' },
		/with an HTML page\./,
	],
	[
		'plain text',
		{ kind: 'status', status: 200, body: 'OK' },
		/with text\/plain that is not a JSON object or list\./,
	],
	['a JSON text', json('OK'), /that is not a JSON object or list/],
];
const EMPTY: [string, Fault['effect'], RegExp] = [
	'an empty body',
	{ kind: 'status', status: 200 },
	/with an empty body\./,
];

describe.each<Generation>(['v2.0', 'v1.0'])('a response with status 200 on %s', (version) => {
	const n8n = useN8n();
	let hookId: string;
	beforeEach(async () => {
		await n8n.connect({ version });
		const { webhooks } = await openProcore(n8n.apiContext());
		hookId = (await webhooks.createHook(IN_PROJECT, DRAFT)).model.id;
		await n8n.control.clearRequests();
	});

	const open = async () => await openProcore(n8n.apiContext());
	const wrap = (content: unknown) => (version === 'v1.0' ? content : { data: content });

	type Calls = Record<string, () => Promise<unknown>>;
	const lists: Calls = {
		listHooks: async () => await (await open()).webhooks.listHooks(IN_PROJECT, DRAFT.namespace),
		listTriggers: async () => await (await open()).webhooks.listTriggers(IN_PROJECT, hookId),
		deliveries: async () => await (await open()).webhooks.deliveries(IN_PROJECT, hookId, {}).next(),
		listUndelivered: async () =>
			await (
				await open()
			).webhooks.listUndelivered(IN_PROJECT, hookId, {
				after: '',
				triedSince: '',
				deadline: Infinity,
			}),
		listResources: async () => await (await open()).webhooks.listResources(IN_PROJECT, 'v2.0'),
	};
	const bareLists: Calls = {
		companies: async () => await (await open()).directory.companies(),
		projects: async () => await (await open()).directory.allProjects(COMPANY),
	};
	const hook = () => ({ id: hookId, payload_version: 'v2.0', namespace: DRAFT.namespace });
	const things: Calls = {
		createHook: async () =>
			await (await open()).webhooks.createHook(IN_PROJECT, { ...DRAFT, namespace: 'other' }),
		getHook: async () => await (await open()).webhooks.getHook(IN_PROJECT, hookId, DRAFT.namespace),
		updateHook: async () =>
			await (await open()).webhooks.updateHook(IN_PROJECT, hookId, { namespace: 'other' }),
		createTrigger: async () =>
			await (await open()).webhooks.createTrigger(IN_PROJECT, hook(), SUBSCRIPTION),
		addTriggers: async () =>
			await (await open()).webhooks.addTriggers(IN_PROJECT, hook(), [SUBSCRIPTION]),
		removeTriggers: async () =>
			await (await open()).webhooks.removeTriggers(IN_PROJECT, hookId, ['1']),
		me: async () => await (await open()).directory.me(COMPANY),
	};
	const removals: Calls = {
		deleteHook: async () => await (await open()).webhooks.deleteHook(IN_PROJECT, hookId),
		deleteTrigger: async () => await (await open()).webhooks.deleteTrigger(IN_PROJECT, hookId, '1'),
	};

	/** Expects every call to fail with the response and the host in its message, and to send nothing twice. */
	const refuses = async (calls: Calls, [, effect, came]: [string, Fault['effect'], RegExp]) => {
		for (const [name, call] of Object.entries(calls)) {
			await n8n.control.clearFaults();
			await n8n.control.clearRequests();
			await n8n.control.addFault({ path: '^/rest', times: 0, effect });
			const failure = await failureOf(call());
			expect([name, failure.outcome]).toMatchObject([name, { kind: 'unknown', status: 200 }]);
			expect(failure.message).toMatch(/^Could not .*\. 127\.0\.0\.1:\d+ answered 200 with /);
			expect(failure.message).toMatch(came);
			expect((await n8n.requests()).length).toBe(1);
		}
		expect((await n8n.control.state()).hooks).toHaveLength(1);
	};

	test.each(HTML)('is rejected by every call if it is %s', async (...answer) => {
		await refuses({ ...lists, ...bareLists, ...things, ...removals }, answer);
	});

	test('without a body does not count as a response to a deletion until Procore confirms it', async () => {
		await refuses({ ...lists, ...bareLists, ...things }, EMPTY);
		for (const removal of Object.values(removals)) {
			await n8n.control.clearRequests();
			expect((await failureOf(removal())).message).toContain('not its response to a deletion');
			expect((await n8n.requests()).map(({ method }) => method)).toEqual(
				Array.from({ length: 3 }, () => 'DELETE'),
			);
		}
		await n8n.control.clearFaults();
		await n8n.control.addFault({ method: 'DELETE', effect: EMPTY[1] });
		expect(await removals.deleteHook?.()).toBe(true);
		expect((await n8n.control.state()).hooks).toEqual([]);
	});

	test('to a deletion is confirmed by one more request on v1.0', async () => {
		await n8n.control.clearRequests();
		expect(await removals.deleteHook?.()).toBe(true);
		const statuses = (await n8n.requests()).map(({ status }) => status);
		expect(statuses).toEqual(version === 'v2.0' ? [204] : [200, 404]);
	});

	test('with JSON is confirmed by a second deletion', async () => {
		await n8n.control.addFault({ method: 'DELETE', effect: json({ message: 'done' }) });
		expect(await removals.deleteHook?.()).toBe(true);
		expect((await n8n.control.state()).hooks).toEqual([]);
		const hook = await (await open()).webhooks.createHook(IN_PROJECT, DRAFT);
		await n8n.control.addFault({ method: 'DELETE', times: 0, effect: json({ message: 'done' }) });
		hookId = hook.model.id;
		await failureOf(removals.deleteHook?.() ?? Promise.resolve());
		expect((await n8n.control.state()).hooks).toHaveLength(1);
	});

	test('with an object is rejected as a list', async () => {
		const form = /with an unexpected JSON object/;
		await refuses(lists, ['', json({ id: 1 }), form]);
		await refuses(bareLists, ['', json({ id: 1 }), form]);
		await refuses(lists, [
			'',
			json({ error: 'Invalid Token' }),
			/unexpected JSON object \(Invalid Token\)/,
		]);
	});

	test('with a list of something else is rejected as a list of hooks, triggers, companies or projects', async () => {
		const { listHooks = lists.deliveries, listTriggers = lists.deliveries } = lists;
		const form = /unexpected JSON/;
		await refuses({ ...lists }, ['', json(wrap(['a'])), form]);
		await refuses({ listHooks, listTriggers } as Calls, ['', json(wrap([{ name: 'x' }])), form]);
		await refuses(bareLists, ['', json([{ name: 'x' }]), form]);
	});

	test('with a list or with an object without an id is rejected as a single object', async () => {
		// Lists: the response to a bulk call on v2.0, and on v1.0 to the search for a hook.
		const { addTriggers, getHook, ...others } = things;
		await refuses(others, ['', json([]), /unexpected JSON/]);
		await refuses(things, ['', json({ name: 'x' }), /unexpected JSON/]);
		if (version === 'v2.0' && getHook)
			await refuses({ getHook }, ['', json([]), /unexpected JSON/]);
		expect(addTriggers).toBeDefined();
	});

	test.each([
		['null', null],
		['an empty list', []],
	])('with %s counts as an empty list', async (_case, content) => {
		for (const [name, call] of Object.entries(lists).filter(([name]) => name.startsWith('list'))) {
			await n8n.control.addFault({ path: '^/rest', times: 0, effect: json(wrap(content)) });
			const nothing = name === 'listUndelivered' ? NOTHING_UNDELIVERED : [];
			expect([name, await call()]).toEqual([name, nothing]);
			await n8n.control.clearFaults();
		}
	});
});
