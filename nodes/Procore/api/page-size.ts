import { ProcoreFailure } from './failure';
import type { ProcoreRequest, AcceptedResponse, Transport } from './transport';

/** What reads lists: the transport, or what stands in front of it. */
export type ListClient = Pick<Transport, 'request' | 'pageSizes'>;

/** Sizes to go down to, each of which divides the larger ones. */
const SMALLER_SIZES = [100, 10];

/** Statuses that a list answers with because it takes too long to make a page of that size. */
const TOO_LARGE = new Set([408, 500, 504]);

/** Lists of one endpoint, whatever the ids in its path. */
function familyOf(path: string): string {
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
 * Asks for one page of a list. If Procore cannot make a page of this size (it answers 500 or 408 even after the usual
 * retries), asks for a smaller one; the size that works is kept for the endpoint as long as the client lives.
 *
 * @param largest rows a page that the endpoint takes.
 * @param place names the page, or the row before it, for a number of rows a page.
 * @returns the answer, and the number of rows that was asked for.
 * @throws ProcoreFailure if the page cannot be read at any size.
 */
export async function readPage(
	client: ListClient,
	request: ProcoreRequest,
	largest: number,
	place: (size: number) => ProcoreRequest['query'],
): Promise<{ response: AcceptedResponse; size: number }> {
	const family = familyOf(request.path);
	let size = Math.min(largest, client.pageSizes.get(family) ?? largest);
	let first: unknown;
	for (;;) {
		const isProbe = first !== undefined;
		try {
			const response = await client.request({
				...request,
				query: { ...request.query, ...place(size) },
				...(isProbe ? { attempts: 1 } : {}),
			});
			if (isProbe) client.pageSizes.set(family, size);
			return { response, size };
		} catch (failure) {
			const smaller = smallerThan(size, failure);
			first ??= failure;
			if (smaller === undefined) throw first;
			size = smaller;
		}
	}
}
