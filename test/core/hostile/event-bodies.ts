import fc from 'fast-check';

/** Key and JSON text of each member, in order; text keeps what `JSON.stringify` would change. */
type Members = ReadonlyArray<readonly [string, string]>;

function objectText(members: Members): string {
	return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

const word = fc.oneof(
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
	fc.constantFrom('RFIs', 'Change Orders', 'Überprüfung', '工程', 'a"b\\c', '\u0000'),
);

/** Procore's ids, from small ones to 19 digits; `serial` keeps them apart between runs. */
const longId = fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n - 1n });
const anyId = fc.oneof(longId, fc.bigInt({ min: 1n, max: 10n ** 6n })).map(String);

const nested = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value));
const hugeNumber = fc.constantFrom(
	'1e400',
	'-1e-400',
	'123456789012345678901234567890',
	'-0',
	'1.5e3',
);

/** Unknown members, some with names that have a meaning in JavaScript. */
const unknownMembers: fc.Arbitrary<Members> = fc.array(
	fc.tuple(
		fc.oneof(
			word.filter((name) => !/^[a-z_]+$/.test(name)),
			fc.constantFrom(
				'__proto__',
				'constructor',
				'prototype',
				'toString',
				'then',
				'data',
				'length',
			),
		),
		fc.oneof(nested, hugeNumber, longId.map(String)),
	),
	{ maxLength: 6 },
);

const ULID_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ulid = fc
	.array(fc.constantFrom(...ULID_LETTERS), { minLength: 22, maxLength: 22 })
	.map((letters) => `01M7${letters.join('')}`);

const optionalId = fc.oneof(anyId, fc.constant('null'));
const sources = [
	'source_user_id',
	'source_company_id',
	'source_project_id',
	'source_application_id',
	'source_operation_id',
];
const metadata: fc.Arbitrary<string> = fc
	.array(
		fc.oneof(
			optionalId,
			word.map((text) => JSON.stringify(text)),
		),
		{
			minLength: 5,
			maxLength: 5,
		},
	)
	.map((values) => objectText(sources.map((name, index) => [name, values[index] ?? 'null'])));

/** One event as Procore might send it, and the expected output. */
export interface EventBody {
	readonly body: string;
	/** The id that identifies duplicate deliveries: the ULID, or else the id. */
	readonly key: string;
	readonly id: string;
	readonly resourceId: string;
	readonly resourceName: string;
}

const common = { id: longId.map(String), ulid, resourceId: anyId, resourceName: word };

/** Payloads v2.0 and v3.0: ids are numbers, the event has a version and metadata. */
const flat: fc.Arbitrary<EventBody> = fc
	.record({
		...common,
		hasUlid: fc.boolean(),
		version: fc.constantFrom('v2', 'v2.0', 'v3.0'),
		eventType: fc.constantFrom('create', 'update', 'delete', 'UPDATE'),
		companyId: optionalId,
		projectId: optionalId,
		metadata: fc.oneof(metadata, fc.constant('null'), nested),
		related: fc.oneof(nested, fc.constant('[{"id":6120447718830551043,"name":"x"}]')),
		unknown: unknownMembers,
	})
	.map((event) => ({
		body: objectText([
			...event.unknown,
			['id', event.id],
			...(event.hasUlid ? ([['ulid', JSON.stringify(event.ulid)]] as const) : []),
			['timestamp', '"2026-11-20T08:15:30.123456Z"'],
			['event_type', JSON.stringify(event.eventType)],
			['resource_name', JSON.stringify(event.resourceName)],
			['resource_id', event.resourceId],
			['company_id', event.companyId],
			['project_id', event.projectId],
			['api_version', JSON.stringify(event.version)],
			['metadata', event.metadata],
			['related_resources', event.related],
		]),
		key: event.hasUlid ? event.ulid : event.id,
		id: event.id,
		resourceId: event.resourceId,
		resourceName: event.resourceName,
	}));

/** Payload v4.0: ids are strings, and the event's own is its ULID. */
const modern: fc.Arbitrary<EventBody> = fc
	.record({
		...common,
		reason: fc.constantFrom('CREATED', 'UPDATED', 'create'),
		unknown: unknownMembers,
	})
	.map((event) => ({
		body: objectText([
			...event.unknown,
			['id', JSON.stringify(event.ulid)],
			['timestamp', '"2026-11-20T08:15:30.123456Z"'],
			['reason', JSON.stringify(event.reason)],
			['resource_type', JSON.stringify(event.resourceName)],
			['resource_id', JSON.stringify(event.resourceId)],
			['company_id', '"4501177"'],
			['project_id', 'null'],
		]),
		key: event.ulid,
		id: event.ulid,
		resourceId: event.resourceId,
		resourceName: event.resourceName,
	}));

/** Events of every payload version, with unknown additions. */
export const eventBody: fc.Arbitrary<EventBody> = fc.oneof(flat, modern);

/** Bodies that are not events: any bytes, any JSON, and incomplete events. */
export const otherBody: fc.Arbitrary<Buffer> = fc.oneof(
	fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
	fc.oneof(nested, hugeNumber).map((text) => Buffer.from(text)),
	fc
		.tuple(eventBody, fc.nat())
		.map(([{ body }, at]) => Buffer.from(body.slice(0, at % body.length))),
	fc.constant(Buffer.from('['.repeat(5_000))),
	fc.constant(Buffer.from(`{"a":${'{"a":'.repeat(2_000)}1${'}'.repeat(2_001)}`)),
);
