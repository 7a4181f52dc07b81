import { TRIGGER_ROWS } from './trigger-rows';
import { describeTrigger } from './trigger-suite';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

const names = Object.keys(TRIGGER_ROWS).filter((name) =>
	/ in (all projects|the company)/.test(name),
);

describe.each(['v2.0', 'v1.0'] as const)('an unexpected response about scopes on %s', (version) => {
	describeTrigger(version, names);
});
