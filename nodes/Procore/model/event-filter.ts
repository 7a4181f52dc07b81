import type { PayloadVersion } from './payload-version';
import type { EventMetadata, ProcoreEvent } from './event';

/** What the filters of the trigger node can look at. */
export const FILTER_FIELDS = [
	'source_user_id',
	'source_company_id',
	'source_project_id',
	'source_application_id',
	'source_operation_id',
] as const satisfies ReadonlyArray<keyof EventMetadata>;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** The fields as the panel shows them, for messages. */
export const FIELD_LABELS: Readonly<Record<FilterField, string>> = {
	source_user_id: 'User ID',
	source_company_id: 'Company ID',
	source_project_id: 'Project ID',
	source_application_id: 'Application (Client ID)',
	source_operation_id: 'Operation ID',
};

/** How they can compare it. */
export const FILTER_OPERATORS = ['isOneOf', 'isNoneOf', 'isSet', 'isNotSet'] as const;
type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** One condition of the filters. */
export interface FilterCondition {
	readonly field: FilterField;
	readonly operator: FilterOperator;
	/** What to compare with, as text; of no use to `isSet` and `isNotSet`. */
	readonly values: readonly string[];
}

/** Whose changes count as the node's own. */
export const IGNORE_OWN_CHANGES = ['none', 'user', 'application', 'both'] as const;
export type IgnoreOwnChanges = (typeof IGNORE_OWN_CHANGES)[number];

/** Who this node is in Procore: the user of its credential and the client id of its app. */
export interface OwnIdentity {
	readonly userId: string;
	readonly applicationId: string;
}

/** These have no counterpart outside the metadata, which payload v4.0 does not carry. */
const METADATA_ONLY = ['source_application_id', 'source_operation_id'] as const;

/** The payload versions that carry metadata, for messages. */
const WITH_METADATA = 'v2.0 and v3.0';

/**
 * The value of a metadata field. User, company and project may be null there because the event itself holds the same
 * fact, so they fall back to it (Procore, "Using the Webhooks API"); application and operation have no fallback.
 */
export function fieldOf(event: ProcoreEvent, field: FilterField): string | null {
	const value = event.metadata?.[field] ?? null;
	if (value !== null) return value;
	switch (field) {
		case 'source_user_id':
			return event.user_id;
		case 'source_company_id':
			return event.company_id;
		case 'source_project_id':
			return event.project_id;
		case 'source_application_id':
		case 'source_operation_id':
			return null;
	}
}

function holds(event: ProcoreEvent, { field, operator, values }: FilterCondition): boolean {
	const value = fieldOf(event, field);
	switch (operator) {
		case 'isSet':
			return value !== null;
		case 'isNotSet':
			return value === null;
		case 'isOneOf':
			return value !== null && values.includes(value);
		case 'isNoneOf':
			return value === null || !values.includes(value);
	}
}

/** Whether an event meets all conditions; it does where there are none. A null meets `isNoneOf` and `isNotSet`. */
export function passesFilters(
	event: ProcoreEvent,
	conditions: readonly FilterCondition[],
): boolean {
	return conditions.every((condition) => holds(event, condition));
}

/** Whether the credential's own user or app, as far as `ignore` says, made the change. */
export function isOwnChange(
	event: ProcoreEvent,
	ignore: IgnoreOwnChanges,
	own: OwnIdentity | undefined,
): boolean {
	if (ignore === 'none' || own === undefined) return false;
	const byUser = own.userId !== '' && fieldOf(event, 'source_user_id') === own.userId;
	const byApplication =
		own.applicationId !== '' && fieldOf(event, 'source_application_id') === own.applicationId;
	return (ignore !== 'application' && byUser) || (ignore !== 'user' && byApplication);
}

/**
 * What of the filters a payload version cannot serve, as one sentence that names the versions that can.
 *
 * @returns undefined where all of it can be served.
 */
export function explainUnservable(
	payloadVersion: PayloadVersion,
	conditions: readonly FilterCondition[],
	ignore: IgnoreOwnChanges,
): string | undefined {
	if (payloadVersion !== 'v4.0') return undefined;
	const fields = METADATA_ONLY.filter((field) => conditions.some((each) => each.field === field));
	if (ignore === 'application' || ignore === 'both') fields.push('source_application_id');
	if (fields.length === 0) return undefined;
	return `Payload version v4.0 does not say who caused a change (${[...new Set(fields)].join(', ')}), so it cannot be filtered by. Choose payload version ${WITH_METADATA} in Options, or remove the filter.`;
}
