import { describeActions } from './action-suite';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

describe.each(['v2.0', 'v1.0'] as const)(
	'an unexpected response about a trigger on %s',
	(version) => {
		describeActions(version, ['trigger']);
	},
);
