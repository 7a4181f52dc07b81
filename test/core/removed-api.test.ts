import type * as N8nWorkflow from 'n8n-workflow';

import { openProcore } from '../../nodes/Procore/api';
import type { Scope } from '../../nodes/Procore/model/scope';
import { COMPANY, useN8n, type Generation } from './harness';
import { DRAFT, IN_COMPANY, IN_PROJECT, failureOf } from './support/webhooks-api';

jest.mock('n8n-workflow', () => ({
	...jest.requireActual<typeof N8nWorkflow>('n8n-workflow'),
	sleep: async () => await Promise.resolve(),
}));

const n8n = useN8n();
const webhooks = async () => (await openProcore(n8n.apiContext())).webhooks;

describe.each([404, 410] as const)('Webhooks API v1.0 after its removal with %d', (status) => {
	beforeEach(async () => {
		await n8n.connect({ version: 'v1.0' });
	});

	test.each<[string, Scope]>([
		['a project', IN_PROJECT],
		['a company', IN_COMPANY],
	])(
		'is reported as removed by every call in %s, and no hook counts as deleted',
		async (_case, scope) => {
			const { id } = (await (await webhooks()).createHook(scope, DRAFT)).model;
			await n8n.control.setV1Removed(status);
			const api = await webhooks();
			const calls: Array<() => Promise<unknown>> = [
				async () => await api.listHooks(scope, DRAFT.namespace),
				async () => await api.getHook(scope, id, DRAFT.namespace),
				async () => await api.createHook(scope, { ...DRAFT, namespace: 'other' }),
				async () => await api.updateHook(scope, id, { namespace: 'other' }),
				async () => await api.deleteHook(scope, id),
				async () => await api.listTriggers(scope, id),
				async () => await api.deleteTrigger(scope, id, '1'),
				async () => await api.deliveries(scope, id, {}).next(),
				async () =>
					await api.listUndelivered(scope, id, {
						after: '',
						triedSince: '',
						deadline: Infinity,
					}),
				async () => await api.listResources(scope, 'v2.0'),
			];
			for (const call of calls) {
				const failure = await failureOf(call());
				expect(failure.message).toMatch(
					/^Could not .*\. Procore answered (404|410): .*\. Procore no longer answers Webhooks API v1\.0, which it planned to remove on 2026-09-16: select V2\.0 as Webhooks API Version in the credential\.$/,
				);
				expect(failure.isNotFound).toBe(false);
				expect(failure.isApiWide).toBe(true);
			}
			await n8n.control.setV1Removed(null);
			expect(await (await webhooks()).listHooks(scope, DRAFT.namespace)).toHaveLength(1);
		},
	);

	test('leaves the hooks, which v2.0 shows in the same namespace', async () => {
		const { id } = (await (await webhooks()).createHook(IN_PROJECT, DRAFT)).model;
		await n8n.control.setV1Removed(status);
		await n8n.connect({ version: 'v2.0' });
		const hooks = await (await webhooks()).listHooks(IN_PROJECT, DRAFT.namespace);
		expect(hooks.map(({ model }) => model.id)).toEqual([id]);
	});
});

describe.each<Generation>(['v2.0', 'v1.0'])('a 404 on %s', (version) => {
	beforeEach(async () => {
		await n8n.connect({ version });
	});

	test('for a hook means that it is gone once the list has been read', async () => {
		const api = await webhooks();
		const { id } = (await api.createHook(IN_PROJECT, DRAFT)).model;
		expect(await api.deleteHook(IN_PROJECT, id)).toBe(true);
		await n8n.requests();
		expect(await api.deleteHook(IN_PROJECT, id)).toBe(false);
		expect((await n8n.requests()).map(({ method, status }) => [method, status])).toEqual([
			['DELETE', 404],
			['GET', 200],
		]);
	});

	test.each([404, 410])('does not count as a deletion if every call answers %d', async (status) => {
		const api = await webhooks();
		const { id } = (await api.createHook(IN_PROJECT, DRAFT)).model;
		await n8n.control.addFault({ path: '^/rest', times: 0, effect: { kind: 'status', status } });
		expect(await failureOf(api.deleteHook(IN_PROJECT, id))).toMatchObject({
			outcome: { kind: 'refused', status },
			isNotFound: false,
		});
	});

	test('does not matter if the hook alone answers 410: it counts as deleted', async () => {
		const api = await webhooks();
		const { id } = (await api.createHook(IN_PROJECT, DRAFT)).model;
		await n8n.control.addFault({ method: 'DELETE', effect: { kind: 'status', status: 410 } });
		expect(await api.deleteHook(IN_PROJECT, id)).toBe(false);
	});

	test('does not count as a deletion if the list then is an HTML page', async () => {
		const api = await webhooks();
		const { id } = (await api.createHook(IN_PROJECT, DRAFT)).model;
		await n8n.control.addFault({ method: 'DELETE', effect: { kind: 'status', status: 404 } });
		await n8n.control.addFault({ method: 'GET', effect: { kind: 'page' } });
		const failure = await failureOf(api.deleteHook(IN_PROJECT, id));
		expect(failure.outcome).toMatchObject({ kind: 'unknown', status: 200 });
	});

	test('for a deleted project is recognized as one of the project', async () => {
		const gone: Scope = { kind: 'project', companyId: COMPANY, projectId: '999999' };
		const failure = await failureOf((await webhooks()).listHooks(gone, DRAFT.namespace));
		expect([failure.isNotFound, failure.isApiWide]).toEqual([true, false]);
		expect(await (await webhooks()).deleteHook(gone, '1')).toBe(false);
	});
});
