import { useSharedN8n } from '../harness';
import { TRIGGER_ROWS } from './trigger-rows';
import { describeTrigger, entrances } from './trigger-suite';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

describe.each(['v2.0', 'v1.0'] as const)('an unexpected response on %s', (version) => {
	describeTrigger(version, [
		'checkExists of a new node',
		'checkExists',
		'create of a new node',
		'create',
	]);
});

describe('the table of entry points', () => {
	const n8n = useSharedN8n();

	test('covers everything that n8n calls on the trigger node', () => {
		// Requests to the webhook have their own suite, receive.test.ts.
		const rows = [...Object.keys(TRIGGER_ROWS).map((name) => name.split(' ')[0]), 'webhook'];
		expect([...new Set(rows)].sort()).toEqual(entrances(n8n).sort());
	});
});
