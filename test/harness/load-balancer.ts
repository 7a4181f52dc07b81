/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { connect, createServer, type Socket } from 'node:net';

/** A load balancer in front of several webhook processors: one address, round robin. */
export interface LoadBalancer {
	readonly url: string;
	/** The number of connections that each port has taken. */
	readonly taken: ReadonlyMap<number, number>;
	stop(): Promise<void>;
}

/**
 * Starts a load balancer on a loopback port. A connection that a port refuses goes to the next one; a connection that
 * breaks later stays broken.
 */
export async function startLoadBalancer(ports: readonly number[]): Promise<LoadBalancer> {
	const taken = new Map(ports.map((port) => [port, 0]));
	const open = new Set<Socket>();
	let turn = 0;

	const hand = (client: Socket, triesLeft: number) => {
		const port = ports[turn++ % ports.length] ?? 0;
		const backend = connect(port, '127.0.0.1');
		open.add(backend);
		backend.once('close', () => open.delete(backend));
		const refused = () => {
			if (triesLeft > 0) hand(client, triesLeft - 1);
			else client.destroy();
		};
		backend.once('error', refused);
		backend.once('connect', () => {
			backend.removeListener('error', refused);
			taken.set(port, (taken.get(port) ?? 0) + 1);
			for (const [from, to] of [
				[client, backend],
				[backend, client],
			] as const) {
				from.on('error', () => to.destroy());
				from.once('close', () => to.destroy());
				from.pipe(to);
			}
		});
	};

	const server = createServer((client) => {
		open.add(client);
		client.once('close', () => open.delete(client));
		client.on('error', () => client.destroy());
		hand(client, ports.length - 1);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The balancer has no port');
	return {
		url: `http://127.0.0.1:${address.port}`,
		taken,
		async stop() {
			for (const socket of open) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
