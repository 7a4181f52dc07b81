/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import express from 'express';
import type { Server } from 'node:http';

/** Serves the files of a folder on loopback. */
export async function serveFiles(folder: string): Promise<{ url: string; stop(): Promise<void> }> {
	const app = express().use(express.static(folder));
	const server = await new Promise<Server>((resolve) => {
		const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
