/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import express from 'express';
import type { Server } from 'node:http';

/** What the workflow tells the system behind it: that it began, and that it did, what an event asks for. */
export interface Call {
	readonly phase: 'started' | 'finished';
	readonly ulid: string;
	readonly execution: string;
}

/** A system that a workflow writes to, which keeps count. */
export interface Downstream {
	readonly url: string;
	readonly calls: readonly Call[];
	stop(): Promise<void>;
}

/** Starts a server that notes what the workflow sends on. */
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
