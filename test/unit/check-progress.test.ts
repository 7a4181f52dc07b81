import { allHave, byUrgency, type CheckProgress } from '../../nodes/Procore/check/progress';
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
		lastChecks: new Map(
			checks.map(([id, at, digest, wasTroubled = false]) => [
				keyOf(id),
				{ at, digest, wasTroubled },
			]),
		),
		changesWithoutHook: undefined,
	};
}

describe('byUrgency', () => {
	test('starts with scopes without a hook, then troubled ones, then those not checked for longest', () => {
		const progress = progressWith([
			['1', 300],
			['2', 100],
			['3', 200, 'digest', true],
			['5', 50],
		]);
		const withHook = new Set(['1', '2', '3', '5'].map(keyOf));
		expect(idsOf(byUrgency(scopes, withHook, progress))).toEqual(['4', '3', '5', '2', '1']);
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

	test('does not count a scope as without a hook once it has been checked', () => {
		const progress = progressWith([['1', 100]]);
		expect(idsOf(byUrgency(scopes.slice(0, 2), new Set([keyOf('2')]), progress))).toEqual([
			'2',
			'1',
		]);
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
