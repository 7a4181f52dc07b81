import catalogue from '../../emulator/catalogue.json';
import { eventLabel, eventName, resourceLabel } from '../../nodes/Procore/methods/event-label';

const entries = catalogue.flatMap((resource) =>
	resource.events.map((event) => ({
		value: `${resource.name}:${event}`,
		label: eventLabel(resource, event),
	})),
);

/** n8n's editor searches for the literal text in the labels, ignoring case. */
function found(typed: string): string[] {
	return entries
		.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
		.map(({ value }) => value);
}

describe('the labels of events', () => {
	test.each([
		['RFI', 'RFIs:create'],
		['RFIs', 'RFIs:create'],
		['rfi created', 'RFIs:create'],
		['RFI updated', 'RFIs:update'],
		['rfi changed', 'RFIs:update'],
		['RFIs updated', 'RFIs:update'],
		['rfi answer', 'RFI Replies:create'],
		['request for information', 'RFIs:create'],
		['submittal created', 'Submittals:create'],
		['shop drawing', 'Submittals:update'],
		['photo', 'Images:create'],
		['photos', 'Images:create'],
		['photo created', 'Images:create'],
		['picture', 'Images:create'],
		['commitment', 'Purchase Order Contracts:create'],
		['commitments', 'Work Order Contracts:create'],
		['subcontract', 'Work Order Contracts:update'],
		['purchase order', 'Purchase Order Contracts:create'],
		['correspondence', 'Generic Tool Items:create'],
		['letter', 'Generic Tool Items:create'],
		['invoice', 'Draw Requests:create'],
		['invoice', 'Payment Applications:create'],
		['pay app', 'Payment Applications:update'],
		['change order', 'Potential Change Orders:create'],
		['change order', 'Change Order Packages:update'],
		['PCO', 'Potential Change Orders:create'],
		['change event', 'Change Events:create'],
		['punch', 'Punch Items:create'],
		['punch list', 'Punch Items:update'],
		['snag', 'Punch Items:create'],
		['daily log', 'Weather Logs:create'],
		['daily log', 'Manpower Logs:update'],
		['site diary', 'Daily Logs:create'],
		['drawing', 'Drawings:create'],
		['plan', 'Drawings:update'],
		['document', 'Project Files:create'],
		['inspection', 'Inspection Checklists:create'],
		['checklist', 'Inspection Checklists:update'],
		['observation', 'Observation Items:create'],
		['incident', 'Incidents:create'],
		['near miss', 'Incidents:create'],
		['meeting', 'Meetings:create'],
		['task', 'Task Items:create'],
		['schedule', 'Tasks:update'],
		['vendor', 'Company Vendors:create'],
		['subcontractor', 'Company Vendors:update'],
		['timesheet', 'Timecard Entries:create'],
		['budget', 'Budget Changes:create'],
		['directory', 'Project Users:create'],
		['contact', 'Company Users:create'],
		['project created', 'Projects:create'],
		['weather', 'Weather Logs:update'],
		['spec', 'Specification Sections:update'],
	])('find, for the word %j, the event %s', (typed, expected) => {
		expect(found(typed)).toContain(expected);
	});

	test('find every event of the Daily Log tool', () => {
		const logs = catalogue.filter(({ tool }) => tool === 'Daily Log');
		const values = logs.flatMap(({ name, events }) => events.map((event) => `${name}:${event}`));
		expect(values.length).toBeGreaterThan(40);
		expect(found('daily log')).toEqual(expect.arrayContaining(values));
	});

	test('are different for every event and resource', () => {
		expect(new Set(entries.map(({ label }) => label)).size).toBe(entries.length);
		expect(new Set(catalogue.map(resourceLabel)).size).toBe(catalogue.length);
	});

	test('name the tool unless the resource begins with it', () => {
		expect(eventLabel({ name: 'Images', tool: 'Photos' }, 'create')).toBe(
			'Photos: Images created (photo created, image, picture)',
		);
		expect(eventLabel({ name: 'RFIs', tool: 'RFIs' }, 'UPDATE')).toBe(
			'RFIs updated (RFI updated, RFI changed, request for information)',
		);
		expect(eventLabel({ name: 'Offices', tool: 'Admin' }, 'delete')).toBe('Admin: Offices deleted');
		expect(eventLabel({ name: 'Document Upload', tool: '' }, 'Created')).toBe(
			'Document Upload: Created',
		);
	});

	test('are short where nothing is searched', () => {
		expect(eventName('RFIs', 'create')).toBe('RFIs created');
		expect(eventName('Document Upload', 'Completed')).toBe('Document Upload: Completed');
	});

	test('give resources the same words', () => {
		expect(resourceLabel({ name: 'Images', tool: 'Photos' })).toBe(
			'Photos: Images (photo, image, picture)',
		);
	});
});
