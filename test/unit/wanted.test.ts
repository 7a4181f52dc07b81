import type { Hook, Trigger } from '../../nodes/Procore/api/model';
import { compareHook, isAsWanted, isOurs, type WantedHook } from '../../nodes/Procore/hook/wanted';

const WANTED: WantedHook = {
	namespace: 'procore-trigger-abc',
	namespaceFrom: 'node',
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

const TRIGGERS: Trigger[] = WANTED.subscriptions.map(({ resource_name, event_type }, index) => ({
	id: String(index),
	hook_id: HOOK.id,
	resource_name,
	event_type,
	company_id: null,
	project_id: '902214',
}));

describe('compareHook', () => {
	test('finds nothing where all is as wanted', () => {
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

describe('isAsWanted', () => {
	test.each<[string, Partial<Hook>, Trigger[], boolean]>([
		['hook and triggers are right', {}, TRIGGERS, true],
		['the hook is disabled', { status: 'disabled' }, TRIGGERS, false],
		['a trigger is missing', {}, TRIGGERS.slice(1), false],
		['there is one too many', {}, [...TRIGGERS, ...TRIGGERS.slice(1)], false],
		['there is none', {}, [], false],
	])('where %s', (_case, fields, triggers, expected) => {
		expect(isAsWanted({ ...HOOK, ...fields }, triggers, WANTED)).toBe(expected);
	});
});

describe('isOurs', () => {
	test.each<[string, WantedHook['namespaceFrom'], string, boolean]>([
		['under our own namespace, whatever it serves', 'node', 'https://old.example', true],
		['under a given one, with our URL', 'given', WANTED.destination_url, true],
		['under a given one, with another URL', 'given', 'https://erp.example', false],
	])('%s', (_case, namespaceFrom, url, expected) => {
		expect(isOurs({ ...HOOK, destination_url: url }, { ...WANTED, namespaceFrom })).toBe(expected);
	});
});
