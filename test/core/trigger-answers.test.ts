import type * as N8nWorkflow from 'n8n-workflow';

import type { Fault } from '../../emulator/control-client';
import { byId, COMPANY, OTHER_PROJECT, PROJECT, TriggerBench, useN8n } from './harness';

jest.mock('n8n-workflow', () => ({
	...jest.requireActual<typeof N8nWorkflow>('n8n-workflow'),
	sleep: async () => await Promise.resolve(),
}));

const PARAMETERS = {
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT, OTHER_PROJECT],
	events: ['RFIs:create', 'RFIs:update'],
};

async function messageOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'nothing failed',
		(failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
	);
}

describe("the trigger's deactivation", () => {
	const n8n = useN8n();
	const hooks = async () => (await n8n.control.state()).hooks;

	const ANSWERS: Array<[string, Fault['effect'], RegExp]> = [
		['an HTML page', { kind: 'page' }, /answered 200 with an HTML page titled "Sign in"/],
		['a redirect to a login page', { kind: 'redirect' }, /answered 302 and redirects to/],
		['a 404', { kind: 'status', status: 404 }, /Procore answered 404/],
		['a 410', { kind: 'status', status: 410 }, /Procore answered 410/],
	];

	describe.each(['v2.0', 'v1.0'] as const)('on %s', (version) => {
		beforeEach(async () => {
			await n8n.connect({ version });
		});

		test.each(ANSWERS)(
			'fails if every call gets %s, and keeps the stored state of the hook',
			async (_case, effect, said) => {
				const trigger = new TriggerBench(n8n, PARAMETERS);
				await trigger.activate();
				const before = await hooks();
				const { memory } = trigger;
				expect(before).toHaveLength(2);
				await n8n.control.addFault({ path: '^/rest', times: 0, effect });

				expect(await messageOf(trigger.delete())).toMatch(said);

				expect(trigger.memory).toEqual(memory);
				await n8n.control.clearFaults();
				expect(await hooks()).toEqual(before);
				await trigger.delete();
				expect(await hooks()).toEqual([]);
			},
		);

		test('fails if only its deletions get an HTML page', async () => {
			const trigger = new TriggerBench(n8n, PARAMETERS);
			await trigger.activate();
			const { memory } = trigger;
			await n8n.control.addFault({ method: 'DELETE', times: 0, effect: { kind: 'page' } });
			expect(await messageOf(trigger.delete())).toMatch(/with an HTML page titled "Sign in"/);
			expect(trigger.memory).toEqual(memory);
			expect(await hooks()).toHaveLength(2);
		});
	});

	test('fails once Webhooks API v1.0 is removed, and v2.0 then adopts its hooks', async () => {
		await n8n.connect({ version: 'v1.0' });
		const trigger = new TriggerBench(n8n, PARAMETERS);
		await trigger.activate();
		const before = await hooks();
		await n8n.control.setV1Removed(404);

		expect(await messageOf(trigger.delete())).toMatch(
			/no longer answers Webhooks API v1\.0, .*select V2\.0 as Webhooks API Version/,
		);
		expect(trigger.memory).toBeDefined();

		n8n.credential.stored.webhooksApiVersion = 'v2.0';
		await trigger.activate();
		const after = await hooks();
		expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
		expect(after.map(({ triggers }) => triggers.length)).toEqual([2, 2]);
		await trigger.delete();
		expect(await hooks()).toEqual([]);
	});
});
