import { stateOf } from '../../nodes/Procore/delivery/state';
import { MANY_ATTEMPTS, problemsOf, type HookFacts } from '../../nodes/Procore/hook/health';
import type { Delivery } from '../../nodes/Procore/model/delivery';
import type { Hook } from '../../nodes/Procore/model/hook';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOUR_MS = 3_600_000;

const HOOK: Hook = {
	id: '1',
	namespace: 'flows',
	destination_url: 'https://flows.larkspur.example/webhook/a',
	destination_headers: {},
	payload_version: 'v2.0',
	status: 'active',
	company_id: null,
	project_id: '902214',
	created_at: '2026-01-01T00:00:00Z',
	updated_at: null,
};

const NOTHING_EXPECTED = { urls: [], events: [], isProcoreItself: true };

/** A delivery whose last attempt was this many hours ago. */
function delivery(status: Delivery['status'], hoursAgo: number, attempts = 1): Delivery {
	const time = new Date(NOW - hoursAgo * HOUR_MS).toISOString();
	return {
		id: '1',
		event_id: '1',
		ulid: null,
		status,
		outcome: null,
		attempts,
		response_status: null,
		response_headers: {},
		response_body: null,
		response_error: null,
		started_at: time,
		completed_at: time,
		event: null,
	};
}

function facts(deliveries: Delivery[], more: Partial<HookFacts> = {}): HookFacts {
	return {
		hook: HOOK,
		triggerCount: 1,
		triggers: undefined,
		deliveries: stateOf(deliveries),
		...more,
	};
}

function problems(deliveries: Delivery[], more: Partial<HookFacts> = {}, expected = {}) {
	return problemsOf(facts(deliveries, more), { ...NOTHING_EXPECTED, ...expected }, NOW);
}

describe('the problems of a hook', () => {
	test('are none if it has a trigger and a public https address', () => {
		expect(problems([])).toEqual([]);
	});

	test('all come out, in a fixed order', () => {
		const hook = { ...HOOK, status: 'disabled', destination_url: 'http://localhost/a' } as const;
		const deliveries = [
			delivery('failed', 3),
			delivery('retrying', 2),
			{ ...delivery('enqueued', 1), started_at: null, completed_at: null },
		];
		const expected = { urls: ['https://flows.larkspur.example'], silentHours: 1 };
		expect(problems(deliveries, { hook, triggerCount: 0 }, expected)).toEqual([
			'disabled',
			'wrongUrl',
			'missingTriggers',
			'queueStuck',
			'failing',
			'silent',
			'unreachableUrl',
		]);
	});

	test.each<[string, string, boolean]>([
		['https://flows.larkspur.example/webhook/a', 'the same URL', false],
		['https://flows.larkspur.example', 'its origin', false],
		['https://flows.larkspur.example/webhook', 'a folder above it', false],
		['https://flows.larkspur.example/webhook/', 'a folder above it with a slash', false],
		['HTTPS://Flows.Larkspur.Example/webhook', 'another case of the host', false],
		['https://flows.larkspur.example/webhook/b', 'another path', true],
		['https://flows.larkspur.example/web', 'half a segment', true],
		['https://flows.larkspur', 'half a host', true],
	])('compare the URL with %s, %s', (url, _what, isWrong) => {
		expect(problems([], {}, { urls: [url] })).toEqual(isWrong ? ['wrongUrl'] : []);
		expect(problems([], {}, { urls: ['https://other.example', url] })).toEqual(
			isWrong ? ['wrongUrl'] : [],
		);
	});

	test('include a missing trigger if one of the expected events is not there, in any case', () => {
		const trigger = { id: '1', hook_id: '1', company_id: null, project_id: '1' };
		const triggers = [{ ...trigger, resource_name: 'RFIs', event_type: 'CREATE' }];
		const wanted = (event_type: string) => ({ events: [{ resource_name: 'RFIs', event_type }] });
		expect(problems([], { triggers }, wanted('create'))).toEqual([]);
		expect(problems([], { triggers }, wanted('update'))).toEqual(['missingTriggers']);
	});

	test('include a stuck queue once others wait, or after many attempts', () => {
		expect(problems([delivery('retrying', 0)])).toEqual([]);
		expect(problems([delivery('retrying', 0, MANY_ATTEMPTS - 1)])).toEqual([]);
		expect(problems([delivery('retrying', 0, MANY_ATTEMPTS)])).toEqual(['queueStuck']);
		expect(problems([delivery('enqueued', 0)])).toEqual([]);
		expect(problems([delivery('enqueued', 0), delivery('retrying', 0)])).toEqual(['queueStuck']);
	});

	test.each(['failed', 'discarded'] as const)(
		'include failing after an event was %s, unless one was accepted since',
		(status) => {
			expect(problems([delivery(status, 2)])).toEqual(['failing']);
			expect(problems([delivery(status, 2), delivery('succeeded', 3)])).toEqual(['failing']);
			expect(problems([delivery('succeeded', 1), delivery(status, 2)])).toEqual([]);
			expect(problems([delivery(status, 2), delivery('succeeded', 1)])).toEqual([]);
			expect(problems([delivery('succeeded', 2), delivery(status, 2)])).toEqual([]);
		},
	);

	test('include silent only for a hook older than the hours in the option', () => {
		const expected = { silentHours: 24 };
		const young = { ...HOOK, created_at: '2026-11-20T00:00:00Z' };
		expect(problems([], {}, expected)).toEqual(['silent']);
		expect(problems([], { hook: { ...HOOK, created_at: null } }, expected)).toEqual(['silent']);
		expect(problems([], { hook: young }, expected)).toEqual([]);
		expect(problems([delivery('succeeded', 23)], {}, expected)).toEqual([]);
		expect(problems([delivery('succeeded', 25)], {}, expected)).toEqual(['silent']);
		expect(problems([delivery('retrying', 1)], {}, expected)).toEqual(['silent']);
	});

	test('include a private address only if Procore itself delivers to it', () => {
		const hook = { ...HOOK, destination_url: 'https://192.168.1.5/webhook/a' };
		expect(problems([], { hook })).toEqual(['unreachableUrl']);
		expect(problems([], { hook }, { isProcoreItself: false })).toEqual([]);
	});
});
