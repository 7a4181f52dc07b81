import { eventKey, type ProcoreEvent } from './event';

/**
 * The position of an event in time as sortable text: its ULID, or one derived from its timestamp. Compare with `<`
 * [ULID-SORTS].
 */
export type EventPosition = string;

/** Crockford's base 32, the alphabet of ULIDs. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_DIGITS = 10;
const TIME = /^[0-7][0-9A-HJKMNP-TV-Z]{9}/;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Returns the position before all events of a millisecond, given in milliseconds since 1970. */
export function positionAt(time: number): EventPosition {
	let rest = Math.max(0, Math.floor(time));
	let position = '';
	for (let digit = 0; digit < TIME_DIGITS; digit += 1) {
		position = `${DIGITS[rest % DIGITS.length] ?? ''}${position}`;
		rest = Math.floor(rest / DIGITS.length);
	}
	return position;
}

/** Whether a text begins with a time, as every position does. */
export function isPosition(text: string): boolean {
	return TIME.test(text);
}

/** Returns the time of a position in milliseconds since 1970. */
export function timeAt(position: EventPosition): number {
	return [...position.slice(0, TIME_DIGITS)].reduce(
		(time, digit) => time * DIGITS.length + Math.max(0, DIGITS.indexOf(digit)),
		0,
	);
}

/**
 * Returns the position of an event.
 *
 * @param fallback milliseconds since 1970, for an event with neither a ULID nor a timestamp.
 */
export function positionOf(event: ProcoreEvent, fallback: number): EventPosition {
	const ulid = event.ulid?.toUpperCase() ?? '';
	if (ULID.test(ulid)) return ulid;
	const time = Date.parse(event.timestamp);
	return `${positionAt(Number.isNaN(time) ? fallback : time)}${eventKey(event)}`;
}
