import { deepCopy, sleep, type IDataObject, type INodeProperties } from 'n8n-workflow';

import { settle, type Settled } from '../../api/concurrency';
import { foldEventType } from '../../model/trigger';
import { Records, type RecordAddress } from '../../record/records';
import { recordProperties } from '../../descriptions/record';
import type { ProcoreEvent } from '../../model/event';
import { latest, readUntilCurrent, type Cause, type Reading } from '../../record/freshness';
import { planRequest, type RecordSubject } from '../../record/request';
import { Visibility } from '../../record/visibility';
import type { BatchOperation, OperationItem } from '../operation';

export const description: INodeProperties[] = recordProperties({
	resource: ['record'],
	operation: ['get'],
});

const OUTPUTS = ['record', 'eventAndRecord'] as const;
const MISSING = ['error', 'empty'] as const;

const DEFAULT_WAIT_SECONDS = 10;
const LONGEST_WAIT_SECONDS = 300;

/** What one item asks for. */
type Asked = {
	readonly item: OperationItem;
	readonly output: (typeof OUTPUTS)[number];
	readonly subject: RecordSubject;
	readonly cause: Cause | undefined;
} & (
	| { readonly kind: 'deleted' }
	| {
			readonly kind: 'read';
			readonly address: RecordAddress;
			readonly waitMs: number;
			readonly missing: (typeof MISSING)[number];
	  }
);

type AskedRead = Extract<Asked, { kind: 'read' }>;

/** Whether the parameters mean the record that the event is about; an event tells nothing about another one. */
function isAbout(event: ProcoreEvent, { resourceName, recordId }: RecordSubject): boolean {
	return (
		event.resource_id === recordId &&
		event.resource_name.toLowerCase() === resourceName.toLowerCase()
	);
}

/** @throws NodeOperationError where the item does not say which record, or Procore has no way to read it. */
function ask(item: OperationItem): Asked {
	const output = item.oneOf('output', 'Output', OUTPUTS) ?? 'record';
	const resourceName = item.text('resourceName');
	if (resourceName === '') {
		throw item.refuse(
			'The name of the resource is missing: connect this node right behind a Procore Trigger, or choose one in Resource Name.',
		);
	}
	const event = item.event();
	const subject: RecordSubject = {
		resourceName,
		recordId: item.text('recordId'),
		companyId:
			item.id('companyId', 'Company', 'company') || (event?.company_id ?? item.companyId()),
		projectId: item.id('projectId', 'Project', 'project') || (event?.project_id ?? ''),
		relatedResources: event?.related_resources ?? [],
	};
	const cause =
		event !== undefined && isAbout(event, subject)
			? { timestamp: event.timestamp, event_type: foldEventType(event.event_type) }
			: undefined;
	if (cause?.event_type === 'delete') return { kind: 'deleted', item, output, subject, cause };
	const plan = planRequest(subject);
	if (!plan.ok) throw item.refuse(plan.message);
	const waits = item.flag('options.waitForChange', true);
	const waitSeconds =
		item.number('options.waitSeconds', 'Maximum Wait (Seconds)', 0, LONGEST_WAIT_SECONDS) ??
		DEFAULT_WAIT_SECONDS;
	return {
		kind: 'read',
		item,
		output,
		subject,
		cause,
		address: { ...subject, request: plan.request },
		waitMs: waits ? waitSeconds * 1000 : 0,
		missing: item.oneOf('options.missing', 'If Record Is Missing', MISSING) ?? 'error',
	};
}

function recordKey({ companyId, projectId, resourceName, recordId }: RecordSubject): string {
	return JSON.stringify([companyId, projectId, resourceName.toLowerCase(), recordId]);
}

/** Items that ask for the same record, in the same way. */
type Group = [AskedRead, ...AskedRead[]];

function groupsOf(asked: readonly AskedRead[]): Group[] {
	const groups = new Map<string, Group>();
	for (const one of asked) {
		const key = JSON.stringify([recordKey(one.subject), one.address.request, one.waitMs]);
		const known = groups.get(key);
		if (known === undefined) groups.set(key, [one]);
		else known.push(one);
	}
	return [...groups.values()];
}

/** Reads what a group asks for, until it is as new as its event. */
async function readGroup(
	records: Records,
	group: Readonly<Group>,
	cause: Cause | undefined,
	visibility: Visibility,
): Promise<Reading> {
	const [{ address, subject, waitMs }] = group;
	const tool = JSON.stringify([subject.companyId, subject.projectId, subject.resourceName]);
	const isNew = group.some((one) => one.cause?.event_type === 'create');
	// All events are older than this run, so the first look may use any list that was read in it.
	let notBefore = 0;
	const read = async () => {
		const record = await records.read(address, notBefore);
		notBefore = Date.now();
		if (record !== undefined) visibility.noteShown(tool);
		return record;
	};
	const missing = () => (visibility.isHidden(tool) ? 'giveUp' : isNew ? 'wait' : 'lookTwice');
	const reading = await readUntilCurrent(read, cause, { waitMs, missing, now: Date.now, sleep });
	// A list that lacks a record is visible all the same.
	if (reading.state === 'missing' && cause !== undefined && address.request.kind === 'show') {
		visibility.noteMissing(tool);
	}
	return reading;
}

/** The latest change that a group's record has to hold; none where it was deleted after that, for then none will come. */
function causeOf(group: Readonly<Group>, deletions: readonly Cause[]): Cause | undefined {
	const cause = latest(group.flatMap((one) => one.cause ?? []));
	const deletion = latest(deletions);
	if (cause === undefined || deletion === undefined) return cause;
	return latest([cause, deletion]) === deletion ? undefined : cause;
}

function describe({ resourceName, recordId, companyId, projectId }: RecordSubject): string {
	const place = projectId === '' ? `company ${companyId}` : `project ${projectId}`;
	return `${resourceName} ${recordId} in ${place}`;
}

/** @throws NodeOperationError where the record is missing and that counts as an error. */
function outputOf(asked: Asked, reading: Reading | undefined): IDataObject {
	const { item, output, subject } = asked;
	const event = item.input();
	if (asked.kind === 'deleted' || reading === undefined) {
		return output === 'record' ? event : { event, record: null, record_state: 'deleted' };
	}
	if (reading.state === 'missing' && asked.missing === 'error') {
		throw item.refuse(
			`Procore has no ${describe(subject)}, or does not show it to the account of the credential: check the ids, or choose Return an Empty Item in the option If Record Is Missing.`,
		);
	}
	const { state } = reading;
	// Items of one group share the reading, and what a later node does to one item must not show in another.
	const record = deepCopy(reading.record);
	if (output === 'eventAndRecord') return { event, record, record_state: state };
	if (record === null) return {};
	return state === 'outdated' ? { ...record, record_state: state } : record;
}

/**
 * Gives the record that each item's event is about. Several events about one record read it once; the latest of them
 * decides whether what Procore gives is new enough. A deletion reads nothing.
 */
export const executeAll: BatchOperation['executeAll'] = async (items, runConcurrently) => {
	const asked = await runConcurrently(items, async (item) => await Promise.resolve(ask(item)));
	const all = asked.flatMap((one) => (one.ok ? [one.value] : []));
	const deletions = new Map<string, Cause[]>();
	for (const { kind, subject, cause } of all) {
		if (kind !== 'deleted' || cause === undefined) continue;
		const key = recordKey(subject);
		deletions.set(key, [...(deletions.get(key) ?? []), cause]);
	}
	const groups = groupsOf(all.filter((one) => one.kind === 'read'));
	const [first] = items;
	if (first === undefined) return [];
	const records = new Records(first.procore.transport);
	const visibility = new Visibility();
	const settled = await runConcurrently(groups, async (group) => {
		const [{ subject }] = group;
		const cause = causeOf(group, deletions.get(recordKey(subject)) ?? []);
		return await readGroup(records, group, cause, visibility);
	});
	const readings = new Map<Asked, Settled<Reading>>();
	for (const [index, group] of groups.entries()) {
		const reading = settled[index];
		if (reading !== undefined) for (const one of group) readings.set(one, reading);
	}
	return await Promise.all(
		asked.map(
			async (one) =>
				await settle(async () => {
					if (!one.ok) throw one.failure;
					const reading = readings.get(one.value);
					if (reading?.ok === false) throw reading.failure;
					return await Promise.resolve([outputOf(one.value, reading?.value)]);
				}),
		),
	);
};
