import type { ProcoreRequest } from '../../nodes/Procore/api/request';
import type { JsonValue } from '../../nodes/Procore/model/json';
import type { Exchange } from './exchanges';

/** Every status but 2xx is returned instead of thrown, except 401, 429 and 503, which the transport handles. */
export const RETURNED = [
	...[301, 302, 303, 307, 308],
	...Array.from({ length: 100 }, (_, index) => 400 + index).filter(
		(each) => ![401, 429].includes(each),
	),
	...[500, 501, 502, 504],
];

/** A response of Procore. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: JsonValue;
	readonly exchange: Exchange | undefined;
}

/** What an observation is about: a response, or an event that arrived, which has no status. */
export interface Seen {
	readonly exchange: { readonly status?: number | null; readonly body: string } | undefined;
}

/** The status of what was seen, if it has one. */
export function statusOf({ status }: NonNullable<Seen['exchange']>): {
	readonly status?: number | null;
} {
	return status === undefined ? {} : { status };
}

/** A raw request of the check. */
export interface RawRequest
	extends Pick<ProcoreRequest, 'path' | 'query' | 'body'>, Partial<Pick<ProcoreRequest, 'method'>> {
	/** The company of the run unless set; null sends no header. */
	readonly companyId?: string | null;
}
