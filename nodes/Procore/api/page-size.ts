import { ProcoreFailure } from './failure';
import type { AcceptedResponse, ProcoreRequest } from './request';
import type { Transport } from './transport';

/** Reads lists: the transport, or a wrapper around it. */
export type ListClient = Pick<Transport, 'request' | 'pageSizes'>;

/** The smaller page sizes to try. Each divides the larger ones. */
const SMALLER_SIZES = [100, 10];

/** Statuses that a list responds with if it takes Procore too long to build a page of that size [PAGE-TOO-LARGE]. */
const TOO_LARGE = new Set([408, 500, 504]);

/** Removes the ids from a path, so that all lists of one endpoint share a page size. */
function endpointOf(path: string): string {
	return path
		.split('/')
		.filter((segment) => !/\d/.test(segment))
		.join('/');
}

function smallerThan(size: number, failure: unknown): number | undefined {
	if (!(failure instanceof ProcoreFailure)) return undefined;
	const { kind, status } = failure.outcome;
	if (kind !== 'unknown' || status === null || !TOO_LARGE.has(status)) return undefined;
	return SMALLER_SIZES.find((smaller) => smaller < size);
}

/**
 * Requests one page of a list. If Procore cannot build a page of this size (it responds with 500 or 408 even after the usual
 * retries), requests a smaller one. The client remembers the size that works for the endpoint.
 *
 * @param largest rows per page that the endpoint allows.
 * @param positionQuery returns the query parameters that select the page, for a number of rows per page.
 * @returns the response, and the number of rows that was requested.
 * @throws ProcoreFailure if the page cannot be read at any size.
 */
export async function readPage(
	client: ListClient,
	request: ProcoreRequest,
	largest: number,
	positionQuery: (size: number) => ProcoreRequest['query'],
): Promise<{ response: AcceptedResponse; size: number }> {
	const endpoint = endpointOf(request.path);
	let size = Math.min(largest, client.pageSizes.get(endpoint) ?? largest);
	let first: unknown;
	for (;;) {
		const isProbe = first !== undefined;
		try {
			const response = await client.request({
				...request,
				query: { ...request.query, ...positionQuery(size) },
				...(isProbe ? { attempts: 1 } : {}),
			});
			if (isProbe) client.pageSizes.set(endpoint, size);
			return { response, size };
		} catch (failure) {
			const smaller = smallerThan(size, failure);
			first ??= failure;
			if (smaller === undefined) throw first;
			size = smaller;
		}
	}
}
