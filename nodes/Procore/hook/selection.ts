import type {
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { jsonObject, text } from '../model/json';
import { severalValues } from '../model/several-values';
import type { ProcoreEvent } from '../model/event';
import {
	FIELD_LABELS,
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
	/**
	 * What of the parameters cannot be understood, as one sentence with the panel's labels: an expression may give
	 * anything, at any time. An event then passes on to the gate, which fails its execution, so that it is neither lost nor
	 * worked on.
	 */
	readonly problem: string | undefined;
}

/** A value in a message: shortened, and without anything that could break a line of a log. */
function shown(value: unknown): string {
	return JSON.stringify(text(value).slice(0, 40));
}

function readCondition(value: unknown, index: number): FilterCondition | string {
	const place = `Filters, condition ${index + 1}`;
	const raw = jsonObject(value);
	const field = FILTER_FIELDS.find((known) => known === raw.field);
	if (field === undefined) {
		return `${place}: Field is ${shown(raw.field)}, which is not one of ${FILTER_FIELDS.join(', ')}. Choose a field from the list.`;
	}
	const operator = FILTER_OPERATORS.find((known) => known === raw.operator);
	if (operator === undefined) {
		return `${place} (${FIELD_LABELS[field]}): Operator is ${shown(raw.operator)}, which is not one of ${FILTER_OPERATORS.join(', ')}. Choose an operator from the list.`;
	}
	const values = severalValues(raw.value);
	if (values.length === 0 && (operator === 'isOneOf' || operator === 'isNoneOf')) {
		return `${place} (${FIELD_LABELS[field]}): Value is empty, so there is nothing to compare with. Enter at least one value, or choose the operator Is Set or Is Not Set.`;
	}
	return { field, operator, values };
}

/** Reads the parameters `filters` and `ignoreOwnChanges`, expressions resolved. */
export function readSelection(
	context: Pick<IHookFunctions | IPollFunctions | IWebhookFunctions, 'getNodeParameter'>,
): Selection {
	return selectionOf(
		context.getNodeParameter('filters.conditions', []),
		context.getNodeParameter('ignoreOwnChanges', 'none'),
	);
}

/** As {@link readSelection}, in an execution. */
export function readSelectionOfExecution(context: IExecuteFunctions): Selection {
	return selectionOf(
		context.getNodeParameter('filters.conditions', 0, []),
		context.getNodeParameter('ignoreOwnChanges', 0, 'none'),
	);
}

/** Makes a selection of the values of `filters.conditions` and `ignoreOwnChanges`. */
export function selectionOf(filters: unknown, ignore: unknown): Selection {
	const read = Array.isArray(filters)
		? filters.map(readCondition)
		: ['Filters is not a list of conditions. Remove the expression, and add conditions.'];
	const ignoreOwnChanges = IGNORE_OWN_CHANGES.find((known) => known === ignore);
	const problems = read.filter((condition) => typeof condition === 'string');
	if (ignoreOwnChanges === undefined) {
		problems.push(
			`Ignore Own Changes is ${shown(ignore)}, which is not one of ${IGNORE_OWN_CHANGES.join(', ')}. Choose a value from the list.`,
		);
	}
	return {
		conditions: read.filter((condition) => typeof condition !== 'string'),
		ignoreOwnChanges: ignoreOwnChanges ?? 'none',
		problem: problems[0],
	};
}

/** Whether an event starts the workflow. `own` is undefined where it is not known; then nothing counts as own. */
export function startsWorkflow(
	event: ProcoreEvent,
	{ conditions, ignoreOwnChanges, problem }: Selection,
	own: OwnIdentity | undefined,
): boolean {
	if (problem !== undefined) return true;
	return passesFilters(event, conditions) && !isOwnChange(event, ignoreOwnChanges, own);
}
