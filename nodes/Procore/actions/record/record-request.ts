import type { ProcoreEvent } from '../../model/event';
import { describeScope } from '../../model/scope';
import { foldEventType } from '../../model/trigger';
import { planRequest, type RecordSubject } from '../../record/request';
import type { OperationItem } from '../operation-item';
import type { Deletion, RecordRead } from './read-records';

const MISSING = ['error', 'empty'] as const;

const DEFAULT_WAIT_SECONDS = 10;
const MAX_WAIT_SECONDS = 300;

/** The record that one input item requests. */
export interface RecordRequestOfItem {
	readonly item: OperationItem;
	readonly subject: RecordSubject;
	/** Who caused the event in the item; empty if it has none. */
	readonly userId: string;
	readonly missing: (typeof MISSING)[number];
	/** A deleted record is not read. */
	readonly work: { readonly read: RecordRead } | { readonly deletion: Deletion };
}

/** Whether the event is about the requested record. The parameters can select another one. */
function isAbout(event: ProcoreEvent, { resourceName, recordId }: RecordSubject): boolean {
	return (
		event.resource_id === recordId &&
		event.resource_name.toLowerCase() === resourceName.toLowerCase()
	);
}

/** @throws NodeOperationError if a parameter is missing or invalid, or Procore has no endpoint for the record. */
export function readRequest(item: OperationItem): RecordRequestOfItem {
	const resourceName = item.text('resourceName');
	if (resourceName === '') {
		throw item.refuse(
			'Resource Name is missing. Connect this node directly after a Procore Trigger, or select one in Resource Name.',
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
	const userId = event?.user_id ?? '';
	if (cause?.event_type === 'delete') {
		const work = { deletion: { subject, cause } };
		return { item, subject, userId, missing: 'error', work };
	}
	const plan = planRequest(subject);
	if (!plan.ok) throw item.refuse(plan.message);
	const waits = item.flag('options.waitForChange', true);
	const waitSeconds =
		item.number('options.waitSeconds', 'Maximum Wait (Seconds)', 0, MAX_WAIT_SECONDS) ??
		DEFAULT_WAIT_SECONDS;
	const missing = item.oneOf('options.missing', 'If Record Is Missing', MISSING) ?? 'error';
	const read: RecordRead = {
		subject,
		cause,
		address: { ...subject, request: plan.request },
		waitMs: waits ? waitSeconds * 1000 : 0,
	};
	return { item, subject, userId, missing, work: { read } };
}

/** Explains that a record is missing, for the error of its item. */
export function explainMissing({
	resourceName,
	recordId,
	companyId,
	projectId,
}: RecordSubject): string {
	const place = describeScope(
		projectId === '' ? { kind: 'company', companyId } : { kind: 'project', companyId, projectId },
	);
	return `${resourceName} ${recordId} was not found in ${place}, or this account can't access it. Check the IDs, or select Return an Empty Item in If Record Is Missing.`;
}
