import { NodeHelpers } from 'n8n-workflow';

import { ProcoreTrigger } from '../../nodes/Procore/ProcoreTrigger.node';
import { NODE } from './support/node';

const { description } = new ProcoreTrigger();

function isShown(events: string[]): boolean {
	const notice = description.properties.find(({ name }) => name === 'deletionNotice');
	if (notice === undefined) throw new Error('There is no notice');
	return NodeHelpers.displayParameter({ events }, notice, NODE, description);
}

describe('the notice about deleted records in the panel of the trigger', () => {
	test.each([
		[['RFIs:delete'], true],
		[['RFIs:create', 'RFIs:update', 'Submittals:delete'], true],
		[['RFIs:create', 'RFIs:update'], false],
		[[], false],
	])('for the events %j is shown: %j', (events, expected) => {
		expect(isShown(events)).toBe(expected);
	});
});
