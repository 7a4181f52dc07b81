import type { JsonObject } from '../model/json';
import { currentRevision, rowsOf, shownRecord, unwrap } from './body';
import type { RecordRequest } from './request';
import { settle } from '../api/concurrency';
import { ProcoreFailure } from '../api/failure';
import { allPages } from '../api/paging';
import type { ProcoreRequest, Transport } from '../api/transport';

/** What every list takes; v2.x gives no more. */
const PER_PAGE = 100;

/** A record of any tool, by the request that reads it. */
export interface RecordAddress {
	readonly request: RecordRequest;
	readonly resourceName: string;
	readonly recordId: string;
	readonly companyId: string;
}

/** Reads the records of Procore's tools. */
export class Records {
	constructor(private readonly transport: Transport) {}

	/**
	 * One record, out of its envelope.
	 *
	 * @returns undefined where Procore has none, or does not let the account see it: it answers 404 to both.
	 * @throws ProcoreFailure for every other answer, and where a list has several rows of one id.
	 */
	async read(address: RecordAddress): Promise<JsonObject | undefined> {
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
				: await this.fromList(asked, request.rowKey, recordId),
		);
		if (answer.ok) return answer.value;
		const { failure } = answer;
		if (failure instanceof ProcoreFailure && failure.isPermissionMissing) {
			throw failure.advised(
				`Give the account of the credential read access to the tool that ${resourceName} belong to, in this company and project.`,
			);
		}
		throw failure;
	}

	private async show(request: ProcoreRequest): Promise<JsonObject | undefined> {
		const { status, body } = await this.transport.request(request);
		return status === 404 ? undefined : shownRecord(body);
	}

	private async fromList(
		request: ProcoreRequest,
		rowKey: string,
		recordId: string,
	): Promise<JsonObject | undefined> {
		const rows = rowsOf(
			await allPages(this.transport, request, PER_PAGE, unwrap),
			rowKey,
			recordId,
		);
		if (rows.length === 0) return undefined;
		const row = currentRevision(rows);
		if (row !== undefined) return row;
		throw this.transport.failure(
			request,
			{ kind: 'refused', status: 200 },
			`${rows.length} rows with this id`,
			'Which one the event means cannot be told: read the list with an HTTP Request node and choose.',
		);
	}
}
