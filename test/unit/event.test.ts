import { eventKey, type ReadEvent } from '../../nodes/Procore/model/event';
import { readBody } from '../../nodes/Procore/receive/body';
import { fixtureText } from './support/fixtures';

const SMALL = {
	id: 1,
	event_type: 'create',
	resource_name: 'RFIs',
	resource_id: 2,
};

function body(value: unknown): Buffer {
	return Buffer.from(JSON.stringify(value));
}

function parseEvent(source: string | Buffer): ReadEvent | undefined {
	const received = readBody(Buffer.from(source));
	return received.kind === 'event' ? received.read : undefined;
}

describe('the body of a webhook request', () => {
	test('is read for payload v2.0 of a project, with every digit of its id', () => {
		expect(parseEvent(fixtureText('webhook-payload-v2-project'))?.event).toStrictEqual({
			id: '6120447718830551043',
			ulid: '01M7N2RDDYB8Y9Y5Z2PKB80492',
			timestamp: '2026-11-17T15:42:08.317904Z',
			event_type: 'update',
			resource_name: 'RFIs',
			resource_id: '338821',
			company_id: '4501177',
			project_id: '902214',
			user_id: '7710345',
			api_version: 'v2.0',
			metadata: {
				source_user_id: '7710345',
				source_company_id: '4501177',
				source_project_id: '902214',
				source_application_id: null,
				source_operation_id: null,
			},
		});
	});

	test('is read for payload v2.0 of a company, which has no project and null sources', () => {
		const event = parseEvent(fixtureText('webhook-payload-v2-company-nullified-metadata'))?.event;
		expect(event).toMatchObject({
			id: '6120447719944602188',
			event_type: 'create',
			resource_name: 'Company Vendors',
			company_id: '4501177',
			project_id: null,
			user_id: '7719902',
			metadata: {
				source_user_id: null,
				source_company_id: null,
				source_project_id: null,
				source_application_id: '9f2c41d7a0b3e85c6611f0aa24d97b53c8e1407dd2f96a5b30c7e4189ab6f215',
				source_operation_id: '4d1f2a86-0c57-4b5e-9f5b-7a31c2e0d944',
			},
		});
	});

	test('is read for payload v3.0 with its related resources', () => {
		expect(parseEvent(fixtureText('webhook-payload-v3'))?.event).toMatchObject({
			id: '6120447720817733905',
			api_version: 'v3.0',
			resource_id: '8812046',
			related_resources: [{ id: '441290', name: 'Purchase Order Contracts' }],
		});
	});

	test('is read for payload v4.0, whose id is the ULID, into the same shape', () => {
		expect(parseEvent(fixtureText('webhook-payload-v4-project'))?.event).toStrictEqual({
			id: '01M7N4DAK77Z88MPVCEWCY5N0G',
			ulid: '01M7N4DAK77Z88MPVCEWCY5N0G',
			timestamp: '2026-11-17T16:11:02.118733Z',
			event_type: 'update',
			resource_name: 'Submittals',
			resource_id: '1290557',
			company_id: '4501177',
			project_id: '902214',
			user_id: '7710345',
			api_version: 'v4.0',
			metadata: null,
		});
	});

	test('is read for payload v4.0 of a company, whose data stays in the raw body', () => {
		const read = parseEvent(fixtureText('webhook-payload-v4-company-inferred'));
		expect(read?.event).toMatchObject({ project_id: null, resource_name: 'Projects' });
		expect(read?.event).not.toHaveProperty('data');
		expect(read?.raw.data).toEqual({ example_future_key: 'clients must tolerate this object' });
	});

	test('keeps its digits in the raw form', () => {
		expect(parseEvent(fixtureText('webhook-payload-v2-project'))?.raw).toMatchObject({
			id: '6120447718830551043',
			user_id: 7710345,
		});
	});

	test.each([
		['v2', 'v2.0'],
		['v3', 'v3.0'],
		['v2.0', 'v2.0'],
	])('is read with version %s as %s', (sent, expected) => {
		expect(parseEvent(body({ ...SMALL, api_version: sent }))?.event.api_version).toBe(expected);
	});

	test.each([
		['an upper-case event type', { event_type: 'UPDATE' }, { event_type: 'update' }],
		['no ulid', {}, { ulid: null }],
		['no project at all', {}, { project_id: null, company_id: null, user_id: null }],
		['an empty project', { project_id: '' }, { project_id: null }],
		['metadata that is not an object', { metadata: 'x' }, { metadata: null }],
		['no time', {}, { timestamp: '' }],
		['related resources that are not a list', { related_resources: 'x' }, {}],
	])('is read with %s', (_case, fields, expected) => {
		const event = parseEvent(body({ ...SMALL, ...fields }))?.event;
		expect(event).toMatchObject(expected);
		expect(event).not.toHaveProperty('related_resources');
	});

	test('is read with an unknown reason on payload v4.0', () => {
		const v4 = { id: '01M', reason: 'archive', resource_type: 'RFIs', resource_id: '1' };
		expect(parseEvent(body(v4))?.event.event_type).toBe('archive');
	});

	test.each([
		['nothing', ''],
		['broken JSON', '{"id":'],
		['a list', '[]'],
		['null', 'null'],
		['text', '"event"'],
		['a number', '6120447718830551043'],
		['an empty object', '{}'],
		['no id', JSON.stringify({ ...SMALL, id: null })],
		['no event type', JSON.stringify({ ...SMALL, event_type: '' })],
		['no resource name', JSON.stringify({ ...SMALL, resource_name: undefined })],
		['no resource id', JSON.stringify({ ...SMALL, resource_id: {} })],
		['another service', '{"action":"opened","issue":{"id":1}}'],
		['identity in __proto__ only', `{"__proto__":${JSON.stringify(SMALL)}}`],
		['identity in constructor only', `{"constructor":{"prototype":${JSON.stringify(SMALL)}}}`],
	])('is not an event if it is %s', (_case, source) => {
		expect(parseEvent(source)).toBeUndefined();
		expect(parseEvent(Buffer.from(source))).toBeUndefined();
	});

	test('is not an event if it contains bytes that are not text', () => {
		expect(parseEvent(Buffer.from([0xff, 0xfe, 0x00, 0x7b]))).toBeUndefined();
	});

	test('can have any size, because n8n has its own limit', () => {
		expect(parseEvent(body({ ...SMALL, data: 'x'.repeat(300_000) }))?.event.id).toBe('1');
	});

	test.each<[string, unknown, string]>([
		[
			'an object',
			{ action: 'opened', secret_content: 1 },
			'an object with the keys action, secret_content',
		],
		['keys that would break a line', { 'a\nb\u001b[31m': 1 }, 'an object with the keys a?b??31m'],
		['an empty object', {}, 'an object without keys'],
		['a list', [{ id: 1 }, 2], 'a list of 2'],
		['null', null, 'null'],
		['a text', 'content', 'a string'],
	])('is described without its content if it is unknown JSON: %s', (_case, value, words) => {
		const received = readBody(body(value));
		const size = `${body(value).length} bytes`;
		expect(received).toMatchObject({ kind: 'unknownJson', explanation: `${size}, ${words}` });
	});

	test('is described in a line of limited length if it has thousands of long keys', () => {
		const keys = Array.from({ length: 5000 }, (_each, index) => [`${index}${'k'.repeat(500)}`, 1]);
		const received = readBody(body(Object.fromEntries(keys)));
		if (received.kind !== 'unknownJson') throw new Error(received.kind);
		expect(received.explanation).toMatch(/ and 4980 more$/);
		expect(received.explanation.length).toBeLessThan(1000);
	});

	test('that is not JSON is distinguished from JSON', () => {
		expect(readBody(Buffer.from('{"id": 1,'))).toEqual({ kind: 'notJson', explanation: '9 bytes' });
	});

	test('ignores a __proto__ beside an event and changes no prototype', () => {
		const source = JSON.stringify({ ...SMALL }).replace('{', '{"__proto__":{"project_id":"9"},');
		expect(parseEvent(source)?.event).toMatchObject({ id: '1', project_id: null });
		expect('project_id' in {}).toBe(false);
	});
});

describe('eventKey', () => {
	test.each([
		['the ULID where there is one', { ...SMALL, ulid: '01M' }, '01M'],
		['else the id', SMALL, '1'],
		[
			'the id of payload v4.0',
			{ id: '01M', reason: 'x', resource_type: 'y', resource_id: 1 },
			'01M',
		],
	])('is %s', (_case, payload, expected) => {
		const read = parseEvent(body(payload));
		expect(read && eventKey(read.event)).toBe(expected);
	});
});
