import { nearestName } from './nearest-name';

/**
 * What people call a resource, the usual word first, in the singular. n8n's editor searches a list for the literal text, so a
 * word that an entry does not contain finds nothing. The names are those of Procore's list of resources.
 */
export const RESOURCE_WORDS: Readonly<Record<string, readonly string[]>> = {
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

/** Ignores case and the plural of the last word. */
function singular(words: string): string {
	return words.trim().toLowerCase().replace(/s$/, '');
}

/**
 * Suggests resources for an unknown name, as an AI model or a person writes it: `"Images"` for `photos`. Several that are
 * called the same are joined by "or".
 *
 * @param known the names to choose from.
 * @returns undefined if none comes close.
 */
export function suggestResources(typed: string, known: readonly string[]): string | undefined {
	const wanted = singular(typed);
	const called = known.filter((name) =>
		(RESOURCE_WORDS[name] ?? []).some((word) => singular(word) === wanted),
	);
	const nearest = nearestName(typed, known);
	const names = nearest === undefined || called.length > 0 ? called : [nearest];
	return names.length === 0 ? undefined : names.map((name) => `"${name}"`).join(' or ');
}
