import { hookLabel } from '../../nodes/Procore/methods/hook-label';

const hook = {
	destination_url: 'https://flows.larkspur.example/webhook/a',
	namespace: 'procore-trigger-abcdefghijklmnopqrst',
	status: 'active',
} as const;

const events = (...texts: string[]) =>
	texts.map((text) => {
		const [resource_name = '', event_type = ''] = text.split(':');
		return { resource_name, event_type };
	});

describe('the label of a hook', () => {
	test('names its events, that a Procore Trigger made it, and its project', () => {
		expect(hookLabel(hook, events('RFIs:create', 'RFIs:updated'), 'Harbour Street Clinic')).toBe(
			'RFIs created, RFIs updated · Procore Trigger · Harbour Street Clinic',
		);
	});

	test('names the workflow that the hook starts, if it is known', () => {
		const name = hookLabel(hook, events('RFIs:create'), 'Harbour Street Clinic', '8kPx2');
		expect(name).toBe('RFIs created · Procore Trigger · Harbour Street Clinic · Workflow 8kPx2');
	});

	test('shows a namespace that somebody chose, and that the hook is disabled', () => {
		const other = { ...hook, namespace: 'larkspur-erp', status: 'disabled' } as const;
		expect(hookLabel(other, [], 'project 902214')).toBe(
			'No events · larkspur-erp · project 902214 · Disabled',
		);
	});

	test('counts the events that it does not name', () => {
		const many = events(
			'RFIs:create',
			'RFIs:update',
			'RFIs:delete',
			'Images:create',
			'Images:update',
		);
		expect(hookLabel(hook, many, 'Clinic')).toBe(
			'RFIs created, RFIs updated, RFIs deleted and 2 more · Procore Trigger · Clinic',
		);
	});

	test('starts with the URL if the events are unknown', () => {
		expect(hookLabel(hook, undefined, 'Clinic')).toBe(
			'https://flows.larkspur.example/webhook/a · Procore Trigger · Clinic',
		);
	});
});
