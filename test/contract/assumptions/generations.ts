import { can, cannot, listed } from './assumption';

/** The two generations of the Webhooks API, and what all requests have in common. */
export const GENERATIONS = listed([
	{
		id: 'V1-STILL-ANSWERS',
		assumes: 'Webhooks API v1.0 still answers after 2026-09-16, its documented removal date.',
		source: 'guess',
		ifWrong: 'Credentials with V1.0 fail, with a message that says to select V2.0.',
		check: can('Lists the hooks of an unused namespace on v1.0; a 404 or 410 contradicts it.'),
	},
	{
		id: 'V1-GONE-404',
		assumes: 'A removed call answers 404.',
		source: 'documented (REST API lifecycle, for removed calls in general)',
		ifWrong:
			'Only a 404 or 410 leads to the message that v1.0 is gone; any other answer reads as an error of the request.',
		check: can('If v1.0 does not answer, its status must be 404.'),
	},
	{
		id: 'V1-HOOKS-IN-V2',
		assumes:
			'A hook that v1.0 created is listed by v2.0 under the same ID, and the other way around.',
		source: 'guess',
		ifWrong:
			'After a switch to V2.0, the trigger creates a second hook, and every event arrives twice.',
		check: can(
			'Creates a hook on v1.0 and reads it by its ID on v2.0, and looks for a hook of v2.0 in the list of v1.0.',
			'v1',
		),
	},
	{
		id: 'V1-FORMS',
		assumes: 'On v1.0, responses have no envelope and ids are integers.',
		source: 'documented (reference, hooks)',
		ifWrong: 'Responses of v1.0 are rejected as not being from Procore.',
		check: can('Reads lists on v1.0, and makes every call of the package.', 'v1'),
	},
	{
		id: 'V1-ONE-SCOPE',
		assumes: 'v1.0 takes either company_id or project_id.',
		source: 'documented (Using the Webhooks API); the reference marks both as required',
		ifWrong: 'Every request on v1.0 fails with a 400.',
		check: can('Lists the hooks of the project with project_id alone.', 'v1'),
	},
	{
		id: 'V2-FORMS',
		assumes: 'On v2.0, responses are inside "data" and ids are strings.',
		source: 'documented (reference, and the announcement of REST v2)',
		ifWrong: 'Responses of v2.0 are rejected as not being from Procore.',
		check: can('Reads lists on v2.0, and makes every call of the package.'),
	},
	{
		id: 'EMPTY-LIST-NULL',
		assumes: 'An empty list on v2.0 is an empty array; null is understood too.',
		source: 'guess',
		ifWrong: 'An empty list of another form is rejected as not being from Procore.',
		check: can('Lists the hooks of an unused namespace on v2.0.'),
	},
	{
		id: 'COMPANY-HEADER-MISSING',
		assumes: 'Without Procore-Company-Id, the answer is a 400 whose text names the header.',
		source: 'documented (multiple Procore regions, the text); the status is a guess',
		ifWrong: 'The error says something other than to select a company.',
		check: can('Lists the hooks of the project without the header.'),
	},
	{
		id: 'COMPANY-HEADER-OTHER',
		assumes: 'A header that names another company than the path gets a 400, a 403 or a 404.',
		source: 'guess',
		ifWrong: 'A wrong company in the panel might reach the hooks of the right one.',
		check: can('Lists the hooks of the project with the header of a company that does not exist.'),
	},
	{
		id: 'NO-REDIRECTS',
		assumes: "Procore's API never redirects.",
		source: 'guess',
		ifWrong: 'A redirected request fails: the token must not follow it.',
		check: can('No request of the whole run is answered with a 3xx.'),
	},
	{
		id: 'JSON-BODIES',
		assumes: 'Every 2xx of the API with a body is JSON.',
		source: 'documented (reference)',
		ifWrong: 'Other bodies are taken for those of a proxy or a login page.',
		check: can('No 2xx of the whole run has a body that is not JSON.'),
	},
	{
		id: 'ERROR-FORMS',
		assumes: 'Every error body has one of the forms that the product turns into a sentence.',
		source: 'clients (several public repositories), and the reference for some',
		ifWrong: "Messages lack Procore's reason.",
		check: can('Reads the text of every error body of the run.'),
	},
	{
		id: 'ERROR-BAD-VALUE',
		assumes: 'A value that is missing or that Procore cannot accept gets a 400 or a 422.',
		source: 'documented (Error Reference); which of the two, and the body, are a guess',
		ifWrong: 'The message does not say to correct the value.',
		check: can(
			'Sends a status that does not exist, a trigger without an event type and a hook without a URL.',
		),
	},
	{
		id: 'ERROR-401-BODY',
		assumes: 'A request without a valid token gets a 401 with a JSON body.',
		source: 'clients (seen on production), and the Error Reference',
		ifWrong: 'n8n does not renew the token, since it does so for a 401 only.',
		check: can('Sends a request with an invalid token.'),
	},
	{
		id: 'ERROR-404-INVISIBLE',
		assumes: 'What does not exist, and what the account cannot see, answers 404.',
		source: 'documented (Troubleshooting)',
		ifWrong: 'A deleted hook is not recognized as deleted, and the trigger does not repair it.',
		check: can('Reads a hook with an ID that does not exist.'),
	},
	{
		id: 'ERROR-403-PERMISSION',
		assumes: 'A missing "Webhooks API" permission is a 403, and reading needs less than changing.',
		source: 'documented (guide to webhooks); the body is a guess',
		ifWrong: 'The message does not say which permission to give.',
		check: cannot('The account of the run has to have the permission.'),
	},
	{
		id: 'ERROR-NOT-CONNECTED',
		assumes:
			'A company in which the app is not installed answers 403, with the text "App is not connected to this company".',
		source: 'documented (Troubleshooting), and clients',
		ifWrong: 'The message does not say to install the app.',
		check: cannot('It takes a second company, in which the app is not installed.'),
	},
	{
		id: 'ERROR-500-RETRY',
		assumes:
			'A 408, 500, 502 or 504 leaves open whether the request was carried out, and a retry can help.',
		source: 'documented (Error Reference, for 500 and 502)',
		ifWrong: 'A request that always fails is sent four times.',
		check: cannot('Procore fails like this only by chance.'),
	},
]);
