import { NOTHING_UNDELIVERED, UNREAD, type Undelivered } from '../../nodes/Procore/api/undelivered';
import { readDeliveryV2 } from '../../nodes/Procore/api/read-delivery';
import {
	acceptedSince,
	allHave,
	byUrgency,
	guaranteedScopes,
	noteResults,
	type CheckProgress,
} from '../../nodes/Procore/check/progress';
import { scopeKey, type Scope } from '../../nodes/Procore/model/scope';

const scopes = ['1', '2', '3', '4', '5'].map((projectId): Scope => ({
	kind: 'project',
	companyId: '9',
	projectId,
}));
const keyOf = (projectId: string) => scopeKey({ kind: 'project', companyId: '9', projectId });
const idsOf = (sorted: readonly Scope[]) =>
	sorted.map((scope) => (scope.kind === 'project' ? scope.projectId : ''));

function progressWith(
	checks: Array<[projectId: string, at: number, digest?: string, wasTroubled?: boolean]>,
): CheckProgress {
	return {
		checks: 1,
		credit: 0,
		creditAt: 0,
		changes: 0,
		lastChecks: new Map(
			checks.map(([id, at, digest, wasTroubled = false]) => [
				keyOf(id),
				{ at, digest, wasTroubled, isRead: false },
			]),
		),
		lacksHooks: false,
		stepsWithoutHook: undefined,
		unreconciled: undefined,
	};
}

describe('byUrgency', () => {
	test('starts with a scope without a hook, then the one that was not checked for longest', () => {
		const progress = progressWith([
			['1', 300],
			['2', 100],
			['3', 200],
			['5', 50],
		]);
		const withHook = new Set(['1', '2', '3', '5'].map(keyOf));
		expect(idsOf(byUrgency(scopes, withHook, progress))).toEqual(['4', '5', '2', '3', '1']);
	});

	test('alternates troubled scopes with the others, so that persistent trouble delays no check', () => {
		const progress = progressWith([
			['1', 300],
			['2', 200, 'digest', true],
			['3', 100, 'digest', true],
			['5', 50],
		]);
		const withHook = new Set(['1', '2', '3', '5'].map(keyOf));
		expect(idsOf(byUrgency(scopes, withHook, progress))).toEqual(['4', '5', '3', '1', '2']);
	});

	test('keeps the order of scopes that this process has not checked yet', () => {
		const withHook = new Set(scopes.map(scopeKey));
		expect(idsOf(byUrgency(scopes, withHook, progressWith([['2', 100]])))).toEqual([
			'1',
			'3',
			'4',
			'5',
			'2',
		]);
	});

	test('starts with a scope that has lost its hook since its last check', () => {
		const progress = progressWith([
			['1', 200],
			['2', 100],
		]);
		const withHook = new Set([keyOf('2')]);
		expect(idsOf(byUrgency(scopes.slice(0, 2), withHook, progress))).toEqual(['1', '2']);
	});
});

describe('guaranteedScopes', () => {
	const HOUR = 3_600_000;
	const NOTHING = { checked: [], failures: [] };
	const failed = (count: number) => ({
		checked: [],
		failures: scopes.slice(0, count).map((scope) => ({ scope, failure: 'down' })),
	});

	test('lets a node check its hook once a day, whatever the other nodes of its account do', () => {
		const progress = progressWith([]);
		const due = [];
		for (let hour = 1; hour <= 100; hour += 1) {
			const guaranteed = guaranteedScopes(progress, { hooks: 1, changes: 0 }, hour * HOUR);
			noteResults(progress, guaranteed > 0 ? failed(1) : NOTHING, 'digest');
			if (guaranteed > 0) due.push(hour);
		}
		expect(due).toEqual([20, 40, 60, 80, 100]);
	});

	test('gives no credit to a node whose hook is checked anyway', () => {
		const progress = progressWith([]);
		for (let hour = 1; hour <= 100; hour += 1) {
			expect(guaranteedScopes(progress, { hooks: 1, changes: 0 }, hour * HOUR)).toBe(0);
			noteResults(progress, failed(1), 'digest');
		}
	});

	test('lets a node of many hooks check its part of them, and not all of them at once', () => {
		const progress = progressWith([]);
		expect(guaranteedScopes(progress, { hooks: 200, changes: 0 }, HOUR)).toBe(10);
		noteResults(progress, failed(5), 'digest');
		expect(guaranteedScopes(progress, { hooks: 200, changes: 0 }, HOUR)).toBe(5);
		expect(guaranteedScopes(progress, { hooks: 200, changes: 0 }, 50 * HOUR)).toBe(25);
	});

	test('lets a node that was activated again check a hook at once', () => {
		const progress = progressWith([]);
		expect(guaranteedScopes(progress, { hooks: 1, changes: 2 }, 0)).toBe(1);
		noteResults(progress, failed(1), 'digest');
		expect(guaranteedScopes(progress, { hooks: 1, changes: 2 }, 0)).toBe(0);
	});
});

describe('allHave', () => {
	const [first, second] = scopes;
	const both = [first, second].filter((scope) => scope !== undefined);

	test('requires a successful check of every scope with this secret', () => {
		expect(allHave('new', both, progressWith([['1', 1, 'new']]))).toBe(false);
		expect(
			allHave(
				'new',
				both,
				progressWith([
					['1', 1, 'new'],
					['2', 2, 'old'],
				]),
			),
		).toBe(false);
		expect(
			allHave(
				'new',
				both,
				progressWith([
					['1', 1, 'new'],
					['2', 9, 'new'],
				]),
			),
		).toBe(true);
	});
});

describe('noteResults', () => {
	const checked = (repaired: string, undelivered: Undelivered = NOTHING_UNDELIVERED) => ({
		checked: [
			{
				hook: { scope: { kind: 'project', companyId: '9', projectId: '1' } as const, hookId: '7' },
				repaired,
				undelivered,
				stalled: undefined,
			},
		],
		failures: [],
	});
	const wasTroubled = ({ lastChecks }: CheckProgress) => lastChecks.get(keyOf('1'))?.wasTroubled;

	test('looks for deliveries that n8n accepted too early until a check reads all and finds none', () => {
		const [scope] = scopes;
		if (scope === undefined) throw new Error('No scope');
		const early = readDeliveryV2({
			status: 'delivered',
			payload: { ulid: '01JCZ0000000000000000000000', resource_name: 'RFIs', event_type: 'update' },
			delivery_attempts: [
				{ response_status: 200, response_body: 'n8n is starting up. Please wait' },
			],
		});
		const found = { ...NOTHING_UNDELIVERED, events: [{ position: '01JCZ', delivery: early }] };
		const progress = progressWith([]);
		const isDone = () => acceptedSince(progress, scope) === undefined;
		expect(Date.parse(acceptedSince(progress, scope) ?? '')).toBeLessThan(Date.now());
		for (const [undelivered, done] of [
			[UNREAD, false],
			[found, false],
			[NOTHING_UNDELIVERED, true],
			[found, true],
		] as const) {
			noteResults(progress, checked('', undelivered), 'digest');
			expect(isDone()).toBe(done);
		}
		noteResults(progress, { checked: [], failures: [{ scope, failure: new Error('503') }] }, '');
		expect(isDone()).toBe(true);
	});

	test('does not call a hook troubled that the check has created for a project without one', () => {
		const progress = progressWith([]);
		noteResults(progress, checked('missing'), 'digest');
		expect(wasTroubled(progress)).toBe(false);
	});

	test.each(['missing', 'url'])('calls a hook troubled that was right before: %s', (repaired) => {
		const progress = progressWith([['1', 100, 'digest']]);
		noteResults(progress, checked(repaired), 'digest');
		expect(wasTroubled(progress)).toBe(true);
	});
});
