import { readAttemptV1, readDeliveryV2 } from '../../nodes/Procore/api/read-delivery';
import { AttemptMerger } from '../../nodes/Procore/api/attempts';
import {
	jsonObject,
	jsonObjects,
	parseJson,
	type JsonObject,
} from '../../nodes/Procore/model/json';
import { fixtureText } from './support/fixtures';

function merge(...pages: JsonObject[][]) {
	const merger = new AttemptMerger();
	const settled = pages.map((rows) => merger.take(rows.map(readAttemptV1)));
	return [...settled, merger.end()].map((part) => part.map(({ model }) => model));
}

function row(id: number, event: string, outcome: string, more: JsonObject = {}): JsonObject {
	return {
		id,
		event_id: event,
		outcome,
		started_at: '2026-11-17T18:00:06Z',
		response_status: outcome === 'ok' ? 200 : 500,
		...more,
	};
}

describe('AttemptMerger', () => {
	test("merges Procore's rows of one event into one delivery", () => {
		const rows = jsonObjects(parseJson(fixtureText('deliveries-list-v1')));
		const [settled = [], open] = merge(rows);
		expect(
			settled.map(({ event_id, status, outcome, attempts }) => [
				event_id,
				status,
				outcome,
				attempts,
			]),
		).toEqual([
			['6120447718830551043', 'succeeded', 'ok', 1],
			['6120447721604488730', 'succeeded', 'ok', 2],
			['6120447722391206614', 'failed', 'failed', 1],
			['6120447723006633927', 'discarded', 'discarded', 0],
		]);
		expect(open).toEqual([]);
	});

	test('waits across pages for the row that settles an attempt', () => {
		const [first, second, open] = merge(
			[row(1, 'a', 'retried'), row(2, 'b', 'ok')],
			[row(3, 'a', 'retried'), row(4, 'a', 'ok')],
		);
		expect(first).toMatchObject([{ id: '2' }]);
		expect(second).toMatchObject([
			{ id: '4', attempts: 3, status: 'succeeded', response_status: 200 },
		]);
		expect(open).toEqual([]);
	});

	test('reports an attempt that nothing settles as still being retried', () => {
		const [settled, open] = merge([row(1, 'a', 'retried'), row(2, 'a', 'retried')]);
		expect(settled).toEqual([]);
		expect(open).toMatchObject([
			{ id: '2', status: 'retrying', outcome: 'retried', attempts: 2, response_status: 500 },
		]);
	});

	test('keeps the response of the last attempt for a row that was discarded without one', () => {
		const discarded = { id: 2, event_id: 'a', outcome: 'discarded', started_at: null };
		expect(merge([row(1, 'a', 'retried'), discarded])[0]).toMatchObject([
			{ id: '2', status: 'discarded', attempts: 1, response_status: 500 },
		]);
	});

	test('returns two deliveries for an event that is delivered twice', () => {
		const [settled] = merge([row(1, 'a', 'ok'), row(2, 'a', 'ok')]);
		expect(settled).toMatchObject([
			{ id: '1', attempts: 1 },
			{ id: '2', attempts: 1 },
		]);
	});

	test('returns a delivery of its own for each row that nothing identifies', () => {
		const anonymous = { outcome: 'retried', started_at: 'x' };
		const [settled] = merge([anonymous, anonymous]);
		expect(settled).toHaveLength(2);
	});

	test('keeps a bounded number of attempts waiting and loses none', () => {
		const rows = Array.from({ length: 1500 }, (_, index) => row(index, `e${index}`, 'retried'));
		const [settled = [], open = []] = merge(rows);
		expect([settled.length, open.length]).toEqual([500, 1000]);
		expect(settled[0]).toMatchObject({ event_id: 'e0', status: 'retrying' });
	});
});

describe('readDeliveryV2', () => {
	const [delivered, twice, retrying, enqueued, failed, discarded] = jsonObjects(
		jsonObject(parseJson(fixtureText('deliveries-list-v2'))).data,
	).map((raw) => readDeliveryV2(raw).model);

	test('takes the flat fields from the last attempt', () => {
		expect(twice).toMatchObject({
			id: '6120447721604488730',
			event_id: '6120447721604488730',
			ulid: '01M7NAN0804AN7FK0HXSAG1ZSH',
			status: 'succeeded',
			outcome: 'ok',
			attempts: 2,
			response_status: 200,
			response_body: '{"message":"Workflow was started"}',
			started_at: '2026-11-17T18:00:13Z',
			event: { id: '6120447721604488730', event_type: 'create', resource_name: 'RFIs' },
		});
	});

	test.each([
		[delivered, 'succeeded', 'ok', 1],
		[retrying, 'retrying', 'retried', 1],
		[enqueued, 'enqueued', null, 0],
		[failed, 'failed', 'failed', 1],
		[discarded, 'discarded', 'discarded', 0],
	])('reads status and outcome %#', (model, status, outcome, attempts) => {
		expect(model).toMatchObject({ status, outcome, attempts });
		if (attempts === 0) expect(model).toMatchObject({ response_status: null, started_at: null });
	});

	test('reads a delivery of payload v4.0', () => {
		const rows = jsonObject(parseJson(fixtureText('deliveries-list-v2-payload-v4-inferred'))).data;
		const [model] = jsonObjects(rows).map((raw) => readDeliveryV2(raw).model);
		expect(model).toMatchObject({
			event_id: '01M7N4DAK77Z88MPVCEWCY5N0G',
			ulid: '01M7N4DAK77Z88MPVCEWCY5N0G',
			event: { api_version: 'v4.0', metadata: null },
		});
	});
});
