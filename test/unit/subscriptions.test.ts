import type { Subscription, Trigger } from '../../nodes/Procore/model/trigger';
import { compareTriggers, parseSubscription } from '../../nodes/Procore/hook/subscriptions';
import { nearestName } from '../../nodes/Procore/model/nearest-name';

function trigger(resource_name: string, event_type: string): Trigger {
	return {
		id: `${resource_name}-${event_type}`,
		hook_id: '1',
		resource_name,
		event_type,
		company_id: null,
		project_id: null,
	};
}

function subscription(resource_name: string, event_type: string): Subscription {
	return { resource_name, event_type };
}

describe('parseSubscription', () => {
	test.each([
		['RFIs:create', subscription('RFIs', 'create')],
		['Daily Log/Entries:update', subscription('Daily Log/Entries', 'update')],
		['RFIs : Delete', subscription('RFIs', 'Delete')],
		['Document Upload:Completed', subscription('Document Upload', 'Completed')],
		['RFIs:archive', subscription('RFIs', 'archive')],
		['A:B:create', subscription('A:B', 'create')],
	])('reads %j', (entry, expected) => {
		expect(parseSubscription(entry)).toEqual(expected);
	});

	test.each(['', 'RFIs', 'RFIs:', 'RFIs: ', ':create', ' :create', 'create'])(
		'returns undefined for %j',
		(entry) => {
			expect(parseSubscription(entry)).toBeUndefined();
		},
	);
});

describe('compareTriggers', () => {
	const wanted = [subscription('RFIs', 'create'), subscription('RFIs', 'update')];

	test('finds missing, surplus and remaining triggers', () => {
		const triggers = [trigger('RFIs', 'update'), trigger('Submittals', 'update')];
		expect(compareTriggers(wanted, triggers)).toEqual({
			missing: [subscription('RFIs', 'create')],
			surplus: [trigger('Submittals', 'update')],
			kept: [trigger('RFIs', 'update')],
		});
	});

	test.each(['CREATE', 'Create', 'create'])('compares event types without case: %s', (word) => {
		const difference = compareTriggers([subscription('RFIs', 'create')], [trigger('RFIs', word)]);
		expect(difference).toMatchObject({ missing: [], surplus: [] });
	});

	test('does not confuse Created with create', () => {
		const created = trigger('Document Revisions', 'created');
		const both = [subscription('Document Revisions', 'create'), created];
		expect(compareTriggers(both, [created])).toMatchObject({
			missing: [both[0]],
			surplus: [],
			kept: [created],
		});
	});

	test('compares names exactly: Submittal is not Submittals', () => {
		const difference = compareTriggers(
			[subscription('Submittals', 'create')],
			[trigger('Submittal', 'create')],
		);
		expect([difference.missing.length, difference.surplus.length]).toEqual([1, 1]);
	});

	test('counts a subscription once that is listed twice', () => {
		const { missing } = compareTriggers([...wanted, ...wanted], []);
		expect(missing).toEqual(wanted);
	});

	test('treats a second trigger for the same subscription as surplus', () => {
		const [first, second] = [trigger('RFIs', 'create'), { ...trigger('RFIs', 'CREATE'), id: 'x' }];
		expect(compareTriggers([subscription('RFIs', 'create')], [first, second])).toEqual({
			missing: [],
			surplus: [second],
			kept: [first],
		});
	});
});

describe('nearestName', () => {
	const known = ['RFIs', 'Submittals', 'Punch Items', 'Change Order Packages', 'Tasks'];

	test.each([
		['RFI', 'RFIs'],
		['rfis', 'RFIs'],
		['Submittal', 'Submittals'],
		['Submitals', 'Submittals'],
		['Punch Item', 'Punch Items'],
		['Change Order Package', 'Change Order Packages'],
	])('of %j is %j', (name, expected) => {
		expect(nearestName(name, known)).toBe(expected);
	});

	test('is undefined if none is near or none is known', () => {
		expect(nearestName('Weather Conditions', known)).toBeUndefined();
		expect(nearestName('RFI', [])).toBeUndefined();
	});
});
