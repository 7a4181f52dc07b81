/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';

export interface Received {
	headers: IncomingHttpHeaders;
	path: string;
	body: string;
}

/** An endpoint whose responses a test determines: a status, or `hang` for no response. */
export class Receiver {
	readonly received: Received[] = [];
	answer: number | 'hang' = 200;
	url = '';
	private readonly server: Server;

	constructor() {
		this.server = createServer((request, response) => {
			let body = '';
			request.setEncoding('utf8');
			request.on('data', (chunk: string) => (body += chunk));
			request.on('end', () => {
				this.received.push({ headers: request.headers, path: request.url ?? '', body });
				if (this.answer === 'hang') return;
				response.writeHead(this.answer, { 'Content-Type': 'application/json' });
				response.end(this.answer === 204 ? undefined : '{"message":"noted"}');
			});
		});
	}

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		const address = this.server.address();
		if (typeof address !== 'object' || !address) throw new Error('The receiver has no port');
		this.url = `http://127.0.0.1:${address.port}/hook`;
	}

	async stop(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.server.close(() => resolve());
			this.server.closeAllConnections();
		});
	}
}

export function useReceiver(): Receiver {
	const receiver = new Receiver();
	beforeAll(async () => await receiver.start());
	beforeEach(() => {
		receiver.received.length = 0;
		receiver.answer = 200;
	});
	afterAll(async () => await receiver.stop());
	return receiver;
}

/** Waits for a condition. The limit only ends a test that would never finish; nothing is measured. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	const deadline = performance.now() + 30_000;
	while (!(await condition())) {
		if (performance.now() > deadline) throw new Error('Waited half a minute in vain');
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}
