import { eventTypeKey, isUsualEventType, type WebhookResource } from '../model/trigger';

/**
 * What people call a resource, the usual word first, in the singular. n8n's editor searches a list for the literal text, so a
 * word that an entry does not contain finds nothing. The names are those of Procore's list of resources.
 */
const WORDS: Readonly<Record<string, readonly string[]>> = {
	'Accident Logs': ['accident'],
	Bids: ['bid', 'tender'],
	'Budget Changes': ['budget change', 'budget transfer'],
	'Change Events': ['change event', 'potential cost'],
	'Change Order Packages': ['change order', 'prime contract change order'],
	'Change Order Requests': ['change order request', 'COR'],
	'Commitment Contracts': ['commitment', 'subcontract', 'purchase order'],
	'Company Files': ['company document', 'company file'],
	'Company Users': ['company user', 'person', 'employee', 'contact'],
	'Company Vendors': ['company vendor', 'supplier', 'subcontractor'],
	'Contract Payments': ['commitment payment', 'payment issued'],
	'Coordination Issues': ['coordination issue', 'clash'],
	'Daily Construction Report Logs': ['daily report', 'construction report'],
	'Daily Log/Entries': ['daily log entry', 'entry of any log'],
	'Daily Logs': ['daily log', 'site diary'],
	'Delivery Logs': ['material delivery'],
	'Direct Costs': ['direct cost', 'expense'],
	'Draw Requests': ['invoice', 'subcontractor invoice', 'requisition', 'pay app'],
	Drawings: ['drawing', 'plan', 'sheet'],
	'Generic Tool Items': ['correspondence', 'letter', 'transmittal', 'notice'],
	Images: ['photo', 'image', 'picture'],
	Incidents: ['incident', 'injury', 'near miss'],
	'Inspection Checklists': ['inspection', 'checklist'],
	'Manpower Logs': ['manpower', 'labor', 'crew'],
	Meetings: ['meeting', 'minutes'],
	'Observation Items': ['observation', 'safety issue'],
	'Payment Applications': ['owner invoice', 'payment application', 'pay app', 'billing'],
	'Potential Change Orders': ['potential change order', 'PCO', 'change order'],
	'Prime Contracts': ['prime contract', 'owner contract'],
	'Project Files': ['project file', 'document'],
	'Project Folders': ['project folder', 'document folder'],
	'Project Users': ['project user', 'team member', 'person'],
	'Project Vendors': ['project vendor', 'supplier', 'subcontractor'],
	Projects: ['project', 'job'],
	'Punch Items': ['punch list item', 'punch item', 'snag', 'defect'],
	'Purchase Order Contracts': ['purchase order', 'commitment', 'PO'],
	'RFI Replies': ['RFI reply', 'RFI response', 'RFI answer'],
	RFIs: ['RFI', 'request for information'],
	'Site Instructions': ['site instruction'],
	'Specification Sections': ['spec', 'specification section'],
	Submittals: ['submittal', 'shop drawing'],
	'Task Items': ['task', 'to-do', 'action item'],
	Tasks: ['schedule task', 'activity', 'milestone'],
	'Timecard Entries': ['timecard', 'timesheet', 'hours worked'],
	'Visitor Logs': ['visitor'],
	'Weather Logs': ['weather'],
	'Work Order Contracts': ['subcontract', 'work order', 'commitment'],
};

/** Returns `RFIs created`, or `Document Upload: Created` for an event type that only this resource has. */
export function eventName(resourceName: string, eventType: string): string {
	return isUsualEventType(eventType)
		? `${resourceName} ${eventTypeKey(eventType)}d`
		: `${resourceName}: ${eventType}`;
}

/** Puts the tool in front of a name that does not begin with it: `Photos: Images`. */
function withTool(tool: string, name: string): string {
	return tool === '' || name.toLowerCase().startsWith(tool.toLowerCase())
		? name
		: `${tool}: ${name}`;
}

function inParentheses(words: readonly string[]): string {
	return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** Returns the label of a resource: its tool, its name, and what people call it, so that a search finds it by each. */
export function resourceLabel({ name, tool }: Pick<WebhookResource, 'name' | 'tool'>): string {
	return withTool(tool, name) + inParentheses(WORDS[name] ?? []);
}

/** Returns the label of an event, like {@link resourceLabel}: `Photos: Images updated (photo updated, photo changed, image)`. */
export function eventLabel(
	{ name, tool }: Pick<WebhookResource, 'name' | 'tool'>,
	eventType: string,
): string {
	const label = withTool(tool, eventName(name, eventType));
	const [usual, ...others] = WORDS[name] ?? [];
	if (usual === undefined) return label;
	if (!isUsualEventType(eventType)) return label + inParentheses([usual, ...others]);
	const key = eventTypeKey(eventType);
	const verbs = { create: ['created'], update: ['updated', 'changed'], delete: ['deleted'] };
	const phrases = Object.entries(verbs)
		.flatMap(([type, words]) => (type === key ? words : []))
		.map((verb) => `${usual} ${verb}`);
	return label + inParentheses([...phrases, ...others]);
}
