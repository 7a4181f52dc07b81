import { can, cannot, listed } from './assumption';

/** Triggers, and what a scope can subscribe to. */
export const TRIGGERS = listed([
	{
		id: 'EVENT-TYPE-UPPERCASE',
		assumes: 'A trigger for "create" comes back as "CREATE".',
		source: 'clients (v2.0), and the reference for v1.0; an example of v2.0 has "CREATED"',
		ifWrong:
			'Any case and the past tense are understood; another word looks like a missing trigger at every check.',
		check: can('Creates triggers on both generations and reads their event types.'),
	},
	{
		id: 'EVENT-TYPE-CASE',
		assumes: 'An event type in another case than it is listed in is refused.',
		source: 'guess',
		ifWrong: 'Nothing: the nodes send the listed spelling.',
		check: can('Creates a trigger for "CREATE" where the list has "create".'),
	},
	{
		id: 'TRIGGER-DUPLICATE',
		assumes:
			'A second trigger for the same event gets a 400 whose text says that it already exists.',
		source: 'clients (a production integration)',
		ifWrong:
			'Create Trigger reports another reason; synchronizing reads the triggers again in any case.',
		check: can('Creates a trigger twice, on both generations.'),
	},
	{
		id: 'TRIGGER-UNKNOWN',
		assumes: 'A resource that does not exist gets a 400.',
		source: 'documented (reference, the status); the body is a guess',
		ifWrong: 'The message lacks the suggestion of a similar name.',
		check: can('Creates a trigger for a resource that does not exist, on both generations.'),
	},
	{
		id: 'BULK-ARRAY',
		assumes: 'The bulk calls of v2.0 take a bare array.',
		source: 'documented (specification of August 2026); the newest page shows an object',
		ifWrong: 'No Procore Trigger can be activated on v2.0.',
		check: can('Creates and deletes two triggers in bulk.'),
	},
	{
		id: 'BULK-CREATE-MIXED',
		assumes:
			'A bulk call with a refused trigger among good ones creates the good ones and answers 207. On v2.0, entries without an id are the refused ones.',
		source: 'documented (reference, the status); the entries of v2.0 are a guess, copied from v1.0',
		ifWrong: 'A refused event is taken for a subscription, or the reverse.',
		check: can('Sends a good and an unknown resource in bulk, on both generations.'),
	},
	{
		id: 'BULK-REFUSAL-NAMES-EVENT',
		assumes: 'The entry of a refused trigger names its resource, in "trigger" or at its top.',
		source: 'documented (v1.0 reference, resource only); v2.0 is a guess',
		ifWrong: 'The message does not name the refused event.',
		check: can('Reads the refused entry of that 207.'),
	},
	{
		id: 'BULK-ALL-REFUSED',
		assumes: 'A bulk call of which nothing is accepted is a 207 too.',
		source: 'guess',
		ifWrong:
			'The activation fails with the text of Procore instead of a list of the refused events.',
		check: can('Sends one unknown resource in bulk, on both generations.'),
	},
	{
		id: 'BULK-LIMIT',
		assumes: 'A bulk call takes 500 entries, and more than that is a 413, on v2.0 too.',
		source: 'documented (v1.0 reference); v2.0 is a guess',
		ifWrong: 'Subscribing to very many events at once fails.',
		check: can('Sends 500 and 501 entries for one unknown resource on v2.0.'),
	},
	{
		id: 'BULK-DELETE-MIXED',
		assumes:
			'A bulk deletion answers 200 with the ids it removed, and 207 with those it could not find.',
		source: 'documented (reference)',
		ifWrong: 'Triggers that somebody has deleted are removed in three more attempts.',
		check: can('Deletes a trigger and an unknown ID in bulk, on both generations.'),
	},
	{
		id: 'V1-VERSION-MATCH',
		assumes: "On v1.0, a trigger's api_version must be that of its hook.",
		source: 'documented (guide to the Webhooks API)',
		ifWrong: 'Nothing: the nodes send the version of the hook.',
		check: can('Creates a trigger with another version on v1.0.', 'v1'),
	},
	{
		id: 'RESOURCES-VERSION',
		assumes:
			'The list of resources on v2.0 contains only those of the requested payload version, which each row names.',
		source: 'documented (reference)',
		ifWrong: 'Rows of another version are filtered out; rows without one are offered.',
		check: can('Lists the resources for each payload version.'),
	},
	{
		id: 'RESOURCES-SCOPE',
		assumes:
			'A company hook is offered company-level resources only, a project hook those of projects.',
		source: 'clients (a sandbox, v1.0)',
		ifWrong: 'Events are offered under the wrong scope.',
		check: can('Compares the lists of both scopes: "RFIs" belongs to projects only.'),
	},
	{
		id: 'V1-RESOURCES-VERSION',
		assumes: 'On v1.0, api_version selects the rows of the list of resources.',
		source: 'guess; the reference does not have the parameter',
		ifWrong:
			'Rows are filtered again; if only one version is listed, the pickers offer nothing for the others.',
		check: can('Lists the resources of v1.0 for v2 and v4.', 'v1'),
	},
	{
		id: 'V1-RESOURCES-FORM',
		assumes:
			'On v1.0, "tools" is the name of the resource and "except" has the events that it lacks.',
		source: 'documented (reference), and clients (a sandbox)',
		ifWrong: 'The pickers offer wrong events with V1.0.',
		check: can('Reads the list of resources on v1.0.', 'v1'),
	},
	{
		id: 'V1-UNUSUAL-EVENTS',
		assumes:
			'v1.0 lists only create, update and delete, and accepts triggers for other words all the same.',
		source: 'guess',
		ifWrong: 'With V1.0, such events are refused with the text of Procore.',
		check: cannot('It takes an account that has such a resource, and v1.0.'),
	},
	{
		id: 'V4-CATALOGUE',
		assumes:
			'Payload v4.0 offers at least what v2.0 offers; which resources it adds is not published.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'Events of v2.0 cannot be moved to v4.0.',
		check: can('Compares the lists of resources, and reports the names that only v4.0 has.'),
	},
	{
		id: 'EVENT-TYPE-OPEN',
		assumes:
			'Some resources have other actions than create, update and delete: "Created" and "Completed" of "Document Upload".',
		source: 'documented (Document Management technical guide); the spelling is a guess',
		ifWrong: 'Nothing: the nodes use the spelling of the list.',
		check: cannot(
			'It takes an account with Document Management. The run reports every other action that it finds.',
		),
	},
	{
		id: 'RESOURCE-NAMES',
		assumes:
			'The resources of an account are among those that Record Get knows, whatever their case.',
		source: 'clients (a sandbox), and a published list',
		ifWrong: 'Records of a new resource cannot be read.',
		check: can('Compares the list of resources on v2.0 with the endpoints of records.'),
	},
]);
