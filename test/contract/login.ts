/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import { isJsonObject, parseJson, type JsonObject } from '../../nodes/Procore/model/json';
import type { Exchange } from './exchanges';
import { fetchedHeaders } from './fetched-headers';
import type { LiveEnv } from './live-env';

const WAIT_MS = 5 * 60_000;

/** The answer to a request for a token, or for the information about one. */
export interface TokenAnswer {
	readonly status: number;
	readonly body: JsonObject;
	readonly exchange: Exchange;
}

/** Sends a form to an OAuth endpoint. Client id and secret go into the body. */
export async function requestToken(
	env: LiveEnv,
	fields: Readonly<Record<string, string>>,
): Promise<TokenAnswer> {
	const form = new URLSearchParams({
		client_id: env.clientId,
		client_secret: env.clientSecret,
		...fields,
	});
	const response = await fetch(`${env.loginUrl}/oauth/token`, { method: 'POST', body: form });
	const [{ status }, text] = [response, await response.text()];
	const body = parseJson(text);
	const headers = fetchedHeaders(response.headers);
	const exchange = { method: 'POST', path: '/oauth/token', status, headers, body: text };
	return { status, body: isJsonObject(body) ? body : {}, exchange };
}

/**
 * Lets a person log in with a browser on this machine.
 *
 * @param show tells the person which address to open.
 * @returns Procore's answer with the tokens.
 * @param signal ends the wait.
 * @throws Error if nobody logs in within five minutes, or Procore refuses.
 */
export async function logIn(
	env: LiveEnv,
	show: (url: string) => void,
	signal?: AbortSignal,
): Promise<TokenAnswer> {
	const state = randomBytes(16).toString('hex');
	const redirectUri = `http://localhost:${env.callbackPort}/callback`;
	const code = await new Promise<string>((resolve, reject) => {
		const server = createServer((request, response) => {
			const { pathname, searchParams } = new URL(request.url ?? '', redirectUri);
			if (pathname !== '/callback') return response.writeHead(404).end();
			const isOurs = searchParams.get('state') === state;
			const given = searchParams.get('code');
			// A later login listens on the same port, and a connection that stays open would still lead here.
			const headers = { 'Content-Type': 'text/plain', Connection: 'close' };
			response.writeHead(isOurs ? 200 : 400, headers);
			response.end(isOurs ? 'You can close this window.' : 'This is not an answer to the login.');
			if (!isOurs) return response;
			end();
			if (given === null) reject(new Error('Procore did not allow the login'));
			else resolve(given);
			return response;
		});
		const timer = setTimeout(() => {
			end();
			reject(new Error('Nobody logged in within five minutes'));
		}, WAIT_MS);
		const end = () => {
			clearTimeout(timer);
			server.close();
		};
		signal?.addEventListener('abort', () => {
			end();
			reject(new Error('The login was interrupted'));
		});
		server.once('error', reject);
		server.listen(env.callbackPort, 'localhost', () => {
			const query = new URLSearchParams({
				response_type: 'code',
				client_id: env.clientId,
				redirect_uri: redirectUri,
				state,
			});
			show(`${env.loginUrl}/oauth/authorize?${query.toString()}`);
		});
	});
	return await requestToken(env, {
		grant_type: 'authorization_code',
		code,
		redirect_uri: redirectUri,
	});
}
