import { can, cannot, listed } from './assumption';

/** Signing in, companies and projects, paging and limits. */
export const ACCOUNTS = listed([
	{
		id: 'OAUTH-BODY',
		assumes:
			'The token endpoint takes client id and secret in the body, and returns a bearer that lasts 5400 seconds.',
		source: 'documented (OAuth 2.0 pages)',
		ifWrong: 'No credential can be connected.',
		check: can('Requests a token with each grant.'),
	},
	{
		id: 'OAUTH-CLIENT-NO-REFRESH',
		assumes: 'Client credentials return no refresh token.',
		source: 'documented (client credentials)',
		ifWrong: 'Nothing: n8n requests a new token.',
		check: can('Reads the token response.', 'serviceAccount'),
	},
	{
		id: 'OAUTH-REFRESH-ONCE',
		assumes: 'A refresh token works once.',
		source: 'documented (OAuth 2.0 pages)',
		ifWrong: 'Nothing: n8n stores the new one.',
		check: can('Uses a refresh token twice.', 'login'),
	},
	{
		id: 'OAUTH-REFRESH-ENDS-ACCESS',
		assumes: 'A refresh ends the old access token too.',
		source: 'guess',
		ifWrong: 'Nothing: the new one is used.',
		check: can('Uses the old access token after a refresh.', 'login'),
	},
	{
		id: 'OAUTH-REDIRECT',
		assumes: 'The redirect URI must be registered; http://localhost is.',
		source: 'documented (OAuth keys, Troubleshooting)',
		ifWrong: 'Nothing: n8n shows the URL to register.',
		check: cannot('The login page tells it to a person, not to the run.'),
	},
	{
		id: 'ME-HEADER',
		assumes: 'With client credentials, /me and /companies need the company header too.',
		source: 'documented (client credentials)',
		ifWrong: 'Nothing: it is always sent then.',
		check: can('Reads /me without the header.', 'serviceAccount'),
	},
	{
		id: 'ME-FORM',
		assumes: '/me returns id and login.',
		source: 'documented (reference)',
		ifWrong: 'The connection test fails, and own changes are not recognized.',
		check: can('Reads /me.'),
	},
	{
		id: 'COMPANIES-FORM',
		assumes: '/companies is a bare array of the companies in which the app is installed.',
		source: 'documented (reference)',
		ifWrong: 'The connection test fails.',
		check: can('Reads the list, and finds the company of the run in it.'),
	},
	{
		id: 'PROJECT-FORM',
		assumes:
			'Lists of projects are bare arrays, and a project is a bare object; both have id and name.',
		source: 'documented (reference)',
		ifWrong: 'A project is taken for one that does not exist, and the list of projects is empty.',
		check: can('Makes every call of the package for companies and projects.'),
	},
	{
		id: 'PROJECTS-FILTERS',
		assumes:
			'filters[by_status]=Active, and filters[name] with a part of the name in any case, select projects.',
		source: 'documented (reference); part and case are a guess',
		ifWrong: 'The search in the panel does not find a project; closed ones are filtered out again.',
		check: can('Searches for a part of the name of the project in the other case.'),
	},
	{
		id: 'PROJECTS-COMPACT',
		assumes:
			'view=compact returns id and name, and view=normal adds the number, "active" and "updated_at".',
		source: 'documented (reference)',
		ifWrong: 'Closed projects keep their hooks, and are not repaired first.',
		check: can('Reads the project of the run in both views.'),
	},
	{
		id: 'PROJECTS-DEFAULT-ACTIVE',
		assumes: 'Without a filter, the list has active projects only.',
		source: 'documented (reference, v1.0); v1.1 is a guess',
		ifWrong: 'Nothing: the nodes send the filter.',
		check: can('Reads the list without a filter.'),
	},
	{
		id: 'PROJECTS-PAGE',
		assumes: 'A page of projects has at most 300 rows.',
		source: 'documented (reference)',
		ifWrong: 'Nothing: a smaller maximum is read from Per-Page.',
		check: can('Asks for 301 rows. Without Per-Page, it takes 300 projects.'),
	},
	{
		id: 'PROJECT-CLOSED-SHOWN',
		assumes:
			'A closed project is shown by its ID with active: false, and its webhooks can be deleted.',
		source: 'documented (reference, Show project); its webhooks are a guess',
		ifWrong: 'The hooks of a closed project stay.',
		check: cannot('The run touches no other project, and closes none.'),
	},
	{
		id: 'PROJECT-DELETED-404',
		assumes: 'A deleted project answers 404 everywhere.',
		source: 'guess',
		ifWrong: 'Its hook cannot be removed, and each safety check reports it.',
		check: cannot('The run deletes no project.'),
	},
	{
		id: 'LIST-SHIFTS',
		assumes: 'A list is read live, so that a row that goes away between two pages shifts the rest.',
		source: 'guess',
		ifWrong: 'Nothing: one more check before a hook is removed.',
		check: cannot('It takes changes at the right moment.'),
	},
	{
		id: 'LIST-FILTERS-IGNORED',
		assumes: 'A list might ignore a filter.',
		source: 'guess: what a gateway that drops queries does',
		ifWrong: 'Nothing: rows are filtered again.',
		check: cannot('It is a precaution. NAMESPACE-FILTER checks the filter that matters most.'),
	},
	{
		id: 'V2-PAGE-SIZE',
		assumes: 'Lists of v2.0 have 10 rows a page by default and 100 at most.',
		source: 'documented (announcement of REST v2)',
		ifWrong: 'Lists cost more requests; another maximum is read from Per-Page.',
		check: can('Lists resources without per_page, and with 100.'),
	},
	{
		id: 'V1-PAGE-SIZE',
		assumes: 'Lists of v1.x take 1000 rows a page, or say in Per-Page how many they return.',
		source: 'documented (pagination: at most 2000, endpoints have lower limits)',
		ifWrong: 'Lists are read in pages that are too large, and rows are missed.',
		check: can(
			'Asks for 1000 companies, and for more than the maximum. Without Per-Page, it takes 1000 companies.',
		),
	},
	{
		id: 'PAGE-HEADERS',
		assumes: 'Paged lists have Total and Per-Page, and Link if there is another page.',
		source: 'documented (pagination)',
		ifWrong: 'Reading goes on until a page is not full, which costs a request.',
		check: can('Reads the headers of a list of resources with 10 rows a page.'),
	},
	{
		id: 'PAGE-TOO-LARGE',
		assumes:
			'A list that takes Procore too long answers 408 or 500, and works with fewer rows a page.',
		source: 'clients',
		ifWrong: 'Nothing: smaller pages are tried only after such an answer.',
		check: cannot('It takes a very large account.'),
	},
	{
		id: 'RATE-HEADERS',
		assumes:
			'Answers have X-Rate-Limit-Limit, -Remaining and -Reset, the last one in Unix seconds.',
		source: 'documented (rate limiting)',
		ifWrong: 'The nodes run into 429s instead of waiting before them.',
		check: can('Reads the headers of every answer of the run.'),
	},
	{
		id: 'RATE-REFUSED-COUNT',
		assumes: 'Refused requests count like any other.',
		source: 'documented (rate limiting)',
		ifWrong: 'Nothing: the headers tell what is left.',
		check: cannot('Other apps and the windows of the limit move the numbers too.'),
	},
	{
		id: 'RATE-HOURLY',
		assumes:
			'Headers describe the limit that is nearest; one that resets after more than a minute is the hourly one, which is 600 or more.',
		source: 'documented (rate limiting, "Handle Rate Limits"); the 600 are an example there',
		ifWrong: 'Safety checks of many hooks take more or less of the limit than a fifth.',
		check: cannot('The run keeps inside the limit, so that answers show the other one.'),
	},
	{
		id: 'RATE-WAIT',
		assumes: 'After a 429 or 503, the later of Retry-After and X-Rate-Limit-Reset is long enough.',
		source:
			"documented (rate limiting, Error Reference); Procore's pages disagree about which one applies",
		ifWrong: 'A request is refused up to five times before it fails.',
		check: cannot('The run keeps inside the limit, which the app shares with its users.'),
	},
	{
		id: 'RATE-PER-COMPANY',
		assumes: 'With client credentials, each company has a limit of its own.',
		source: 'documented (an edition before 2026-01-27; since removed)',
		ifWrong: 'Requests of two companies run into the limit that they share, and wait for it.',
		check: cannot('It takes two companies, and the use of the whole limit.'),
	},
	{
		id: 'ID-FORMS',
		assumes: 'Ids are digits, or letters, digits and dashes.',
		source: 'documented (multiple Procore regions, for digits beyond 32 bits); the rest is a guess',
		ifWrong: 'The panel refuses a valid id.',
		check: can('Reads the ids of every object of the run.'),
	},
]);
