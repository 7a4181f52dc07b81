import {
	idList,
	isJsonObject,
	jsonObject,
	jsonObjects,
	parseJson,
	text,
	textOrNull,
	toJson,
} from '../../nodes/Procore/model/json';

describe('parseJson', () => {
	test.each([
		['an id of 19 digits', '{"id":6120447718830551043}', { id: '6120447718830551043' }],
		['a negative one', '[-6120447718830551043]', ['-6120447718830551043']],
		['the largest safe integer', '[9007199254740991]', [9007199254740991]],
		['the first unsafe one', '[9007199254740992]', ['9007199254740992']],
		[
			'ids in nested objects',
			'{"a":[{"b":12345678901234567890}]}',
			{ a: [{ b: '12345678901234567890' }] },
		],
		['spaces around an id', '{ "id" : 6120447718830551043 }', { id: '6120447718830551043' }],
		[
			'an id among small numbers',
			'[1,-2,3.5,1e3,6120447718830551043]',
			[1, -2, 3.5, 1000, '6120447718830551043'],
		],
		['a long fraction', '[0.1234567890123456789]', [0.12345678901234568]],
		['an exponent', '[1234567890123456789e2]', [Number('1234567890123456789e2')]],
		[
			'digits in text',
			'{"note":"no 6120447718830551043 here"}',
			{ note: 'no 6120447718830551043 here' },
		],
		['digits as a key', '{"6120447718830551043":1}', { '6120447718830551043': 1 }],
		[
			'digits after an escaped quote',
			String.raw`{"note":"a \" 6120447718830551043","id":6120447718830551043}`,
			{ note: 'a " 6120447718830551043', id: '6120447718830551043' },
		],
		[
			'text that ends in a backslash',
			String.raw`{"note":"a\\","id":6120447718830551043}`,
			{ note: 'a\\', id: '6120447718830551043' },
		],
		['no number at all', '{"a":null,"b":true,"c":"x"}', { a: null, b: true, c: 'x' }],
		['a bare id', '6120447718830551043', '6120447718830551043'],
	])('keeps %s', (_case, source, expected) => {
		expect(parseJson(source)).toStrictEqual(expected);
	});

	test('keeps every digit next to a text of many megabytes', () => {
		const content = 'a'.repeat(20_000_000);
		expect(
			parseJson(JSON.stringify({ content }).replace('}', ',"id":6120447718830551043}')),
		).toEqual({ content, id: '6120447718830551043' });
	});

	test.each([
		'',
		'{',
		'undefined',
		'{"id":6120447718830551043',
		"{'id':1}",
		'<html></html>',
		'NaN',
	])('returns undefined for %j, which is not JSON', (source) => {
		expect(parseJson(source)).toBeUndefined();
	});

	test('distinguishes null, which is JSON, from text that is not', () => {
		expect(parseJson('null')).toBeNull();
	});

	test('handles long text before an id', () => {
		const parsed = jsonObject(
			parseJson(
				`{"note":"${'x"'.repeat(100_000).replaceAll('"', '\\"')}","id":6120447718830551043}`,
			),
		);
		expect(parsed.id).toBe('6120447718830551043');
	});

	test('changes no prototype if the text contains a __proto__', () => {
		const parsed = parseJson('{"__proto__":{"polluted":6120447718830551043}}');
		expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
		expect('polluted' in {}).toBe(false);
	});
});

describe('toJson', () => {
	test.each([
		[
			'a bigint as a number with every digit',
			{ id: 6120447718830551043n },
			'{"id":6120447718830551043}',
		],
		['a negative one', [-12n], '[-12]'],
		['small ones too', { project_id: 902214n }, '{"project_id":902214}'],
		['text that looks like one', { a: '6120447718830551043' }, '{"a":"6120447718830551043"}'],
		['everything else as it is', { a: [1, 'x', null, true] }, '{"a":[1,"x",null,true]}'],
	])('writes %s', (_case, body, expected) => {
		expect(toJson(body)).toBe(expected);
	});

	test('writes what parseJson reads back without loss', () => {
		expect(parseJson(toJson({ id: 6120447718830551043n }))).toEqual({ id: '6120447718830551043' });
	});
});

describe('reading values of unknown type', () => {
	test.each([
		['text', 'a', 'a'],
		['empty text', '', null],
		['a number', 12, '12'],
		['zero', 0, '0'],
		['a bigint', 6120447718830551043n, '6120447718830551043'],
		['null', null, null],
		['undefined', undefined, null],
		['a boolean', true, null],
		['an object', { a: 1 }, null],
		['a list', ['a'], null],
	])('textOrNull accepts or rejects %s', (_case, value, expected) => {
		expect(textOrNull(value)).toBe(expected);
		expect(text(value)).toBe(expected ?? '');
	});

	test.each([
		[{}, true],
		[[], false],
		[null, false],
		['{}', false],
	])('isJsonObject of %j is %j', (value, expected) => {
		expect(isJsonObject(value)).toBe(expected);
	});

	test('lists keep their objects, and any other value has none', () => {
		expect(jsonObjects([{ a: 1 }, null, 'x', [1], { b: 2 }])).toEqual([{ a: 1 }, { b: 2 }]);
		expect(jsonObjects({ data: [] })).toEqual([]);
		expect(jsonObject([1])).toEqual({});
		expect(idList(['6120447718830551043', 12])).toEqual(['6120447718830551043', '12']);
		expect(idList(null)).toEqual([]);
	});
});
