/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Answer {
	status: number | null;
	headers: Record<string, string>;
	body: string | null;
	error: string | null;
}

/** "5 seconds once connected" (guide to webhooks); real time [SEND-TIMEOUT]. */
export const DELIVERY_TIMEOUT_MS = 5000;
const LONGEST_KEPT_BODY = 10_000;

function failure(error: string): Answer {
	return { status: null, headers: {}, body: null, error };
}

function flatHeaders(message: IncomingMessage): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(message.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return headers;
}

/**
 * Sends the POST of a delivery. Only `Content-Type` and the configured `Authorization` are documented, so nothing
 * else is sent [SEND-AUTHORIZATION] [SEND-HEADERS] [SEND-JSON]. Connections are not kept alive, because a stale one would
 * show up as a failed delivery.
 */
export class Sender {
	timeoutMs = DELIVERY_TIMEOUT_MS;
	private readonly http = new HttpAgent({ keepAlive: false });
	private readonly https = new HttpsAgent({ keepAlive: false });
	private readonly stopping = new AbortController();

	async post(url: string, authorization: string | null, body: string): Promise<Answer> {
		return await new Promise((resolve) => {
			const secure = url.startsWith('https:');
			const options: RequestOptions = {
				method: 'POST',
				agent: secure ? this.https : this.http,
				signal: this.stopping.signal,
				headers: {
					'Content-Type': 'application/json',
					'Content-Length': Buffer.byteLength(body),
					...(authorization === null ? {} : { Authorization: authorization }),
				},
			};
			const call = secure ? httpsRequest(url, options) : httpRequest(url, options);
			const timer = setTimeout(() => finish(failure('execution expired')), this.timeoutMs);
			const finish = (answer: Answer) => {
				clearTimeout(timer);
				call.destroy();
				resolve(answer);
			};
			call.on('error', (error) => finish(failure(error.message || error.name)));
			call.on('response', (message) => {
				let text = '';
				message.setEncoding('utf8');
				message.on('data', (chunk: string) => {
					if (text.length < LONGEST_KEPT_BODY) text += chunk;
				});
				message.on('error', (error) => finish(failure(error.message)));
				message.on('end', () =>
					finish({
						status: message.statusCode ?? null,
						headers: flatHeaders(message),
						body: text.slice(0, LONGEST_KEPT_BODY),
						error: null,
					}),
				);
			});
			call.end(body);
		});
	}

	stop(): void {
		this.stopping.abort();
		this.http.destroy();
		this.https.destroy();
	}
}
