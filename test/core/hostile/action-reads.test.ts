import { ACTION_ROWS } from './action-rows';
import { describeActions, offeredOperations } from './action-suite';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

test('cover every operation of the action node', () => {
	const rows = Object.keys(ACTION_ROWS).map((name) => name.replace(/ \(.*/, ''));
	expect([...new Set(rows)].sort()).toEqual(offeredOperations().sort());
});

describe.each(['v2.0', 'v1.0'] as const)('an unexpected response to a read on %s', (version) => {
	describeActions(version, ['company', 'project', 'user', 'webhookResource', 'record', 'delivery']);
});
