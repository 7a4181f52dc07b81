/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { CronTime } from 'cron';
import {
	NodeHelpers,
	toCronExpression,
	type INodeParameters,
	type INodeProperties,
} from 'n8n-workflow';

import { triggerProperties } from '../../nodes/Procore/descriptions/trigger';
import { ProcoreTrigger } from '../../nodes/Procore/ProcoreTrigger.node';
import { NODE } from './support/node';

const HOURLY = { item: [{ mode: 'everyX', value: 1, unit: 'hours' }] };

function scheduleShown(): INodeProperties | undefined {
	return triggerProperties.find(({ name, type }) => name === 'pollTimes' && type !== 'hidden');
}

/** The schedule that n8n's cron reads from a node with these parameters. */
function scheduleRead(parameters: INodeParameters): unknown {
	const { description } = new ProcoreTrigger();
	const { properties } = description;
	const node = { ...NODE, parameters };
	return NodeHelpers.getNodeParameters(properties, parameters, true, false, node, description)
		?.pollTimes;
}

/** The fields that the editor shows for a mode of the Safety Check. */
function shownFor(time: INodeParameters): INodeProperties[] {
	const pollTimes = scheduleShown();
	const [first] = pollTimes?.options ?? [];
	if (first === undefined || !('values' in first)) throw new Error('Safety Check has no times');
	return first.values.filter((property) =>
		NodeHelpers.displayParameter(time, property, null, null),
	);
}

function fieldsFor(mode: string): string[] {
	return shownFor({ mode, unit: 'hours' }).map(({ name }) => name);
}

type CronNode = Parameters<typeof toCronExpression>[0];

const DAY_MS = 24 * 3_600_000;

/** The times of a check on two days, in milliseconds since the first midnight, from n8n's own cron library. */
function checksOn(time: CronNode): number[] {
	const cron = new CronTime(toCronExpression(time), 'UTC');
	const begin = Date.parse('2026-11-16T00:00:00Z') - 1;
	const checks: number[] = [];
	for (let at = begin; ; checks.push(at - begin)) {
		at = cron.getNextDateFrom(new Date(at), 'UTC').toMillis();
		if (at - begin > 2 * DAY_MS) return checks;
	}
}

describe('the Safety Check in the panel', () => {
	test.each([
		['everyHour', ['mode', 'minute']],
		['everyX', ['mode', 'value', 'unit']],
		['everyDay', ['mode', 'hour', 'minute']],
		['custom', ['mode', 'cronExpression']],
	])('asks only for what the mode %s needs', (mode, names) => {
		expect(fieldsFor(mode).sort()).toEqual([...names].sort());
	});

	test('is one line, and the schedule behind it is read all the same', () => {
		const stored = { item: [{ mode: 'everyX', value: 15, unit: 'minutes' }] };
		const isShown = (parameters: INodeParameters) => {
			const schedule = scheduleShown();
			return (
				schedule !== undefined &&
				NodeHelpers.displayParameter(parameters, schedule, NODE, new ProcoreTrigger().description)
			);
		};
		expect(isShown({ safetyCheck: 'everyHour' })).toBe(false);
		expect(isShown({ safetyCheck: 'custom' })).toBe(true);
		expect(scheduleRead({ safetyCheck: 'everyHour' })).toEqual(HOURLY);
		expect(scheduleRead({ safetyCheck: 'custom' })).toEqual(HOURLY);
		expect(scheduleRead({ safetyCheck: 'custom', pollTimes: stored })).toEqual(stored);
		expect(scheduleRead({ pollTimes: stored })).toEqual(stored);
	});

	test('is hourly by default, at a minute that n8n picks for each node', () => {
		expect(scheduleRead({})).toEqual(HOURLY);
		const minutes = Array.from({ length: 50 }, () => {
			const cron = toCronExpression({ mode: 'everyX', value: 1, unit: 'hours' });
			return cron.split(' ')[1];
		});
		expect(new Set(minutes).size).toBeGreaterThan(10);
	});

	test.each<['hours' | 'minutes', number]>([
		['hours', 24],
		['minutes', 60],
	])('accepts as many %s as cron can count, and not one more', (unit, whole) => {
		const [value] = shownFor({ mode: 'everyX', unit }).filter(({ name }) => name === 'value');
		const { minValue, maxValue = 0 } = value?.typeOptions ?? {};
		expect([minValue, maxValue]).toEqual([1, whole - 1]);
		const inPeriod = (step: number) =>
			checksOn({ mode: 'everyX', value: step, unit }).length /
			((2 * 24) / (unit === 'hours' ? 24 : 1));
		expect(inPeriod(1)).toBe(whole);
		expect(inPeriod(maxValue)).toBe(2);
		expect(inPeriod(whole)).toBe(1);
	});

	test.each<[string, CronNode, number]>([
		['everyHour', { mode: 'everyHour', minute: 30 }, 48],
		['everyX, 6 hours', { mode: 'everyX', value: 6, unit: 'hours' }, 8],
		['everyX, 20 minutes', { mode: 'everyX', value: 20, unit: 'minutes' }, 144],
		['everyDay', { mode: 'everyDay', hour: 6, minute: 0 }, 2],
		['custom', { mode: 'custom', cronExpression: '0 */30 * * * *' }, 96],
	])('runs as often in two days as %s says', (_mode, time, count) => {
		expect(checksOn(time)).toHaveLength(count);
	});

	test('suggests a cron expression that n8n accepts', () => {
		const text = JSON.stringify(triggerProperties);
		expect(text).toContain('"default":"0 */30 * * * *"');
		expect(text).not.toContain('\\t');
	});
});
