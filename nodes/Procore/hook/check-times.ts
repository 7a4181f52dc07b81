import type { IHookFunctions } from 'n8n-workflow';

import { jsonObject, jsonObjects, text } from '../model/json';

/** The highest step that cron counts, and what to select for longer intervals. */
const STEPS = {
	hours: { highest: 23, otherwise: 'Every Day or Custom (Cron) in Check' },
	minutes: { highest: 59, otherwise: 'Hours in Unit' },
} as const;

/**
 * Explains which of the safety check's times n8n's cron would not keep: with a longer step than it counts, it checks once a
 * day or once an hour. The panel has the same bounds, but an imported workflow or an expression can exceed them.
 *
 * @param pollTimes the value of the parameter, expressions resolved.
 * @returns undefined if there is none.
 */
export function explainCheckTimes(pollTimes: unknown): string | undefined {
	for (const { mode, unit, value } of jsonObjects(jsonObject(pollTimes).item)) {
		if (mode !== 'everyX') continue;
		const name = unit === 'minutes' ? 'minutes' : 'hours';
		const { highest, otherwise } = STEPS[name];
		const step = Number(text(value));
		if (Number.isInteger(step) && step >= 1 && step <= highest) continue;
		return `Safety Check, Check Times: Every is "${text(value).slice(0, 40)}" ${name}. Enter a whole number from 1 to ${highest}. For longer intervals, select ${otherwise}.`;
	}
	return undefined;
}

/** Reads the parameter, and explains what {@link explainCheckTimes} does. */
export function checkTimesProblem(context: IHookFunctions): string | undefined {
	return explainCheckTimes(context.getNodeParameter('pollTimes', {}));
}
