import autocannon from 'autocannon';

/** The endpoint, and what to send. */
export interface Target {
	readonly url: string;
	readonly authorization: string;
	/** The body of the next request. */
	body(): string;
	/** The expected status of every response. */
	readonly status: number;
}

/** The result of a load. */
export interface Load {
	readonly answers: number;
	/** The start, in milliseconds since 1970. */
	readonly startedAt: number;
	/** The duration, in milliseconds. */
	readonly ms: number;
	/** The time of each response, in milliseconds, in ascending order. */
	readonly times: readonly number[];
}

/**
 * Sends requests one after another on each connection.
 *
 * @throws if a response is missing or has an unexpected status
 */
export async function load(target: Target, connections: number, seconds: number): Promise<Load> {
	const times: number[] = [];
	const statuses = new Map<number, number>();
	const startedAt = Date.now();
	const result = await new Promise<autocannon.Result>((resolve, reject) => {
		const instance = autocannon(
			{
				url: target.url,
				connections,
				duration: seconds,
				timeout: 60,
				requests: [
					{
						method: 'POST',
						headers: { 'content-type': 'application/json', authorization: target.authorization },
						setupRequest: (request) => ({ ...request, body: target.body() }),
					},
				],
			},
			(error: unknown, done) => {
				if (error instanceof Error) reject(error);
				else resolve(done);
			},
		);
		instance.on('response', (_client, status, _bytes, time) => {
			times.push(time);
			statuses.set(status, (statuses.get(status) ?? 0) + 1);
		});
	});
	const others = [...statuses].filter(([status]) => status !== target.status);
	if (result.errors > 0 || others.length > 0) {
		throw new Error(
			`${target.url}: ${result.errors} requests failed, and besides ${target.status} came ${JSON.stringify(others)}`,
		);
	}
	return {
		answers: times.length,
		startedAt,
		ms: Date.now() - startedAt,
		times: times.sort((a, b) => a - b),
	};
}
