/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** A request that arrived, as it was. */
export interface Received {
	/** Milliseconds since 1970. */
	readonly at: number;
	readonly method: string;
	readonly path: string;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** The answer to the request with this number, counted from 0. */
export type Respond = (count: number) => {
	readonly status: number;
	readonly delayMs?: number;
	readonly body?: string;
};

const OK: Respond = () => ({ status: 200 });
const LARGEST_BODY = 1_000_000;

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
		size += bytes.length;
		if (size > LARGEST_BODY) break;
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** The destination of the hooks of a run: records what arrives, and answers as it is told for each path. */
export class Receiver {
	private readonly received: Received[] = [];

	private readonly rules = new Map<string, Respond>();

	private readonly server: Server;

	/** Ends every wait once it is canceled. */
	cancellation: { readonly isCanceled: boolean } = { isCanceled: false };

	private constructor(
		/** The public address, without a slash at the end. */
		readonly url: string,
	) {
		this.server = createServer((request, response) => {
			void (async () => {
				const path = request.url ?? '';
				const count = this.at(path).length;
				const body = await readBody(request);
				const headers = Object.entries(request.headers).map(([name, value]) => [
					name,
					String(value),
				]);
				this.received.push({
					at: Date.now(),
					method: request.method ?? '',
					path,
					headers: Object.fromEntries(headers),
					body,
				});
				const { status, delayMs = 0, body: answer } = (this.rules.get(path) ?? OK)(count);
				if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
				response.writeHead(status).end(answer);
			})().catch(() => response.destroy());
		});
	}

	/** @param url the public address that reaches the port. */
	static async start(url: string, port: number): Promise<Receiver> {
		const receiver = new Receiver(url);
		await new Promise<void>((resolve, reject) => {
			receiver.server.once('error', reject);
			receiver.server.listen(port, resolve);
		});
		return receiver;
	}

	/** Sets how requests to a path are answered; without a rule, 200. */
	answer(path: string, respond: Respond): void {
		this.rules.set(path, respond);
	}

	/** What arrived at a path so far, the oldest first. */
	at(path: string): Received[] {
		return this.received.filter((each) => each.path === path);
	}

	/** What arrived at any path that contains a text, the oldest first. */
	within(part: string): Received[] {
		return this.received.filter(({ path }) => path.includes(part));
	}

	/** Waits until this many requests have arrived at a path. @returns what did arrive by then. */
	async wait(path: string, count: number, timeoutMs: number): Promise<Received[]> {
		const end = Date.now() + timeoutMs;
		while (this.at(path).length < count && Date.now() < end && !this.cancellation.isCanceled) {
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return this.at(path);
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
