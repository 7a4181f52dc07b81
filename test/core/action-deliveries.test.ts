import { DataDeduplicationService } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';

import type { Event } from '../../emulator/control-client';
import {
	GENERATIONS,
	URL_A,
	inProject,
	jsonOf,
	makeHook,
	messageOf,
	onlyJson,
} from './action-support';
import {
	byId,
	COMPANY,
	OTHER_PROJECT,
	PROJECT,
	useN8n,
	type Generation,
	type N8n,
} from './harness';
import { Deduplicator } from './support/deduplicator';

const deduplicator = new Deduplicator();
const STATUSES = ['succeeded', 'failed', 'retrying', 'discarded', 'succeeded'] as const;

beforeAll(async () => await DataDeduplicationService.init(deduplicator));

/** A hook whose destination does not exist, and two events that wait for delivery. */
async function changeForNobody(n8n: N8n): Promise<{ hookId: string; events: Event[] }> {
	const hookId = await makeHook(n8n, { destinationUrl: 'http://127.0.0.1:9/nobody' });
	await n8n.control.editHook(hookId, {
		triggers: [{ resourceName: 'RFIs', eventType: 'update' }],
	});
	const events = await n8n.control.change({
		companyId: COMPANY,
		projectId: PROJECT,
		resourceName: 'RFIs',
		eventType: 'update',
		count: 2,
	});
	return { hookId, events };
}

describe.each(GENERATIONS)('deliveries on %s', (version) => {
	const n8n = useN8n();
	let hookId = '';

	beforeEach(async () => {
		deduplicator.lists.clear();
		await n8n.connect({ version });
		hookId = await makeHook(n8n);
	});

	const ofHook = (operation: string, more = {}) =>
		inProject('delivery', operation, { hookId: byId(hookId), returnAll: true, ...more });

	async function log(count: number, more = {}): Promise<void> {
		await n8n.control.addDeliveries(hookId, {
			count,
			statuses: [...STATUSES],
			resourceNames: ['RFIs', 'Submittals', 'Drawings'],
			...more,
		});
	}

	async function held(statuses: string[]): Promise<string[]> {
		const { deliveries } = await n8n.control.state();
		return deliveries.filter(({ status }) => statuses.includes(status)).map(({ ulid }) => ulid);
	}

	describe('Get Many', () => {
		test('returns nothing for a hook that has never delivered', async () => {
			expect(jsonOf(await n8n.run(ofHook('getAll')))).toEqual([]);
		});

		test('fails for a hook that does not exist', async () => {
			const parameters = ofHook('getAll', { projectId: byId(OTHER_PROJECT) });
			expect(messageOf(await n8n.run(parameters))).toContain('404');
		});

		test.each([
			['any', ['delivered', 'failed', 'retrying', 'discarded']],
			['successful', ['delivered']],
			['failing', ['failed', 'retrying']],
			['discarded', ['discarded']],
		])('filters by the status %s', async (status, words) => {
			await log(250);
			const json = jsonOf(await n8n.run(ofHook('getAll', { filters: { status } })));
			expect(json.map(({ ulid }) => ulid).sort()).toEqual((await held(words)).sort());
		});

		test('filters by resource and event, ignoring case', async () => {
			await log(60);
			const filters = { resourceName: 'RFIs', eventType: 'create' };
			const json = jsonOf(await n8n.run(ofHook('getAll', { filters })));
			expect(json.length).toBeGreaterThan(0);
			for (const { event } of json) {
				expect(event).toMatchObject({ resource_name: 'RFIs', event_type: 'create' });
			}
			const { deliveries } = await n8n.control.state();
			expect(json).toHaveLength(
				deliveries.filter((row) => row.resourceName === 'RFIs' && row.eventType === 'create')
					.length,
			);
		});

		test('filters by time, to the second', async () => {
			await log(60, { statuses: ['succeeded'] });
			const all = jsonOf(await n8n.run(ofHook('getAll')));
			const times = all.map(timestampOf);
			const filters = { since: times[39] ?? '', until: times[20] ?? '' };
			const json = jsonOf(await n8n.run(ofHook('getAll', { filters })));
			expect(json.map(timestampOf)).toEqual(times.slice(20, 40));
		});

		test('reads only as many pages as the limit needs', async () => {
			await log(1000);
			const requests = async (order: string) => {
				await n8n.requests();
				const parameters = ofHook('getAll', { returnAll: false, limit: 120, order });
				expect(jsonOf(await n8n.run(parameters))).toHaveLength(120);
				return (await n8n.requests()).length;
			};
			expect(await requests('oldest')).toBe(2);
			// The first page, which tells the length, and the last two. The log of v1.0 can only be read from its beginning.
			if (version === 'v2.0') expect(await requests('newest')).toBe(3);
		});

		test('returns the newest deliveries first by default, and the oldest first if asked', async () => {
			await log(260, { statuses: ['succeeded'] });
			const oldest = jsonOf(await n8n.run(ofHook('getAll', { order: 'oldest' })));
			const newest = jsonOf(await n8n.run(ofHook('getAll', { returnAll: false })));
			expect(newest).toHaveLength(50);
			expect(newest.map(timestampOf)).toEqual(oldest.map(timestampOf).reverse().slice(0, 50));
			const all = jsonOf(await n8n.run(ofHook('getAll')));
			expect(all.map(({ ulid }) => ulid)).toEqual(oldest.map(({ ulid }) => ulid).reverse());
			const events = ofHook('getAll', { output: 'events', returnAll: false, limit: 3 });
			expect(jsonOf(await n8n.run(events)).map(({ ulid }) => ulid)).toEqual(
				oldest.slice(-3).map(({ ulid }) => ulid),
			);
		});

		test('returns the same rows from smaller pages', async () => {
			await log(260, { statuses: ['succeeded'] });
			const expected = jsonOf(await n8n.run(ofHook('getAll', { returnAll: false })));
			await n8n.control.addFault({
				path: '/deliveries',
				times: 0,
				effect: { kind: 'capPages', rows: 30 },
			});
			expect(jsonOf(await n8n.run(ofHook('getAll', { returnAll: false })))).toEqual(expected);
		});

		test('begins each row with the time, the status and what happened', async () => {
			await log(4);
			const [row] = jsonOf(await n8n.run(ofHook('getAll', { filters: { status: 'discarded' } })));
			expect(Object.keys(row ?? {}).slice(0, 7)).toEqual([
				...['timestamp', 'status', 'event_type', 'resource_name', 'resource_id'],
				...['response_status', 'reason'],
			]);
			expect(row).toMatchObject({ status: 'discarded', resource_name: expect.any(String) });
			expect(row?.reason).toEqual(expect.stringMatching(/\w/));
		});

		test('includes the events of a period until now', async () => {
			await log(30, { statuses: ['succeeded'] });
			const times = jsonOf(await n8n.run(ofHook('getAll'))).map((row) =>
				Date.parse(timestampOf(row)),
			);
			const within = async (period: string, hours: number) => {
				const rows = jsonOf(await n8n.run(ofHook('getAll', { filters: { period } })));
				const expected = times.filter((time) => time >= Date.now() - hours * 3_600_000);
				expect([period, rows.length]).toEqual([period, expected.length]);
			};
			await within('lastHour', 1);
			await within('last30Days', 720);
			const unknown = ofHook('getAll', { filters: { period: 'yesterday' } });
			expect(messageOf(await n8n.run(unknown))).toContain('Period must be one of lastHour');
		});

		test('reads all pages', async () => {
			await log(333, { statuses: ['succeeded'] });
			await n8n.requests();
			expect(jsonOf(await n8n.run(ofHook('getAll')))).toHaveLength(333);
			expect(await n8n.requests()).toHaveLength(4);
		});

		test('rejects an invalid date and an unknown status', async () => {
			const date = ofHook('getAll', { filters: { since: 'yesterday-ish' } });
			expect(messageOf(await n8n.run(date))).toContain(
				'"yesterday-ish" is not a valid date for Since',
			);
			const status = ofHook('getAll', { filters: { status: 'lost' } });
			expect(messageOf(await n8n.run(status))).toContain('Status must be one of');
			expect(await n8n.requests()).toEqual([]);
		});

		test('keeps every digit with Simplify off', async () => {
			await log(1);
			const [event] = (await n8n.control.state()).deliveries;
			const json = onlyJson(await n8n.run(ofHook('getAll', { simplify: false })));
			const raw = version === 'v2.0' ? json.payload : json.event;
			expect(raw).toMatchObject({ id: event?.eventId });
		});
	});

	describe('Summarize', () => {
		test('counts the deliveries of the selected hook', async () => {
			await log(50);
			const json = onlyJson(await n8n.run(ofHook('summarize')));
			expect(json).not.toHaveProperty('destination_url');
			expect(json).toMatchObject({
				hook_id: hookId,
				project_id: PROJECT,
				deliveries: 50,
				failures: 30,
				enqueued: 0,
				by_outcome: { ok: 20, retried: 10, failed: 10, discarded: 10 },
				failures_by_response_status: { 500: 20, none: 10 },
			});
			expect(json.first_failure).toMatchObject({ response_status: 500, outcome: 'failed' });
			expect(json.sample_reasons).toEqual(['Answered 500: Error', expect.any(String)]);
		});

		test('counts all hooks in the namespace if no hook is selected', async () => {
			await log(5);
			const [json] = jsonOf(await n8n.run(inProject('delivery', 'summarize')));
			expect(json).toMatchObject({
				hook_id: hookId,
				namespace: 'flows',
				destination_url: URL_A,
				deliveries: 5,
			});
		});

		test.each(['summarize', 'getMissed'])(
			'fails in %s for a namespace without a hook, and counts the hooks in others',
			async (operation) => {
				const other = inProject('delivery', operation, { namespace: 'nothing-here' });
				expect(messageOf(await n8n.run(other))).toBe(
					'There is no hook in the namespace "nothing-here" in project 902214, but 1 hook is in another namespace. Clear Namespace to include every namespace.',
				);
			},
		);

		test('looks in every namespace by default', async () => {
			await log(5);
			const { namespace, ...parameters } = inProject('delivery', 'summarize');
			expect(namespace).toBe('flows');
			expect(onlyJson(await n8n.run(parameters))).toMatchObject({
				namespace: 'flows',
				failures: 3,
			});
		});

		test('counts all hooks of the project if no namespace is given', async () => {
			await makeHook(n8n, { namespace: 'others' });
			const all = jsonOf(await n8n.run(inProject('delivery', 'summarize', { namespace: '' })));
			expect(all.map(({ namespace }) => namespace)).toEqual(['flows', 'others']);
		});

		test('returns zeros for a hook without deliveries', async () => {
			const json = onlyJson(await n8n.run(ofHook('summarize')));
			expect(json).toMatchObject({ deliveries: 0, failures: 0, first_failure: null });
		});

		test('applies the filters', async () => {
			await log(50);
			const filters = { resourceName: 'RFIs' };
			const json = onlyJson(await n8n.run(ofHook('summarize', { filters })));
			expect(json.deliveries).toBe(17);
			expect(Object.keys(Object(json.failures_by_resource))).toEqual(['RFIs']);
		});
	});

	describe('Get Missed Events', () => {
		test('returns each event once, in the order of the ULIDs', async () => {
			await log(50);
			const wanted = (await held(['failed', 'discarded'])).sort();
			const first = jsonOf(await n8n.run(ofHook('getMissed')));
			expect(first.map(({ ulid }) => ulid)).toEqual(wanted);
			expect(first[0]).toHaveProperty('resource_name');
			expect(jsonOf(await n8n.run(ofHook('getMissed')))).toEqual([]);
			await log(5);
			expect(jsonOf(await n8n.run(ofHook('getMissed')))).toHaveLength(2);
		});

		test('costs two requests if nothing was missed', async () => {
			await log(500, { statuses: ['succeeded'] });
			await n8n.requests();
			expect(jsonOf(await n8n.run(ofHook('getMissed')))).toEqual([]);
			expect(await n8n.requests()).toHaveLength(2);
		});

		test('returns events beyond the limit in the next run', async () => {
			await log(50);
			const wanted = (await held(['failed', 'discarded'])).sort();
			const limited = ofHook('getMissed', { returnAll: false, limit: 15 });
			const first = jsonOf(await n8n.run(limited));
			const second = jsonOf(await n8n.run(limited));
			expect([...first, ...second].map(({ ulid }) => ulid)).toEqual(wanted);
			expect(jsonOf(await n8n.run(limited))).toEqual([]);
		});

		test.each([2.5, 0, -1, 'many'])('rejects the limit %s', async (limit) => {
			await log(5);
			await n8n.requests();
			const parameters = ofHook('getMissed', {
				returnAll: false,
				limit: `={{ ${JSON.stringify(limit)} }}`,
			});
			expect(messageOf(await n8n.run(parameters))).toContain(
				`Limit must be a whole number of at least 1, but got "${limit}"`,
			);
			expect(await n8n.requests()).toEqual([]);
		});

		test('returns events in a manual run without recording them', async () => {
			await log(50);
			const byHand = async () => jsonOf(await n8n.run(ofHook('getMissed'), [{}], {}, 'manual'));
			expect(await byHand()).toHaveLength(20);
			expect(await byHand()).toHaveLength(20);
			expect(jsonOf(await n8n.run(ofHook('getMissed')))).toHaveLength(20);
		});

		test('returns each event once if two items ask for it at the same time', async () => {
			await log(50);
			const { items } = await n8n.run(ofHook('getMissed'), [{}, {}, {}]);
			expect(items).toHaveLength(20);
			expect(new Set(items.map(({ json }) => json.ulid)).size).toBe(20);
		});

		test("records events in the node's own list", async () => {
			await log(50);
			// The items that n8n's Remove Duplicates has recorded for the workflow.
			const ulids = await held(['failed', 'discarded']);
			expect(jsonOf(await n8n.run(ofHook('getMissed')))).toHaveLength(ulids.length);
			expect([...deduplicator.lists.keys()].every((key) => key.includes(' '))).toBe(true);
		});

		describe('for two projects, the second of which is rejected', () => {
			const both = [{ project: PROJECT }, { project: OTHER_PROJECT }];
			const missed = inProject('delivery', 'getMissed', {
				projectId: byId('={{ $json.project }}'),
				returnAll: true,
			});

			beforeEach(async () => {
				await log(20);
				await makeHook(n8n, { projectId: byId(OTHER_PROJECT) });
				await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			});

			test('records nothing, so that the events come once access is granted', async () => {
				expect(messageOf(await n8n.run(missed, both))).toContain('403');
				expect(deduplicator.lists.size).toBe(0);
				await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [] });
				expect(jsonOf(await n8n.run(missed, both))).toHaveLength(8);
				expect(jsonOf(await n8n.run(missed, both))).toEqual([]);
			});

			test('returns and records only the events of the first project with Continue On Fail', async () => {
				const { items } = await n8n.run(missed, both, { onError: 'continueRegularOutput' });
				expect(items).toHaveLength(9);
				expect(items.at(-1)?.json).toMatchObject({ details: { httpCode: '403' } });
				expect([...deduplicator.lists.values()].map(({ length }) => length)).toEqual([8]);
				const again = await n8n.run(missed, both, { onError: 'continueRegularOutput' });
				expect(again.items).toHaveLength(1);
			});
		});

		test('returns only the events that n8n could record', async () => {
			await log(50);
			const limited = ofHook('getMissed', { returnAll: false, limit: 15 });
			deduplicator.failAfter(0);
			expect(messageOf(await n8n.run(limited))).toContain('not now');
			deduplicator.failAfter(Infinity);
			const first = jsonOf(await n8n.run(ofHook('getMissed', { returnAll: false, limit: 10 })));
			// The first ten are known, five more are recorded, and then n8n fails.
			deduplicator.failAfter(1);
			const second = jsonOf(await n8n.run(limited));
			deduplicator.failAfter(Infinity);
			const third = jsonOf(await n8n.run(limited));
			expect([first, second, third].map(({ length }) => length)).toEqual([10, 5, 5]);
			const ulids = [...first, ...second, ...third].map(({ ulid }) => ulid);
			expect(ulids).toEqual((await held(['failed', 'discarded'])).sort());
		});

		test('skips events that Procore still retries and those that succeeded after a retry', async () => {
			await n8n.control.reset();
			const unreachable = await changeForNobody(n8n);
			const [event, next] = unreachable.events;
			({ hookId } = unreachable);
			await n8n.control.advance(30);
			expect(jsonOf(await n8n.run(ofHook('getMissed')))).toEqual([]);
			const failing = ofHook('getAll', { filters: { status: 'failing' } });
			expect(jsonOf(await n8n.run(failing)).map(({ ulid }) => ulid)).toEqual([event?.ulid]);

			// Twelve hours later Procore gives both up.
			await n8n.control.advance(13 * 3600);
			const missed = jsonOf(await n8n.run(ofHook('getMissed')));
			// In the order of their ULIDs, which is random for two events in one millisecond.
			expect(missed.map(({ ulid }) => ulid)).toEqual([event?.ulid, next?.ulid].sort());
			expect(missed[0]).toMatchObject({ resource_name: 'RFIs' });
			expect(jsonOf(await n8n.run(failing))).toEqual([]);
		});

		test('returns the event as Procore stores it with Simplify off', async () => {
			await log(2);
			const json = onlyJson(await n8n.run(ofHook('getMissed', { simplify: false })));
			expect(json).toMatchObject({ api_version: expect.any(String), metadata: expect.any(Object) });
		});
	});
});

function timestampOf({ event }: IDataObject): string {
	if (typeof event === 'object' && event !== null && 'timestamp' in event) {
		return String(event.timestamp);
	}
	return '';
}

describe('deliveries on both API generations', () => {
	const n8n = useN8n();

	test('have the same model whether retried, discarded or accepted', async () => {
		const { hookId } = await changeForNobody(n8n);
		await n8n.control.advance(13 * 3600);
		await n8n.control.addDeliveries(hookId, { count: 4, statuses: ['succeeded', 'failed'] });
		const read = async (version: Generation) => {
			await n8n.connect({ version });
			const parameters = inProject('delivery', 'getAll', {
				hookId: byId(hookId),
				returnAll: true,
				order: 'oldest',
			});
			return jsonOf(await n8n.run(parameters)).map(
				({ ulid, status, outcome, attempts, response_status, event }) => ({
					ulid,
					status,
					outcome,
					attempts,
					response_status,
					event,
				}),
			);
		};
		const v2 = await read('v2.0');
		expect(v2.map(({ status }) => status)).toEqual([
			'discarded',
			'discarded',
			'succeeded',
			'failed',
			'succeeded',
			'failed',
		]);
		expect(await read('v1.0')).toEqual(v2);
	});
});
