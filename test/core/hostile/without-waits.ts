import type * as N8nWorkflow from 'n8n-workflow';

/** `n8n-workflow` for `jest.mock`, with a pause of milliseconds before a retry. */
export function workflowWithoutWaits(): typeof N8nWorkflow {
	const actual = jest.requireActual<typeof N8nWorkflow>('n8n-workflow');
	return {
		...actual,
		sleep: async (milliseconds: number) => await actual.sleep(Math.min(milliseconds, 2)),
	};
}
