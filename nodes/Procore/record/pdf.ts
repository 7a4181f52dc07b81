import { jsonObject, textOrNull, type JsonObject } from '../model/json';
import type { Transport } from '../api/transport';
import { findEndpoint } from './catalogue';
import { PDF_ENDPOINTS } from './file-fields';
import { safeFileName } from './file-name';
import type { FileReference, UnlocatedFile } from './file-references';
import { webAddress } from './links';
import type { RecordSubject } from './request';

/** The name that options and output use for the PDF of a record. */
export const PDF_FIELD = 'pdf';

/** How to get the PDF of a record. */
export interface PdfPlan {
	/** Starts with `/rest`, percent-encoded. */
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	/** See `file-fields.ts`. */
	readonly returns: 'file' | 'address';
}

/** Plans the PDF of a record; undefined if Procore makes none. The ids of the subject must be valid. */
export function planPdf({ resourceName, recordId, projectId }: RecordSubject): PdfPlan | undefined {
	const found = findEndpoint(resourceName);
	const name = found.ok ? found.name : '';
	const endpoint = Object.hasOwn(PDF_ENDPOINTS, name) ? PDF_ENDPOINTS[name] : undefined;
	if (endpoint === undefined || recordId === '' || projectId === '') return undefined;
	const [path = '', search = ''] = endpoint.path
		.replace('{id}', encodeURIComponent(recordId))
		.replaceAll('{project_id}', encodeURIComponent(projectId))
		.split('?');
	const query = Object.fromEntries(new URLSearchParams(search));
	return { path, query, returns: endpoint.returns };
}

function pdfName({ resourceName, recordId }: RecordSubject, record: JsonObject): string {
	const number = textOrNull(record.number) ?? recordId;
	return safeFileName(`${resourceName} ${number}.pdf`, `${recordId}.pdf`);
}

/** The PDF of a record, not yet downloaded, or why Procore gives it no address. */
export type FoundPdf =
	| { readonly kind: 'found'; readonly reference: FileReference }
	| { readonly kind: 'refused'; readonly file: UnlocatedFile; readonly status: number };

/**
 * Finds the PDF of a record.
 *
 * @returns undefined if Procore makes no PDF of its resource.
 * @throws ProcoreFailure if Procore does not respond, or refuses for another reason than that it makes none of this record.
 */
export async function findPdf(
	transport: Transport,
	subject: RecordSubject,
	record: JsonObject,
): Promise<FoundPdf | undefined> {
	const plan = planPdf(subject);
	if (plan === undefined) return undefined;
	const { resourceName, recordId, companyId } = subject;
	const file: UnlocatedFile = {
		name: pdfName(subject, record),
		size: null,
		contentType: 'application/pdf',
		field: PDF_FIELD,
		id: null,
	};
	if (plan.returns === 'file') {
		return {
			kind: 'found',
			reference: { ...file, url: `${transport.account.apiUrl}${plan.path}` },
		};
	}
	const { status, body } = await transport.request({
		method: 'GET',
		path: plan.path,
		query: plan.query,
		companyId,
		purpose: `find the PDF of ${resourceName} ${recordId}`,
		repeatable: true,
		accept: [403, 404],
	});
	const { url, pdf_url } = jsonObject(status < 300 ? body : {});
	const address = webAddress(url) ?? webAddress(pdf_url);
	if (address === null) return { kind: 'refused', file, status };
	return { kind: 'found', reference: { ...file, url: address } };
}
