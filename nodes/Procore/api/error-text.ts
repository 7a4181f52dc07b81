import { isJsonObject, textOrNull } from '../model/json';

/** Maximum number of characters of a response that enter a message. */
const MAX_LENGTH = 300;

/** Characters of a response that are read; the rest is ignored. */
const MAX_READ = 20_000;

/** Procore's error bodies are four levels deep. */
const MAX_DEPTH = 8;

/** HTML elements whose content is not text. */
const HIDDEN_ELEMENTS = ['script', 'style'];

/**
 * Removes HTML tags, and scripts and styles with their content. Reads the text once, because a regular expression that
 * searches for the end of each tag takes minutes for a long run of `<`.
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
		const hidden = HIDDEN_ELEMENTS.find((name) => lower.startsWith(name, start + 1));
		if (hidden === undefined || unclosed.has(hidden)) continue;
		const closing = lower.indexOf(`</${hidden}>`, at);
		if (closing === -1) unclosed.add(hidden);
		else at = closing + hidden.length + 3;
	}
	return [...pieces, markup.slice(at)].join(' ');
}

function clean(raw: string): string {
	return withoutTags(raw.slice(0, MAX_READ))
		.replace(/(Bearer|Basic)\s+[^\s"',]+/gi, '$1 *****')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, MAX_LENGTH);
}

function collect(value: unknown, field: string | undefined, into: string[], depth = 0): void {
	if (depth > MAX_DEPTH) return;
	const found = textOrNull(value);
	if (found !== null) {
		into.push(field === undefined ? found : `${field} ${found}`);
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
 * Returns the error text of a response body as one line. Knows all body formats that Procore uses: `errors` as a string,
 * list or map of fields, `error` as a string or object, `code`/`message`/`reason`, an OAuth2 error, plain text, and the
 * HTML of a gateway [ERROR-FORMS].
 *
 * @param secret is masked if the body repeats it.
 * @returns an empty string if the body contains no text.
 */
export function readErrorText(body: unknown, secret = ''): string {
	// Masked before the text is cut, because the beginning of a secret is secret too.
	const mask = (raw: string) => clean(secret === '' ? raw : raw.replaceAll(secret, '*****'));
	if (typeof body === 'string') return mask(body);
	const texts: string[] = [];
	if (isJsonObject(body)) {
		collect(body.errors, undefined, texts);
		if (texts.length === 0) collect(body.error_description, undefined, texts);
		if (texts.length === 0) collect(body.error, undefined, texts);
		if (texts.length === 0) {
			// The message often only names the status; the reason tells which permission is missing.
			collect(body.message, undefined, texts);
			collect(body.reason, undefined, texts);
		}
	} else {
		collect(body, undefined, texts);
	}
	return mask([...new Set(texts)].join('; '));
}
