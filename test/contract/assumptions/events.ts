import { can, cannot, listed } from './assumption';

/** What an event contains, and the record that it is about. */
export const EVENTS = listed([
	{
		id: 'PAYLOAD-V2-FIELDS',
		assumes: 'Payloads v2.0 and v3.0 have the documented fields, and related_resources is in v3.0.',
		source: 'documented (webhook payload formats)',
		ifWrong:
			'Events lack fields; without an id, a type, a resource name or its id, they are ignored.',
		check: can('Reads an event of payload v2.0 and one of v3.0.', 'receiver', 'change'),
	},
	{
		id: 'PAYLOAD-V4-FIELDS',
		assumes:
			'Payload v4.0 has id, timestamp, reason, resource_type, resource_id, company_id, project_id and user_id, all of them strings.',
		source: 'documented (webhook payload formats)',
		ifWrong: 'Events of v4.0 are ignored.',
		check: can('Reads an event of payload v4.0.', 'receiver', 'change'),
	},
	{
		id: 'PAYLOAD-API-VERSION',
		assumes: 'api_version in a payload is a spelling of the payload version of the hook.',
		source: 'documented (webhook payload formats)',
		ifWrong: 'The output names another version.',
		check: can('Compares it with the hook.', 'receiver', 'change'),
	},
	{
		id: 'V4-ID-IS-ULID',
		assumes: 'The id of an event in payload v4.0 is the ulid of the same event in v2.0.',
		source: 'guess',
		ifWrong:
			'After a change of Payload Version, events that are delivered again start the workflow twice.',
		check: can('Two hooks with different versions receive the same change.', 'receiver', 'change'),
	},
	{
		id: 'V4-COMPANY-PROJECT',
		assumes: 'project_id is null in v4.0 events of a company.',
		source: 'guess; the schema requires the field',
		ifWrong: 'Nothing: a missing or empty one is read as null.',
		check: cannot('The record to change belongs to a project.'),
	},
	{
		id: 'EVENT-ID-DIGITS',
		assumes: 'Event ids in v2.0 are integers of up to 19 digits.',
		source: 'documented (webhook payload formats)',
		ifWrong: 'Nothing: every digit is kept, whatever their number.',
		check: can('Reads the digits of an id.', 'receiver', 'change'),
	},
	{
		id: 'ULID-SORTS',
		assumes: 'ULIDs sort by time of creation, and the first ten characters are that time.',
		source: 'documented (reference)',
		ifWrong: 'The safety check skips missed events, or reads old ones again.',
		check: can(
			'Compares the ULIDs of two changes, and the time in one with its timestamp.',
			'receiver',
			'change',
		),
	},
	{
		id: 'METADATA-NULLS',
		assumes:
			'source_user_id, source_company_id and source_project_id in metadata can be null, and then equal the fields of the event.',
		source: 'documented (an older edition of the guide to the Webhooks API)',
		ifWrong: 'Filters by user, company or project compare the wrong value.',
		check: can('Compares those that are set with the fields of the event.', 'receiver', 'change'),
	},
	{
		id: 'METADATA-APPLICATION',
		assumes: 'source_application_id of a change through the API is the client id of the app.',
		source: 'documented (webhook payload formats)',
		ifWrong: 'Ignore Own Changes by app does not recognize them, and a workflow can start itself.',
		check: can('Compares it with the client id of the run.', 'receiver', 'change'),
	},
	{
		id: 'EVENT-USER',
		assumes: 'user_id of an event is the id that /me returns to whoever made the change.',
		source: 'guess',
		ifWrong: 'Ignore Own Changes by user does not recognize them.',
		check: can('Compares it with /me.', 'receiver', 'change'),
	},
	{
		id: 'EVENT-SUBSCRIBED-SPELLING',
		assumes:
			'resource_name and resource_type have the name that the hook subscribed to, and the action the spelling of the list.',
		source: 'documented (How Webhooks Work, the names); the spelling of the action is a guess',
		ifWrong: 'The record of an event cannot be read; actions are compared without case.',
		check: can('Compares an event with its trigger.', 'receiver', 'change'),
	},
	{
		id: 'EVENT-AFTER-COMMIT',
		assumes: 'updated_at of a record is at most 2 seconds before the timestamp of its event.',
		source: 'documented (guide to webhooks, the order); the seconds are a guess',
		ifWrong:
			'Record Get waits for a change that it has already read, and reconciliation starts the workflow for changes that had an event.',
		check: can('Reads the record after its event.', 'receiver', 'change'),
	},
	{
		id: 'EVENT-WITHIN-MINUTES',
		assumes: 'Procore creates an event less than ten minutes after the change.',
		source: 'guess: the delay is not documented',
		ifWrong: 'Reconciliation starts the workflow for a change, and its event starts it again.',
		check: cannot('It happens only while Procore is busy.'),
	},
	{
		id: 'RECORD-READ-LAG',
		assumes:
			'A read right after an event can still return the record without the change, for seconds up to a minute.',
		source: 'clients (a production integration)',
		ifWrong: 'Nothing: a record that is current is returned at once.',
		check: cannot('It happens only sometimes. The run reports how long it took.'),
	},
	{
		id: 'RECORD-LIST-LAG',
		assumes: 'A new record can be missing from its list for a while.',
		source: 'clients (a production integration)',
		ifWrong: 'Nothing: the list is read again only if the record is missing.',
		check: cannot('It happens only sometimes.'),
	},
	{
		id: 'RECORD-PATHS',
		assumes: 'The endpoints of records exist under the paths of the reference.',
		source: 'documented (reference)',
		ifWrong: 'The record of that resource cannot be read.',
		check: can(
			'Reads every list of the reference, a record of each of the other lists, and the record of the change. The run names the resources that need another id.',
		),
	},
	{
		id: 'RECORD-FORMS',
		assumes:
			'A record is an object with an id, bare or inside "data"; lists are arrays, bare or inside "data".',
		source: 'documented (reference)',
		ifWrong: 'The record is rejected as not being from Procore.',
		check: can('Reads every list of records.'),
	},
	{
		id: 'RECORD-TODO-IDS',
		assumes: 'ToDos, which are deprecated, still answer under the id of their event.',
		source: 'documented (reference, deprecated without a removal date)',
		ifWrong: 'ToDos cannot be read; whether calendar items have the same ids is not documented.',
		check: cannot('It takes a ToDo of an account that still uses them.'),
	},
]);
