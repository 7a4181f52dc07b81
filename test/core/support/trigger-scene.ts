import type { INodeParameters } from 'n8n-workflow';
import type { Fault, HookState } from '../../../emulator/control-client';
import { byId, COMPANY, N8N_ORIGIN, TriggerBench, useN8n, type Generation } from '../harness';

/** The address of a copy of n8n's database, or the address that n8n has moved to. */
export const OTHER_N8N = 'https://automation.larkspur.example';
export const FOREIGN_URL = 'https://erp.larkspur.example/procore/events';

export function inProjects(projectIds: string[], more: INodeParameters = {}): INodeParameters {
	return {
		companyId: byId(COMPANY),
		scope: 'projects',
		projectIds,
		events: ['RFIs:create', 'RFIs:update', 'Submittals:delete'],
		...more,
	};
}

export const IN_PROJECT_EVENTS = ['RFIs:create', 'RFIs:update', 'Submittals:delete'];

export function eventsOf({ triggers }: HookState): string[] {
	return triggers.map(({ resourceName, eventType }) => `${resourceName}:${eventType}`).sort();
}

export async function messageOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'nothing failed',
		(failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
	);
}

/** Sets up one generation of the webhooks API, with helpers for tests of the trigger's hooks. */
export function useTriggerScene(version: Generation) {
	const n8n = useN8n();
	beforeEach(async () => {
		n8n.moveTo(N8N_ORIGIN);
		await n8n.connect({ version });
	});

	const bench = (parameters: INodeParameters) => new TriggerBench(n8n, parameters);
	const hooks = async () => (await n8n.control.state()).hooks;
	const fault = async (effect: Fault['effect'], more: Partial<Fault> = {}) => {
		await n8n.control.addFault({ path: '^/rest', ...more, effect });
	};
	const writes = async () => (await n8n.requests()).filter(({ method }) => method !== 'GET');

	/** Expects exactly one correct hook in each scope. */
	async function expectRightHooks(
		trigger: TriggerBench,
		projectIds: Array<string | null>,
		more: { events?: string[]; namespace?: string | RegExp; companyId?: string } = {},
	): Promise<void> {
		const found = await hooks();
		const { companyId = COMPANY, events = IN_PROJECT_EVENTS } = more;
		expect(found.map(({ scope }) => scope.projectId).sort()).toEqual([...projectIds].sort());
		const [first] = found;
		for (const hook of found) {
			expect(hook.scope.companyId).toBe(companyId);
			expect(hook.destinationUrl).toBe(trigger.url);
			expect(hook.status).toBe('active');
			expect(hook.namespace).toMatch(more.namespace ?? /^procore-trigger-[a-z]{20}$/);
			expect(hook.namespace).toBe(first?.namespace);
			expect(hook.authorization).toBe(`Bearer ${trigger.secret}`);
			expect(eventsOf(hook)).toEqual([...events].sort());
		}
		expect(JSON.stringify(trigger.staticData)).not.toContain(trigger.secret);
	}

	return { n8n, bench, hooks, fault, writes, expectRightHooks };
}
