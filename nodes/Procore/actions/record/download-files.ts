import type { IBinaryData } from 'n8n-workflow';

import { limited } from '../../api/byte-limit';
import { Downloads } from '../../api/download';
import type { ByteStream } from '../../api/stream-response';
import type { JsonObject } from '../../model/json';
import { chosenFiles, explainTooLarge, sameFile, type FileChoice } from '../../record/file-choice';
import {
	fileReferences,
	type FileReference,
	type UnlocatedFile,
} from '../../record/file-references';
import { findPdf, PDF_FIELD } from '../../record/pdf';
import { Records, type RecordAddress } from '../../record/records';
import type { RecordSubject } from '../../record/request';
import type { Transport } from '../../api/transport';

/** A file that was downloaded, or why it was not. */
export interface DownloadedFile {
	readonly reference: UnlocatedFile;
	/** In bytes; null if nobody told. */
	readonly size: number | null;
	readonly binary: IBinaryData | undefined;
	readonly skipped: { readonly reason: 'tooLarge' | 'notFound'; readonly message: string } | null;
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

	/** @throws ProcoreFailure if a file cannot be downloaded for another reason than that it is gone or too large. */
	async all(order: DownloadOrder): Promise<DownloadedFile[]> {
		const { subject, record, choice, includePdf } = order;
		const downloaded: DownloadedFile[] = [];
		for (const file of chosenFiles(fileReferences(subject.resourceName, record), choice)) {
			downloaded.push(await this.one(file, order));
		}
		// Its address would expire while the other files are downloaded.
		const pdf = includePdf ? await findPdf(this.transport, subject, record) : undefined;
		if (pdf?.kind === 'found') downloaded.push(await this.one(pdf.reference, order));
		if (pdf?.kind === 'refused') downloaded.push(notFound(pdf.file, pdf.status));
		return downloaded;
	}

	private async one(reference: FileReference, order: DownloadOrder): Promise<DownloadedFile> {
		const { name, size } = reference;
		const { maxBytes } = order.choice;
		const tooLarge = (bytes: number | null): DownloadedFile => ({
			reference,
			size: bytes,
			binary: undefined,
			skipped: { reason: 'tooLarge', message: explainTooLarge(name, bytes, maxBytes) },
		});
		if (size !== null && size > maxBytes) return tooLarge(size);
		const opened = await this.open(reference, order);
		if (opened.kind === 'gone') return notFound(reference, opened.status);
		if (opened.size !== null && opened.size > maxBytes) {
			opened.stream.on('error', () => undefined);
			opened.stream.destroy();
			return tooLarge(opened.size);
		}
		// A server that tells the size cannot send more than that.
		const counted = opened.size === null ? limited(opened.stream, maxBytes) : undefined;
		const contentType = reference.contentType ?? opened.contentType ?? undefined;
		try {
			const binary = await order.store(counted?.stream ?? opened.stream, name, contentType);
			return { reference, size: opened.size ?? size, binary, skipped: null };
		} catch (failure) {
			if (counted?.isExceeded()) return tooLarge(null);
			throw this.transport.failure(
				{ purpose: `download ${name} of ${order.subject.resourceName} ${order.subject.recordId}` },
				{ kind: 'unknown', status: null },
				failure instanceof Error && 'code' in failure ? String(failure.code) : '',
			);
		}
	}

	/** Opens a file. If its address has expired, asks Procore for a new one. */
	private async open(reference: FileReference, order: DownloadOrder) {
		const { companyId, resourceName, recordId } = order.subject;
		const { url, name } = reference;
		const purpose = `download ${name} of ${resourceName} ${recordId}`;
		const request = { url, name, companyId, purpose };
		const opened = await this.downloads.open(request);
		if (opened.kind === 'open') return opened;
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
