import {
	authorizationOf,
	deriveSecret,
	digestOf,
	isAuthorized,
	matchesMasked,
} from '../../nodes/Procore/hook/secret';

const SECRET = 'c0ffee'.repeat(10) + 'abcd';

const PLACE = {
	apiUrl: 'https://api.procore.com',
	companyId: '4501177',
	url: 'https://n8n.larkspur.example/webhook/1/procore',
};

describe('deriveSecret', () => {
	test('always returns the same secret, because existing hooks contain it', () => {
		// openssl: HMAC-SHA-256, keyed with the client secret, over a JSON list of the version, the host, the company and the URL.
		expect(deriveSecret('client-secret', PLACE)).toBe(
			'739b9f63ae7ed1a86766ecde80d94ea95bbfc4847ffec8f291a7ff5144d286d6',
		);
	});

	test('depends on the client secret, host, company, address and node, and on where they end', () => {
		const { apiUrl, companyId, url } = PLACE;
		const secrets = [
			deriveSecret('client-secret', PLACE),
			deriveSecret('client-secreT', PLACE),
			deriveSecret('client-secret', { ...PLACE, apiUrl: 'https://sandbox.procore.com' }),
			deriveSecret('client-secret', { ...PLACE, companyId: '4501178' }),
			deriveSecret('client-secret', { ...PLACE, url: url.replace('n8n', 'copy') }),
			deriveSecret('client-secret', { ...PLACE, url: url.replace('/1/', '/2/') }),
			deriveSecret('client-secret', {
				...PLACE,
				apiUrl: `${apiUrl}4`,
				companyId: companyId.slice(1),
			}),
			deriveSecret('client-secret', { ...PLACE, companyId: `${companyId}h`, url: url.slice(1) }),
			deriveSecret('client-secret', { ...PLACE, renewal: 'again' }),
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
		['another secret', `Bearer ${deriveSecret('other', PLACE)}`, accepted],
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
