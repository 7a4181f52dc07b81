import type { IBinaryData } from 'n8n-workflow';

import { limited } from '../../api/byte-limit';
import { Downloads } from '../../api/download';
import type { ByteStream } from '../../api/stream-response';
import type { JsonObject } from '../../model/json';
import { explainTooLarge, sameFile, selectFiles, type FileChoice } from '../../record/file-choice';
import {
	fileReferences,
	type FileReference,
	type UnlocatedFile,
} from '../../record/file-references';
import { findPdf, PDF_FIELD } from '../../record/pdf';
import { Records, type RecordAddress } from '../../record/records';
import type { RecordSubject } from '../../record/request';
import type { Transport } from '../../api/transport';
import type { ProcoreFailure, Purpose } from '../../api/failure';

/** A file that was downloaded, or why it was not. */
export interface DownloadedFile {
	readonly reference: UnlocatedFile;
	/** In bytes; null if neither Procore nor the server stated it. */
	readonly size: number | null;
	readonly binary: IBinaryData | undefined;
	readonly skipped: {
		readonly reason: 'tooLarge' | 'notFound' | 'notAFile';
		readonly message: string;
	} | null;
}

/** What a host answered for a file: the failure that it is if the host sends something else for every file of the record. */
interface Answer {
	readonly file: DownloadedFile;
	readonly foreign?: ProcoreFailure;
	/** Says nothing about the host. */
	readonly isGone?: boolean;
}

/** After this many files in place of which a host has sent something else, the others are not requested. */
const MAX_FOREIGN = 3;

/**
 * A login page in place of every file is a problem of the connection, not of one file.
 *
 * @throws ProcoreFailure if all of at least `count` answers are foreign.
 */
function refuseForeign(answers: readonly Answer[], count: number): void {
	const telling = answers.filter(({ isGone }) => isGone !== true);
	const [first] = telling;
	if (telling.length < count || !telling.every(({ foreign }) => foreign)) return;
	if (first?.foreign) throw first.foreign;
}

/** What to download for one item. */
export interface DownloadOrder {
	readonly subject: RecordSubject;
	readonly address: RecordAddress;
	readonly record: JsonObject;
	readonly choice: FileChoice;
	readonly includePdf: boolean;
	/** Stores a stream in n8n's binary storage. */
	readonly store: (stream: ByteStream, name: string, contentType?: string) => Promise<IBinaryData>;
}

function purposeOf({ name }: UnlocatedFile, { subject }: DownloadOrder): Purpose {
	return `download ${name} of ${subject.resourceName} ${subject.recordId}`;
}

/** Explains that a file is too large. @param bytes null if it is only known to be larger than the maximum. */
function tooLarge(
	reference: UnlocatedFile,
	bytes: number | null,
	{ maxBytes }: FileChoice,
): DownloadedFile {
	const message = explainTooLarge(reference.name, bytes, maxBytes);
	return { reference, size: bytes, binary: undefined, skipped: { reason: 'tooLarge', message } };
}

/** Explains that a host sends something else. @param instead which host, and what. */
function notAFile(reference: UnlocatedFile, instead: string): DownloadedFile {
	const message = `${reference.name} can't be downloaded: ${instead}. Check whether it opens in Procore.`;
	const skipped = { reason: 'notAFile', message } as const;
	return { reference, size: reference.size, binary: undefined, skipped };
}

/** Explains that Procore does not give out a file. @param status of its answer. */
function notFound(reference: UnlocatedFile, status: number): DownloadedFile {
	const why =
		status < 300
			? `Procore answered ${status} without its address. Try again later.`
			: `Procore answered ${status}. It was deleted, or the account can't access it.`;
	const message = `${reference.name} can't be downloaded: ${why}`;
	const skipped = { reason: 'notFound', message } as const;
	return { reference, size: reference.size, binary: undefined, skipped };
}

/** Downloads the files of records, one after the other for each record. */
export class FileDownloads {
	private readonly downloads: Downloads;

	constructor(private readonly transport: Transport) {
		this.downloads = new Downloads(transport);
	}

	/**
	 * @throws ProcoreFailure if a file cannot be downloaded, except if it is gone or too large, or if a host sends something
	 * else in place of only some of the files, see {@link refuseForeign}.
	 */
	async all(order: DownloadOrder): Promise<DownloadedFile[]> {
		const { subject, record, choice, includePdf } = order;
		const files: DownloadedFile[] = [];
		const add = async (reference: FileReference, answers: Answer[]) => {
			const { size } = reference;
			if (size !== null && size > choice.maxBytes) {
				files.push(tooLarge(reference, size, choice));
				return;
			}
			const answer = await this.one(reference, order);
			answers.push(answer);
			files.push(answer.file);
			refuseForeign(answers, MAX_FOREIGN);
		};
		const answers: Answer[] = [];
		for (const file of selectFiles(fileReferences(subject.resourceName, record), choice)) {
			await add(file, answers);
		}
		refuseForeign(answers, 1);
		// Its address would expire while the other files are downloaded.
		const pdf = includePdf ? await findPdf(this.transport, subject, record) : undefined;
		// Procore sends it from another host than most files.
		const pdfAnswers: Answer[] = [];
		if (pdf?.kind === 'found') await add(pdf.reference, pdfAnswers);
		if (pdf?.kind === 'refused') files.push(notFound(pdf.file, pdf.status));
		if (answers.length === 0) refuseForeign(pdfAnswers, 1);
		return files;
	}

	private async one(reference: FileReference, order: DownloadOrder): Promise<Answer> {
		const { name, size } = reference;
		const { maxBytes } = order.choice;
		const purpose = purposeOf(reference, order);
		const opened = await this.open(reference, order);
		if (opened.kind === 'gone') {
			return { file: notFound(reference, opened.status), isGone: true };
		}
		if (opened.kind === 'foreign') {
			const { status, instead } = opened;
			const foreign = this.transport.failure({ purpose }, { kind: 'unknown', status, instead }, '');
			return { file: notAFile(reference, instead), foreign };
		}
		if (opened.size !== null && opened.size > maxBytes) {
			opened.stream.on('error', () => undefined);
			opened.stream.destroy();
			return { file: tooLarge(reference, opened.size, order.choice) };
		}
		// A server that states the size cannot send more than that.
		const counted = opened.size === null ? limited(opened.stream, maxBytes) : undefined;
		const contentType = reference.contentType ?? opened.contentType ?? undefined;
		try {
			const binary = await order.store(counted?.stream ?? opened.stream, name, contentType);
			return { file: { reference, size: opened.size ?? size, binary, skipped: null } };
		} catch (failure) {
			if (counted?.isExceeded()) return { file: tooLarge(reference, null, order.choice) };
			throw this.transport.failure(
				{ purpose },
				{ kind: 'unknown', status: null },
				failure instanceof Error && 'code' in failure ? String(failure.code) : '',
			);
		}
	}

	/** Opens a file. If its address has expired, asks Procore for a new one. */
	private async open(reference: FileReference, order: DownloadOrder) {
		const { companyId } = order.subject;
		const { url, name } = reference;
		const request = { url, name, companyId, purpose: purposeOf(reference, order) };
		const opened = await this.downloads.open(request);
		if (opened.kind !== 'gone') return opened;
		const current = await this.currentReference(reference, order);
		if (current === undefined || current.url === url) return opened;
		return await this.downloads.open({ ...request, url: current.url });
	}

	/** Finds a file again, with an address that has not expired. @returns undefined if it is gone. */
	private async currentReference(
		reference: FileReference,
		{ subject, address, record: first }: DownloadOrder,
	): Promise<FileReference | undefined> {
		if (reference.field === PDF_FIELD) {
			const pdf = await findPdf(this.transport, subject, first);
			return pdf?.kind === 'found' ? pdf.reference : undefined;
		}
		const record = await new Records(this.transport).read(address, 0);
		if (record === undefined) return undefined;
		return sameFile(fileReferences(subject.resourceName, record), reference);
	}
}
