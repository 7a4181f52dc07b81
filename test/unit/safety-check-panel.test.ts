import { NodeHelpers, toCronExpression, type INodeProperties } from 'n8n-workflow';

import { triggerProperties } from '../../nodes/Procore/descriptions/trigger';

/** The fields of one time of the Safety Check, as the editor shows them for a kind of schedule. */
function fieldsFor(mode: string): string[] {
	const pollTimes = triggerProperties.find(({ name }) => name === 'pollTimes');
	const [time] = pollTimes?.options ?? [];
	if (time === undefined || !('values' in time)) throw new Error('Safety Check has no times');
	const isShown = (property: INodeProperties) =>
		NodeHelpers.displayParameter({ mode }, property, null, null);
	return time.values.filter(isShown).map(({ name }) => name);
}

describe('the Safety Check in the panel', () => {
	test.each([
		['everyHour', ['mode', 'minute']],
		['everyX', ['mode', 'value', 'unit']],
		['everyDay', ['mode', 'hour', 'minute']],
		['custom', ['mode', 'cronExpression']],
	])('asks for %s only what that needs', (mode, names) => {
		expect(fieldsFor(mode).sort()).toEqual([...names].sort());
	});

	test('is hourly by itself, at a minute that n8n draws for each node', () => {
		const pollTimes = triggerProperties.find(({ name }) => name === 'pollTimes');
		expect(pollTimes?.default).toEqual({ item: [{ mode: 'everyX', value: 1, unit: 'hours' }] });
		const minutes = Array.from({ length: 50 }, () => {
			const cron = toCronExpression({ mode: 'everyX', value: 1, unit: 'hours' });
			return cron.split(' ')[1];
		});
		expect(new Set(minutes).size).toBeGreaterThan(10);
	});

	test('proposes a cron expression that n8n takes', () => {
		const text = JSON.stringify(triggerProperties);
		expect(text).toContain('"default":"0 */30 * * * *"');
		expect(text).not.toContain('\\t');
	});
});
