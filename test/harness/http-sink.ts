/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import express from 'express';
import type { IncomingHttpHeaders, Server } from 'node:http';

/** A request that the service got. */
export interface SunkRequest {
	readonly method: string;
	/** Decoded. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

/** Stands for the service to which a workflow sends something. */
export interface HttpSink {
	readonly url: string;
	readonly requests: readonly SunkRequest[];
	/** The status of every response from now on. */
	respondWith(status: number): void;
	clear(): void;
	stop(): Promise<void>;
}

/** Starts a service on loopback that accepts everything and records it. */
export async function startHttpSink(): Promise<HttpSink> {
	const requests: SunkRequest[] = [];
	let status = 200;
	const app = express();
	app.use(express.raw({ type: () => true, limit: '200mb' }));
	app.use((request, response) => {
		const body: unknown = request.body;
		requests.push({
			method: request.method,
			path: decodeURIComponent(request.path),
			headers: request.headers,
			body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
		});
		response.status(status).json(status < 300 ? { ok: true } : { error: 'Rejected' });
	});
	const server = await new Promise<Server>((resolve) => {
		const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		requests,
		respondWith: (next) => {
			status = next;
		},
		clear() {
			requests.length = 0;
			status = 200;
		},
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
