import type { INodeParameters } from 'n8n-workflow';
import { objectAt } from '../harness/json';
import { byId, COMPANY, type Generation, N8N_ORIGIN, OTHER_PROJECT, PROJECT } from './harness';
import { inProjects, messageOf, OTHER_N8N, useTriggerScene } from './support/trigger-scene';

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
	const { n8n, bench, hooks, fault, writes } = useTriggerScene(version);

	describe('deletion', () => {
		test.each<[string, INodeParameters]>([
			['a project', inProjects([PROJECT])],
			['several projects', inProjects([PROJECT, OTHER_PROJECT])],
			['all projects', inProjects([], { scope: 'allProjects' })],
			['a company', { companyId: byId(COMPANY), scope: 'company', events: ['Projects:create'] }],
			['a namespace that the user entered', inProjects([PROJECT], { namespace: 'my-app' })],
		])('leaves no hook in %s, with and without stored state', async (_case, parameters) => {
			for (const keep of [true, false]) {
				const trigger = bench(parameters);
				await trigger.activate();
				expect((await hooks()).length).toBeGreaterThan(0);
				if (!keep) trigger.staticData = {};
				await trigger.delete();
				expect(await hooks()).toEqual([]);
				expect(trigger.memory).toBeUndefined();
			}
		});

		test('succeeds if the hooks are already gone', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			for (const { id } of await hooks()) await n8n.control.deleteHook(id);
			await trigger.delete();
			await trigger.delete();
			expect(await writes()).toHaveLength(2);
		});

		test('finds hooks in projects that the parameters no longer name', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.activate();
			trigger.parameters = inProjects([PROJECT]);
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test('finds hooks in projects that have since been closed', async () => {
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await n8n.control.closeProject(OTHER_PROJECT);
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test.each(['', 'my-app'])(
			'in a copy of the database keeps the hooks of the original in namespace "%s"',
			async (namespace) => {
				const trigger = bench(inProjects([PROJECT], { namespace }));
				await trigger.activate();
				const before = await hooks();
				n8n.moveTo(OTHER_N8N);
				await trigger.delete();
				expect(await hooks()).toEqual(before);
				expect(trigger.warnings).toEqual([
					expect.stringContaining(`that deliver to ${N8N_ORIGIN}/webhook/`),
				]);
			},
		);

		test('names the hooks of the Procore that the credential no longer connects to, and keeps them', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			const before = await hooks();
			const apiUrl = 'https://old.procore.example';
			trigger.staticData = {
				'node:Procore Trigger': { hook: { ...objectAt(trigger.memory), apiUrl, namespace: 'old' } },
			};
			for (const { id } of before) await n8n.control.deleteHook(id);
			await trigger.delete();
			expect(trigger.warnings).toEqual([
				expect.stringMatching(
					new RegExp(`hooks "old" .* created at ${apiUrl} \\(${before[0]?.id}\\) stay there`),
				),
			]);
			// An edit that is published deletes first, so the creation has nothing left to name.
			await trigger.activate();
			expect(trigger.warnings).toHaveLength(1);
		});

		test('throws if Procore rejects it, and can be repeated', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.activate();
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			const message = await messageOf(trigger.delete());
			expect(message).toContain('project 902377');
			expect(message).not.toContain('project 902214');
			expect(message).toContain('"Webhooks API" at level Standard');
			expect((await hooks()).map(({ scope }) => scope.projectId)).toEqual([OTHER_PROJECT]);
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [] });
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test('leaves hooks that the next activation adopts if Procore rejects it', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.activate();
			const before = await hooks();
			const { memory } = trigger;
			await fault({ kind: 'status', status: 403 }, { method: 'DELETE', times: 0 });
			await messageOf(trigger.delete());
			expect(trigger.memory).toEqual(memory);
			await n8n.control.clearFaults();
			trigger.parameters = inProjects([PROJECT]);
			await trigger.activate();
			expect(await hooks()).toEqual(before.filter(({ scope }) => scope.projectId === PROJECT));
		});

		describe('in a project that the account can no longer access', () => {
			const hide = async (...hiddenProjectIds: string[]) => {
				await n8n.control.setPermissions({ companyId: COMPANY, hiddenProjectIds });
			};
			const advice = /answered 404: .* hook \d+ is still there: give the account access/;

			test('throws and keeps the stored state, so that it can be repeated', async () => {
				const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
				await trigger.activate();
				const { memory } = trigger;
				await hide(OTHER_PROJECT);
				const message = await messageOf(trigger.delete());
				expect(message).toMatch(/^Could not remove hooks from Procore\. project 902377: /);
				expect(message).toMatch(advice);
				expect(trigger.memory).toEqual(memory);
				await hide();
				expect((await hooks()).map(({ scope }) => scope.projectId)).toEqual([OTHER_PROJECT]);
				await trigger.delete();
				expect(await hooks()).toEqual([]);
				expect(trigger.memory).toBeUndefined();
			});

			test('is logged if the project is no longer selected', async () => {
				const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
				await trigger.activate();
				await hide(OTHER_PROJECT);
				trigger.parameters = inProjects([PROJECT]);
				await trigger.activate();
				expect(trigger.warnings.join()).toMatch(advice);
			});

			test('succeeds if no hook was created there', async () => {
				await hide(OTHER_PROJECT);
				await bench(inProjects([OTHER_PROJECT])).delete();
			});
		});

		test('throws and keeps the stored state if a gateway responds to it with an empty 200', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			const { memory } = trigger;
			await fault({ kind: 'status', status: 200 }, { method: 'DELETE', times: 0 });
			expect(await messageOf(trigger.delete())).toContain('not its response to a deletion');
			expect(trigger.memory).toEqual(memory);
			expect(await hooks()).toHaveLength(1);
		});

		test("throws a message of our own, not n8n's, if there is no response", async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await fault({ kind: 'drop', when: 'before' }, { method: 'DELETE', times: 0 });
			expect(await messageOf(trigger.delete())).toMatch(
				/^Could not remove hooks from Procore\. project 902214: .*\(ECONNRESET\)/,
			);
		});
	});
});
