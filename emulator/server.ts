/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';
import type { Server } from 'node:http';

import express from 'express';

import { controlRouter } from './control';
import { Emulator, type RemovalStatus } from './emulator';
import { sendError } from './http';
import { identityRouter } from './identity';
import { SIGN_IN_PATH, intake, logRequests, sendPage, unknownPath } from './intake';
import { dailyLogsRouter } from './daily-logs';
import { oauthRouter } from './oauth';
import { pageRouter } from './page';
import { recordsRouter } from './records';
import { filesControlRouter, filesRouter, storageApplication } from './storage';
import { v1Router } from './v1';
import { v2Router } from './v2';

export interface StartOptions {
	/** 0 for any free port. */
	port?: number;
	host?: string;
	/** How many times faster than real time the clock runs. */
	speed?: number;
	latencyMs?: number;
	/** Rejects http destinations on loopback hosts too, as Procore does. */
	httpsOnly?: boolean;
	/** The status that every call of Webhooks API v1.0 answers after its removal. */
	v1Removed?: RemovalStatus;
	/** Adds records with files, and gives files to new records of the same resources. */
	sampleFiles?: boolean;
}

export interface RunningEmulator {
	url: string;
	stop(): Promise<void>;
}

const LARGEST_BODY = '1mb';

function application(emulator: Emulator): express.Express {
	const app = express();
	app.disable('x-powered-by');
	app.disable('etag');
	app.use(pageRouter());
	app.use('/_emulator', filesControlRouter(emulator), controlRouter(emulator), unknownPath);
	app.use(logRequests(emulator));
	app.use(express.text({ type: () => true, limit: LARGEST_BODY }));
	app.get(SIGN_IN_PATH, (_request, response) => sendPage(response));
	app.use(intake(emulator));
	app.use(oauthRouter(emulator));
	app.use(identityRouter(emulator));
	app.use(filesRouter(emulator));
	app.use(dailyLogsRouter(emulator));
	app.use(recordsRouter(emulator));
	app.use(v1Router(emulator));
	app.use(v2Router(emulator));
	app.use(unknownPath);
	app.use(sendError);
	return app;
}

async function listen(server: Server, port: number, host: string): Promise<number> {
	return await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			const address = server.address();
			resolve(typeof address === 'object' && address ? address.port : port);
		});
	});
}

async function close(server: Server): Promise<void> {
	await new Promise<void>((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}

/** Starts an emulator of Procore in this process, and its storage host on another port. */
export async function startEmulator(options: StartOptions = {}): Promise<RunningEmulator> {
	const { port = 0, host = '127.0.0.1', speed = 1, latencyMs = 0, httpsOnly = false } = options;
	const { v1Removed = null, sampleFiles = false } = options;
	const emulator = new Emulator({ speed, latencyMs, httpsOnly, v1Removed, sampleFiles });
	const server = createServer(application(emulator));
	const storage = createServer(storageApplication(emulator));
	const boundPort = await listen(server, port, host);
	const storagePort = await listen(storage, 0, '127.0.0.1');
	emulator.files.storageUrl = `http://127.0.0.1:${storagePort}`;
	return {
		url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${boundPort}`,
		async stop() {
			emulator.stop();
			await Promise.all([server, storage].map(close));
		},
	};
}
