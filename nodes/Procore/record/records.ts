import type { JsonObject } from '../model/json';
import { currentRevision, rowsOf, shownRecord, unwrap } from './body';
import type { RecordRequest } from './request';
import { settle } from '../api/concurrency';
import { ProcoreFailure } from '../api/failure';
import { hasId } from '../api/body-check';
import { allPages } from '../api/paging';
import type { ProcoreRequest } from '../api/request';
import type { Transport } from '../api/transport';

/** What every list takes; v2.x gives no more. */
const PER_PAGE = 100;

/** A record of any tool, by the request that reads it. */
export interface RecordAddress {
	readonly request: RecordRequest;
	readonly resourceName: string;
	readonly recordId: string;
	readonly companyId: string;
}

/** A reading of a list, under way or done. */
interface ListReading {
	/** Milliseconds since 1970. */
	readonly begunAt: number;
	readonly rows: Promise<JsonObject[]>;
}

/** Reads the records of Procore's tools, for one run of a node: what several records need of one list is read once. */
export class Records {
	private readonly lists = new Map<string, ListReading>();

	constructor(private readonly transport: Transport) {}

	/**
	 * Reads one record, out of its envelope.
	 *
	 * @param notBefore milliseconds since 1970: a list that was read for another record counts if its reading began then or
	 * later.
	 * @returns undefined if Procore has none, or does not let the account see it: it answers 404 to both.
	 * @throws ProcoreFailure for every other answer, and if a list has several rows of one id.
	 */
	async read(address: RecordAddress, notBefore: number): Promise<JsonObject | undefined> {
		const { request, resourceName, recordId, companyId } = address;
		const asked: ProcoreRequest = {
			method: 'GET',
			path: request.path,
			query: request.query,
			companyId,
			purpose: `read ${resourceName} ${recordId}`,
			repeatable: true,
			accept: [404],
		};
		const answer = await settle(async () =>
			request.kind === 'show'
				? await this.show(asked)
				: await this.fromList(asked, address, notBefore),
		);
		if (answer.ok) return answer.value;
		const { failure } = answer;
		if (failure instanceof ProcoreFailure && failure.isPermissionMissing) {
			throw failure.withAdvice(
				`Give the account of the credential read access to the tool that ${resourceName} belong to, in this company and project.`,
			);
		}
		throw failure;
	}

	private async show(request: ProcoreRequest): Promise<JsonObject | undefined> {
		const { status, body } = await this.transport.request(request);
		if (status === 404) return undefined;
		const record = shownRecord(body);
		if (hasId(record)) return record;
		throw this.transport.failure(
			request,
			{ kind: 'unknown', status },
			'no record with an ID in the answer',
			'Check the environment in the credential, then try again.',
		);
	}

	/** @param asked for one of its records; a failure must not name that one to those who share the reading. */
	private async rows(
		asked: ProcoreRequest,
		list: string,
		notBefore: number,
	): Promise<JsonObject[]> {
		const key = JSON.stringify([asked.path, asked.query, asked.companyId]);
		const known = this.lists.get(key);
		if (known !== undefined && known.begunAt >= notBefore) return await known.rows;
		const request = { ...asked, purpose: `read the list of ${list}` };
		const rows = allPages(this.transport, request, PER_PAGE, unwrap);
		this.lists.set(key, { begunAt: Date.now(), rows });
		return await rows;
	}

	private async fromList(
		asked: ProcoreRequest,
		{ request: { rowKey, rowsIn }, resourceName, recordId }: RecordAddress,
		notBefore: number,
	): Promise<JsonObject | undefined> {
		const all = await this.rows(asked, resourceName, notBefore);
		const rows = rowsOf(all, rowKey, recordId, rowsIn);
		if (rows.length === 0) return undefined;
		const row = currentRevision(rows);
		if (row !== undefined) return row;
		throw this.transport.failure(
			asked,
			{ kind: 'refused', status: 200 },
			`${rows.length} rows with this id`,
			'Which one the event means cannot be told: read the list with an HTTP Request node and choose.',
		);
	}
}
