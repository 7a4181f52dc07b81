import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { isJsonObject } from '../model/json';
import { severalValues } from '../model/several-values';
import type { ProcoreEvent } from '../model/event';
import {
	FILTER_FIELDS,
	FILTER_OPERATORS,
	IGNORE_OWN_CHANGES,
	isOwnChange,
	passesFilters,
	type FilterCondition,
	type IgnoreOwnChanges,
	type OwnIdentity,
} from '../model/event-filter';

/** Which events a trigger node starts its workflow for. */
export interface Selection {
	readonly conditions: readonly FilterCondition[];
	readonly ignoreOwnChanges: IgnoreOwnChanges;
}

function readCondition(value: unknown): FilterCondition | undefined {
	if (!isJsonObject(value)) return undefined;
	const field = FILTER_FIELDS.find((known) => known === value.field);
	const operator = FILTER_OPERATORS.find((known) => known === value.operator);
	if (field === undefined || operator === undefined) return undefined;
	return { field, operator, values: severalValues(value.value) };
}

/** Reads the parameters `filters` and `ignoreOwnChanges`, expressions resolved. */
export function readSelection(
	context: IHookFunctions | IPollFunctions | IWebhookFunctions,
): Selection {
	const conditions: unknown = context.getNodeParameter('filters.conditions', []);
	const ignore: unknown = context.getNodeParameter('ignoreOwnChanges', 'none');
	return {
		conditions: Array.isArray(conditions)
			? conditions.map(readCondition).filter((condition) => condition !== undefined)
			: [],
		ignoreOwnChanges: IGNORE_OWN_CHANGES.find((known) => known === ignore) ?? 'none',
	};
}

/** Whether an event starts the workflow. `own` is undefined where it is not known; then nothing counts as own. */
export function isWanted(
	event: ProcoreEvent,
	{ conditions, ignoreOwnChanges }: Selection,
	own: OwnIdentity | undefined,
): boolean {
	return passesFilters(event, conditions) && !isOwnChange(event, ignoreOwnChanges, own);
}
