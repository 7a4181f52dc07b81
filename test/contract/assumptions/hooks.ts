import { can, cannot, listed } from './assumption';

/** Hooks and their namespaces. */
export const HOOKS = listed([
	{
		id: 'NAMESPACE-CHARACTERS',
		assumes:
			'A namespace consists of lowercase letters, digits and dashes; anything else gets a 400.',
		source: 'documented (guide to the Webhooks API); an older edition forbids digits',
		ifWrong:
			'Namespaces that users enter are rejected by Procore, or refused by the node without need.',
		check: can('Creates hooks with digits, with an underscore and with an uppercase letter.'),
	},
	{
		id: 'NAMESPACE-LENGTH',
		assumes: 'A namespace can have at least 36 characters, the length of a generated one.',
		source: 'guess',
		ifWrong: 'No Procore Trigger can be activated.',
		check: can('Creates hooks with namespaces of 36, 64 and 255 characters.'),
	},
	{
		id: 'NAMESPACE-UNIQUE',
		assumes: 'A scope has one hook per namespace; a second one gets a 400.',
		source: 'clients (a production integration), and the reference',
		ifWrong:
			'Two processes that activate at the same time create two hooks, and every event arrives twice.',
		check: can('Creates two hooks in one namespace, on both generations.'),
	},
	{
		id: 'NAMESPACE-TAKEN-TEXT',
		assumes: 'The 400 for a taken namespace contains the word "taken".',
		source: 'clients (a production integration)',
		ifWrong: 'Two activations at the same time fail instead of sharing the hook.',
		check: can('Reads the text of that 400, on both generations.'),
	},
	{
		id: 'NAMESPACE-FILTER',
		assumes: 'The list of hooks contains only those of the namespace that was asked for.',
		source: 'documented (reference)',
		ifWrong: 'Nothing: rows are filtered again. A long list costs more requests.',
		check: can('Lists an unused namespace next to one with a hook.'),
	},
	{
		id: 'V1-EVERY-NAMESPACE',
		assumes: 'On v1.0, namespace=* lists the hooks of every namespace.',
		source: 'documented (a client library of 2024; since removed)',
		ifWrong: 'With V1.0, Get Many of hooks without a namespace finds nothing.',
		check: can('Lists namespace=* on v1.0 and looks for the hook of the run.', 'v1'),
	},
	{
		id: 'V1-NO-NAMESPACE',
		assumes: 'On v1.0, a list without a namespace contains the hooks of every namespace.',
		source: 'guess; older guides name "procore" as the default',
		ifWrong: 'A hook is looked for once more under its own namespace.',
		check: can('Lists without a namespace on v1.0 and looks for the hook of the run.', 'v1'),
	},
	{
		id: 'V1-DEFAULT-NAMESPACE',
		assumes: 'On v1.0, a hook without a namespace gets the namespace "procore".',
		source: 'documented (an older edition of the guide)',
		ifWrong: 'Nothing: the nodes always send a namespace.',
		check: cannot('The check creates hooks in its own namespace only.'),
	},
	{
		id: 'V2-COMPANY-NAMESPACE',
		assumes:
			'On v2.0, the list of company hooks requires a namespace, and that of a project does not.',
		source: 'documented (reference, since August 2026)',
		ifWrong: 'The panel asks for a namespace that Procore does not need.',
		check: can('Lists company and project hooks without a namespace.'),
	},
	{
		id: 'V2-STAR-NAMESPACE',
		assumes: 'On v2.0, namespace=* does not list every namespace.',
		source: 'guess',
		ifWrong: 'Company hooks of every namespace could be listed, which the product does not offer.',
		check: can('Lists namespace=* on v2.0 and looks for the hook of the run.'),
	},
	{
		id: 'HOOK-MASKED-HEADER',
		assumes: 'Reads show Authorization as five asterisks and its last five characters.',
		source: 'documented (reference); a client speaks of four characters',
		ifWrong:
			'The trigger sends its secret again at each safety check, or misses that a hook has another one.',
		check: can('Creates a hook with a known value and reads it, on both generations.'),
	},
	{
		id: 'HOOK-SCOPE-NULL',
		assumes: 'company_id is null on project hooks, and project_id on company hooks.',
		source: 'documented (reference)',
		ifWrong:
			'Nothing for project hooks. A company hook with a project_id would be taken for that of a project.',
		check: can('Reads a project hook and a company hook on v2.0.'),
	},
	{
		id: 'HOOK-TRIGGER-COUNT',
		assumes: 'On v2.0, include_trigger_count adds trigger_count to each hook.',
		source: 'documented (reference)',
		ifWrong: 'Health checks and safety checks read the triggers of every hook.',
		check: can('Lists a hook with two triggers.'),
	},
	{
		id: 'HOOK-STATUS',
		assumes: 'On v2.0, PATCH sets the status of company and project hooks to disabled and back.',
		source: 'documented (reference; for projects since September 2026)',
		ifWrong: 'The safety check cannot repair a hook that somebody disabled.',
		check: can('Disables and enables a hook in both scopes.'),
	},
	{
		id: 'HOOK-PATCH-PARTIAL',
		assumes:
			'PATCH keeps what it does not contain, the Authorization value and the triggers included.',
		source: 'documented (reference, fields are optional)',
		ifWrong: 'A repaired hook sends no secret any more, and its events are rejected.',
		check: can('Changes only the URL of a hook with a trigger, and reads the rest.'),
	},
	{
		id: 'V1-NO-STATUS',
		assumes:
			'On v1.0, hooks have neither a status nor times, and there is no endpoint for a single one.',
		source: 'documented (reference)',
		ifWrong: 'A disabled hook looks active with V1.0.',
		check: can('Reads a hook on v1.0.', 'v1'),
	},
	{
		id: 'HOOK-DELETE',
		assumes:
			'DELETE answers 204 on v2.0 and 200 on v1.0, without a body, and takes the triggers along.',
		source: 'documented (reference)',
		ifWrong:
			'Each deletion on v2.0 is sent twice, like those on v1.0, and fails if the second one is not a 404.',
		check: can('Deletes a hook with a trigger, on both generations.'),
	},
	{
		id: 'HOOK-DELETE-AGAIN',
		assumes: 'Deleting a deleted hook answers 404.',
		source: 'guess',
		ifWrong:
			'A deactivation fails after somebody has deleted the hook in Procore. On v1.0, every deletion fails.',
		check: can('Deletes a hook twice, on both generations.'),
	},
	{
		id: 'PAYLOAD-VERSION-SPELLING',
		assumes:
			'Both generations accept v2 and v2.0 as the same format, and return the spelling that was sent.',
		source: "guess; both spellings are on Procore's pages",
		ifWrong: 'Hooks cannot be created; any spelling that comes back is understood.',
		check: can('Creates hooks with v2 and v2.0, on both generations.'),
	},
	{
		id: 'V1-PAYLOAD-V4',
		assumes: 'v1.0 creates hooks with payload v4.0.',
		source: 'guess',
		ifWrong: 'With V1.0, Payload Version V4.0 fails with the text of Procore.',
		check: can('Creates a hook with v4 on v1.0.', 'v1'),
	},
	{
		id: 'DESTINATION-HTTPS',
		assumes: 'A destination must be https; http gets a 400.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'The nodes refuse URLs that would work.',
		check: can('Creates a hook with an http URL.'),
	},
	{
		id: 'DESTINATION-PORT-QUERY',
		assumes: 'A destination can have a port and a query.',
		source: 'guess',
		ifWrong: 'n8n behind a port other than 443 cannot receive events.',
		check: can('Creates a hook whose URL has both, and compares what comes back.'),
	},
	{
		id: 'DESTINATION-NOT-TRIED',
		assumes: 'Procore sends nothing to a destination when a hook is created.',
		source: 'documented (How Webhooks Work, which names no handshake)',
		ifWrong: 'An activation fails, because the trigger rejects a request without an event.',
		check: can('Creates a hook whose host does not exist.'),
	},
	{
		id: 'DESTINATION-SHARED',
		assumes: 'Several hooks can have the same destination.',
		source: 'guess',
		ifWrong: 'A Procore Trigger with several projects cannot be activated.',
		check: can('Creates two hooks with one URL.'),
	},
]);
