import { NodeApiError, type INode } from 'n8n-workflow';

/** What a request does, phrased to follow "Could not …", for example "create a hook in project 902214". */
export type Purpose = string;

/** Whether Procore is known not to have carried out a failed request. `status` is null if there was no HTTP response. */
export type FailureOutcome =
	/**
	 * Procore responded and did not carry it out.
	 *
	 * `isApiWide`: a 404 or 410 that the whole API returns, so it says nothing about the resource that was requested.
	 */
	| { readonly kind: 'refused'; readonly status: number; readonly isApiWide?: boolean }
	/**
	 * No response, or one that did not come from Procore's API: the request might still have been carried out.
	 *
	 * `instead`: who responded, and with what.
	 */
	| { readonly kind: 'unknown'; readonly status: number | null; readonly instead?: string };

const NOT_CONNECTED = /not connected to this company/i;

/** The OAuth2 error `invalid_client`, as a code and in Procore's words. */
const BAD_CLIENT = /invalid_client|client authentication failed|unknown client/i;

const UNEXPECTED =
	'Check Environment in the credential (for Custom, also API URL), and whether a proxy, a login page or a maintenance page responds instead of Procore, then try again.';

/** Whose permissions count, with either grant type. */
export const ACCOUNT =
	"the user who connected the credential or, with Client Credentials, the app's service account";

/** The message if neither the node nor the credential sets a company. */
export const NO_COMPANY =
	'No company selected. Select one in Company or set Company ID in the credential.';

/** Returns what the user should do (from Procore's "Error Reference" and "Troubleshooting" pages) [ERROR-FORMS] [ERROR-BAD-VALUE]. */
function remedy(status: number | null, errorText: string): string {
	if (NOT_CONNECTED.test(errorText)) {
		return 'Install the app in this company (in Procore: Company Admin, App Management), or select a company where it is installed.';
	}
	// Procore names the header that is missing [COMPANY-HEADER-MISSING].
	if (/Procore-Company-Id/i.test(errorText)) return NO_COMPANY;
	if (BAD_CLIENT.test(errorText)) {
		return 'Client ID or Client Secret is wrong, or belongs to another environment. Correct them, or Environment, in the credential.';
	}
	if (/namespace/i.test(errorText) && /taken/i.test(errorText)) {
		return 'A scope can have only one hook per namespace: choose another namespace, or use the existing hook.';
	}
	if (/already exists/i.test(errorText)) return 'It already exists.';
	if (status === 429 || status === 503) return 'Try again later, or send fewer requests.';
	if (status === 401) return 'Open the Procore credential in n8n and connect it again.';
	if (status === 403) {
		return `Give the app the permission "Webhooks API" at level Standard in Procore's developer portal, and update it in the company. Check that ${ACCOUNT} has access to the company and project.`;
	}
	if (status === 404) {
		return "It does not exist, or the account of the credential can't access it: check the ID, the company and the project.";
	}
	if (status === 413) return 'Send less data in one request.';
	if (status === null) {
		return 'Check that n8n can reach it and that Environment in the credential is correct, then try again.';
	}
	if (status >= 500 || status === 408) return 'Try again in a few minutes.';
	return 'Correct the values named above and try again.';
}

function describeOutcome(status: number | null, errorText: string): string {
	if (status === null) return `Procore did not respond${errorText === '' ? '' : ` (${errorText})`}`;
	return `Procore answered ${status}${errorText === '' ? '' : `: ${errorText.replace(/[.!]$/, '')}`}`;
}

/**
 * A request to Procore that failed. The message is complete, because n8n shows nothing else when an activation fails: what
 * was requested, what Procore responded, what to do. It contains no header, token or request body.
 */
export class ProcoreFailure extends NodeApiError {
	constructor(
		node: INode,
		private readonly purpose: Purpose,
		readonly outcome: FailureOutcome,
		/** The error text of Procore's response, cleaned; empty if there is none. */
		readonly errorText: string,
		advice?: string,
	) {
		const { status } = outcome;
		const instead = outcome.kind === 'unknown' ? outcome.instead : undefined;
		const todo = advice ?? (instead === undefined ? remedy(status, errorText) : UNEXPECTED);
		const message = `Could not ${purpose}. ${instead ?? describeOutcome(status, errorText)}. ${todo}`;
		const httpCode = String(status ?? '');
		super(node, { message, httpCode }, { message, httpCode, description: '' });
		// NodeApiError replaces a message that contains a known code, such as ECONNREFUSED, with a generic sentence.
		this.message = message;
	}

	/**
	 * Whether the namespace already has a hook (400 "has already been taken"; the text around it is not documented)
	 * [NAMESPACE-TAKEN-TEXT].
	 */
	get isNamespaceTaken(): boolean {
		return this.outcome.kind === 'refused' && /taken/i.test(this.errorText);
	}

	/** Whether Procore understood the request and does not accept its values. */
	get isInvalid(): boolean {
		return this.outcome.kind === 'refused' && [400, 422].includes(this.outcome.status);
	}

	/** Returns the same failure with other advice, for a caller that knows more than the response tells. */
	withAdvice(advice: string): ProcoreFailure {
		return new ProcoreFailure(this.node, this.purpose, this.outcome, this.errorText, advice);
	}

	/**
	 * Whether the account lacks a permission, as opposed to the app not being installed in the company
	 * [ERROR-403-PERMISSION] [ERROR-NOT-CONNECTED].
	 */
	get isPermissionMissing(): boolean {
		return this.outcome.status === 403 && !NOT_CONNECTED.test(this.errorText);
	}

	/** Whether the whole API returns this 404 or 410: the resource itself might exist. */
	get isApiWide(): boolean {
		return this.outcome.kind === 'refused' && this.outcome.isApiWide === true;
	}

	/** Whether Procore does not have the resource, or hides it from the account [ERROR-404-INVISIBLE]. */
	get isNotFound(): boolean {
		return this.outcome.status === 404 && !this.isApiWide;
	}
}

/** Returns the text of anything that was thrown, for another message or the log. */
export function messageOf(failure: unknown): string {
	return failure instanceof Error ? failure.message : String(failure);
}

/** Whether the failed request might have been carried out. */
export function isOutcomeUnknown(failure: unknown): boolean {
	return failure instanceof ProcoreFailure && failure.outcome.kind === 'unknown';
}
