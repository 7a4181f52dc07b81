import { deepCopy, type IDataObject, type INodeProperties } from 'n8n-workflow';

import { settle } from '../../api/concurrency';
import { bytesOfMegabytes, fileTypes, type FileChoice } from '../../record/file-choice';
import type { Reading } from '../../record/freshness';
import type { RecordSubject } from '../../record/request';
import { shown } from '../list-parameters';
import { FileOutput, type BatchOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { FileDownloads, type DownloadedFile } from './download-files';
import { readRecords } from './read-records';
import { optionsParameter, readOptions, subjectParameters, waitOption } from './record-parameters';
import { explainMissing, readRequest, type RecordRequestOfItem } from './record-request';

const DEFAULT_MAX_MB = 50;
const MAX_MB = 10_000;

/** The name of the binary field, as in n8n's own nodes. */
const BINARY_FIELD = 'data';

const parameters: INodeProperties[] = [
	...subjectParameters,
	optionsParameter([
		{
			displayName: 'Fields',
			name: 'fields',
			type: 'string',
			default: '',
			placeholder: 'e.g. questions.attachments',
			description:
				'Fields of the record whose files to download, separated by commas. Leave empty for all. The output names the field of each file.',
		},
		{
			displayName: 'File Types',
			name: 'fileTypes',
			type: 'string',
			default: '',
			placeholder: 'e.g. pdf, jpg',
			description: 'File extensions to download, separated by commas. Leave empty for all.',
		},
		...readOptions.filter(({ name }) => name === 'missing'),
		{
			displayName: 'Include PDF of Record',
			name: 'includePdf',
			type: 'boolean',
			default: false,
			description:
				'Whether to also download the PDF that Procore generates for the record. Available for RFIs, submittals and observations.',
		},
		{
			displayName: 'Maximum Size (MB)',
			name: 'maxSizeMb',
			type: 'number',
			default: DEFAULT_MAX_MB,
			typeOptions: { minValue: 0 },
			description:
				'Maximum size of a file. For a larger file, the item contains the reason instead of the file.',
		},
		...readOptions.filter(({ name }) => name === 'waitForChange'),
		waitOption('the files of the last result are returned, each with record_state set to outdated'),
	]),
];

export const description = parameters.map((parameter) =>
	shown(parameter, { resource: ['record'], operation: ['getFiles'] }),
);

/** What one input item requests. */
interface ItemRequest extends RecordRequestOfItem {
	readonly choice: FileChoice;
	readonly includePdf: boolean;
}

/** @throws NodeOperationError if a parameter is missing or invalid, or Procore has no endpoint for the record. */
function readItem(item: OperationItem): ItemRequest {
	const megabytes = item.number('options.maxSizeMb', 'Maximum Size (MB)', 0, MAX_MB);
	return {
		...readRequest(item),
		choice: {
			fields: item.list('options.fields'),
			types: fileTypes(item.list('options.fileTypes')),
			maxBytes: bytesOfMegabytes(megabytes ?? DEFAULT_MAX_MB),
		},
		includePdf: item.flag('options.includePdf'),
	};
}

function outputOf(
	{ reference, size, binary, skipped }: DownloadedFile,
	subject: RecordSubject,
	state: Reading['state'],
) {
	const { name, contentType, field, id } = reference;
	const json: IDataObject = {
		file_name: name,
		file_size: size,
		content_type: binary?.mimeType ?? contentType,
		field,
		attachment_id: id,
		resource_name: subject.resourceName,
		record_id: subject.recordId,
		company_id: subject.companyId,
		project_id: subject.projectId === '' ? null : subject.projectId,
		skipped: skipped?.reason ?? null,
		...(skipped === null ? {} : { message: skipped.message }),
		...(state === 'outdated' ? { record_state: state } : {}),
	};
	return new FileOutput(
		json,
		binary === undefined ? undefined : { [BINARY_FIELD]: deepCopy(binary) },
	);
}

/** Returns the files of the record of each item's event, one item per file. Events about the same record share a download. */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently, run) => {
	const [first] = items;
	if (first === undefined) return [];
	const requests = await runConcurrently(
		items,
		async (item) => await Promise.resolve(readItem(item)),
	);
	const works = requests.flatMap((request) => (request.ok ? [request.value.work] : []));
	const { transport } = first.procore;
	const readings = await readRecords(
		transport,
		works.flatMap((work) => ('read' in work ? [work.read] : [])),
		works.flatMap((work) => ('deletion' in work ? [work.deletion] : [])),
		runConcurrently,
	);
	const downloads = new FileDownloads(transport);
	const shared = new Map<string, Promise<DownloadedFile[]>>();

	const filesOf = async (request: ItemRequest): Promise<Array<IDataObject | FileOutput>> => {
		const { item, subject, missing, work, choice, includePdf } = request;
		// A deleted record has no files.
		if (!('read' in work)) return [];
		const reading = readings.get(work.read);
		if (reading === undefined) return [];
		if (!reading.ok) throw reading.failure;
		const { record, state } = reading.value;
		if (record === null) {
			if (missing === 'error') throw item.refuse(explainMissing(subject));
			return [{}];
		}
		const { resourceName, recordId, companyId, projectId } = subject;
		const key = JSON.stringify([resourceName, recordId, companyId, projectId, choice, includePdf]);
		const order = { subject, address: work.read.address, record, choice, includePdf };
		const store = item.storeFile.bind(item);
		const downloading = shared.get(key) ?? downloads.all({ ...order, store });
		shared.set(key, downloading);
		return (await downloading).map((file) => outputOf(file, subject, state));
	};

	const ready = await Promise.all(
		requests.map(
			async (request) =>
				await settle(async () => {
					if (!request.ok) throw request.failure;
					const { work } = request.value;
					const reading = 'read' in work ? readings.get(work.read) : undefined;
					if (reading?.ok === false) throw reading.failure;
					return await Promise.resolve(request.value);
				}),
		),
	);
	// If a failure ends the run, files would be downloaded in vain.
	if (!run.continuesOnFail && ready.some(({ ok }) => !ok)) {
		return ready.map((each) => (each.ok ? { ok: true, value: [] } : each));
	}
	return await runConcurrently(ready, async (each) => {
		if (!each.ok) throw each.failure;
		return await filesOf(each.value);
	});
};
