import { explainCheckTimes } from '../../nodes/Procore/hook/check-times';

const every = (value: unknown, unit: unknown) => ({ item: [{ mode: 'everyX', value, unit }] });

describe('the times of the safety check', () => {
	test.each([
		['nothing', undefined],
		['no times', {}],
		['the default', every(1, 'hours')],
		['the longest step of hours', every(23, 'hours')],
		['the longest step of minutes', every(59, 'minutes')],
		['a number as text, from an expression', every('12', 'hours')],
		['a step of another mode', { item: [{ mode: 'everyDay', value: 36, unit: 'hours' }] }],
	])('are accepted if they are %s', (_case, times) => {
		expect(explainCheckTimes(times)).toBeUndefined();
	});

	test.each<[unknown, unknown, RegExp]>([
		[36, 'hours', /Every is "36" hours\. Enter a whole number from 1 to 23\. .* Every Day/],
		[24, 'hours', /from 1 to 23/],
		[90, 'minutes', /Every is "90" minutes\. .* from 1 to 59\. .* Hours in Unit/],
		[0, 'minutes', /from 1 to 59/],
		[1.5, 'hours', /"1\.5" hours/],
		['', 'hours', /Every is "" hours/],
		['often', 'hours', /"often"/],
	])('are refused if a step is %j %s, which cron cannot count', (value, unit, reason) => {
		const { item } = every(1, 'hours');
		const times = { item: [...item, ...every(value, unit).item] };
		expect(explainCheckTimes(times)).toMatch(reason);
	});
});
