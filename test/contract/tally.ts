import { readErrorText } from '../../nodes/Procore/api/error-text';
import type { Headers } from '../../nodes/Procore/api/rate-budget';
import { explainInvalidId } from '../../nodes/Procore/model/id';
import { isJsonObject, parseJson, text, type JsonValue } from '../../nodes/Procore/model/json';

/** The hourly limit resets within an hour. */
const LONGEST_RESET_S = 3700;

/** What holds for the responses of a run, in numbers. */
export interface Tally {
	readonly answered: number;
	readonly redirects: number;
	/** Bodies of a 2xx that are not JSON. */
	readonly broken: number;
	/** Bodies that came with an error status, and those without a text. */
	readonly refused: number;
	readonly mute: number;
	/** Responses with rate limit headers, and those whose reset is a time in seconds. */
	readonly limited: number;
	readonly inSeconds: number;
	readonly ids: number;
	readonly oddIds: number;
	/** The longest time to a reset in seconds, by limit. */
	readonly resets: Readonly<Record<string, number>>;
}

/** A response, as far as the tally needs it. */
interface Response {
	readonly status: number;
	readonly headers: Headers;
	readonly body: string;
}

export const NOTHING: Tally = {
	...{ answered: 0, redirects: 0, broken: 0, refused: 0, mute: 0, limited: 0, inSeconds: 0 },
	...{ ids: 0, oddIds: 0, resets: {} },
};

function idsIn(value: JsonValue): string[] {
	if (Array.isArray(value)) return value.flatMap(idsIn);
	if (!isJsonObject(value)) return [];
	const inner = Object.values(value).flatMap(idsIn);
	return value.id === undefined || value.id === null ? inner : [text(value.id), ...inner];
}

/** Seconds until the reset that the headers tell; undefined without rate limit headers. */
function resetOf(headers: Headers): number | undefined {
	const names = ['limit', 'remaining', 'reset'].map((each) => `x-rate-limit-${each}`);
	if (names.some((name) => headers[name] === undefined)) return undefined;
	const now = (Date.parse(headers.date ?? '') || Date.now()) / 1000;
	return Number(headers['x-rate-limit-reset']) - now;
}

function count(holds: boolean): number {
	return holds ? 1 : 0;
}

/** The numbers of one response. */
export function tallyOf({ status, headers, body }: Response): Tally {
	const hasBody = body.trim() !== '';
	const parsed = status < 300 && hasBody ? parseJson(body) : undefined;
	const isRefused = status >= 400 && hasBody;
	const ids = parsed === undefined ? [] : idsIn(parsed);
	const reset = resetOf(headers);
	const limit = headers['x-rate-limit-limit'] ?? '';
	const isKnown = reset !== undefined && Number.isFinite(reset) && /^\d{1,6}$/.test(limit);
	return {
		answered: 1,
		redirects: count(status >= 300 && status < 400),
		broken: count(status < 300 && hasBody && parsed === undefined),
		refused: count(isRefused),
		mute: count(isRefused && readErrorText(parseJson(body) ?? body) === ''),
		limited: count(reset !== undefined),
		inSeconds: count(reset !== undefined && reset > -60 && reset < LONGEST_RESET_S),
		ids: ids.length,
		oddIds: ids.filter((id) => explainInvalidId(id, 'Id') !== undefined).length,
		resets: isKnown ? { [limit]: Math.round(reset) } : {},
	};
}

/** Adds two tallies. */
export function sum(one: Tally, other: Tally): Tally {
	const resets = { ...one.resets };
	for (const [limit, seconds] of Object.entries(other.resets))
		resets[limit] = Math.max(seconds, resets[limit] ?? 0);
	return {
		answered: one.answered + other.answered,
		redirects: one.redirects + other.redirects,
		broken: one.broken + other.broken,
		refused: one.refused + other.refused,
		mute: one.mute + other.mute,
		limited: one.limited + other.limited,
		inSeconds: one.inSeconds + other.inSeconds,
		ids: one.ids + other.ids,
		oddIds: one.oddIds + other.oddIds,
		resets,
	};
}
