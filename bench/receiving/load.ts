import autocannon from 'autocannon';

/** Who is called, and with what. */
export interface Target {
	readonly url: string;
	readonly authorization: string;
	/** The body of the next request. */
	body(): string;
	/** The status that every answer has to have. */
	readonly status: number;
}

/** What came of a load. */
export interface Load {
	readonly answers: number;
	/** When it began, in milliseconds since 1970. */
	readonly startedAt: number;
	/** How long it took, in milliseconds. */
	readonly ms: number;
	/** Of each answer, in milliseconds, the quickest first. */
	readonly times: readonly number[];
}

/**
 * Sends requests one after the other on each connection.
 *
 * @throws where an answer does not come or has another status than it should
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
