import type { JsonObject } from '../model/json';
import { currentRevision, rowsOf, shownRecord, unwrap } from './body';
import type { RecordRequest } from './request';
import { settle } from '../api/concurrency';
import { ACCOUNT, ProcoreFailure } from '../api/failure';
import { hasId } from '../api/body-check';
import { allPages } from '../api/paging';
import type { ProcoreRequest } from '../api/request';
import type { Transport } from '../api/transport';

/** Supported by every list, and the maximum on v2.x. */
const PER_PAGE = 100;

/** A record of any tool, and the request that reads it. */
export interface RecordAddress {
	readonly request: RecordRequest;
	readonly resourceName: string;
	readonly recordId: string;
	readonly companyId: string;
}

/** A list that was read or is being read. */
interface ListReading {
	/** Milliseconds since 1970. */
	readonly begunAt: number;
	readonly rows: Promise<JsonObject[]>;
}

/** Adds which access is missing to the failure of a request to a tool; returns any other failure unchanged. */
export function adviseOnAccess(failure: unknown, resourceName: string): unknown {
	if (!(failure instanceof ProcoreFailure) || !failure.isPermissionMissing) return failure;
	return failure.withAdvice(
		`In this company and project, give read access to the tool of ${resourceName} to ${ACCOUNT}.`,
	);
}

/** Reads the records of Procore's tools during one run of a node. A list that several records need is read only once. */
export class Records {
	private readonly lists = new Map<string, ListReading>();

	constructor(private readonly transport: Transport) {}

	/**
	 * Reads one record, without its envelope.
	 *
	 * @param notBefore milliseconds since 1970. A list that was read for another record is reused if that read started at or
	 *   after this time.
	 * @returns undefined if the record does not exist or the account cannot access it. Procore responds with 404 to both.
	 * @throws ProcoreFailure for any other response, and if a list has several rows with the id.
	 */
	async read(address: RecordAddress, notBefore: number): Promise<JsonObject | undefined> {
		const { request, resourceName, recordId, companyId } = address;
		const sent: ProcoreRequest = {
			method: 'GET',
			path: request.path,
			query: request.query,
			companyId,
			purpose: `read ${resourceName} ${recordId}`,
			repeatable: true,
			accept: [404],
		};
		const result = await settle(async () =>
			request.kind === 'show'
				? await this.show(sent)
				: await this.fromList(sent, address, notBefore),
		);
		if (result.ok) return result.value;
		throw adviseOnAccess(result.failure, resourceName);
	}

	private async show(request: ProcoreRequest): Promise<JsonObject | undefined> {
		const { status, body } = await this.transport.request(request);
		if (status === 404) return undefined;
		const record = shownRecord(body);
		if (hasId(record)) return record;
		throw this.transport.failure(
			request,
			{ kind: 'unknown', status },
			'the response contains no ID',
			'Check Environment in the credential, then try again.',
		);
	}

	/** @param request for one of the records; replaced in the purpose, because several records share the list. */
	private async rows(
		request: ProcoreRequest,
		list: string,
		notBefore: number,
	): Promise<JsonObject[]> {
		const key = JSON.stringify([request.path, request.query, request.companyId]);
		const known = this.lists.get(key);
		if (known !== undefined && known.begunAt >= notBefore) return await known.rows;
		const purpose = `read the list of ${list}`;
		const rows = allPages(this.transport, { ...request, purpose }, PER_PAGE, unwrap);
		this.lists.set(key, { begunAt: Date.now(), rows });
		return await rows;
	}

	private async fromList(
		sent: ProcoreRequest,
		{ request: { rowKey, rowsIn }, resourceName, recordId }: RecordAddress,
		notBefore: number,
	): Promise<JsonObject | undefined> {
		const all = await this.rows(sent, resourceName, notBefore);
		const rows = rowsOf(all, rowKey, recordId, rowsIn);
		if (rows.length === 0) return undefined;
		const row = currentRevision(rows);
		if (row !== undefined) return row;
		throw this.transport.failure(
			sent,
			{ kind: 'refused', status: 200 },
			`${rows.length} rows have this ID`,
			'It is unknown which one the event is about: read the list with an HTTP Request node and select one.',
		);
	}
}
