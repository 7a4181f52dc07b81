import { EUROPE, COMPANY, at, idAt, useEmulator } from './support/api';
import type { Reply } from './support/api';
import { sample, shapeOf } from './support/shape';

const REDIRECT = 'http://localhost:5678/rest/oauth2-credential/callback';

describe('OAuth', () => {
	const emulator = useEmulator();
	const noToken = { token: null, company: null };

	const form = async (path: string, fields: Record<string, string>, headers = {}) =>
		await emulator.api.call('POST', path, new URLSearchParams(fields).toString(), {
			...noToken,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
		});
	const client = async () => {
		const { clientId, clientSecret } = await emulator.control.seed();
		return { client_id: clientId, client_secret: clientSecret };
	};
	const authorizePath = async (fields: Record<string, string> = {}) => {
		const { clientId } = await emulator.control.seed();
		const query = {
			response_type: 'code',
			client_id: clientId,
			redirect_uri: REDIRECT,
			state: 'a state & more',
		};
		return `/oauth/authorize?${new URLSearchParams({ ...query, ...fields }).toString()}`;
	};
	const logIn = async (fields: Record<string, string> = {}): Promise<Reply> => {
		const { clientId, webUser } = await emulator.control.seed();
		return await form('/oauth/authorize', {
			response_type: 'code',
			client_id: clientId,
			redirect_uri: REDIRECT,
			state: 'a state & more',
			login: webUser.login,
			password: webUser.password,
			...fields,
		});
	};
	const code = async () =>
		new URL((await logIn()).headers.location ?? '').searchParams.get('code') ?? '';
	const redeem = async (fields: Record<string, string> = {}) =>
		await form('/oauth/token', {
			...(await client()),
			grant_type: 'authorization_code',
			redirect_uri: REDIRECT,
			...fields,
		});
	const refresh = async (token: string) =>
		await form('/oauth/token', {
			...(await client()),
			grant_type: 'refresh_token',
			refresh_token: token,
		});
	const me = async (token: string) => (await emulator.api.get('/rest/v1.0/me', { token })).status;

	test('shows a login page that carries the request', async () => {
		const page = await emulator.api.get(await authorizePath(), noToken);
		expect(page.status).toBe(200);
		expect(page.headers['content-type']).toMatch(/^text\/html/);
		expect(page.text).toContain('Log In and Allow');
		expect(page.text).toContain('name="state" value="a state &amp; more"');
	});

	test.each([
		['client', { client_id: 'somebody-else' }],
		['response type', { response_type: 'token' }],
		['redirect URI', { redirect_uri: 'nowhere' }],
	])('answers a wrong %s with an error page instead of a login', async (_what, fields) => {
		const page = await emulator.api.get(await authorizePath(fields), noToken);
		expect(page.status).toBe(401);
		expect(page.text).not.toContain('password');
		expect((await logIn(fields)).status).toBe(401);
	});

	test('asks again after a wrong password', async () => {
		const page = await logIn({ password: 'wrong' });
		expect(page.status).toBe(401);
		expect(page.text).toContain('Email or password is wrong.');
		expect(page.headers.location).toBeUndefined();
	});

	test('returns from the login with code and state, and exchanges the code for tokens', async () => {
		const back = await logIn();
		expect(back.status).toBe(302);
		const target = new URL(back.headers.location ?? '');
		expect(target.origin + target.pathname).toBe(REDIRECT);
		expect(target.searchParams.get('state')).toBe('a state & more');

		const token = await redeem({ code: target.searchParams.get('code') ?? '' });
		expect(token.status).toBe(200);
		const expected = sample('oauth-token-authorization-code');
		expect(Object.keys(Object(token.json)).sort()).toEqual(Object.keys(Object(expected)).sort());
		expect(token.json).toMatchObject({ token_type: 'bearer', expires_in: 5400 });
		expect(await me(idAt(token.json, 'access_token'))).toBe(200);
	});

	test('accepts a code once', async () => {
		const given = await code();
		expect((await redeem({ code: given })).status).toBe(200);
		const again = await redeem({ code: given });
		expect(again.status).toBe(401);
		expect(again.json).toMatchObject({ error: 'invalid_grant' });
	});

	test('accepts a code for ten minutes', async () => {
		const [soon, late] = [await code(), await code()];
		await emulator.control.advance(590);
		expect((await redeem({ code: soon })).status).toBe(200);
		await emulator.control.advance(15);
		expect((await redeem({ code: late })).json).toMatchObject({ error: 'invalid_grant' });
	});

	test('accepts a code only with its redirect URI', async () => {
		const answer = await redeem({ code: await code(), redirect_uri: `${REDIRECT}/other` });
		expect(answer.json).toMatchObject({ error: 'invalid_grant' });
	});

	test('returns new tokens for a refresh and revokes the old ones', async () => {
		const first = await redeem({ code: await code() });
		const second = await refresh(idAt(first.json, 'refresh_token'));
		expect(second.status).toBe(200);
		expect(at(second.json, 'refresh_token')).not.toBe(at(first.json, 'refresh_token'));
		expect(await me(idAt(first.json, 'access_token'))).toBe(401);
		expect(await me(idAt(second.json, 'access_token'))).toBe(200);

		const again = await refresh(idAt(first.json, 'refresh_token'));
		expect(again.status).toBe(401);
		expect(again.json).toEqual({
			error: 'invalid_grant',
			error_description: 'The refresh token is invalid',
		});
		expect((await refresh(idAt(second.json, 'refresh_token'))).status).toBe(200);
	});

	test('expires an access token after 90 minutes, but not its refresh token', async () => {
		const pair = await redeem({ code: await code() });
		await emulator.control.advance(5390);
		expect(await me(idAt(pair.json, 'access_token'))).toBe(200);
		await emulator.control.advance(20);
		expect(await me(idAt(pair.json, 'access_token'))).toBe(401);
		expect((await refresh(idAt(pair.json, 'refresh_token'))).status).toBe(200);
	});

	test('returns no refresh token for client credentials, which act as the service account', async () => {
		const token = await form('/oauth/token', {
			...(await client()),
			grant_type: 'client_credentials',
		});
		const expected = sample('oauth-token-client-credentials');
		expect(Object.keys(Object(token.json)).sort()).toEqual(Object.keys(Object(expected)).sort());
		const own = await emulator.api.get('/rest/v1.0/me', {
			token: idAt(token.json, 'access_token'),
		});
		const { serviceAccountUserId } = await emulator.control.seed();
		expect(own.json).toMatchObject({ id: Number(serviceAccountUserId) });
	});

	test.each(['/rest/v1.0/me', '/rest/v1.0/companies'])(
		'requires the company header for %s with client credentials only',
		async (path) => {
			const { accessToken } = await emulator.control.issueToken({ grant: 'clientCredentials' });
			const bare = await emulator.api.get(path, { token: accessToken, company: null });
			expect([bare.status, bare.text]).toEqual([400, 'Missing Procore-Company-Id header!']);
			const told = await emulator.api.get(path, { token: accessToken, company: COMPANY });
			expect(told.status).toBe(200);
			expect((await emulator.api.get(path, { company: null })).status).toBe(200);
		},
	);

	test('accepts id and secret in the body, as a form or as JSON, and rejects Basic', async () => {
		const { client_id, client_secret } = await client();
		const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
		const refused = await form(
			'/oauth/token',
			{ grant_type: 'client_credentials' },
			{ Authorization: `Basic ${basic}` },
		);
		expect(refused.status).toBe(401);
		expect(refused.json).toMatchObject({ error: 'invalid_client' });

		const asJson = await emulator.api.post(
			'/oauth/token',
			{ grant_type: 'client_credentials', client_id, client_secret },
			noToken,
		);
		expect(asJson.status).toBe(200);
	});

	test('answers invalid_client and unsupported_grant_type', async () => {
		const wrong = await form('/oauth/token', {
			...(await client()),
			client_secret: 'wrong',
			grant_type: 'client_credentials',
		});
		expect([wrong.status, at(wrong.json, 'error')]).toEqual([401, 'invalid_client']);
		const odd = await form('/oauth/token', { ...(await client()), grant_type: 'password' });
		expect([odd.status, at(odd.json, 'error')]).toEqual([400, 'unsupported_grant_type']);
	});

	test('returns token info', async () => {
		const info = await emulator.api.get('/oauth/token/info', { company: null });
		expect(info.status).toBe(200);
		expect(shapeOf(info.json)).toEqual(shapeOf(sample('oauth-token-info')));
		expect((await emulator.api.get('/oauth/token/info', { token: 'x' })).status).toBe(401);
	});

	test('ends both tokens when either is revoked, and answers 200 for an unknown one', async () => {
		const pair = await redeem({ code: await code() });
		const revoke = async (token: string) =>
			await form('/oauth/revoke', { ...(await client()), token });
		expect((await revoke('unknown')).status).toBe(200);
		expect((await revoke(idAt(pair.json, 'access_token'))).status).toBe(200);
		expect(await me(idAt(pair.json, 'access_token'))).toBe(401);
		expect((await refresh(idAt(pair.json, 'refresh_token'))).status).toBe(401);
		expect((await form('/oauth/revoke', { token: 'x' })).status).toBe(401);
	});

	test('returns the name of the caller only with a company', async () => {
		const bare = await emulator.api.get('/rest/v1.0/me', { company: null });
		expect(bare.json).toEqual({ id: 7710345, login: 'dana.okafor@larkspur.example' });
		const named = await emulator.api.get(`/rest/v1.0/me?company_id=${EUROPE}`);
		expect(named.json).toMatchObject({ name: 'Dana Okafor' });
	});
});
