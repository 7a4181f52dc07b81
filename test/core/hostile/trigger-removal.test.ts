import { describeTrigger } from './trigger-suite';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

describe.each(['v2.0', 'v1.0'] as const)('an unexpected response on %s', (version) => {
	describeTrigger(version, [
		'delete',
		'delete with nothing remembered',
		'poll',
		'poll with Reconcile Records',
		'execute',
	]);
});
