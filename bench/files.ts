/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFile, writeFile } from 'node:fs/promises';

import type { EmulatorControl } from '../emulator/control-client';
import { CLINIC, COMPANY, expectedItem } from '../test/e2e/procore';
import { createCredential } from '../test/e2e/credentials';
import { RECORD, recordNode } from '../test/e2e/workflows';
import type { JsonObject } from '../test/harness/json';
import { ActionWorkflow } from '../test/harness/run-action';
import { startOwnStack } from '../test/harness/stack';
import { numberOptions, print } from './support';

/**
 * Measures how much more memory the process of a real n8n takes while Record: Get Files downloads large files, with n8n's
 * binary storage in the file system: once for the files of one record, which follow each other, and once for as many
 * records with one file each, of which several are downloaded at the same time. Reads /proc, so it runs on Linux only.
 *
 * With the default sizes, code that holds one whole file in memory meets the goal too (86 MB): `--files 2 --megabytes 250`
 * tells the two apart (39 MB, compared with 439).
 */
const options = numberOptions({
	files: 10,
	/** The size of each, in MB of 1024 * 1024 bytes. */
	megabytes: 50,
	/** The most that the memory may grow, in the same unit. */
	limit: 100,
});

const MEGABYTE = 1024 * 1024;

/** Returns a figure of a process, in MB. */
async function memory(pid: number, name: 'VmRSS' | 'VmHWM'): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
	return Number(kilobytes) / 1024;
}

/** Changes an RFI, which then has these files, and returns the item of its event. */
async function rfiWith(
	control: EmulatorControl,
	resourceId: string,
	{ files, bytes }: { files: number; bytes: number },
): Promise<JsonObject> {
	const attachments: JsonObject[] = [];
	for (let index = 0; index < files; index += 1) {
		const name = `Model ${index}.pdf`;
		const { id, url } = await control.addFile({ name, bytes });
		attachments.push({ id: Number(id), name, url });
	}
	const [event] = await control.change({
		companyId: COMPANY.id,
		projectId: CLINIC.id,
		resourceName: 'RFIs',
		resourceId,
		eventType: 'update',
		record: { questions: [{ id: 1, attachments }] },
	});
	if (event === undefined) throw new Error('The change caused no event');
	return { ...expectedItem(event, 'v2.0') };
}

/** How the files are spread over records. */
interface Spread {
	readonly records: number;
	readonly filesOfEach: number;
	readonly text: string;
}

const SPREADS: readonly Spread[] = [
	{ records: 1, filesOfEach: options.files, text: 'of one record' },
	{ records: options.files, filesOfEach: 1, text: 'of as many records' },
];

/** Measures one spread in an n8n of its own, and prints the result. Returns whether the goal is met. */
async function measure({ records, filesOfEach, text }: Spread): Promise<boolean> {
	const stack = await startOwnStack({ env: { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' } });
	try {
		const { n8n, emulator } = stack;
		const credential = await createCredential(n8n.rest, emulator.control, 'v2.0');
		const workflow = await ActionWorkflow.activate(n8n.rest, [
			recordNode(credential, { operation: 'getFiles', options: { maxSizeMb: options.megabytes } }),
		]);
		const download = async (items: readonly JsonObject[]): Promise<number> => {
			const { error, execution } = await workflow.run(RECORD, [...items]);
			if (error !== undefined) throw new Error(error.message);
			const stored = execution.filesOf(RECORD);
			if (stored.length !== options.files) throw new Error(`${stored.length} files were stored`);
			if (stored.some((file) => file?.id?.startsWith('filesystem') !== true)) {
				throw new Error("A file is not in n8n's storage");
			}
			return stored.reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
		};
		const rfis = async (firstId: number, bytes: number): Promise<JsonObject[]> => {
			const items: JsonObject[] = [];
			for (let index = 0; index < records; index += 1) {
				const id = String(firstId + index);
				items.push(await rfiWith(emulator.control, id, { files: filesOfEach, bytes }));
			}
			return items;
		};

		// The first runs load code, which is not what is measured here.
		const small = await rfis(338_000, 1000);
		for (let run = 0; run < 5; run += 1) await download(small);

		const large = await rfis(339_000, options.megabytes * MEGABYTE);
		const before = await memory(n8n.pid, 'VmRSS');
		// Linux starts a new peak.
		await writeFile(`/proc/${n8n.pid}/clear_refs`, '5');
		const start = performance.now();
		const bytes = await download(large);
		const seconds = (performance.now() - start) / 1000;
		const growth = (await memory(n8n.pid, 'VmHWM')) - before;
		const isMet = growth < options.limit;
		print(
			`${options.files} files of ${options.megabytes} MB ${text} (${bytes / MEGABYTE} MB) in ${seconds.toFixed(1)} s: ` +
				`the memory of n8n grew from ${before.toFixed(0)} MB by at most ${growth.toFixed(0)} MB ` +
				`(goal: under ${options.limit} MB, ${isMet ? 'met' : 'MISSED'})`,
		);
		return isMet;
	} finally {
		await stack.stop();
	}
}

async function main(): Promise<void> {
	for (const spread of SPREADS) {
		if (!(await measure(spread))) process.exitCode = 1;
	}
}

void main();
