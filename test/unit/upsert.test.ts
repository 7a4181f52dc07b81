import type { Hook } from '../../nodes/Procore/model/hook';
import type { Scope } from '../../nodes/Procore/model/scope';
import { changesFor, upsertHook } from '../../nodes/Procore/hook/upsert';
import { suggestionFor } from '../../nodes/Procore/hook/suggestions';
import { FakeWebhooks } from './support/fake-webhooks';

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
	test('asks for nothing where nothing differs, or nothing is said', () => {
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

	test('asks for what differs alone', () => {
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
		'makes one hook where an answer is lost (work done: %s)',
		async (done) => {
			const api = new FakeWebhooks();
			api.lose('createHook', done);
			const { result } = await upsertHook(api, SCOPE, TARGET);
			expect(result).toBe('created');
			expect(api.hooksIn(SCOPE)).toHaveLength(1);
			expect((await upsertHook(api, SCOPE, TARGET)).result).toBe('unchanged');
		},
	);

	test('gives up after creations that stay without an answer', async () => {
		const api = new FakeWebhooks();
		for (let time = 0; time < 3; time += 1) api.lose('createHook', false);
		await expect(upsertHook(api, SCOPE, TARGET)).rejects.toThrow();
		expect(api.hooksIn(SCOPE)).toEqual([]);
	});
});

describe('suggestionFor', () => {
	const resources = [
		{ name: 'RFIs', category: '', tool: '', payload_version: 'v2.0', events: ['create', 'update'] },
	] satisfies Parameters<typeof suggestionFor>[1];

	test.each([
		['RFI', 'create', 'did you mean RFIs'],
		['RFIs', 'delete', 'RFIs has create and update only'],
		['RFIs', 'CREATE', undefined],
		['Something Else', 'create', undefined],
	])('of %s %s is %s', (resource_name, event_type, expected) => {
		expect(suggestionFor({ resource_name, event_type }, resources)).toBe(expected);
	});
});
