import { MAX_BULK, bulkChunks } from '../../nodes/Procore/api/webhooks-api';
import { normalizePayloadVersion } from '../../nodes/Procore/model/payload-version';
import { describeScope, scopeKey, type Scope } from '../../nodes/Procore/model/scope';
import {
	foldEventType,
	subscriptionKey,
	triggerEventType,
} from '../../nodes/Procore/model/trigger';
import { readHook } from '../../nodes/Procore/api/read-hook';
import {
	readRefusal,
	readResourceV1,
	readResourceV2,
	readTrigger,
} from '../../nodes/Procore/api/read-trigger';
import { severalValues } from '../../nodes/Procore/model/several-values';
import { jsonObject, jsonObjects, parseJson } from '../../nodes/Procore/model/json';
import { fixtureText } from './support/fixtures';

const COMPANY: Scope = { kind: 'company', companyId: '4501177' };
const PROJECT: Scope = { kind: 'project', companyId: '4501177', projectId: '902214' };

function body(name: string) {
	return parseJson(fixtureText(name));
}

describe('bulkChunks', () => {
	test.each([
		[0, []],
		[1, [1]],
		[500, [500]],
		[501, [500, 1]],
		[1234, [500, 500, 234]],
	])('splits %d entries into pieces for one call each', (count, sizes) => {
		const entries = Array.from({ length: count }, (_, index) => index);
		const pieces = bulkChunks(entries);
		expect(pieces.map((piece) => piece.length)).toEqual(sizes);
		expect(pieces.flat()).toEqual(entries);
		expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(MAX_BULK);
	});
});

describe('names in the model', () => {
	test.each([
		['create', 'create'],
		['CREATE', 'create'],
		['CREATED', 'create'],
		['updated', 'update'],
		['Deleted', 'delete'],
		['archived', 'archived'],
		['', ''],
	])('the event type %j is read as %j', (word, expected) => {
		expect(foldEventType(word)).toBe(expected);
	});

	test.each([
		['CREATED', ['create', 'update'], 'create'],
		['CREATED', ['create', 'Created'], 'created'],
		['CREATED', ['Created', 'Completed'], 'created'],
		['CREATED', [], 'created'],
		['CREATE', ['create', 'Created'], 'create'],
		['Completed', ['create'], 'completed'],
		['DELETED', ['Delete'], 'delete'],
	])('a trigger for %j among %j is read as %j', (word, candidates, expected) => {
		expect(triggerEventType(word, candidates)).toBe(expected);
	});

	test('subscriptions are compared without case, and otherwise exactly', () => {
		const key = (event_type: string) => subscriptionKey({ resource_name: 'RFIs', event_type });
		expect(key('CREATE')).toBe(key('create'));
		expect(key('Created')).toBe(key('CREATED'));
		expect(key('Created')).not.toBe(key('create'));
	});

	test.each([
		['v2', 'v2.0'],
		['v2.0', 'v2.0'],
		['v4', 'v4.0'],
		['v10', 'v10.0'],
		['', ''],
	])('the payload version %j is read as %j', (word, expected) => {
		expect(normalizePayloadVersion(word)).toBe(expected);
	});

	test('scopes have distinct names and keys', () => {
		expect(describeScope(COMPANY)).toBe('company 4501177');
		expect(describeScope(PROJECT)).toBe('project 902214');
		expect(scopeKey(COMPANY)).not.toBe(
			scopeKey({ kind: 'project', companyId: 'x', projectId: '4501177' }),
		);
		expect(scopeKey(PROJECT)).toBe(scopeKey({ ...PROJECT }));
	});

	test.each<[string, unknown, string[]]>([
		['a list', ['RFIs:create', 'RFIs:update'], ['RFIs:create', 'RFIs:update']],
		['text with commas', ' RFIs:create, RFIs:update ,', ['RFIs:create', 'RFIs:update']],
		['numbers', [902214, '902377'], ['902214', '902377']],
		['a number', 902214, ['902214']],
		['duplicate values', ['a', 'a ', 'b'], ['a', 'b']],
		['nothing', undefined, []],
		['null', null, []],
		['empty text', '', []],
		['an empty list', [], []],
	])('several values are read from %s', (_case, value, expected) => {
		expect(severalValues(value)).toEqual(expected);
	});
});

describe('reading rows of both generations', () => {
	test('reads a hook of v2.0', () => {
		const [company] = jsonObjects(jsonObject(body('hooks-list-v2-company')).data).map(readHook);
		expect(company?.model).toStrictEqual({
			id: '61840213',
			namespace: 'n8n-larkspur-4f7a2c91',
			destination_url:
				'https://flows.larkspur.example/webhook/5d0c2f7e-6f4e-4b0f-8a49-1c2b8f2d7e10/procore',
			destination_headers: { Authorization: '*****k9Qz7' },
			payload_version: 'v2.0',
			status: 'active',
			company_id: '4501177',
			project_id: null,
			created_at: '2026-11-16T09:12:44Z',
			updated_at: '2026-11-16T09:12:44Z',
			trigger_count: 3,
		});
	});

	test('reads a disabled hook of v2.0', () => {
		const hooks = jsonObjects(jsonObject(body('hooks-list-v2-project')).data).map(readHook);
		expect(hooks.map(({ model }) => model.status)).toEqual(['active', 'disabled']);
		expect(hooks[0]?.model).toMatchObject({ company_id: null, project_id: '902214' });
	});

	test('reads a hook of v1.0, whose fields have other names', () => {
		const [hook] = jsonObjects(body('hooks-list-v1')).map(readHook);
		expect(hook?.model).toMatchObject({
			id: '61840213',
			payload_version: 'v2.0',
			status: 'active',
			company_id: '4501177',
			project_id: null,
		});
	});

	test('keeps every header of a hook, and masks those that Procore has not masked', () => {
		const destination_headers = {
			authorization: '*****k9Qz7',
			'X-Tenant': '*****north',
			'X-Api-Key': 'not-masked-by-procore',
			'X-Empty': null,
		};
		expect(readHook({ id: 1, destination_headers }).model.destination_headers).toEqual({
			Authorization: '*****k9Qz7',
			'X-Tenant': '*****north',
			'X-Api-Key': '*****',
		});
	});

	test('reads a hook without a secret', () => {
		expect(readHook({ id: 1, destination_headers: null }).model.destination_headers).toEqual({});
	});

	test.each(['triggers-list-v1', 'triggers-list-v2'])(
		'reads triggers of %s in lowercase',
		(name) => {
			const list = body(name);
			const rows = jsonObjects(Array.isArray(list) ? list : jsonObject(list).data);
			expect(rows.length).toBeGreaterThan(0);
			for (const { model } of rows.map((row) => readTrigger(row))) {
				expect(model.event_type).toMatch(/^(create|update|delete)$/);
				expect(model.id).toMatch(/^\d+$/);
				expect(model.hook_id).toMatch(/^\d+$/);
			}
		},
	);

	test('reads what a scope can subscribe to on v2.0', () => {
		const rows = jsonObjects(jsonObject(body('resources-list-v2')).data).map(readResourceV2);
		expect(rows[0]?.model).toMatchObject({
			name: expect.stringMatching(/./),
			category: expect.stringMatching(/./),
			payload_version: expect.stringMatching(/^v\d\.0$/),
		});
		for (const { model } of rows) expect(model.events.length).toBeGreaterThan(0);
	});

	test('reads every action that v2.0 lists, once and with its spelling, the usual ones first', () => {
		const actions = ['Completed', 'UPDATE', 'Created', 'create', 'created', '', 7];
		expect(readResourceV2({ name: 'A', actions }).model.events).toEqual([
			'create',
			'UPDATE',
			'Completed',
			'created',
			'7',
		]);
		expect(readResourceV2({ name: 'A', actions: null }).model.events).toEqual([]);
	});

	test('reads everything except the listed exceptions on v1.0', () => {
		const row = { tools: 'Bids', product_category: 'PM', api_version: 'v2' };
		expect(readResourceV1({ ...row, except: ['create', 'delete'] }).model).toStrictEqual({
			name: 'Bids',
			category: 'PM',
			tool: 'Bids',
			payload_version: 'v2.0',
			events: ['update'],
		});
		expect(readResourceV1({ ...row, except: [] }).model.events).toHaveLength(3);
		expect(readResourceV1({ ...row, except: null }).model.events).toHaveLength(3);
	});
});

describe('readRefusal', () => {
	const asked = [
		{ resource_name: 'RFI', event_type: 'update' },
		{ resource_name: 'Company Vendors', event_type: 'delete' },
	];

	test('reads a rejection of v2.0', () => {
		const entries = jsonObjects(jsonObject(body('triggers-bulk-create-v2-207-inferred')).data);
		expect(readRefusal(jsonObject(entries.at(-1)), asked)).toEqual({
			resource_name: 'RFI',
			event_type: 'update',
			reason: 'resource_name is not supported',
		});
	});

	test('reads a rejection of v1.0, which only names the resource', () => {
		const [entry] = jsonObjects(jsonObject(body('triggers-bulk-create-v1-207')).failed);
		expect(readRefusal(jsonObject(entry), asked)).toEqual({
			resource_name: 'Company Vendors',
			event_type: 'delete',
			reason: "event_type Can't be blank",
		});
	});

	test.each([
		['fields that stand flat', { resource_name: 'RFI', event_type: 'UPDATE', message: 'No' }, 'No'],
		['a code alone', { trigger: { resource_name: 'RFI' }, code: '400' }, '400'],
		['nothing but a name', { resource_name: 'RFI' }, ''],
	])('reads a rejection with %s', (_case, raw, reason) => {
		expect(readRefusal(raw, asked)).toEqual({ resource_name: 'RFI', event_type: 'update', reason });
	});
});
