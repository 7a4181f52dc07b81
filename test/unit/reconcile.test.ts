import { NodeOperationError } from 'n8n-workflow';

import type { HookDraft } from '../../nodes/Procore/model/hook';
import type { PayloadVersion } from '../../nodes/Procore/model/payload-version';
import type { Scope } from '../../nodes/Procore/model/scope';
import type { Subscription } from '../../nodes/Procore/model/trigger';
import { inspect } from '../../nodes/Procore/hook/inspect';
import { reconcile } from '../../nodes/Procore/hook/reconcile';
import { removeHooks } from '../../nodes/Procore/hook/removal';
import type { DesiredHook } from '../../nodes/Procore/hook/desired-hook';
import { FakeWebhooks } from './support/fake-webhooks';
import { LOST, NODE, refused } from './support/node';

const PROJECT: Scope = { kind: 'project', companyId: '4501177', projectId: '902214' };
const OTHER: Scope = { kind: 'project', companyId: '4501177', projectId: '902377' };
const COMPANY: Scope = { kind: 'company', companyId: '4501177' };

const URL = 'https://n8n.larkspur.example/webhook/1/procore';
const FOREIGN = 'https://erp.larkspur.example/procore/events';

const EVENTS: Subscription[] = [
	{ resource_name: 'RFIs', event_type: 'create' },
	{ resource_name: 'Submittals', event_type: 'update' },
];

const WANTED: DesiredHook = {
	namespace: 'procore-trigger-abc',
	namespaceFrom: 'node',
	ownIds: new Set<string>(),
	destination_url: URL,
	authorization: 'Bearer 0123456789abcdef',
	payload_version: 'v2.0',
	subscriptions: EVENTS,
};

const GIVEN: DesiredHook = { ...WANTED, namespace: 'my-app', namespaceFrom: 'given' };

function draft(fields: Partial<HookDraft> = {}): HookDraft {
	const { namespace, destination_url, authorization, payload_version } = WANTED;
	return { namespace, destination_url, authorization, payload_version, ...fields };
}

function names(api: FakeWebhooks): string[] {
	return api.calls.map((call) => call.split(' ')[0] ?? '');
}

/** Expects exactly one correct hook. */
function expectOneRightHook(api: FakeWebhooks, scope: Scope, desired = WANTED): void {
	const hooks = api.hooksIn(scope).filter(({ hook }) => hook.namespace === desired.namespace);
	expect(hooks).toHaveLength(1);
	expect(hooks[0]).toMatchObject({
		authorization: desired.authorization,
		events: ['RFIs:create', 'Submittals:update'],
		hook: { destination_url: URL, status: 'active', payload_version: desired.payload_version },
	});
}

describe('reconcile', () => {
	let api: FakeWebhooks;
	beforeEach(() => {
		api = new FakeWebhooks();
	});

	const run = async (desired = WANTED, ...scopes: Scope[]) =>
		await reconcile(api, NODE, scopes.length === 0 ? [PROJECT] : scopes, desired);

	const messages = async (...args: Parameters<typeof run>) =>
		(await run(...args)).failures.map(({ failure }) =>
			failure instanceof Error ? failure.message : failure,
		);

	test('creates a hook in three requests if there is none', async () => {
		const { hooks, failures } = await run();
		expectOneRightHook(api, PROJECT);
		expect(failures).toEqual([]);
		expect(hooks).toEqual([{ scope: PROJECT, hookId: api.hooksIn(PROJECT)[0]?.hook.id }]);
		expect(names(api)).toEqual(['listHooks', 'createHook', 'addTriggers']);
	});

	test('changes nothing if everything is right', async () => {
		api.plant(PROJECT, draft(), EVENTS);
		await run();
		expectOneRightHook(api, PROJECT);
		expect(names(api)).toEqual(['listHooks', 'listTriggers']);
	});

	test.each<[string, Partial<HookDraft> & { status?: 'disabled' }]>([
		['another URL', { destination_url: 'https://old.larkspur.example/webhook/1/procore' }],
		['another secret', { authorization: 'Bearer another-secret' }],
		['no secret', { authorization: '' }],
	])('repairs a hook of ours that has %s', async (_case, fields) => {
		const { id } = api.plant(PROJECT, draft(fields), EVENTS);
		await run();
		expectOneRightHook(api, PROJECT);
		expect(api.hooksIn(PROJECT)[0]?.hook.id).toBe(id);
		expect(names(api)).toEqual(['listHooks', 'listTriggers', 'updateHook']);
	});

	test('enables a disabled hook', async () => {
		const { id } = api.plant(PROJECT, draft(), EVENTS);
		api.edit(id, { status: 'disabled' });
		await run();
		expectOneRightHook(api, PROJECT);
	});

	test('sends only what differs and never writes back a masked secret', async () => {
		const { id } = api.plant(PROJECT, draft(), EVENTS);
		api.edit(id, { status: 'disabled' });
		const update = jest.spyOn(api, 'updateHook');
		await run();
		expect(update).toHaveBeenCalledWith(PROJECT, id, { status: 'active' });
	});

	test('reconciles the triggers with the desired set', async () => {
		api.plant(PROJECT, draft(), [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'Punch Items', event_type: 'delete' },
		]);
		await run();
		expectOneRightHook(api, PROJECT);
	});

	describe.each<PayloadVersion>(['v3.0', 'v4.0'])('for payload version %s', (payload_version) => {
		const desired = { ...WANTED, payload_version };

		test('changes the hook and keeps its ID', async () => {
			const { id } = api.plant(PROJECT, draft(), EVENTS);
			await run(desired);
			expectOneRightHook(api, PROJECT, desired);
			expect(api.hooksIn(PROJECT)[0]?.hook.id).toBe(id);
			expect(names(api)).toEqual(['listHooks', 'listTriggers', 'updateHook']);
		});

		test('replaces the hook if this API version cannot change it', async () => {
			api.canChangePayloadVersion = false;
			const { id } = api.plant(PROJECT, draft(), EVENTS);
			await run(desired);
			expectOneRightHook(api, PROJECT, desired);
			expect(api.hooksIn(PROJECT)[0]?.hook.id).not.toBe(id);
		});

		test('replaces the hook if Procore does not accept the change', async () => {
			const { id } = api.plant(PROJECT, draft(), EVENTS);
			api.before('updateHook', () => {
				throw refused(400, 'payload_version can not be changed');
			});
			await run(desired);
			expectOneRightHook(api, PROJECT, desired);
			expect(api.hooksIn(PROJECT)[0]?.hook.id).not.toBe(id);
		});

		test('leaves the hook as it was if the change is forbidden or a later step fails', async () => {
			const { id } = api.plant(PROJECT, draft(), EVENTS);
			api.before('updateHook', () => {
				throw refused(403, 'Forbidden');
			});
			expect(await messages(desired)).toEqual([expect.stringContaining('Forbidden')]);
			api.before('addTriggers', () => {
				throw refused(403, 'Forbidden');
			});
			const more = { resource_name: 'Punch Items', event_type: 'create' };
			expect(await messages({ ...desired, subscriptions: [...EVENTS, more] })).toEqual([
				expect.stringContaining('Forbidden'),
			]);
			expectOneRightHook(api, PROJECT);
			expect(api.hooksIn(PROJECT)[0]?.hook.id).toBe(id);
		});
	});

	describe('if the response to the creation is lost', () => {
		test('after the work, finds the hook and finishes it', async () => {
			api.lose('createHook', true);
			expect((await run()).failures).toEqual([]);
			expectOneRightHook(api, PROJECT);
			expect(names(api).filter((name) => name === 'createHook')).toHaveLength(1);
		});

		test('before the work, creates the hook again', async () => {
			api.lose('createHook', false);
			expect((await run()).failures).toEqual([]);
			expectOneRightHook(api, PROJECT);
		});

		test('every time, gives up and says so', async () => {
			for (let attempt = 0; attempt < 9; attempt += 1) api.lose('createHook', false);
			expect(await messages()).toEqual([expect.stringContaining('did not respond')]);
			expect(names(api).filter((name) => name === 'createHook')).toHaveLength(3);
			expect(api.hooksIn(PROJECT)).toEqual([]);
		});
	});

	test('adopts the hook that another process created first', async () => {
		api.before('createHook', () => api.plant(PROJECT, draft({ authorization: 'Bearer theirs' })));
		expect((await run()).failures).toEqual([]);
		expectOneRightHook(api, PROJECT);
	});

	test('creates one correct hook if two processes run at once', async () => {
		const results = await Promise.all([run(), run(), run()]);
		expect(results.flatMap(({ failures }) => failures)).toEqual([]);
		expectOneRightHook(api, PROJECT);
		expect(new Set(results.map(({ hooks }) => hooks[0]?.hookId)).size).toBe(1);
	});

	describe('in a namespace that the user entered', () => {
		test('creates and adopts hooks with our URL', async () => {
			await run(GIVEN);
			expectOneRightHook(api, PROJECT, GIVEN);
			api.calls.length = 0;
			await run(GIVEN);
			expectOneRightHook(api, PROJECT, GIVEN);
			expect(names(api)).toEqual(['listHooks', 'listTriggers']);
		});

		test('rejects a hook that serves another URL, names it and does not touch it', async () => {
			api.plant(PROJECT, draft({ namespace: 'my-app', destination_url: FOREIGN }), EVENTS);
			const before = JSON.stringify(api.hooksIn(PROJECT));
			const [message] = await messages(GIVEN);
			expect(message).toContain('"my-app"');
			expect(message).toContain(FOREIGN);
			expect(message).toContain('project 902214');
			expect(message).toContain('choose another');
			expect(JSON.stringify(api.hooksIn(PROJECT))).toBe(before);
			expect(names(api)).toEqual(['listHooks']);
		});

		test('rejects a hook that another application creates between our read and our creation', async () => {
			const foreign = draft({ namespace: 'my-app', destination_url: FOREIGN });
			api.before('createHook', () => api.plant(PROJECT, foreign));
			expect(await messages(GIVEN)).toEqual([expect.stringContaining(FOREIGN)]);
			expect(api.hooksIn(PROJECT)).toMatchObject([
				{ hook: { destination_url: FOREIGN }, events: [] },
			]);
		});
	});

	test('never touches a hook in another namespace', async () => {
		api.plant(PROJECT, draft({ namespace: 'procore', destination_url: FOREIGN }), EVENTS);
		const before = JSON.stringify(api.hooksIn(PROJECT));
		await run();
		await removeHooks(api, [PROJECT], WANTED);
		expect(JSON.stringify(api.hooksIn(PROJECT))).toBe(before);
	});

	describe('if triggers are rejected', () => {
		const desired: DesiredHook = {
			...WANTED,
			subscriptions: [
				...EVENTS,
				{ resource_name: 'RFI', event_type: 'create' },
				{ resource_name: 'Weather', event_type: 'update' },
			],
		};

		test('rolls back the hook and names the resource, the reason and the nearest name', async () => {
			const [message] = await messages(desired);
			expect(message).toContain('RFI create (resource_name is not supported, did you mean RFIs)');
			expect(message).toContain('Weather update (resource_name is not supported)');
			expect(message).toContain('project 902214');
			expect(message).not.toContain('Submittals');
			expect(api.hooksIn(PROJECT)).toEqual([]);
		});

		test('omits the nearest name if the list cannot be read', async () => {
			api.lose('listResources', false);
			const [message] = await messages(desired);
			expect(message).toContain('RFI create (resource_name is not supported)');
			expect(api.hooksIn(PROJECT)).toEqual([]);
		});

		test('throws an error of the node, which n8n does not report to its developers', async () => {
			const { failures } = await run(desired);
			expect(failures[0]?.failure).toBeInstanceOf(NodeOperationError);
		});
	});

	test.each([
		['a rejection', () => refused(403, 'Forbidden')],
		['no response at all', LOST],
	])('rolls back the hook if adding triggers meets %s', async (_case, thrown) => {
		for (let round = 0; round < 9; round += 1) {
			api.before('addTriggers', () => {
				throw thrown();
			});
		}
		const { hooks, failures } = await run();
		expect([hooks.length, failures.length]).toEqual([0, 1]);
		expect(api.hooksIn(PROJECT)).toEqual([]);
	});

	test('reports the first error and the remaining hook if the rollback fails too', async () => {
		api.before('addTriggers', () => {
			throw refused(403, 'no permission');
		});
		api.lose('deleteHook', false);
		const [message] = await messages();
		const { hook } = api.hooksIn(PROJECT)[0] ?? {};
		expect(message).toMatch(/no permission.*The rollback failed too.*ECONNRESET/);
		expect(message).toContain(`If hook ${hook?.id} is still in Procore`);
		expect(message).toContain(`"${WANTED.namespace}", try again or delete it there.`);
	});

	test('does not treat a list that cannot be read as empty', async () => {
		api.lose('listHooks', false);
		expect(await messages()).toEqual([expect.stringContaining('did not respond')]);
		expect(names(api)).toEqual(['listHooks']);
	});

	test('creates one hook in each of many scopes and continues if one fails', async () => {
		const scopes: Scope[] = Array.from({ length: 40 }, (_, index) => ({
			kind: 'project',
			companyId: '4501177',
			projectId: String(902000 + index),
		}));
		api.before('createHook', () => {
			throw refused(403, 'Forbidden');
		});
		const { hooks, failures } = await run(WANTED, ...scopes, COMPANY);
		expect([hooks.length, failures.length]).toEqual([40, 1]);
		for (const { scope } of hooks) expectOneRightHook(api, scope);
		expect(failures[0]?.scope).toEqual(scopes[0]);
	});
});

describe('inspect', () => {
	let api: FakeWebhooks;
	beforeEach(() => {
		api = new FakeWebhooks();
		api.plant(PROJECT, draft(), EVENTS);
	});

	const look = async (desired = WANTED) => await inspect(api, PROJECT, desired);
	const hookId = () => api.hooksIn(PROJECT)[0]?.hook.id ?? '';

	test('finds no difference if the hook is right, and only reads', async () => {
		expect(await look()).toMatchObject({ state: 'inSync', hook: { id: hookId() } });
		expect(names(api)).toEqual(['listHooks', 'listTriggers']);
	});

	test('reports a missing hook', async () => {
		api.drop(hookId());
		expect(await look()).toEqual({ state: 'missing' });
	});

	test.each<[string, () => void]>([
		['url', () => api.edit(hookId(), { destination_url: FOREIGN })],
		['status', () => api.edit(hookId(), { status: 'disabled' })],
		['payloadVersion', () => api.edit(hookId(), { payload_version: 'v4.0' })],
		['secret', () => api.edit(hookId(), { authorization: 'Bearer another' })],
		[
			'subscriptions',
			() => api.plantTrigger(hookId(), { resource_name: 'RFIs', event_type: 'delete' }),
		],
	])('names what differs: %s', async (difference, act) => {
		act();
		expect(await look()).toMatchObject({ state: 'differs', differences: [difference] });
	});

	test('names the triggers if one is missing', async () => {
		const subscriptions = [...EVENTS, { resource_name: 'RFIs', event_type: 'delete' }];
		expect(await look({ ...WANTED, subscriptions })).toMatchObject({
			differences: ['subscriptions'],
		});
	});

	test('compares only the number of triggers if that is enough', async () => {
		api.countTriggers = true;
		expect(await inspect(api, PROJECT, WANTED, 'count')).toMatchObject({ state: 'inSync' });
		expect(names(api)).toEqual(['listHooks']);
		api.plantTrigger(hookId(), { resource_name: 'RFIs', event_type: 'delete' });
		expect(await inspect(api, PROJECT, WANTED, 'count')).toMatchObject({
			differences: ['subscriptions'],
		});
	});

	test.each(['listHooks', 'listTriggers'] as const)(
		'throws if %s cannot be read instead of reporting it as missing',
		async (method) => {
			api.lose(method, false);
			await expect(look()).rejects.toThrow('did not respond');
		},
	);
});

describe('removeHooks', () => {
	let api: FakeWebhooks;
	beforeEach(() => {
		api = new FakeWebhooks();
		api.plant(PROJECT, draft(), EVENTS);
		api.plant(OTHER, draft(), EVENTS);
	});

	test('removes our hook from every scope', async () => {
		expect(await removeHooks(api, [PROJECT, OTHER, COMPANY], WANTED)).toEqual([]);
		expect([...api.hooksIn(PROJECT), ...api.hooksIn(OTHER)]).toEqual([]);
	});

	test('keeps a hook in a given namespace that serves another URL', async () => {
		api.plant(PROJECT, draft({ namespace: 'my-app', destination_url: FOREIGN }));
		expect(await removeHooks(api, [PROJECT], GIVEN)).toEqual([]);
		expect(api.hooksIn(PROJECT)).toHaveLength(2);
		expect(names(api)).toEqual(['listHooks']);
	});

	test('treats a deleted project as clean', async () => {
		api.before('listHooks', () => {
			throw refused(404, 'Not found');
		});
		expect(await removeHooks(api, [PROJECT, OTHER], WANTED)).toEqual([]);
		expect(api.hooksIn(OTHER)).toEqual([]);
	});

	test('names the scopes where it failed and cleans the others', async () => {
		api.before('deleteHook', () => {
			throw refused(403, 'Forbidden');
		});
		const failures = await removeHooks(api, [PROJECT, OTHER], WANTED);
		expect(failures).toMatchObject([
			{ scope: PROJECT, failure: { message: expect.stringContaining('403') } },
		]);
		expect(api.hooksIn(OTHER)).toEqual([]);
	});
});
