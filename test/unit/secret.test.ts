import {
	authorizationOf,
	deriveSecret,
	digestOf,
	isAuthorized,
	matchesMasked,
} from '../../nodes/Procore/hook/secret';

const SECRET = 'c0ffee'.repeat(10) + 'abcd';

const API = 'https://api.procore.com';
const URL_OF_NODE = 'https://n8n.larkspur.example/webhook/1/procore';

describe('deriveSecret', () => {
	test('always returns the same secret, because existing hooks contain it', () => {
		// openssl: HMAC-SHA-256, keyed with the client secret, over a JSON list of the version, the host and the URL.
		expect(deriveSecret('client-secret', API, URL_OF_NODE)).toBe(
			'daf299d1f862ee05a51859ff7e9d538a93460c29985e322804dbfaf5be5c9cd7',
		);
	});

	test('depends on the client secret, host, address and node, and on where they end', () => {
		const secrets = [
			deriveSecret('client-secret', API, URL_OF_NODE),
			deriveSecret('client-secreT', API, URL_OF_NODE),
			deriveSecret('client-secret', 'https://sandbox.procore.com', URL_OF_NODE),
			deriveSecret('client-secret', API, URL_OF_NODE.replace('n8n', 'copy')),
			deriveSecret('client-secret', API, URL_OF_NODE.replace('/1/', '/2/')),
			deriveSecret('client-secret', `${API}h`, URL_OF_NODE.slice(1)),
		];
		expect(new Set(secrets).size).toBe(secrets.length);
	});
});

describe('isAuthorized', () => {
	const accepted = [digestOf(authorizationOf(SECRET))];

	test('accepts our secret, alone and among others', () => {
		expect(isAuthorized(`Bearer ${SECRET}`, accepted)).toBe(true);
		expect(isAuthorized(authorizationOf(SECRET), ['', digestOf('another'), ...accepted])).toBe(
			true,
		);
	});

	test.each([
		['another secret', `Bearer ${deriveSecret('other', API, URL_OF_NODE)}`, accepted],
		['no header', undefined, accepted],
		['an empty header', '', accepted],
		['a scheme alone', 'Bearer ', accepted],
		['no scheme', SECRET, accepted],
		['another scheme', `Basic ${SECRET}`, accepted],
		['another case of the scheme', `bearer ${SECRET}`, accepted],
		['the start of it', `Bearer ${SECRET.slice(0, -1)}`, accepted],
		['more than it', `Bearer ${SECRET}0`, accepted],
		['the masked value', `*****${SECRET.slice(-5)}`, accepted],
		['the digest itself, which may be read in a database', accepted[0], accepted],
		['anything while nothing is accepted', `Bearer ${SECRET}`, []],
		['nothing while nothing is accepted', undefined, []],
		['what is stored in place of a digest', 'stored', ['stored', '']],
		['no header where its digest is stored', undefined, [digestOf('')]],
		['an empty header where its digest is stored', '', [digestOf('')]],
	])('rejects %s', (_case, received, digests) => {
		expect(isAuthorized(received, digests)).toBe(false);
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
