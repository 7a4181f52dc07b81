import { isLosslessNumber, LosslessNumber, parse } from 'lossless-json';

import { PROCORE_HOSTS } from '../../nodes/Procore/api/environment';
import { Aliases } from './aliases';
import { sanitizeHeader, type Texts } from './sanitize-headers';
import { isKnownWord, isPathPart, isTerm, isToolName } from './vocabulary';

const HIDDEN = '[text]';
const LONGEST_TEXT = 400;
/** Shorter secrets would hit words by chance. Nothing depends on this list: it is a second line of defense. */
const SHORTEST_SECRET = 5;

/** Fields whose text is a sentence of Procore's. Text in any other field is replaced as a whole. */
const SENTENCES = /^(?:errors?|message|reason|details|error_description|response_error)$/;
/** Fields whose numbers say nothing about the account. */
const COUNTS =
	/^(?:status|code|response_status|trigger_count|expires_in|expires_in_seconds|page|per_page|page_size)$/;

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const TOKEN = /^[\w.~+/=-]{20,}$/;
const MASKED = /^(\*+)(.*)$/;
const SEPARATORS = /([\s{}[\]()<>",:;!?|]+)/;

const OWN_HOSTS: ReadonlySet<string> = new Set(
	Object.values(PROCORE_HOSTS).flatMap(({ login, api }) =>
		[login, api].map((url) => new URL(url).host),
	),
);

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseOrUndefined(text: string): unknown {
	try {
		return parse(text);
	} catch {
		return undefined;
	}
}

/**
 * Removes everything from requests and responses that says something about the account. It keeps what is known to be
 * Procore's or HTTP's (`vocabulary.ts`) and replaces the rest: ids consistently and with as many digits, texts by their
 * kind.
 */
export class Sanitizer implements Texts {
	readonly aliases: Aliases;

	private secrets: string[] = [];

	/**
	 * @param secrets of the run, which are removed wherever they occur.
	 * @param key for aliases that can be stored.
	 */
	constructor(secrets: readonly string[] = [], key?: string) {
		this.aliases = new Aliases(key);
		this.learn(secrets);
	}

	/** Adds secrets and names that the run has learned. */
	learn(secrets: readonly string[]): void {
		this.secrets = [...new Set([...this.secrets, ...secrets])]
			.filter((secret) => secret.length >= SHORTEST_SECRET)
			.sort((one, other) => other.length - one.length);
	}

	/** Sanitizes the text of a body: JSON keeps its structure and the form of its values, anything else becomes words. */
	body(text: string): unknown {
		if (text.trim() === '') return '';
		const parsed = parseOrUndefined(text);
		return parsed === undefined ? this.sentence(text) : this.value(parsed, '', false);
	}

	/** Sanitizes header names and values. */
	headers(headers: Readonly<Record<string, string>>): Record<string, string> {
		return Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [
				this.key(name.toLowerCase()),
				sanitizeHeader(name.toLowerCase(), this.hide(value), this),
			]),
		);
	}

	/** Sanitizes an absolute URL, or a path with its query. */
	url(text: string): string {
		const isAbsolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
		if (!URL.canParse(text, 'https://host.invalid')) return HIDDEN;
		const url = new URL(text, 'https://host.invalid');
		const query = [...url.searchParams].map(
			([name, value]) => `${this.key(name)}=${this.string(value, name, false)}`,
		);
		const path = url.pathname.split('/').map((segment) => this.segment(segment));
		const origin = isAbsolute ? `${this.scheme(url)}//${this.host(url)}` : '';
		return `${origin}${path.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
	}

	/** Keeps the words of a sentence that belong to the language of an API. */
	sentence(text: string): string {
		const pieces = this.hide(text.slice(0, 20_000))
			.split(SEPARATORS)
			.map((piece, index) => (index % 2 === 1 ? piece.replace(/\s+/g, ' ') : this.chunk(piece)));
		const hidden = HIDDEN.replace(/[[\]]/g, '\\$&');
		return pieces
			.join('')
			.replace(new RegExp(`${hidden}(?:\\s*${hidden})+`, 'g'), HIDDEN)
			.slice(0, LONGEST_TEXT)
			.trim();
	}

	/** Quotes a value for a note. */
	quoted(text: string): string {
		return text === '' ? 'nothing' : `"${this.sentence(text)}"`;
	}

	/** Keeps a name in Procore's list of resources if it consists of known words. */
	toolName(name: string): string {
		return isToolName(name) ? name : HIDDEN;
	}

	/** Replaces an id. */
	id(id: string): string {
		return this.string(id, 'id', false);
	}

	private value(value: unknown, key: string, isSentence: boolean): unknown {
		if (value === null || typeof value === 'boolean') return value;
		if (isLosslessNumber(value)) return this.number(value.value, key);
		if (typeof value === 'number' || typeof value === 'bigint')
			return this.number(String(value), key);
		if (typeof value === 'string') return this.string(value, key, isSentence);
		if (Array.isArray(value)) return value.map((entry) => this.value(entry, key, isSentence));
		if (!isObject(value)) return HIDDEN;
		return Object.fromEntries(
			Object.entries(value).map(([name, entry]) => {
				const within = SENTENCES.test(name) || isSentence;
				return [this.key(name), this.value(entry, name, within)];
			}),
		);
	}

	private number(digits: string, key: string): unknown {
		if (!/^-?\d+$/.test(digits)) return new LosslessNumber('0.5');
		const isCount = COUNTS.test(key) && digits.length <= 4;
		if (isCount || /^-?\d$/.test(digits)) return new LosslessNumber(digits);
		return new LosslessNumber(this.aliases.of('id', digits.replace('-', '')));
	}

	private string(raw: string, key: string, isSentence: boolean): string {
		const text = this.hide(raw);
		if (text === '' || isTerm(text)) return text;
		if (/^\d{1,4}$/.test(text) && COUNTS.test(key)) return text;
		if (/^\d+$/.test(text)) return this.aliases.of('id', text);
		if (ULID.test(text)) return this.aliases.of('ulid', text);
		if (UUID.test(text)) return this.aliases.of('uuid', text);
		if (EMAIL.test(text)) return this.aliases.of('email', text);
		if (TIME.test(text)) return this.time(text);
		const masked = MASKED.exec(text);
		if (masked) return `${masked[1]}${'x'.repeat(Math.min(masked[2]?.length ?? 0, 8))}`;
		if (/^(?:https?|wss?):\/\//i.test(text)) return this.url(text);
		const [, scheme, credentials] = /^(Bearer|Basic) +(.+)$/is.exec(text) ?? [];
		if (credentials !== undefined) return `${scheme} ${this.aliases.of('token', credentials)}`;
		if (isSentence) return this.sentence(text);
		if (TOKEN.test(text)) return this.aliases.of('token', text);
		const word = key.toLowerCase().match(/[a-z]+$/)?.[0] ?? '';
		return this.aliases.of('text', text, isKnownWord(word) ? word : 'text');
	}

	/** Keeps the form of a time: its precision and its zone. */
	private time(text: string): string {
		const pattern = '2026-01-02T03:04:05.000000';
		const digits = text.replace(/(?:Z|[+-]\d{2}:?\d{2})$/, '');
		const zone = text.slice(digits.length).replace(/\d/g, '0');
		const isDay = digits.length === 10;
		return isDay ? pattern.slice(0, 10) : `${pattern.slice(0, digits.length)}${zone}`;
	}

	/** Keeps the name of a field if it consists of known words. */
	key(name: string): string {
		const parts = name.match(/[A-Za-z]+|\d+|[^A-Za-z\d]+/g) ?? [];
		const isKnown = parts.every((part) =>
			/^[A-Za-z]/.test(part)
				? part.split(/(?=[A-Z][a-z])/).every(isKnownWord)
				: /^(?:\d|[_.[\]-]+)$/.test(part),
		);
		return isKnown && parts.length <= 12 ? name : this.aliases.of('key', name);
	}

	private segment(encoded: string): string {
		let segment = encoded;
		try {
			segment = decodeURIComponent(encoded);
		} catch {
			return HIDDEN;
		}
		if (segment === '' || isPathPart(segment) || isTerm(segment) || /^\d$/.test(segment))
			return segment;
		const words = segment.split(/[_-]/);
		return words.every(isKnownWord) ? segment : this.string(segment, 'path', false);
	}

	private scheme({ protocol }: URL): string {
		return /^(?:https?|wss?):$/.test(protocol) ? protocol : 'https:';
	}

	private host({ host, port }: URL): string {
		if (OWN_HOSTS.has(host)) return host;
		return `${this.aliases.of('host', host)}${port === '' ? '' : ':8443'}`;
	}

	/** One piece of a sentence without separators. */
	private chunk(piece: string): string {
		const [, core = '', end = ''] = /^(.*?)([.']*)$/s.exec(piece) ?? [];
		if (core === '' || core === HIDDEN) return piece.length > 3 && core === '' ? HIDDEN : piece;
		const isKnown =
			/^\d{1,3}(?:\.\d)?$/.test(core) ||
			core.split(/[_/'-]/).every((word) => word !== '' && isKnownWord(word));
		return isKnown || isTerm(core) || isKnownWord(core) ? piece : `${HIDDEN}${end}`;
	}

	/** Removes secrets and names of the run from JSON or a page. Ids are digits, which would occur in others by chance. */
	hideWords(text: string): string {
		return this.hide(text, (secret) => /\D/.test(secret));
	}

	private hide(text: string, isMeant: (secret: string) => boolean = () => true): string {
		let masked = text;
		for (const secret of this.secrets.filter(isMeant)) masked = masked.replaceAll(secret, HIDDEN);
		return masked;
	}
}
