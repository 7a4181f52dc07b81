import { NodeApiError, type INode } from 'n8n-workflow';

/** What a request was for, as the end of "Procore did not …": "create a hook in project 902214". */
export type Purpose = string;

/** Whether Procore is known to have done nothing; `status` is that of the HTTP answer, null where there was none. */
export type ProcoreAnswer =
	/**
	 * Procore answered and did not do it.
	 *
	 * `isEveryCall`: a 404 or 410 of the whole API, which says nothing about the thing that was asked for.
	 */
	| { readonly kind: 'refused'; readonly status: number; readonly isEveryCall?: boolean }
	/**
	 * No answer, or one from something in between: it may have been done all the same.
	 *
	 * `instead`: who answered, and what came that Procore's API would not have sent.
	 */
	| { readonly kind: 'unknown'; readonly status: number | null; readonly instead?: string };

const NOT_CONNECTED = /not connected to this company/i;

const UNEXPECTED =
	'Check the Environment in the credential (with Custom: the API URL), and whether a proxy, a login page or a maintenance page stands between n8n and Procore, then try again.';

/** What to do about a 400, 403 or 404 where neither the node nor the credential names a company. */
export const ENTER_COMPANY =
	'No company was named: enter the Company ID in the credential, or choose a company in the node.';

/** What the reader should do about an answer of Procore's (its "Error Reference" and "Troubleshooting" pages). */
function remedy(status: number | null, words: string): string {
	if (NOT_CONNECTED.test(words)) {
		return 'Install the app in this company (in Procore: Company Admin, App Management), or choose a company that it is installed in.';
	}
	if (/Procore-Company-Id/i.test(words)) return 'Choose a company, or enter one in the credential.';
	if (/namespace/i.test(words) && /taken/i.test(words)) {
		return 'A scope takes one hook a namespace: choose another namespace, or use the hook that is there.';
	}
	if (/already exists/i.test(words)) return 'Nothing needs to be done, or use what is there.';
	if (status === 429 || status === 503) return 'Try again later, or send fewer requests.';
	if (status === 401) return 'Open the Procore credential in n8n and connect it again.';
	if (status === 403) {
		return 'Give the account of the credential the permission "Webhooks API" at level Standard and access to the company and project.';
	}
	if (status === 404) {
		return 'It does not exist, or the account of the credential may not see it: check the id, the company and the project.';
	}
	if (status === 413) return 'Send less in one request.';
	if (status === null) {
		return 'Check that n8n can reach it and that the environment in the credential is right, then try again.';
	}
	if (status >= 500 || status === 408) return 'Try again in a few minutes.';
	return 'Change what Procore names and try again.';
}

function saidBy(status: number | null, words: string): string {
	if (status === null) return `Procore gave no answer${words === '' ? '' : ` (${words})`}`;
	return `Procore answered ${status}${words === '' ? '' : `: ${words.replace(/[.!]$/, '')}`}`;
}

/**
 * A request to Procore that came to nothing. Its message is whole by itself, since n8n shows nothing else when an
 * activation fails: what was asked, what Procore answered, what to do. It holds no header, token or request body.
 */
export class ProcoreFailure extends NodeApiError {
	constructor(
		node: INode,
		private readonly purpose: Purpose,
		readonly answer: ProcoreAnswer,
		/** Procore's words, cleaned; empty where there were none. */
		readonly words: string,
		advice?: string,
	) {
		const { status } = answer;
		const instead = answer.kind === 'unknown' ? answer.instead : undefined;
		const todo = advice ?? (instead === undefined ? remedy(status, words) : UNEXPECTED);
		const message = `Could not ${purpose}. ${instead ?? saidBy(status, words)}. ${todo}`;
		const httpCode = String(status ?? '');
		super(node, { message, httpCode }, { message, httpCode, description: '' });
		// The base class puts a stock sentence in place of any message that contains a known code, as ECONNREFUSED.
		this.message = message;
	}

	/** A second hook under one namespace (400 "has already been taken"; the wording around it is not documented). */
	get isNamespaceTaken(): boolean {
		return this.answer.kind === 'refused' && /taken/i.test(this.words);
	}

	/** The same failure with another last sentence: what the reader should do, known better than from the answer. */
	advised(advice: string): ProcoreFailure {
		return new ProcoreFailure(this.node, this.purpose, this.answer, this.words, advice);
	}

	/** Procore answered 403 for the account, not for the app as a whole. */
	get isPermissionMissing(): boolean {
		return this.answer.status === 403 && !NOT_CONNECTED.test(this.words);
	}

	/** A 404 or 410 that the whole API answers: what was asked for may well be there. */
	get isOfEveryCall(): boolean {
		return this.answer.kind === 'refused' && this.answer.isEveryCall === true;
	}

	get isNotFound(): boolean {
		return this.answer.status === 404 && !this.isOfEveryCall;
	}
}

/** What a failure of any kind says, as it enters the message of another one or the log. */
export function messageOf(failure: unknown): string {
	return failure instanceof Error ? failure.message : String(failure);
}

/** Whether a request may have been carried out without an answer coming back. */
export function isLost(failure: unknown): boolean {
	return failure instanceof ProcoreFailure && failure.answer.kind === 'unknown';
}
