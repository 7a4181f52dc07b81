import type { Hook } from '../../nodes/Procore/model/hook';
import { isOwnHook, type DesiredHook } from '../../nodes/Procore/hook/desired-hook';
import { compareHook } from '../../nodes/Procore/hook/inspect';

const WANTED: DesiredHook = {
	namespace: 'procore-trigger-abc',
	namespaceFrom: 'node',
	ownIds: new Set<string>(),
	destination_url: 'https://n8n.larkspur.example/webhook/1/procore',
	authorization: 'Bearer 0123456789abcdef',
	payload_version: 'v2.0',
	subscriptions: [
		{ resource_name: 'RFIs', event_type: 'create' },
		{ resource_name: 'RFIs', event_type: 'update' },
	],
};

const HOOK: Hook = {
	id: '61840377',
	namespace: WANTED.namespace,
	destination_url: WANTED.destination_url,
	destination_headers: { Authorization: '*****bcdef' },
	payload_version: 'v2.0',
	status: 'active',
	company_id: null,
	project_id: '902214',
	created_at: null,
	updated_at: null,
};

describe('compareHook', () => {
	test('finds no difference if everything is right', () => {
		expect([...compareHook(HOOK, WANTED)]).toEqual([]);
	});

	test.each<[string, Partial<Hook>]>([
		['url', { destination_url: 'https://n8n.larkspur.example/webhook/2/procore' }],
		['status', { status: 'disabled' }],
		['payloadVersion', { payload_version: 'v4.0' }],
		['secret', { destination_headers: { Authorization: '*****bcdee' } }],
		['secret', { destination_headers: {} }],
	])('finds a difference in the %s', (difference, fields) => {
		expect([...compareHook({ ...HOOK, ...fields }, WANTED)]).toEqual([difference]);
	});
});

describe('isOurs', () => {
	test.each<[string, DesiredHook['namespaceFrom'], string, boolean]>([
		['under our own namespace, whatever it serves', 'node', 'https://old.example', true],
		['under a given one, with our URL', 'given', WANTED.destination_url, true],
		['under a given one, with another URL', 'given', 'https://erp.example', false],
	])('%s', (_case, namespaceFrom, url, expected) => {
		expect(isOwnHook({ ...HOOK, destination_url: url }, { ...WANTED, namespaceFrom })).toBe(
			expected,
		);
	});

	test('rejects a hook in another namespace, even with our URL or an id that we created', () => {
		const hook = { ...HOOK, namespace: 'erp-sync' };
		expect(isOwnHook(hook, { ...WANTED, ownIds: new Set([HOOK.id]) })).toBe(false);
	});

	test('accepts a hook without a namespace only with our URL', () => {
		const hook = { ...HOOK, namespace: null };
		expect(isOwnHook(hook, WANTED)).toBe(true);
		const elsewhere = { ...hook, destination_url: 'https://erp.example' };
		expect(isOwnHook(elsewhere, { ...WANTED, ownIds: new Set([HOOK.id]) })).toBe(false);
	});

	test('accepts a hook in a given namespace that this node created and whose URL somebody changed', () => {
		const hook = { ...HOOK, destination_url: 'https://erp.example' };
		expect(isOwnHook(hook, { ...WANTED, namespaceFrom: 'given', ownIds: new Set([HOOK.id]) })).toBe(
			true,
		);
	});
});
