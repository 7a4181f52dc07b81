import {
	authorizationOf,
	isAuthorized,
	matchesMasked,
	newSecret,
} from '../../nodes/Procore/hook/secret';

const SECRET = 'c0ffee'.repeat(10) + 'abcd';

describe('newSecret', () => {
	test('is 32 bytes in hexadecimal digits, never the same twice', () => {
		const secrets = Array.from({ length: 100 }, newSecret);
		expect(new Set(secrets).size).toBe(100);
		for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{64}$/);
	});
});

describe('isAuthorized', () => {
	test('knows our secret', () => {
		expect(isAuthorized(`Bearer ${SECRET}`, SECRET)).toBe(true);
		expect(isAuthorized(authorizationOf(SECRET), SECRET)).toBe(true);
	});

	test.each([
		['another secret', `Bearer ${newSecret()}`, SECRET],
		['no header', undefined, SECRET],
		['an empty header', '', SECRET],
		['a scheme alone', 'Bearer ', SECRET],
		['no scheme', SECRET, SECRET],
		['another scheme', `Basic ${SECRET}`, SECRET],
		['another case of the scheme', `bearer ${SECRET}`, SECRET],
		['the start of it', `Bearer ${SECRET.slice(0, -1)}`, SECRET],
		['more than it', `Bearer ${SECRET}0`, SECRET],
		['the masked value', `*****${SECRET.slice(-5)}`, SECRET],
		['anything while we hold no secret', `Bearer ${SECRET}`, undefined],
		['nothing while we hold no secret', undefined, undefined],
		['the empty secret that we would hold', 'Bearer ', ''],
		['the word undefined', 'Bearer undefined', undefined],
	])('refuses %s', (_case, received, secret) => {
		expect(isAuthorized(received, secret)).toBe(false);
	});
});

describe('matchesMasked', () => {
	const authorization = authorizationOf(SECRET);

	test.each([
		['five stars and five characters', '*****eabcd', true],
		['four of them', '*****abcd', true],
		['another tail', '*****eabce', false],
		['a tail that is too short to tell', '*****bcd', false],
		['stars alone', '*****', false],
		['nothing', undefined, false],
		['empty text', '', false],
		['the whole value', authorizationOf(SECRET), true],
	])('%s', (_case, masked, expected) => {
		expect(matchesMasked(masked, authorization)).toBe(expected);
	});
});
