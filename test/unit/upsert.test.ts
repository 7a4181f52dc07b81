import type { Hook, HookDraft } from '../../nodes/Procore/model/hook';
import type { Scope } from '../../nodes/Procore/model/scope';
import { changesFor, createOrFind, upsertHook } from '../../nodes/Procore/hook/upsert';
import { suggestionFor } from '../../nodes/Procore/hook/suggestions';
import { FakeWebhooks } from './support/fake-webhooks';
import { LOST } from './support/node';

const SCOPE: Scope = { kind: 'project', companyId: '4501177', projectId: '902214' };
const TARGET = { namespace: 'flows', destination_url: 'https://a.example/x' };
const HOOK: Hook = {
	id: '1',
	namespace: 'flows',
	destination_url: 'https://a.example/x',
	destination_headers: { Authorization: '*****k9Qz7' },
	payload_version: 'v2.0',
	status: 'active',
	company_id: null,
	project_id: '902214',
	created_at: null,
	updated_at: null,
};

describe('changesFor', () => {
	test('returns nothing if nothing differs or nothing is set', () => {
		expect(changesFor(HOOK, TARGET)).toEqual({});
		expect(
			changesFor(HOOK, {
				...TARGET,
				authorization: 'Bearer xyk9Qz7',
				payload_version: 'v2.0',
				status: 'active',
			}),
		).toEqual({});
	});

	test('returns only what differs', () => {
		const other = { namespace: 'flows', destination_url: 'https://b.example/x' };
		expect(changesFor(HOOK, other)).toEqual({ destination_url: 'https://b.example/x' });
		expect(changesFor(HOOK, { ...TARGET, authorization: 'Bearer other' })).toEqual({
			authorization: 'Bearer other',
		});
		expect(changesFor(HOOK, { ...TARGET, status: 'disabled' })).toEqual({ status: 'disabled' });
		expect(changesFor(HOOK, { ...TARGET, payload_version: 'v4.0' })).toEqual({
			payload_version: 'v4.0',
		});
	});
});

describe('upsertHook', () => {
	test.each([true, false])(
		'creates one hook if a response is lost (work done: %s)',
		async (done) => {
			const api = new FakeWebhooks();
			api.lose('createHook', done);
			const { result } = await upsertHook(api, SCOPE, TARGET);
			expect(result).toBe('created');
			expect(api.hooksIn(SCOPE)).toHaveLength(1);
			expect((await upsertHook(api, SCOPE, TARGET)).result).toBe('unchanged');
		},
	);

	const FOREIGN = {
		...TARGET,
		destination_url: 'https://erp.example/x',
		payload_version: 'v2.0',
	} as const;

	test('keeps the hook of another system that it finds after a lost response', async () => {
		const api = new FakeWebhooks();
		api.before('createHook', () => {
			api.plant(SCOPE, FOREIGN);
			throw LOST();
		});
		await expect(upsertHook(api, SCOPE, TARGET)).rejects.toThrow(
			/"flows" is taken in project 902214: its hook \d+ delivers to https:\/\/erp\.example\/x and was not changed/,
		);
		expect(api.hooksIn(SCOPE)).toMatchObject([
			{ hook: { destination_url: FOREIGN.destination_url } },
		]);
	});

	test('says that it updated the hook that another process created first', async () => {
		const api = new FakeWebhooks();
		api.before('createHook', () => api.plant(SCOPE, FOREIGN));
		expect((await upsertHook(api, SCOPE, TARGET)).result).toBe('updated');
	});

	test('gives up after creations without a response', async () => {
		const api = new FakeWebhooks();
		for (let time = 0; time < 3; time += 1) api.lose('createHook', false);
		await expect(upsertHook(api, SCOPE, TARGET)).rejects.toThrow();
		expect(api.hooksIn(SCOPE)).toEqual([]);
	});
});

describe('createOrFind after a lost response', () => {
	const DRAFT = {
		...TARGET,
		payload_version: 'v2.0',
		authorization: 'Bearer secret-k9Qz7',
	} as const;
	const create = async (there: Partial<HookDraft>) => {
		const api = new FakeWebhooks();
		const { authorization, ...rest } = DRAFT;
		api.before('createHook', () => {
			api.plant(SCOPE, {
				...rest,
				...('authorization' in there ? {} : { authorization }),
				...there,
			});
			throw LOST();
		});
		return await createOrFind(api, SCOPE, DRAFT, () => {
			throw new Error('another system');
		});
	};

	test('adopts the hook that matches the request', async () => {
		expect(await create({})).toMatchObject({ isOwn: true, isNew: false });
	});

	test.each<[string, Partial<HookDraft>]>([
		['URL', { destination_url: 'https://erp.example/x' }],
		['payload version', { payload_version: 'v4.0' }],
		['secret', { authorization: 'Bearer secret-00000' }],
	])('does not adopt a hook with another %s', async (_what, there) => {
		await expect(create(there)).rejects.toThrow('another system');
	});

	test('adopts its own hook if the retry is told that the namespace is taken', async () => {
		const api = new FakeWebhooks();
		api.before('createHook', () => {
			throw LOST();
		});
		api.before('createHook', () => api.plant(SCOPE, DRAFT));
		const found = await createOrFind(api, SCOPE, DRAFT, () => {
			throw new Error('another system');
		});
		expect(found.isOwn).toBe(true);
	});
});

describe('suggestionFor', () => {
	const resources = [
		{ name: 'RFIs', category: '', tool: '', payload_version: 'v2.0', events: ['create', 'update'] },
	] satisfies Parameters<typeof suggestionFor>[1];

	test.each([
		['RFI', 'create', 'did you mean RFIs'],
		['RFIs', 'delete', 'RFIs has only create, update'],
		['RFIs', 'CREATE', undefined],
		['Something Else', 'create', undefined],
	])('of %s %s is %s', (resource_name, event_type, expected) => {
		expect(suggestionFor({ resource_name, event_type }, resources)).toBe(expected);
	});
});
