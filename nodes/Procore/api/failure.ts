import { NodeApiError, type INode } from 'n8n-workflow';

import { isJsonObject, textOrNull } from '../model/json';

/** What a request was for, as the end of "Procore did not …": "create a hook in project 902214". */
export type Purpose = string;

/** Whether Procore is known to have done nothing; `status` is that of the HTTP answer, null where there was none. */
export type ProcoreAnswer =
	/** Procore answered and did not do it. */
	| { readonly kind: 'refused'; readonly status: number }
	/** No answer, or one from something in between: it may have been done all the same. */
	| { readonly kind: 'unknown'; readonly status: number | null };

/** Any text from outside is cut to this many characters before it enters a message. */
const MAX_WORDS = 300;

function clean(words: string): string {
	return words
		.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
		.replace(/<[^>]*>/g, ' ')
		.replace(/(Bearer|Basic)\s+[^\s"',]+/gi, '$1 *****')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, MAX_WORDS);
}

function collect(value: unknown, field: string | undefined, into: string[]): void {
	const words = textOrNull(value);
	if (words !== null) {
		into.push(field === undefined ? words : `${field} ${words}`);
	} else if (Array.isArray(value)) {
		for (const entry of value) collect(entry, field, into);
	} else if (isJsonObject(value)) {
		const before = into.length;
		for (const key of ['message', 'error_description', 'reason', 'details', 'errors']) {
			collect(value[key], key === 'errors' ? field : undefined, into);
		}
		// `{"namespace": ["has already been taken"]}`: the keys are field names.
		if (into.length === before) {
			for (const [key, entry] of Object.entries(value)) {
				if (!['code', 'fields'].includes(key)) collect(entry, key, into);
			}
		}
	}
}

/**
 * What Procore said, as one line, from any of the body shapes that it answers with: `errors` as text, list or map of
 * fields, `error` as text or object, `code`/`message`/`reason`, an OAuth2 answer, plain text, HTML of a gateway.
 *
 * @param secret what must not be in it, should Procore repeat it.
 * @returns empty text where the body says nothing.
 */
export function wordsOf(body: unknown, secret = ''): string {
	// Before anything is cut: the beginning of a secret is one too.
	const open = (words: string) => clean(secret === '' ? words : words.replaceAll(secret, '*****'));
	if (typeof body === 'string') return open(body);
	const words: string[] = [];
	if (isJsonObject(body)) {
		collect(body.errors, undefined, words);
		if (words.length === 0) collect(body.error_description, undefined, words);
		if (words.length === 0) collect(body.error, undefined, words);
		if (words.length === 0) {
			// The message may be the status in words; the reason tells which permission is missing.
			collect(body.message, undefined, words);
			collect(body.reason, undefined, words);
		}
	} else {
		collect(body, undefined, words);
	}
	return open([...new Set(words)].join('; '));
}

const NOT_CONNECTED = /not connected to this company/i;

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
		const said =
			status === null
				? `Procore gave no answer${words === '' ? '' : ` (${words})`}`
				: `Procore answered ${status}${words === '' ? '' : `: ${words.replace(/[.!]$/, '')}`}`;
		const message = `Could not ${purpose}. ${said}. ${advice ?? remedy(status, words)}`;
		const httpCode = String(status ?? '');
		super(node, { message, httpCode }, { message, httpCode, description: '' });
		// The base class puts a stock sentence in place of any message that contains a known code, as ECONNREFUSED.
		this.message = message;
	}

	/** A second hook under one namespace (400 "has already been taken"; the wording around it is not documented). */
	get isNamespaceTaken(): boolean {
		return this.answer.status !== null && /taken/i.test(this.words);
	}

	/** The same failure with another last sentence: what the reader should do, known better than from the answer. */
	advised(advice: string): ProcoreFailure {
		return new ProcoreFailure(this.node, this.purpose, this.answer, this.words, advice);
	}

	/** Procore answered 403 for the account, not for the app as a whole. */
	get isPermissionMissing(): boolean {
		return this.answer.status === 403 && !NOT_CONNECTED.test(this.words);
	}

	get isNotFound(): boolean {
		return this.answer.status === 404;
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
