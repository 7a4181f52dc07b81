import fc from 'fast-check';
import { parse as parseLossless } from 'lossless-json';

import {
	explainNamespace,
	generateNamespace,
	isLegalNamespace,
	suggestNamespace,
} from '../../nodes/Procore/hook/namespace';
import { explainInvalidId } from '../../nodes/Procore/model/id';
import { parseJson } from '../../nodes/Procore/model/json';
import { readBody } from '../../nodes/Procore/receive/body';

/** Text as users paste it and Procore might send it: any code point, lone surrogates, markup, whitespace. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: 'grapheme' }),
	fc.string({ unit: fc.constantFrom('<', '"', '\\', '{', '\u0000', '\ud800', 'é', ' ', '-', 'a') }),
);

/** Integers of any length, as JSON writes them. */
const digits = fc.tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 30n }));
const integer = digits.map(([sign, value]) => `${sign}${value}`);

/** JSON text with integers of any length and arbitrary keys. */
const { json } = fc.letrec<{ json: string }>((tie) => ({
	json: fc.oneof(
		{ maxDepth: 4, depthSize: 'small' },
		integer,
		fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
		anyText.map((value) => JSON.stringify(value)),
		fc.constantFrom('null', 'true', 'false', '""', '1e5', '-0.5E-3', '12345678901234567890.5'),
		fc.array(tie('json'), { maxLength: 4 }).map((entries) => `[${entries.join(' , ')}]`),
		fc
			.uniqueArray(fc.tuple(anyText, tie('json')), { selector: ([key]) => key, maxLength: 4 })
			.map(
				(entries) =>
					`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`,
			),
	),
}));

/** The number of a token, or its digits if a number would lose one. */
function exact(token: string): number | string {
	const number = Number(token);
	return /^-?\d+$/.test(token) && !Number.isSafeInteger(number) ? token : number;
}

function parsedOrUndefined(source: string): unknown {
	try {
		return JSON.parse(source);
	} catch {
		return undefined;
	}
}

describe('JSON', () => {
	test('keeps every digit of every integer, and otherwise equals JSON.parse', () => {
		fc.assert(
			fc.property(json, (source) => {
				// The reference has no own key of this name.
				fc.pre(!source.includes('"__proto__"'));
				expect(parseJson(source)).toEqual(parseLossless(source, undefined, exact));
			}),
		);
	});

	test('keeps keys that name parts of the prototype and changes no prototype', () => {
		const key = fc.constantFrom(
			'__proto__',
			'constructor',
			'prototype',
			'toString',
			'hasOwnProperty',
		);
		fc.assert(
			fc.property(key, integer, (name, value) => {
				const parsed = parseJson(`{"${name}":{"polluted":${value}}}`);
				expect(Object.entries(Object(parsed))).toEqual([[name, { polluted: exact(value) }]]);
				expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
			}),
		);
	});

	test('accepts and rejects the same texts as JSON.parse', () => {
		const broken = fc.tuple(json, fc.nat(), anyText).map(([source, at, text]) => {
			const cut = at % (source.length + 1);
			return source.slice(0, cut) + text + source.slice(cut);
		});
		fc.assert(
			fc.property(fc.oneof(anyText, broken), (source) => {
				expect(parseJson(source) === undefined).toBe(parsedOrUndefined(source) === undefined);
			}),
		);
	});
});

describe('the body of an event', () => {
	test('never makes the reader fail', () => {
		fc.assert(
			fc.property(fc.oneof(json, anyText), (source) => {
				const received = readBody(Buffer.from(source));
				if (received.kind === 'event') expect(received.read.event.id).not.toBe('');
			}),
		);
	});
});

describe('a namespace', () => {
	test('that is suggested is valid, if there is one', () => {
		fc.assert(
			fc.property(anyText, (typed) => {
				const suggestion = suggestNamespace(typed);
				expect(suggestion === '' || isLegalNamespace(suggestion)).toBe(true);
				expect(suggestNamespace(suggestion)).toBe(suggestion);
			}),
		);
	});

	test('that is valid contains only lowercase letters, digits and dashes', () => {
		fc.assert(
			fc.property(anyText, (typed) => {
				expect(isLegalNamespace(typed)).toBe(/^[a-z0-9-]+$/.test(typed) && !typed.includes('\n'));
				expect(explainNamespace(typed)).toContain('is not a valid namespace');
			}),
		);
	});

	test('that is generated contains only letters and dashes', () => {
		fc.assert(
			fc.property(anyText, anyText, (url, workflow) => {
				expect(generateNamespace(url, workflow)).toMatch(/^[a-z-]{20,63}$/);
			}),
		);
	});
});

describe('an ID', () => {
	test('is only used in a path if it cannot change the path', () => {
		const pieces = fc.array(
			fc.oneof(integer, anyText, fc.constantFrom('..', '/', '%2e', '?', '#')),
		);
		fc.assert(
			fc.property(pieces, (typed) => {
				const id = typed.join('');
				const path = `/rest/v2.0/hooks/${id}/triggers`;
				if (explainInvalidId(id, 'Hook') === undefined) {
					expect(new URL(path, 'https://api.procore.com').pathname).toBe(path);
					expect(id).not.toBe('');
				} else {
					expect(explainInvalidId(id, 'Hook')).toContain('Hook');
				}
			}),
		);
	});
});
