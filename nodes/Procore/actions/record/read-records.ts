import { sleep } from 'n8n-workflow';

import type { Settled } from '../../api/concurrency';
import type { Transport } from '../../api/transport';
import { latest, readUntilCurrent, type Cause, type Reading } from '../../record/freshness';
import { Records, type RecordAddress } from '../../record/records';
import type { RecordSubject } from '../../record/request';
import { Visibility } from '../../record/visibility';
import type { RunConcurrently } from '../operation';

/** A record to read for one item. */
export interface RecordRead {
	readonly subject: RecordSubject;
	/** The change that the record must include; undefined without an event about it. */
	readonly cause: Cause | undefined;
	readonly address: RecordAddress;
	/** How many milliseconds to retry while the record does not include the change. */
	readonly waitMs: number;
}

/** The deletion of a record, according to its event. */
export interface Deletion {
	readonly subject: RecordSubject;
	readonly cause: Cause;
}

function recordKey({ companyId, projectId, resourceName, recordId }: RecordSubject): string {
	return JSON.stringify([companyId, projectId, resourceName.toLowerCase(), recordId]);
}

/** Items that request the same record in the same way. */
type Group = [RecordRead, ...RecordRead[]];

function groupsOf(reads: readonly RecordRead[]): Group[] {
	const groups = new Map<string, Group>();
	for (const read of reads) {
		const key = JSON.stringify([recordKey(read.subject), read.address.request, read.waitMs]);
		const known = groups.get(key);
		if (known === undefined) groups.set(key, [read]);
		else known.push(read);
	}
	return [...groups.values()];
}

/** Reads the record of a group until it includes the change. */
async function readGroup(
	records: Records,
	group: Readonly<Group>,
	cause: Cause | undefined,
	visibility: Visibility,
): Promise<Reading> {
	const [{ address, subject, waitMs }] = group;
	const tool = JSON.stringify([subject.companyId, subject.projectId, subject.resourceName]);
	const isNew = group.some((read) => read.cause?.event_type === 'create');
	// All events are older than this run, so the first read can use any list that this run has already read.
	let notBefore = 0;
	const read = async () => {
		const record = await records.read(address, notBefore);
		notBefore = Date.now();
		if (record !== undefined) visibility.noteShown(tool);
		return record;
	};
	const missing = () => (visibility.isHidden(tool) ? 'giveUp' : isNew ? 'wait' : 'lookTwice');
	const reading = await readUntilCurrent(read, cause, { waitMs, missing, now: Date.now, sleep });
	// A list that does not contain the record is still visible.
	if (reading.state === 'missing' && cause !== undefined && address.request.kind === 'show') {
		visibility.noteMissing(tool);
	}
	return reading;
}

/** Returns the latest change that the record must include; undefined if it was deleted later, so that waiting is useless. */
function causeOf(group: Readonly<Group>, deletions: readonly Cause[]): Cause | undefined {
	const cause = latest(group.flatMap((read) => read.cause ?? []));
	const deletion = latest(deletions);
	if (cause === undefined || deletion === undefined) return cause;
	return latest([cause, deletion]) === deletion ? undefined : cause;
}

/**
 * Reads the records of several items. Items that request the same record share one read, which must include the latest of
 * their changes.
 */
export async function readRecords(
	transport: Transport,
	reads: readonly RecordRead[],
	deletions: readonly Deletion[],
	runConcurrently: RunConcurrently,
): Promise<Map<RecordRead, Settled<Reading>>> {
	const deletionsOf = new Map<string, Cause[]>();
	for (const { subject, cause } of deletions) {
		const key = recordKey(subject);
		deletionsOf.set(key, [...(deletionsOf.get(key) ?? []), cause]);
	}
	const records = new Records(transport);
	const visibility = new Visibility();
	const groups = groupsOf(reads);
	const settled = await runConcurrently(groups, async (group) => {
		const [{ subject }] = group;
		const cause = causeOf(group, deletionsOf.get(recordKey(subject)) ?? []);
		return await readGroup(records, group, cause, visibility);
	});
	const readings = new Map<RecordRead, Settled<Reading>>();
	for (const [index, group] of groups.entries()) {
		const reading = settled[index];
		if (reading !== undefined) for (const read of group) readings.set(read, reading);
	}
	return readings;
}
