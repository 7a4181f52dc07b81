import type * as N8nWorkflow from 'n8n-workflow';

import { openProcore, type Procore } from '../../nodes/Procore/api';
import { ProcoreFailure } from '../../nodes/Procore/api/failure';
import { allPages } from '../../nodes/Procore/api/paging';
import { COMPANY, useN8n, type Generation } from './harness';
import { DRAFT, IN_PROJECT } from './support/webhooks-api';

jest.mock('n8n-workflow', () => ({
	...jest.requireActual<typeof N8nWorkflow>('n8n-workflow'),
	sleep: async () => await Promise.resolve(),
}));

const DELIVERIES = 237;

describe.each<Generation>(['v2.0', 'v1.0'])('a list that is too large on %s', (version) => {
	const n8n = useN8n();
	let hookId: string;
	let procore: Procore;

	beforeEach(async () => {
		await n8n.connect({ version });
		const { webhooks } = await openProcore(n8n.apiContext());
		const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		hookId = hook.id;
		await webhooks.addTriggers(IN_PROJECT, hook, [{ resource_name: 'RFIs', event_type: 'create' }]);
		await n8n.control.addDeliveries(hookId, { count: DELIVERIES, statuses: ['delivered'] });
		procore = await openProcore(n8n.apiContext());
		await n8n.requests();
	});

	const deliveries = async () => {
		const ids: Array<string | null> = [];
		for await (const rows of procore.webhooks.deliveries(IN_PROJECT, hookId, {})) {
			ids.push(...rows.map(({ model }) => model.ulid ?? model.event_id));
		}
		return ids;
	};
	const sizes = async () =>
		(await n8n.requests()).map(({ query, status }) => [
			Number(query.per_page ?? query.page_size),
			status,
		]);

	test.each([500, 408] as const)(
		'is read to the end in smaller pages after a %d, also for the rest of the run',
		async (status) => {
			const whole = await deliveries();
			expect(new Set(whole).size).toBe(DELIVERIES);
			await n8n.requests();
			await n8n.control.addFault({
				path: '/deliveries',
				times: 0,
				effect: { kind: 'pageTooLarge', above: 10, status },
			});

			expect(await deliveries()).toEqual(whole);

			const asked = await sizes();
			expect(asked.slice(0, 5)).toEqual([
				...Array.from({ length: 4 }, () => [100, status]),
				[10, 200],
			]);
			expect(asked.slice(4)).toEqual(Array.from({ length: 24 }, () => [10, 200]));
			await deliveries();
			expect(await sizes()).toEqual(Array.from({ length: 24 }, () => [10, 200]));
		},
	);

	test('continues at the page that fails, without a gap or a duplicate', async () => {
		const whole = await deliveries();
		await n8n.requests();
		await n8n.control.addFault({
			path: '/deliveries',
			after: 1,
			times: 0,
			effect: { kind: 'pageTooLarge', above: 10, status: 500 },
		});

		expect(await deliveries()).toEqual(whole);

		const asked = (await sizes()).filter(([, status]) => status === 200);
		expect(asked).toEqual([[100, 200], ...Array.from({ length: 14 }, () => [10, 200])]);
	});

	test('keeps its page size after a single 500', async () => {
		await n8n.control.addFault({
			path: '/deliveries',
			effect: { kind: 'pageTooLarge', above: 10, status: 500 },
		});
		expect(await deliveries()).toHaveLength(DELIVERIES);
		expect((await sizes()).map(([size]) => size)).toEqual([100, 100, 100, 100]);
	});

	test('fails with the first error if no page size works', async () => {
		await n8n.control.addFault({
			path: '/webhooks/hooks',
			times: 0,
			effect: { kind: 'status', status: 500 },
		});
		await expect(procore.webhooks.listHooks(IN_PROJECT, 'larkspur-test')).rejects.toBeInstanceOf(
			ProcoreFailure,
		);
		const asked = (await sizes()).map(([size]) => size);
		expect(asked).toEqual(
			version === 'v2.0' ? [100, 100, 100, 100, 10] : [1000, 1000, 1000, 1000, 100, 10],
		);
	});

	test.each(['hooks', 'triggers', 'resources', 'companies', 'projects', 'records'])(
		'is read in smaller pages for %s',
		async (name) => {
			const { webhooks, directory, transport } = procore;
			const read: Record<string, () => Promise<unknown[]>> = {
				hooks: async () => await webhooks.listHooks(IN_PROJECT, 'larkspur-test'),
				triggers: async () => await webhooks.listTriggers(IN_PROJECT, hookId),
				resources: async () => await webhooks.listResources(IN_PROJECT, 'v2.0'),
				companies: async () => await directory.companies(),
				projects: async () => await directory.allProjects(COMPANY),
				records: async () => {
					const request = {
						method: 'GET',
						path: `/rest/v1.0/companies/${COMPANY}/users`,
						companyId: COMPANY,
						purpose: 'read the users',
						repeatable: true,
					} as const;
					return await allPages(transport, request, 100, (body) => body);
				},
			};
			const whole = await read[name]?.();
			expect(whole?.length).toBeGreaterThan(0);
			await n8n.control.addFault({
				times: 0,
				effect: { kind: 'pageTooLarge', above: 10, status: 500 },
			});
			expect(await read[name]?.()).toEqual(whole);
		},
	);

	test('returns whole pages to the list of projects, so that the next page is found', async () => {
		for (let index = 0; index < 320; index += 1) {
			await n8n.control.addProject({ companyId: COMPANY, name: `P ${1000 + index}` });
		}
		const idsOf = async (firstPage: number) => {
			const { directory } = await openProcore(n8n.apiContext());
			for await (const { projects, isLast } of directory.projects(COMPANY, { firstPage })) {
				return { ids: projects.map(({ model }) => model.id), isLast };
			}
			return undefined;
		};
		const whole = [await idsOf(1), await idsOf(2)];
		expect(whole).toMatchObject([{ isLast: false }, { isLast: true }]);
		await n8n.control.addFault({
			path: '/projects',
			times: 0,
			effect: { kind: 'pageTooLarge', above: 100, status: 500 },
		});
		expect([await idsOf(1), await idsOf(2)]).toEqual(whole);
	});
});
