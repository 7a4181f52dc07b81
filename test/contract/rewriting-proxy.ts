/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, request as send, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request and its response, on their way through the proxy. */
export interface Passing {
	readonly method: string;
	/** Path and query. */
	readonly path: string;
	/** The body of the request. */
	readonly sent: string;
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** What the client gets in place of a response; undefined leaves it as it is. */
export type Rewrite = (passing: Passing) => Partial<Passing> | undefined;

/** They describe the body as it was before the change. */
const BODY_HEADERS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

function headersOf({ headers }: IncomingMessage): Record<string, string> {
	const all = Object.entries(headers).map(([name, value]) => [name, String(value)]);
	return Object.fromEntries(all);
}

/** A server in front of another one, which can change the responses of that. */
export class RewritingProxy {
	rewrite: Rewrite = () => undefined;

	private constructor(
		private readonly server: Server,
		readonly url: string,
	) {}

	/** @param target the address of the other server, `http://host:port`. */
	static async start(target: string): Promise<RewritingProxy> {
		const rules: { rewrite: Rewrite } = { rewrite: () => undefined };
		const server = createServer((incoming, outgoing) => {
			void (async () => {
				const { method = 'GET', url: path = '/', headers } = incoming;
				const sent = await text(incoming);
				const answer = await new Promise<IncomingMessage>((resolve, reject) => {
					const { hostname, port } = new URL(target);
					const options = { hostname, port, method, path, headers };
					send(options, resolve).once('error', reject).end(sent);
				});
				const status = answer.statusCode ?? 0;
				const got = { status, headers: headersOf(answer), body: await text(answer) };
				const changed = { ...got, ...rules.rewrite({ method, path, sent, ...got }) };
				const kept = Object.entries(changed.headers).filter(([name]) => !BODY_HEADERS.has(name));
				outgoing.writeHead(changed.status, Object.fromEntries(kept)).end(changed.body);
			})().catch(() => outgoing.destroy());
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port');
		const proxy = new RewritingProxy(server, `http://127.0.0.1:${address.port}`);
		rules.rewrite = (passing) => proxy.rewrite(passing);
		return proxy;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
