import { isJsonObject, textOrNull } from '../model/json';

/** Any text from outside is cut to this many characters before it enters a message. */
const MAX_WORDS = 300;

/** More of a text than this is not looked at: the words of a message stand at its beginning. */
const MAX_READ = 20_000;

/** Procore's own bodies are four levels deep. */
const MAX_DEPTH = 8;

/** Elements whose content is not meant for a reader. */
const NOT_SHOWN = ['script', 'style'];

/**
 * Removes HTML tags, and scripts and styles with what is in them. Goes through the text once: a pattern that looks for
 * the end of every tag takes minutes for a long row of `<`.
 */
function withoutTags(markup: string): string {
	const lower = markup.toLowerCase();
	const unclosed = new Set<string>();
	const pieces: string[] = [];
	let at = 0;
	for (;;) {
		const start = markup.indexOf('<', at);
		const end = start === -1 ? -1 : markup.indexOf('>', start);
		if (end === -1) break;
		pieces.push(markup.slice(at, start));
		at = end + 1;
		const hidden = NOT_SHOWN.find((name) => lower.startsWith(name, start + 1));
		if (hidden === undefined || unclosed.has(hidden)) continue;
		const closing = lower.indexOf(`</${hidden}>`, at);
		if (closing === -1) unclosed.add(hidden);
		else at = closing + hidden.length + 3;
	}
	return [...pieces, markup.slice(at)].join(' ');
}

function clean(words: string): string {
	return withoutTags(words.slice(0, MAX_READ))
		.replace(/(Bearer|Basic)\s+[^\s"',]+/gi, '$1 *****')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, MAX_WORDS);
}

function collect(value: unknown, field: string | undefined, into: string[], depth = 0): void {
	if (depth > MAX_DEPTH) return;
	const words = textOrNull(value);
	if (words !== null) {
		into.push(field === undefined ? words : `${field} ${words}`);
	} else if (Array.isArray(value)) {
		for (const entry of value) collect(entry, field, into, depth + 1);
	} else if (isJsonObject(value)) {
		const before = into.length;
		for (const key of ['message', 'error_description', 'reason', 'details', 'errors']) {
			collect(value[key], key === 'errors' ? field : undefined, into, depth + 1);
		}
		// `{"namespace": ["has already been taken"]}`: the keys are field names.
		if (into.length === before) {
			for (const [key, entry] of Object.entries(value)) {
				if (!['code', 'fields'].includes(key)) collect(entry, key, into, depth + 1);
			}
		}
	}
}

/**
 * Returns what Procore said as one line, from any of the body shapes that it answers with: `errors` as text, list or map
 * of fields, `error` as text or object, `code`/`message`/`reason`, an OAuth2 answer, plain text, HTML of a gateway.
 *
 * @param secret what must not be in it if Procore repeats it.
 * @returns empty text if the body says nothing.
 */
export function readErrorText(body: unknown, secret = ''): string {
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
