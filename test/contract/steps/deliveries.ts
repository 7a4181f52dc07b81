import { sleep } from 'n8n-workflow';

import { eventKey, readEvent } from '../../../nodes/Procore/model/event';
import { jsonObject, text, type JsonObject } from '../../../nodes/Procore/model/json';
import type { Answer } from '../raw-request';
import type { Run } from '../run';
import type { Step } from '../step';
import { checkDeliveryReaders } from './api-layer';
import { arrivals, eventOf, jsonOf, listening } from './listening';
import { content, get, rows } from './requests';

const DAY_MS = 86_400_000;

async function untilListed(
	run: Run,
	version: 'v2.0' | 'v1.0',
	hookId: string,
	count: number,
): Promise<{ readonly answer: Answer; readonly listed: JsonObject[] }> {
	const end = Date.now() + 20_000;
	for (;;) {
		const answer = await get(run, version, run.project, `/hooks/${hookId}/deliveries`);
		const listed = rows(version, answer);
		if (listed.length >= count || Date.now() > end) return { answer, listed };
		await sleep(500);
	}
}

const EMPTY: Step = {
	name: 'deliveries-of-a-new-hook',
	title: 'the deliveries of a hook that never delivered',
	checks: ['DELIVERIES-404-EMPTY', 'V1-DELIVERIES-EMPTY'],
	async run(run) {
		await run.withHook('v2.0', run.project, async ({ id }) => {
			const answer = await get(run, 'v2.0', run.project, `/hooks/${id}/deliveries`);
			run.check('DELIVERIES-404-EMPTY', answer.status === 404, `status ${answer.status}`, answer);
		});
		if (!run.hasV1) {
			run.skip('V1-DELIVERIES-EMPTY', 'Webhooks API v1.0 does not answer.');
			return;
		}
		await run.withHook('v1.0', run.project, async ({ id }) => {
			const answer = await get(run, 'v1.0', run.project, `/hooks/${id}/deliveries`);
			const isEmpty = answer.status === 200 && rows('v1.0', answer).length === 0;
			run.check('V1-DELIVERIES-EMPTY', isEmpty, `status ${answer.status}`, answer);
		});
	},
};

/** What the filters of the list do to the deliveries of a hook, which are of today. */
async function checkFilters(run: Run, hookId: string): Promise<void> {
	const filtered = async (query: Record<string, string>) => {
		const answer = await get(run, 'v2.0', run.project, `/hooks/${hookId}/deliveries`, query);
		return { answer, count: rows('v2.0', answer).length };
	};
	const good = await filtered({ 'filter[status]': 'succeeded' });
	const bad = await filtered({ 'filter[status]': 'failed' });
	const status = text(rows('v2.0', good.answer)[0]?.status);
	const word = run.parts.sanitizer.quoted(status);
	run.check(
		'DELIVERY-WORDS',
		good.count > 0 && status === 'delivered' && bad.count === 0,
		`succeeded: ${good.count}, whose status is ${word}; failed: ${bad.count}`,
		good.answer,
	);
	const types = [
		await filtered({ 'filter[event_type]': 'update' }),
		await filtered({ 'filter[event_type]': 'create' }),
	];
	const [updates, creates] = types.map(({ count }) => count);
	run.check(
		'DELIVERY-FILTER-EVENT-TYPE',
		updates !== 0 && creates === 0,
		`update: ${updates}, create: ${creates}`,
		types[0]?.answer,
	);
	const [event] = rows('v2.0', good.answer).map((row) => readEvent(jsonObject(row.payload)));
	const time = Date.parse(event?.timestamp ?? '');
	const day = (shift: number) =>
		new Date((Number.isNaN(time) ? Date.now() : time) + shift * DAY_MS).toISOString().slice(0, 10);
	const same = await filtered({ 'filter[start]': day(0), 'filter[end]': day(0) });
	const before = await filtered({ 'filter[end]': day(-1) });
	const after = await filtered({ 'filter[start]': day(1) });
	run.check(
		'DELIVERY-FILTER-DAYS',
		same.count > 0 && before.count === 0 && after.count === 0,
		`that day: ${same.count}, until the day before: ${before.count}, from the day after: ${after.count}`,
		same.answer,
	);
	const sorted = await filtered({ sort: 'created_at' });
	run.check(
		'DELIVERY-SORT',
		sorted.answer.status === 200,
		`status ${sorted.answer.status}`,
		sorted.answer,
	);
}

const LOG: Step = {
	name: 'deliveries',
	title: 'the deliveries of two changes, and their filters',
	checks: [
		'DELIVERY-WORDS',
		'DELIVERY-PAYLOAD',
		'DELIVERY-FILTER-DAYS',
		'DELIVERY-FILTER-EVENT-TYPE',
		'DELIVERY-ORDER',
		'DELIVERY-SORT',
		'V2-FORMS',
	],
	needs: ['receiver', 'change'],
	async run(run) {
		await listening(run, 'log', { payload: 'v4.0' }, async ({ hookId, path }) => {
			await run.change();
			await arrivals(run, path, 1);
			await run.change();
			const [first, second] = await arrivals(run, path, 2);
			if (first === undefined || second === undefined) return;
			const log = await untilListed(run, 'v2.0', hookId, 2);
			const { listed } = log;
			const keys = listed.map((row) => {
				const event = readEvent(jsonObject(row.payload));
				return event === undefined ? '' : eventKey(event);
			});
			const isOldestFirst =
				keys.indexOf(eventKey(eventOf(first))) < keys.indexOf(eventKey(eventOf(second)));
			run.check(
				'DELIVERY-ORDER',
				listed.length > 1 && isOldestFirst,
				`${listed.length} deliveries, ${isOldestFirst ? 'the oldest first' : 'the newest first'}`,
				log.answer,
			);
			const payload = listed
				.map((row) => jsonObject(row.payload))
				.find((each) => text(each.id) === text(jsonOf(first).id));
			const differing = Object.entries(jsonOf(first))
				.filter(([field, value]) => JSON.stringify(payload?.[field]) !== JSON.stringify(value))
				.map(([field]) => run.parts.sanitizer.key(field));
			const came = differing.length === 0 ? 'as it was sent' : `others: ${differing.join(', ')}`;
			const told = payload === undefined ? 'no delivery has the id of the event' : came;
			run.check('DELIVERY-PAYLOAD', differing.length === 0, told, log.answer);
			await checkFilters(run, hookId);
			await checkDeliveryReaders(run, 'v2.0', hookId);
		});
	},
};

const LOG_V1: Step = {
	name: 'deliveries-v1',
	title: 'the attempts of a change on v1.0',
	checks: ['V1-DELIVERIES-ROWS', 'V1-DELIVERIES-ROW-ID', 'V1-DELIVERIES-FILTER', 'V1-FORMS'],
	needs: ['v1', 'receiver', 'change'],
	async run(run) {
		const respond = (count: number) => ({ status: count === 0 ? 500 : 200 });
		await listening(run, 'log-v1', { version: 'v1.0', respond }, async ({ hookId, path }) => {
			await run.change();
			await arrivals(run, path, 2);
			const log = await untilListed(run, 'v1.0', hookId, 2);
			const { listed } = log;
			const outcomes = listed.map((row) => text(row.outcome));
			const holds =
				outcomes.length === 2 && outcomes.includes('retried') && outcomes.includes('ok');
			const words = outcomes.map((word) => run.parts.sanitizer.quoted(word)).join(' and ');
			const failing = await get(run, 'v1.0', run.project, `/hooks/${hookId}/deliveries`, {
				'filters[status]': 'failing',
			});
			const count = rows('v1.0', failing).length;
			const told = `${listed.length} rows for 2 attempts, whose outcomes are ${words || 'missing'}; failing: ${count}`;
			run.check('V1-DELIVERIES-ROWS', holds && count === 1, told, holds ? failing : log.answer);
			const hasIds = listed.length > 0 && listed.every((row) => text(row.id) !== '');
			const came = hasIds ? 'rows have ids' : 'rows without ids';
			run.check('V1-DELIVERIES-ROW-ID', hasIds, came, log.answer);
			const counts: number[] = [];
			for (const name of ['filters[status]', 'filter[status]']) {
				const answer = await get(run, 'v1.0', run.project, `/hooks/${hookId}/deliveries`, {
					[name]: 'successful',
				});
				const found = content('v1.0', answer);
				counts.push(Array.isArray(found) ? found.length : -1);
			}
			run.check(
				'V1-DELIVERIES-FILTER',
				counts.every((count) => count === 1),
				`successful: ${counts.join(' and ')} of ${listed.length} rows`,
			);
			await checkDeliveryReaders(run, 'v1.0', hookId);
		});
	},
};

export const DELIVERY_STEPS: readonly Step[] = [EMPTY, LOG, LOG_V1];
