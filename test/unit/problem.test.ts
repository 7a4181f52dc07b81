import {
	judgeProblems,
	problemItem,
	recallProblems,
	rememberProblems,
	reportedProblem,
	reportsOf,
	type Problem,
	type StandingProblems,
} from '../../nodes/Procore/check/problem';

const HOUR = 3_600_000;
const NOTHING: StandingProblems = new Map();
const everything = () => true;

const certain: Problem = { key: 'noHook', sentence: 'There is no hook.', isCertain: true };
const uncertain: Problem = {
	key: 'checkFailed',
	sentence: 'The check failed.',
	isCertain: false,
};

/** The problems that are due at each of some checks, an hour apart. */
function dueAt(checks: ReadonlyArray<readonly Problem[]>): string[][] {
	let standing = NOTHING;
	return checks.map((found, hour) => {
		const verdict = judgeProblems(standing, found, everything, hour * HOUR);
		({ standing } = verdict);
		return verdict.due.map(({ key }) => key);
	});
}

describe('the problems of a trigger', () => {
	test('are reported by the first check that is certain of them', () => {
		expect(dueAt([[certain], [certain]])).toEqual([['noHook'], []]);
	});

	test('are reported by the second check in a row if one is not enough to be sure', () => {
		expect(dueAt([[uncertain], [], [uncertain], [uncertain], [uncertain]])).toEqual([
			[],
			[],
			[],
			['checkFailed'],
			[],
		]);
	});

	test('are reported again after 24 hours while they last', () => {
		const due = dueAt(Array.from({ length: 50 }, () => [certain]));
		expect(due.flatMap((keys, hour) => (keys.length > 0 ? hour : []))).toEqual([0, 24, 48]);
	});

	test('are reported again if the clock was set back by more than a day meanwhile', () => {
		const { standing } = judgeProblems(NOTHING, [certain], everything, 100 * HOUR);
		expect(judgeProblems(standing, [certain], everything, 99 * HOUR).due).toEqual([]);
		expect(judgeProblems(standing, [certain], everything, 70 * HOUR).due).toEqual([certain]);
	});

	test('are reported one by one up to three, and more of them together', () => {
		const many = Array.from({ length: 500 }, (_, index) => ({
			...certain,
			sentence: `Project ${index} has no hook.`,
		}));
		expect(reportsOf([])).toEqual([]);
		expect(reportsOf(many.slice(0, 3))).toEqual(many.slice(0, 3).map(({ sentence }) => sentence));
		expect(reportsOf(many)).toEqual([
			"The safety check of the hooks found 500 problems, which n8n's log lists. The first one: Project 0 has no hook.",
		]);
	});

	test('are over once, and only if they were reported', () => {
		const first = judgeProblems(NOTHING, [certain, uncertain], everything, 0);
		const second = judgeProblems(first.standing, [], everything, HOUR);
		const third = judgeProblems(second.standing, [], everything, 2 * HOUR);
		expect([first.over, second.over, third.over]).toEqual([[], [certain.sentence], []]);
	});

	test('are reported anew when they come back', () => {
		expect(dueAt([[certain], [], [certain]])).toEqual([['noHook'], [], ['noHook']]);
	});

	test('stay as they are while no check looks at what they are about', () => {
		const first = judgeProblems(NOTHING, [certain], everything, 0);
		const second = judgeProblems(first.standing, [uncertain], (key) => key !== 'noHook', HOUR);
		const third = judgeProblems(second.standing, [certain], everything, 2 * HOUR);
		expect(second.over).toEqual([]);
		expect(third.due).toEqual([]);
	});

	test('survive in static data', () => {
		const staticData = {};
		const { standing } = judgeProblems(NOTHING, [certain, uncertain], everything, HOUR);
		rememberProblems(staticData, standing);
		expect(recallProblems(JSON.parse(JSON.stringify(staticData)))).toEqual(standing);
	});

	test.each([
		{},
		{ problems: null },
		{ problems: ['noHook'] },
		{ problems: { noHook: null, noAccess: { sentence: {} } } },
	])('are not read from static data that is damaged: %j', (staticData) => {
		expect(recallProblems(staticData)).toEqual(NOTHING);
	});

	test('reach the gate as an item that no event can be taken for', () => {
		const item = problemItem(certain.sentence);
		expect(reportedProblem([item])).toBe(certain.sentence);
		expect(reportedProblem([{ json: { id: '1', problem: certain.sentence } }])).toBeUndefined();
		expect(reportedProblem([item, item])).toBeUndefined();
		expect(reportedProblem([])).toBeUndefined();
	});
});
