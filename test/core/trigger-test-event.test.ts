import type { INodeParameters } from 'n8n-workflow';
import { byId, COMPANY, type Generation, OTHER_PROJECT, PROJECT, TriggerBench } from './harness';
import { passMinutes, useClock } from './support/clock';
import { inProjects, messageOf, useTriggerScene } from './support/trigger-scene';

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
	useClock();
	const { n8n, bench, hooks, fault, expectRightHooks } = useTriggerScene(version);

	describe('listening for a test event', () => {
		test.each<[string, INodeParameters]>([
			['that is generated', inProjects([PROJECT])],
			['that the user entered', inProjects([PROJECT], { namespace: 'my-app' })],
		])('does not touch the production hook in a namespace %s', async (_case, parameters) => {
			const trigger = bench(parameters);
			await trigger.activate();
			const production = JSON.stringify(await hooks());
			await trigger.listen();
			const both = await hooks();
			expect(both.map(({ destinationUrl }) => destinationUrl).sort()).toEqual(
				[trigger.testUrl, trigger.url].sort(),
			);
			expect(new Set(both.map(({ authorization }) => authorization)).size).toBe(2);
			expect(await trigger.checkExists()).toBe(true);
			await trigger.stopListening();
			expect(JSON.stringify(await hooks())).toBe(production);
			expect(await trigger.checkExists()).toBe(true);
		});

		test('works beside a production workflow that is stopped meanwhile', async () => {
			const trigger = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			await trigger.activate();
			await trigger.listen();
			await trigger.delete();
			expect(await hooks()).toMatchObject([{ destinationUrl: trigger.testUrl }]);
			await trigger.stopListening();
			expect(await hooks()).toEqual([]);
		});

		test('does not interrupt an activation and is not interrupted by one', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await fault({ kind: 'hold' }, { method: 'POST', times: 2 });
			const activating = trigger.activate();
			await n8n.untilHeld(1);
			const listening = trigger.listen();
			await n8n.untilHeld(2);
			await n8n.control.releaseHeld();
			await Promise.all([activating, listening]);
			expect(await hooks()).toHaveLength(2);
		});

		test.each<[string, string, (trigger: TriggerBench) => Promise<unknown>, number]>([
			['publish', '', async (trigger) => await trigger.activate(), 1],
			['publish', 'my-app', async (trigger) => await trigger.activate(), 1],
			['unpublish', '', async (trigger) => await trigger.delete(), 0],
			['unpublish', 'my-app', async (trigger) => await trigger.delete(), 0],
		])(
			'leaves a hook if n8n is killed, which the next %s removes, in namespace "%s"',
			async (_what, namespace, act, left) => {
				const trigger = bench(inProjects([PROJECT, OTHER_PROJECT], { namespace }));
				await trigger.listen();
				// Another process, which listens for nothing.
				trigger.nodeId = `node-of-the-next-process-${version}-${namespace}-${left}`;
				trigger.testStaticData = {};
				await act(trigger);
				const urls = (await hooks()).map(({ destinationUrl }) => destinationUrl);
				expect(urls).toEqual(Array.from({ length: 2 * left }, () => trigger.url));
			},
		);

		describe('beside another main process', () => {
			/** A node that this process has published, and the test hook of a process that was killed since. */
			async function abandonTest(name: string): Promise<TriggerBench> {
				const trigger = bench(inProjects([PROJECT]));
				const other = bench(inProjects([PROJECT]));
				trigger.nodeId = `node-of-two-processes-${version}-${name}`;
				other.nodeId = `node-of-the-killed-process-${version}-${name}`;
				await trigger.activate();
				await other.listen();
				return trigger;
			}

			test.each<[string, (trigger: TriggerBench) => Promise<unknown>]>([
				['publish', async (trigger) => await trigger.create()],
				['unpublish', async (trigger) => await trigger.delete()],
				[
					'test',
					async (trigger) => {
						await trigger.listen();
						await trigger.stopListening();
					},
				],
			])('leaves a hook if that is killed, which the next %s removes', async (what, act) => {
				const trigger = await abandonTest(what);
				passMinutes(8);
				await act(trigger);
				const urls = (await hooks()).map(({ destinationUrl }) => destinationUrl);
				expect(urls).not.toContain(trigger.testUrl);
			});

			test('is not disturbed, and costs no request of an activation meanwhile', async () => {
				const trigger = await abandonTest('that listens');
				await n8n.requests();
				await trigger.create();
				const usual = (await n8n.requests()).length;
				passMinutes(2);
				await trigger.create();
				expect(await n8n.requests()).toHaveLength(usual);
				expect(await hooks()).toHaveLength(2);
				// v1.0 does not tell when a hook was created. There, a deletion is confirmed with another one.
				passMinutes(version === 'v2.0' ? 6 : 1);
				await trigger.create();
				expect(await n8n.requests()).toHaveLength(usual + (version === 'v2.0' ? 2 : 3));
				expect(await hooks()).toHaveLength(1);
			});

			test('is not disturbed by a search of an activation', async () => {
				const trigger = bench(inProjects([PROJECT]));
				const other = bench(inProjects([PROJECT]));
				trigger.nodeId = `node-that-searches-again-${version}`;
				other.nodeId = `node-of-a-process-that-listens-${version}`;
				await trigger.activate();
				passMinutes(3);
				await other.listen();
				await trigger.create();
				// v1.0 does not tell when a hook was created.
				expect(await hooks()).toHaveLength(version === 'v2.0' ? 2 : 1);
			});
		});

		test('is not disturbed if it starts while an activation searches for hooks of earlier tests', async () => {
			const trigger = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			trigger.nodeId = `node-tested-during-a-search-${version}`;
			await trigger.activate();
			const killed = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			killed.nodeId = `node-killed-before-a-search-${version}`;
			await killed.listen();
			passMinutes(8);
			await fault({ kind: 'hold' }, { method: 'GET', path: 'my-app-test' });
			const searching = trigger.create();
			await n8n.untilHeld(1);
			await trigger.listen();
			await n8n.control.releaseHeld();
			await searching;
			const urls = (await hooks()).map(({ destinationUrl }) => destinationUrl);
			expect(urls.sort()).toEqual([trigger.testUrl, trigger.url].sort());
		});

		describe('if the account sees no project for a while', () => {
			async function hideProjects(): Promise<void> {
				const none = { kind: 'status', status: 200, body: [] } as const;
				await fault(none, { path: '/rest/v1.1/projects', method: 'GET', times: 0 });
			}

			test('leaves a hook if n8n is killed, which the next publish removes', async () => {
				const trigger = bench(inProjects([], { scope: 'allProjects' }));
				trigger.nodeId = `node-of-the-killed-process-that-saw-projects-${version}`;
				await trigger.listen();
				trigger.nodeId = `node-of-the-next-process-that-saw-none-${version}`;
				trigger.testStaticData = {};
				await hideProjects();
				await trigger.delete();
				await n8n.control.clearFaults();
				await trigger.activate();
				const urls = new Set((await hooks()).map(({ destinationUrl }) => destinationUrl));
				expect([...urls]).toEqual([trigger.url]);
			});

			test('warns that no hook was removed only for a production hook of a known company', async () => {
				await hideProjects();
				const warningsOf = async (
					parameters: INodeParameters,
					stop: (trigger: TriggerBench) => Promise<unknown>,
				) => {
					const trigger = bench(parameters);
					await stop(trigger);
					return trigger.warnings;
				};
				const unpublish = async (trigger: TriggerBench) => await trigger.delete();
				const stopTest = async (trigger: TriggerBench) => await trigger.stopListening();
				const all = inProjects([], { scope: 'allProjects' });
				expect(await warningsOf(all, unpublish)).toEqual([
					expect.stringMatching(/sees no active project in company \d+, so no hook was removed/),
				]);
				expect(await warningsOf(all, stopTest)).toEqual([]);
				expect(await warningsOf({ ...all, companyId: byId('') }, unpublish)).toEqual([]);
				expect(await warningsOf(inProjects([]), unpublish)).toEqual([]);
			});
		});

		test.each<[string, (trigger: TriggerBench) => Promise<unknown>]>([
			['publish', async (trigger) => await trigger.create()],
			['unpublish', async (trigger) => await trigger.delete()],
		])(
			'leaves a hook if Procore does not delete it, which the next %s in the same process removes',
			async (what, act) => {
				const trigger = bench(inProjects([PROJECT]));
				trigger.nodeId = `node-whose-test-hook-stays-${version}-${what}`;
				await trigger.activate();
				await trigger.listen();
				await fault({ kind: 'status', status: 403 }, { method: 'DELETE', times: 0 });
				expect(await messageOf(trigger.stopListening())).toContain('Could not remove hooks');
				await n8n.control.clearFaults();
				expect(await hooks()).toHaveLength(2);
				await act(trigger);
				const urls = (await hooks()).map(({ destinationUrl }) => destinationUrl);
				expect(urls).not.toContain(trigger.testUrl);
			},
		);

		test('is not disturbed by an activation in the same process', async () => {
			const trigger = bench(inProjects([PROJECT]));
			trigger.nodeId = `node-that-listens-${version}`;
			await trigger.listen();
			await trigger.activate();
			expect(await hooks()).toHaveLength(2);
		});

		test('does not touch a foreign hook in the namespace that a test would use', async () => {
			const other = new TriggerBench(n8n, inProjects([PROJECT], { namespace: 'my-app-test' }), 'x');
			await other.activate();
			const trigger = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			trigger.nodeId = `node-beside-a-foreign-hook-${version}`;
			await trigger.activate();
			await trigger.delete();
			await expectRightHooks(other, [PROJECT], { namespace: /^my-app-test$/ });
		});

		test('listens in the 10 of 14 projects that changed last, and logs it', async () => {
			const added: string[] = [];
			for (let index = 0; index < 10; index += 1) {
				await n8n.control.advance(60);
				added.push((await n8n.control.addProject({ companyId: COMPANY, name: `T${index}` })).id);
			}
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await n8n.requests();
			await trigger.listen();
			expect((await n8n.requests()).length).toBeLessThanOrEqual(31);
			const listening = (await hooks()).map(({ scope }) => scope.projectId).sort();
			expect(listening).toEqual(added.sort());
			expect(trigger.infos).toEqual([expect.stringContaining('listens in 10 of 14 projects')]);
			await trigger.stopListening();
			expect(await hooks()).toEqual([]);
		});

		test('removes what an n8n that was killed left behind', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.listen();
			await trigger.listen();
			expect(await hooks()).toHaveLength(1);
			await trigger.stopListening();
			expect(await hooks()).toEqual([]);
		});
	});
});
