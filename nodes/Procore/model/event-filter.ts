import type { PayloadVersion } from './payload-version';
import type { EventMetadata, ProcoreEvent } from './event';

/** The event fields that the trigger's filters can compare. */
export const FILTER_FIELDS = [
	'source_user_id',
	'source_company_id',
	'source_project_id',
	'source_application_id',
	'source_operation_id',
] as const satisfies ReadonlyArray<keyof EventMetadata>;
export type FilterField = (typeof FILTER_FIELDS)[number];

/** The labels of the fields in the panel, for messages. */
export const FIELD_LABELS: Readonly<Record<FilterField, string>> = {
	source_user_id: 'User',
	source_company_id: 'Company ID',
	source_project_id: 'Project ID',
	source_application_id: 'Application (Client ID)',
	source_operation_id: 'Operation ID',
};

/** The comparisons of the trigger's filters. */
export const FILTER_OPERATORS = ['isOneOf', 'isNoneOf', 'isSet', 'isNotSet'] as const;
type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** One condition of the filters. */
export interface FilterCondition {
	readonly field: FilterField;
	readonly operator: FilterOperator;
	/** Ignored by `isSet` and `isNotSet`. */
	readonly values: readonly string[];
}

/** The part of an event that filters look at. */
export type FilteredEvent = Pick<
	ProcoreEvent,
	'metadata' | 'user_id' | 'company_id' | 'project_id'
>;

/** Which changes count as the credential's own. */
export const IGNORE_OWN_CHANGES = ['none', 'user', 'application', 'both'] as const;
export type IgnoreOwnChanges = (typeof IGNORE_OWN_CHANGES)[number];

/** The user of the credential and the client id of its app [EVENT-USER] [METADATA-APPLICATION]. */
export interface OwnIdentity {
	readonly userId: string;
	readonly applicationId: string;
}

/** Fields that only exist in the metadata, which payload v4.0 does not have. */
const METADATA_ONLY = ['source_application_id', 'source_operation_id'] as const;

/** The payload versions with metadata, for messages. */
const WITH_METADATA = 'v2.0 and v3.0';

/**
 * Returns the value of a metadata field. User, company and project can be null there because the event itself contains them,
 * so they fall back to the event (Procore, "Using the Webhooks API") [METADATA-NULLS].
 */
export function fieldOf(event: FilteredEvent, field: FilterField): string | null {
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

function holds(event: FilteredEvent, { field, operator, values }: FilterCondition): boolean {
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

/** Whether an event meets all conditions. A null value meets `isNoneOf` and `isNotSet`. */
export function passesFilters(
	event: FilteredEvent,
	conditions: readonly FilterCondition[],
): boolean {
	return conditions.every((condition) => holds(event, condition));
}

/** Whether the user or app of the credential made the change, depending on `ignore`. */
export function isOwnChange(
	event: FilteredEvent,
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
 * Explains which filters do not work with a payload version.
 *
 * @returns undefined if all of them work.
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
	return `Payload Version v4.0 doesn't include who made a change (${[...new Set(fields)].join(', ')}), so events can't be filtered by it. Select ${WITH_METADATA} as Payload Version in Options, or remove the filter.`;
}
