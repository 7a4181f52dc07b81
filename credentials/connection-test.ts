import type { ICredentialTestRequest } from 'n8n-workflow';

/** The error message for each status of the test request. */
const STATUS_MESSAGES: Readonly<Record<number, string>> = {
	400: 'The Company ID is missing or not valid. Enter the Company ID: the number after app.procore.com/ in the URL of a company page, not of a project page.',
	401: 'Procore rejected the token. Check Client ID, Client Secret and Environment, then connect again.',
	403: 'The token works, but the app is not installed in this company. Install it there (in Procore: Company Admin, App Management), or correct the Company ID. If it is empty, enter the Company ID.',
	404: "The token works, but this company doesn't exist or this account can't access it. Correct the Company ID. If it is empty, enter the Company ID.",
};

const NOT_PROCORE =
	"The response did not come from Procore's API. Check Environment and API URL, and whether a proxy, a login page or a maintenance page responds instead of Procore.";

type TestRules = NonNullable<ICredentialTestRequest['rules']>;

/**
 * n8n treats every 2xx as a success unless a rule matches, and has no rule for "does not start with". The expected list
 * starts with `[`, so there is one rule for each other ASCII character.
 */
export function testRules(): TestRules {
	const byStatus = Object.entries(STATUS_MESSAGES).map(([status, message]) => ({
		type: 'responseCode' as const,
		properties: { value: Number(status), message },
	}));
	const redirects = [301, 302, 303, 307, 308].map((value) => ({
		type: 'responseCode' as const,
		properties: { value, message: NOT_PROCORE },
	}));
	const firstCharacters = [
		...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
		'\uFEFF',
	];
	const byBody = firstCharacters
		.filter((character) => character !== '[')
		.map((value) => ({
			type: 'responseSuccessBody' as const,
			properties: { key: '0', value, message: NOT_PROCORE },
		}));
	const isEmpty = {
		type: 'responseSuccessBody' as const,
		properties: { key: 'length', value: 0, message: NOT_PROCORE },
	};
	const rules: Extract<TestRules, Array<{ type: 'responseCode' }>> = [...byStatus, ...redirects];
	// n8n's type only allows rules of one kind per list, but n8n itself accepts both in one list.
	const all: Array<TestRules[number]> = rules;
	all.push(...byBody, isEmpty);
	return rules;
}
