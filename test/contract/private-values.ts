import fc from 'fast-check';

/** Letters of which no English word has six in a row. */
const RARE = 'q z x j k v w y ñ ø'.replaceAll(' ', '');
const RARE_CAPITALS = 'Q Z X J K V'.replaceAll(' ', '');

const letters = (from: string, min: number, max: number) =>
	fc.string({ unit: fc.constantFrom(...from), minLength: min, maxLength: max });

/** Words that are in no vocabulary, because no word has so many of these letters. */
const word = letters(RARE, 6, 10);
const name = fc.oneof(
	word,
	fc
		.tuple(word, word)
		.map(([first, last]) => `${first[0]?.toUpperCase()}${first.slice(1)} ${last}`),
	fc.tuple(word, word).map(([first, last]) => `O'${first}-${last}`),
	fc
		.tuple(fc.integer({ min: 1000, max: 9999 }), word)
		.map(([number, road]) => `${number} ${road} St`),
);
/** Not those that look like an alias: 1, zeros, a short number. */
const id = fc
	.bigInt({ min: 10n ** 5n, max: 10n ** 19n })
	.map(String)
	.filter((digits) => !/^10+\d{0,4}$/.test(digits));
const secret = fc.oneof(
	letters('0123456789abcdef', 64, 64),
	letters('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 40, 44),
	letters(`${RARE.slice(0, 6)}${RARE_CAPITALS}0123456789_-`, 24, 40).map(
		(text) => `eyJ${text}.${text}q.${text}z`,
	),
	letters(RARE.slice(0, 5) + '!$&*\\"\'<>{};', 10, 20).filter((text) => /[a-z]{3}/.test(text)),
);
const email = fc.tuple(word, word).map(([user, host]) => `${user}@${host}.com`);
/** A name, an id, a secret or an e-mail address of somebody's account. */
export const PRIVATE_VALUE = fc.oneof(name, id, secret, email);

/** A name, or an address: digits first. */
const NAME = new RegExp(`^[\\d\\s]*\\D{0,2}[${RARE}]`, 'i');

/** What must not be in the output: the value, what JSON and a URL make of it, and the words of a name. */
export function tracesOf(text: string): string[] {
	const words = text.match(/[^\s\d'"@.-]{6,}/g) ?? [];
	const forms = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)];
	return [...forms, ...(NAME.test(text) ? words : [])].map((trace) => trace.toLowerCase());
}
