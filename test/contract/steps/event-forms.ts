import {
	isJsonObject,
	jsonObject,
	parseJson,
	text,
	type JsonObject,
} from '../../../nodes/Procore/model/json';
import type { Received } from '../receiver';
import type { Run } from '../run';
import { jsonOf, seen } from './listening';

const V2_FIELDS = [
	'id',
	'ulid',
	'timestamp',
	'metadata',
	'user_id',
	'company_id',
	'project_id',
	'api_version',
	'event_type',
	'resource_name',
	'resource_id',
];
const V4_FIELDS = [
	'id',
	'timestamp',
	'reason',
	'company_id',
	'project_id',
	'user_id',
	'resource_type',
	'resource_id',
];
/** Headers of HTTP itself and of proxies, which say nothing about an event. */
const HTTP_HEADERS =
	/^(?:host|content-type|content-length|authorization|user-agent|accept|accept-encoding|connection|transfer-encoding|date|via|forwarded|x-forwarded-.*|x-real-ip|cf-.*|cdn-loop|traceparent|tracestate)$/;

function missing(fields: readonly string[], json: JsonObject): string[] {
	return fields.filter((field) => !(field in json));
}

/** Checks the headers of an event. */
export function checkRequest(run: Run, received: Received, authorization: string): void {
	const { headers } = received;
	const arrived = headers.authorization ?? '';
	run.check(
		'SEND-AUTHORIZATION',
		arrived === authorization,
		arrived === authorization
			? 'byte for byte'
			: `${arrived.length} characters instead of ${authorization.length}`,
	);
	const { sanitizer, exchanges } = run.parts;
	const shown = sanitizer.headers(headers);
	const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '');
	const isObject = isJsonObject(parseJson(received.body));
	const form = isObject ? 'one JSON object' : 'something other than a JSON object';
	const told = `${sanitizer.sentence(received.method)} of ${form}, Content-Type ${shown['content-type'] ?? 'missing'}`;
	const isAsAssumed = received.method === 'POST' && isJson && isObject;
	run.check('SEND-JSON', isAsAssumed, told, seen(received));
	const others = Object.keys(headers).filter((name) => !HTTP_HEADERS.test(name));
	const names = others.map((name) => sanitizer.key(name)).join(', ');
	const added = `${others.length} other headers${names === '' ? '' : `: ${names}`}`;
	run.check('SEND-HEADERS', others.length === 0, added);
	exchanges.notes.push(
		`Headers of an event: ${Object.keys(shown).join(', ')}. User-Agent: ${shown['user-agent'] ?? 'none'}.`,
	);
}

function checkFields(run: Run, received: Received, format: 'v2' | 'v3'): void {
	const json = jsonOf(received);
	const fields = format === 'v2' ? V2_FIELDS : [...V2_FIELDS, 'related_resources'];
	const lost = missing(fields, json);
	const came = lost.length === 0 ? 'all fields' : `without ${lost.join(', ')}`;
	run.check('PAYLOAD-V2-FIELDS', lost.length === 0, `${format}: ${came}`, seen(received));
	const version = text(json.api_version);
	const told = `${format}: api_version is ${run.parts.sanitizer.quoted(version)}`;
	const isSpelling = [format, `${format}.0`].includes(version);
	run.check('PAYLOAD-API-VERSION', isSpelling, told, seen(received));
}

/** Checks the fields of an event of payload v3.0 that v2.0 does not have, or has otherwise. */
export function checkV3(run: Run, received: Received): void {
	checkFields(run, received, 'v3');
}

/** Checks the fields of an event of payload v2.0. */
export function checkV2(run: Run, received: Received): void {
	checkFields(run, received, 'v2');
	const json = jsonOf(received);
	const digits = /"id"\s*:\s*(\d+)/.exec(received.body)?.[1] ?? '';
	const isId = digits.length > 0 && digits.length <= 19;
	run.check('EVENT-ID-DIGITS', isId, `${digits.length} digits`, seen(received));
	const metadata = jsonObject(json.metadata);
	const differing = ['user', 'company', 'project'].filter((each) => {
		const source = metadata[`source_${each}_id`];
		return source !== null && source !== undefined && text(source) !== text(json[`${each}_id`]);
	});
	run.check(
		'METADATA-NULLS',
		differing.length === 0,
		differing.length === 0 ? 'null, or the same' : `another ${differing.join(' and ')}`,
		seen(received),
	);
	if (run.env.changePath === '') {
		run.skip('METADATA-APPLICATION', 'A person made the change.');
		return;
	}
	const source = text(metadata.source_application_id);
	const isOwn = source === run.env.clientId;
	const came = isOwn ? 'the client id' : `${source.length} characters that are not the client id`;
	run.check('METADATA-APPLICATION', isOwn, came, seen(received));
}

/** Checks the fields of an event of payload v4.0. */
export function checkV4(run: Run, received: Received): void {
	const json = jsonOf(received);
	const lost = missing(V4_FIELDS, json);
	const others = V4_FIELDS.filter(
		(field) => field in json && typeof json[field] !== 'string' && json[field] !== null,
	);
	const came =
		lost.length > 0
			? `without ${lost.join(', ')}`
			: `fields that are not strings: ${others.join(', ') || 'none'}`;
	run.check('PAYLOAD-V4-FIELDS', lost.length === 0 && others.length === 0, came, seen(received));
}
