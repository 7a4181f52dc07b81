import { sleep } from 'n8n-workflow';

import { freshnessOf } from '../../../nodes/Procore/record/freshness';
import { planRequest } from '../../../nodes/Procore/record/request';
import { Records } from '../../../nodes/Procore/record/records';
import { isJsonObject, jsonObject, text, type JsonObject } from '../../../nodes/Procore/model/json';
import { timeAt } from '../../../nodes/Procore/model/event-position';
import type { Received } from '../receiver';
import type { Run } from '../run';
import type { Step } from '../step';
import { arrivals, eventOf, jsonOf, listening } from './listening';

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

function checkRequest(run: Run, received: Received, authorization: string): void {
	const { headers } = received;
	const arrived = headers.authorization ?? '';
	run.check(
		'SEND-AUTHORIZATION',
		arrived === authorization,
		arrived === authorization
			? 'byte for byte'
			: `${arrived.length} characters instead of ${authorization.length}`,
	);
	const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '');
	const isObject = isJsonObject(jsonOf(received));
	run.check(
		'SEND-JSON',
		received.method === 'POST' && isJson && isObject,
		isJson ? 'one JSON object' : 'another Content-Type',
	);
	const { sanitizer, exchanges } = run.parts;
	const shown = sanitizer.headers(headers);
	const others = Object.keys(headers).filter((name) => !HTTP_HEADERS.test(name));
	run.check('SEND-HEADERS', others.length === 0, `${others.length} other headers`);
	exchanges.notes.push(
		`Headers of an event: ${Object.keys(shown).join(', ')}. User-Agent: ${shown['user-agent'] ?? 'none'}.`,
	);
}

function checkV2(run: Run, received: Received): void {
	const json = jsonOf(received);
	const lost = missing(V2_FIELDS, json);
	run.check(
		'PAYLOAD-V2-FIELDS',
		lost.length === 0,
		lost.length === 0 ? 'all fields' : `without ${lost.join(', ')}`,
	);
	const version = text(json.api_version);
	run.check(
		'PAYLOAD-API-VERSION',
		['v2', 'v2.0'].includes(version),
		version === '' ? 'none' : 'api_version',
	);
	const digits = /"id"\s*:\s*(\d+)/.exec(received.body)?.[1] ?? '';
	run.check('EVENT-ID-DIGITS', digits.length > 0 && digits.length <= 19, `${digits.length} digits`);
	const metadata = jsonObject(json.metadata);
	const differing = ['user', 'company', 'project'].filter((each) => {
		const source = metadata[`source_${each}_id`];
		return source !== null && source !== undefined && text(source) !== text(json[`${each}_id`]);
	});
	run.check(
		'METADATA-NULLS',
		differing.length === 0,
		differing.length === 0 ? 'null, or the same' : `another ${differing.join(' and ')}`,
	);
	if (run.env.changePath === '') {
		run.skip('METADATA-APPLICATION', 'A person made the change.');
		return;
	}
	const isOwn = text(metadata.source_application_id) === run.env.clientId;
	run.check('METADATA-APPLICATION', isOwn, isOwn ? 'the client id' : 'something else');
}

function checkV4(run: Run, received: Received): void {
	const json = jsonOf(received);
	const lost = missing(V4_FIELDS, json);
	const others = V4_FIELDS.filter(
		(field) => field in json && typeof json[field] !== 'string' && json[field] !== null,
	);
	const came =
		lost.length > 0 ? `without ${lost.join(', ')}` : `${others.length} fields that are not strings`;
	run.check('PAYLOAD-V4-FIELDS', lost.length === 0 && others.length === 0, came);
}

async function checkRecord(run: Run, received: Received): Promise<void> {
	const event = eventOf(received);
	const { transport } = await run.procore('v2.0');
	const plan = planRequest({
		resourceName: event.resource_name,
		recordId: event.resource_id,
		companyId: run.env.companyId,
		projectId: event.project_id ?? run.env.projectId,
		relatedResources: event.related_resources ?? [],
	});
	if (!plan.ok) {
		run.skip('EVENT-AFTER-COMMIT', 'The record of this resource cannot be read.');
		return;
	}
	const address = {
		request: plan.request,
		resourceName: event.resource_name,
		recordId: event.resource_id,
		companyId: run.env.companyId,
	};
	const started = Date.now();
	for (;;) {
		const record = await new Records(transport).read(address, Date.now());
		const freshness = record === undefined ? 'missing' : freshnessOf(record, event);
		const seconds = Math.round((Date.now() - started) / 1000);
		if (freshness === 'current' || freshness === 'unverified' || seconds > 60) {
			run.check(
				'RECORD-PATHS',
				record !== undefined,
				record === undefined ? 'no record' : 'the record of the change',
			);
			if (freshness === 'unverified')
				run.skip('EVENT-AFTER-COMMIT', 'The record has no updated_at.');
			else
				run.check(
					'EVENT-AFTER-COMMIT',
					freshness === 'current',
					`${freshness} after ${seconds} seconds`,
				);
			run.parts.exchanges.notes.push(
				`A read showed the change ${seconds} seconds after its event arrived.`,
			);
			return;
		}
		await sleep(1000);
	}
}

const EVENT: Step = {
	name: 'event',
	title: 'one change, as two hooks with different payloads hear it',
	checks: [
		...([
			'SEND-AUTHORIZATION',
			'SEND-JSON',
			'SEND-HEADERS',
			'PAYLOAD-V2-FIELDS',
			'PAYLOAD-V4-FIELDS',
		] as const),
		...(['PAYLOAD-API-VERSION', 'V4-ID-IS-ULID', 'EVENT-ID-DIGITS', 'METADATA-NULLS'] as const),
		...([
			'METADATA-APPLICATION',
			'EVENT-USER',
			'EVENT-SUBSCRIBED-SPELLING',
			'EVENT-AFTER-COMMIT',
		] as const),
		'RECORD-PATHS',
	],
	needs: ['receiver', 'change'],
	async run(run) {
		await listening(run, 'event-v2', {}, async (old) => {
			await listening(run, 'event-v4', { payload: 'v4.0' }, async (latest) => {
				await run.change();
				const [first] = await arrivals(run, old.path, 1);
				const [second] = await arrivals(run, latest.path, 1);
				if (first === undefined || second === undefined) return;
				checkRequest(run, first, old.authorization);
				checkV2(run, first);
				checkV4(run, second);
				const isSame = text(jsonOf(first).ulid) === text(jsonOf(second).id);
				run.check('V4-ID-IS-ULID', isSame, isSame ? 'the same' : 'another id');
				const event = eventOf(first);
				const fits =
					event.resource_name === run.env.changeResource && event.event_type === 'update';
				run.check(
					'EVENT-SUBSCRIBED-SPELLING',
					fits,
					fits ? 'as subscribed' : 'spelled in another way',
				);
				if (run.env.changePath === '') {
					run.skip('EVENT-USER', 'A person made the change.');
				} else {
					const { directory } = await run.procore('v2.0');
					const me = await directory.me(run.env.companyId);
					run.check(
						'EVENT-USER',
						event.user_id === me.id,
						event.user_id === me.id ? 'the same' : 'another user',
					);
				}
				await checkRecord(run, first);
			});
		});
	},
};

const ORDER: Step = {
	name: 'order',
	title: 'two changes in a row',
	checks: ['ULID-SORTS'],
	needs: ['receiver', 'change'],
	async run(run) {
		await listening(run, 'order', {}, async ({ path }) => {
			await run.change();
			await arrivals(run, path, 1);
			await run.change();
			const [first, second] = (await arrivals(run, path, 2)).map(eventOf);
			const [one, two] = [first?.ulid ?? '', second?.ulid ?? ''];
			const apart = Math.abs(timeAt(one) - Date.parse(first?.timestamp ?? ''));
			run.check(
				'ULID-SORTS',
				one < two && apart < 60_000,
				`${one < two ? 'in' : 'out of'} order, ${Math.round(apart / 1000)} seconds from the timestamp`,
			);
		});
	},
};

export const EVENT_STEPS: readonly Step[] = [EVENT, ORDER];
