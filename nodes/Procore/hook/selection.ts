import type {
	IExecuteFunctions,
	IHookFunctions,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';

import { jsonObject, text } from '../model/json';
import { severalValues } from '../model/several-values';
import {
	FIELD_LABELS,
	FILTER_FIELDS,
	FILTER_OPERATORS,
	IGNORE_OWN_CHANGES,
	isOwnChange,
	passesFilters,
	type FilterCondition,
	type FilteredEvent,
	type IgnoreOwnChanges,
	type OwnIdentity,
} from '../model/event-filter';

/** Which events start the workflow. */
export interface Selection {
	readonly conditions: readonly FilterCondition[];
	readonly ignoreOwnChanges: IgnoreOwnChanges;
	/**
	 * Why the parameters are invalid, in one sentence with the panel's labels, since an expression can return anything. An
	 * event then starts an execution that fails, so that it is neither lost nor processed.
	 */
	readonly problem: string | undefined;
}

/** Formats a value for a message: shortened, and without line breaks. */
function shown(value: unknown): string {
	return JSON.stringify(text(value).slice(0, 40));
}

function readCondition(value: unknown, index: number): FilterCondition | string {
	const place = `Filters, condition ${index + 1}`;
	const raw = jsonObject(value);
	const field = FILTER_FIELDS.find((known) => known === raw.field);
	if (field === undefined) {
		return `${place}: Field is ${shown(raw.field)}, which is not one of ${FILTER_FIELDS.join(', ')}. Select a field from the list.`;
	}
	const operator = FILTER_OPERATORS.find((known) => known === raw.operator);
	if (operator === undefined) {
		return `${place} (${FIELD_LABELS[field]}): Operator is ${shown(raw.operator)}, which is not one of ${FILTER_OPERATORS.join(', ')}. Select an operator from the list.`;
	}
	const users = field === 'source_user_id' ? severalValues(raw.users) : [];
	const values = [...new Set([...users, ...severalValues(raw.value)])];
	if (values.length === 0 && (operator === 'isOneOf' || operator === 'isNoneOf')) {
		const missing =
			field === 'source_user_id'
				? 'No user is selected, so there is nothing to compare with. Select users in User Names or IDs, enter their IDs in Users Not Listed (IDs),'
				: 'Value is empty, so there is nothing to compare with. Enter at least one value,';
		return `${place} (${FIELD_LABELS[field]}): ${missing} or select the operator Is Set or Is Not Set.`;
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

/** Reads the same parameters in an execution. */
export function readSelectionOfExecution(context: IExecuteFunctions): Selection {
	return selectionOf(
		context.getNodeParameter('filters.conditions', 0, []),
		context.getNodeParameter('ignoreOwnChanges', 0, 'none'),
	);
}

/** Builds a selection from the values of `filters.conditions` and `ignoreOwnChanges`. */
export function selectionOf(filters: unknown, ignore: unknown): Selection {
	const read = Array.isArray(filters)
		? filters.map(readCondition)
		: ['Filters is not a list of conditions. Remove the expression, and add conditions.'];
	const ignoreOwnChanges = IGNORE_OWN_CHANGES.find((known) => known === ignore);
	const problems = read.filter((condition) => typeof condition === 'string');
	if (ignoreOwnChanges === undefined) {
		problems.push(
			`Ignore Own Changes is ${shown(ignore)}, which is not one of ${IGNORE_OWN_CHANGES.join(', ')}. Select a value from the list.`,
		);
	}
	return {
		conditions: read.filter((condition) => typeof condition !== 'string'),
		ignoreOwnChanges: ignoreOwnChanges ?? 'none',
		problem: problems[0],
	};
}

/** Whether an event starts the workflow. If `own` is unknown, no change counts as the node's own. */
export function startsWorkflow(
	event: FilteredEvent,
	{ conditions, ignoreOwnChanges, problem }: Selection,
	own: OwnIdentity | undefined,
): boolean {
	if (problem !== undefined) return true;
	return passesFilters(event, conditions) && !isOwnChange(event, ignoreOwnChanges, own);
}
