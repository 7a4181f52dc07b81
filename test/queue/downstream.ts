/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import express from 'express';
import type { Server } from 'node:http';

/** A message from the workflow to the downstream system: that it started, or finished, processing an event. */
export interface Call {
	readonly phase: 'started' | 'finished';
	readonly ulid: string;
	readonly execution: string;
}

/** A downstream system that counts what a workflow sends it. */
export interface Downstream {
	readonly url: string;
	readonly calls: readonly Call[];
	stop(): Promise<void>;
}

/** Starts a server that records what the workflow sends. */
export async function startDownstream(): Promise<Downstream> {
	const calls: Call[] = [];
	const app = express();
	app.post('/:phase/:ulid/:execution', ({ params: { phase, ulid, execution } }, response) => {
		if (phase === 'started' || phase === 'finished') calls.push({ phase, ulid, execution });
		response.json({});
	});
	const server = await new Promise<Server>((resolve) => {
		const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		calls,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
