import { readAccount } from '../../nodes/Procore/api/environment';
import { isOwnHost, mayCarryToken, redirectTarget } from '../../nodes/Procore/api/file-access';

const production = readAccount({ environment: 'production' });
const federal = readAccount({ environment: 'federal' });
const gateway = readAccount({ environment: 'custom', apiUrl: 'http://127.0.0.1:8787' });

describe("Procore's own hosts", () => {
	test.each([
		['https://api.procore.com/rest/v1.0/projects/1/rfis/2.pdf', true],
		['https://storage.procore.com/api/v5/files/x?sig=1', true],
		['https://procore.com/x', false],
		['https://STORAGE.PROCORE.COM/x', true],
		['http://storage.procore.com/x', false],
		['https://notprocore.com/x', false],
		['https://procore.com.evil.example/x', false],
		['https://evil.example/procore.com', false],
		['https://user@evil.example/?.procore.com', false],
		['https://storage.procoregov.com/x', false],
		['https://s3.amazonaws.com/pro-core.com/x', false],
	])('%s: %j', (url, isOwn) => {
		expect(isOwnHost(url, production)).toBe(isOwn);
	});

	test('differ in the Federal Zone', () => {
		expect(isOwnHost('https://storage.procoregov.com/x', federal)).toBe(true);
		expect(isOwnHost('https://storage.procore.com/x', federal)).toBe(false);
	});

	test('are only the origin of the API URL for a gateway', () => {
		expect(isOwnHost('http://127.0.0.1:8787/files/1', gateway)).toBe(true);
		expect(isOwnHost('http://127.0.0.1:8788/files/1', gateway)).toBe(false);
		expect(isOwnHost('https://storage.procore.com/x', gateway)).toBe(false);
	});
});

describe('the token', () => {
	const api = 'https://api.procore.com/rest/v1.0/projects/1/rfis/2.pdf';
	const storage = 'https://storage.procore.com/api/v5/files/x';
	const aws = 'https://s3.amazonaws.com/x';

	test.each<[string, string[], boolean]>([
		[storage, [], true],
		[aws, [], false],
		[aws, [storage], false],
		[storage, [api], true],
		['http://storage.procore.com/x', [api], false],
		['https://evilprocore.com/x', [api], false],
		['https://api.procore.com/other', [api], true],
		[aws, [api, storage], false],
		// Not even back to Procore, because another host chose the address.
		[storage, [storage, aws], false],
		[api, [api, aws, storage], false],
	])('goes to %s after %j: %j', (url, path, carries) => {
		expect(mayCarryToken(url, path, production)).toBe(carries);
	});
});

describe('the target of a redirect', () => {
	const from = 'https://storage.procore.com/files/1';

	test.each([
		['https://s3.amazonaws.com/x?y=1', 'https://s3.amazonaws.com/x?y=1'],
		['/files/2', 'https://storage.procore.com/files/2'],
		['http://s3.amazonaws.com/x', undefined],
		['file:///etc/passwd', undefined],
		['javascript:alert(1)', undefined],
		['https://', undefined],
		['', undefined],
		[undefined, undefined],
	])('%j is %j', (location, target) => {
		expect(redirectTarget(location, from)).toBe(target);
	});

	test('can be http if the address was, as for a gateway', () => {
		const target = 'http://127.0.0.1:2/x';
		expect(redirectTarget(target, 'http://127.0.0.1:1/')).toBe(target);
	});
});
