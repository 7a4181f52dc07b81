import { Router } from 'express';
import type { Request, Response } from 'express';

import { authenticate } from './access';
import type { Emulator } from './emulator';
import { OAuthError } from './errors';
import { contextOf, queryOf, sendJson } from './http';
import { fromJson, idNumber, isObject, textOf } from './json';
import type { JsonObject } from './json';
import { codePage, errorPage, loginPage } from './login-page';
import type { AuthorizeRequest } from './login-page';
import { CLIENT_ID, CLIENT_SECRET, WEB_USER } from './seed';
import { TOKEN_LIFE_SECONDS } from './tokens';
import type { AccessToken } from './tokens';

const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';

function parsedBody(body: string): JsonObject | undefined {
	try {
		const parsed = fromJson(body);
		return isObject(parsed) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

/** The fields of a form or JSON body; none if the body is not valid. */
function oauthFields(request: Request): Map<string, string> {
	const { body } = contextOf(request);
	if (!/json/i.test(request.headers['content-type'] ?? '')) {
		return new Map(new URLSearchParams(body));
	}
	const fields = new Map<string, string>();
	for (const [name, value] of Object.entries(parsedBody(body) ?? {})) {
		const text = textOf(value);
		if (text !== undefined) fields.set(name, text);
	}
	return fields;
}

/** The `grant_type` of a token request, empty if it is missing; null for every other call. */
export function grantOf(request: Request): string | null {
	if (request.path !== '/oauth/token') return null;
	return oauthFields(request).get('grant_type') ?? '';
}

function readAuthorize(fields: { get(name: string): string | null | undefined }): {
	request: AuthorizeRequest;
	problem: string | null;
} {
	const request: AuthorizeRequest = {
		clientId: fields.get('client_id') ?? '',
		redirectUri: fields.get('redirect_uri') ?? '',
		state: fields.get('state') ?? '',
	};
	let problem: string | null = null;
	if (request.clientId !== CLIENT_ID) {
		problem = 'Client authentication failed due to unknown client.';
	} else if (request.redirectUri !== OUT_OF_BAND && !URL.canParse(request.redirectUri)) {
		problem = 'The redirect URI included is not valid.';
	} else if (fields.get('response_type') !== 'code') {
		problem = 'The authorization server does not support this response type.';
	}
	return { request, problem };
}

function html(response: Response, status: number, text: string): void {
	response.status(status).type('html').send(text);
}

/** Id and secret belong in the body; HTTP Basic is not mentioned anywhere (OAuth endpoints) [OAUTH-BODY]. */
function assertClient(fields: Map<string, string>): void {
	const known =
		fields.get('client_id') === CLIENT_ID && fields.get('client_secret') === CLIENT_SECRET;
	if (!known) {
		throw new OAuthError(
			401,
			'invalid_client',
			'Client authentication failed due to unknown client, no client authentication ' +
				'included, or unsupported authentication method.',
		);
	}
}

function exchange(emulator: Emulator, fields: Map<string, string>): AccessToken {
	switch (fields.get('grant_type')) {
		case 'authorization_code': {
			const redirectUri = fields.get('redirect_uri') ?? '';
			const token = emulator.tokens.redeemCode(fields.get('code') ?? '', redirectUri);
			if (token) return token;
			throw new OAuthError(401, 'invalid_grant', 'The provided authorization grant is invalid');
		}
		case 'refresh_token': {
			const token = emulator.tokens.refresh(fields.get('refresh_token') ?? '');
			if (token) return token;
			throw new OAuthError(401, 'invalid_grant', 'The refresh token is invalid');
		}
		case 'client_credentials':
			return emulator.tokens.issue('clientCredentials', emulator.store.serviceAccountId);
		default:
			throw new OAuthError(400, 'unsupported_grant_type', 'The grant type is not supported');
	}
}

/** The OAuth endpoints: login, both grants, refreshing, revoking. */
export function oauthRouter(emulator: Emulator): Router {
	const router = Router();

	router.get('/oauth/authorize', (request, response) => {
		const { request: asked, problem } = readAuthorize(queryOf(request));
		if (problem !== null) html(response, 401, errorPage(problem));
		else html(response, 200, loginPage(asked));
	});

	router.post('/oauth/authorize', (request, response) => {
		const fields = oauthFields(request);
		const { request: asked, problem } = readAuthorize(fields);
		if (problem !== null) return html(response, 401, errorPage(problem));
		const { login, password } = WEB_USER;
		if (fields.get('login') !== login || fields.get('password') !== password) {
			return html(response, 401, loginPage(asked, 'Email or password is wrong.'));
		}
		const code = emulator.tokens.issueCode(WEB_USER.id, asked.redirectUri);
		if (asked.redirectUri === OUT_OF_BAND) return html(response, 200, codePage(code));
		const target = new URL(asked.redirectUri);
		target.searchParams.set('code', code);
		if (asked.state !== '') target.searchParams.set('state', asked.state);
		return response.redirect(302, target.toString());
	});

	router.post('/oauth/token', (request, response) => {
		const fields = oauthFields(request);
		assertClient(fields);
		contextOf(request).client = CLIENT_ID;
		const token = exchange(emulator, fields);
		response.setHeader('Cache-Control', 'no-store');
		sendJson(response, 200, {
			access_token: token.accessToken,
			token_type: 'bearer',
			expires_in: TOKEN_LIFE_SECONDS,
			...(token.refreshToken === null ? {} : { refresh_token: token.refreshToken }),
			created_at: Math.floor(token.createdAt / 1000),
		});
	});

	router.get('/oauth/token/info', (request, response) => {
		const token = authenticate(emulator, request);
		sendJson(response, 200, {
			resource_owner_id: idNumber(token.userId),
			scopes: ['public'],
			expires_in_seconds: Math.floor((token.expiresAt - emulator.clock.now()) / 1000),
			application: { uid: CLIENT_ID },
			created_at: Math.floor(token.createdAt / 1000),
		});
	});

	// 200 even for an unknown token; revokes both tokens of the pair.
	router.post('/oauth/revoke', (request, response) => {
		const fields = oauthFields(request);
		assertClient(fields);
		emulator.tokens.revoke(fields.get('token') ?? '');
		sendJson(response, 200, {});
	});

	return router;
}
