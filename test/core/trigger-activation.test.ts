/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import http from 'node:http';
import https from 'node:https';
import {
	byId,
	COMPANY,
	EUROPE,
	type Generation,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	shape,
	TriggerBench,
} from './harness';
import { inProjects, messageOf, useTriggerScene } from './support/trigger-scene';

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
	const { n8n, bench, hooks, writes, expectRightHooks } = useTriggerScene(version);

	describe('an activation', () => {
		test('creates a hook in a company', async () => {
			const events = ['Company Vendors:create', 'Projects:update'];
			const trigger = bench({ companyId: byId(COMPANY), scope: 'company', events });
			await trigger.activate();
			await expectRightHooks(trigger, [null], { events });
		});

		test('creates a hook in one project in three requests', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
			expect((await n8n.requests()).map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
		});

		test('creates hooks in several projects in one namespace and with one secret', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
		});

		test('creates hooks in all active projects', async () => {
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(trigger, PROJECTS);
		});

		test('creates hooks in more projects than it sets up at once', async () => {
			const more = await Promise.all(
				Array.from({ length: 20 }, async (_, index) =>
					n8n.control.addProject({ companyId: COMPANY, name: `Tower ${index}` }),
				),
			);
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(trigger, [...PROJECTS, ...more.map(({ id }) => id)]);
		});

		test('supports ids of more than 32 bits', async () => {
			const trigger = bench(inProjects(['598134325900121'], { companyId: byId(EUROPE) }));
			await trigger.activate();
			await expectRightHooks(trigger, ['598134325900121'], { companyId: EUROPE });
		});

		test('uses the company of the credential', async () => {
			await n8n.connect({ version, companyId: COMPANY, grant: 'clientCredentials' });
			const trigger = bench(inProjects([PROJECT], { companyId: byId('') }));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('accepts a company and projects picked from the list, and numeric ids', async () => {
			const trigger = bench(
				inProjects([], {
					companyId: { __rl: true, mode: 'list', value: Number(COMPANY), cachedResultName: 'L' },
					projectIds: [Number(PROJECT)],
				}),
			);
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('accepts events and projects from expressions', async () => {
			const trigger = bench(
				inProjects([], {
					projectIds: `={{ "${PROJECT}, ${OTHER_PROJECT}" }}`,
					events: '={{ ["RFIs:create", "RFIs:create", "RFIs:update", "Submittals:delete"] }}',
				}),
			);
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
		});

		test('uses the namespace of the user', async () => {
			const trigger = bench(inProjects([PROJECT], { namespace: 'my-app-2' }));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT], { namespace: /^my-app-2$/ });
		});

		test.each(['v3.0', 'v4.0'])('supports payload version %s', async (payloadVersion) => {
			const trigger = bench(inProjects([PROJECT], { options: { payloadVersion } }));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
			expect(await hooks()).toMatchObject([{ payloadVersion }]);
		});

		test('names the company in every request', async () => {
			await bench(inProjects([], { scope: 'allProjects' })).activate();
			for (const { companyHeader } of await n8n.requests()) expect(companyHeader).toBe(COMPANY);
		});

		test('needs as many requests for 60 events as for one', async () => {
			const options = await n8n.loadOptions('procoreTrigger', 'getEvents', inProjects([PROJECT]));
			const all = options.map(({ value }) => String(value));
			await n8n.requests();
			const counted: string[][] = [];
			for (const events of [all.slice(0, 1), all.slice(0, 60)]) {
				const trigger = bench(inProjects([PROJECT], { events }));
				await trigger.activate();
				await expectRightHooks(trigger, [PROJECT], { events });
				await trigger.delete();
				counted.push((await n8n.requests()).map(shape));
			}
			expect(counted[1]).toEqual(counted[0]);
		});

		test('derives the same secret after all state is lost', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			const [before] = await hooks();
			await trigger.delete();
			trigger.staticData = {};
			await trigger.activate();
			expect((await hooks())[0]?.authorization).toBe(before?.authorization);
		});

		test('is rejected without a client secret before anything is sent', async () => {
			n8n.credential.stored.clientSecret = '';
			const trigger = bench(inProjects([PROJECT]));
			expect(await messageOf(trigger.activate())).toMatch(/no Client Secret.*Enter it/);
			expect(await n8n.requests()).toEqual([]);
		});

		test('is rejected with an invalid filter, also if the hook is already right', async () => {
			const trigger = bench(inProjects([PROJECT]));
			const broken = {
				...trigger.parameters,
				filters: { conditions: [{ field: 'source_user_id', operator: 'isOneOf', value: '' }] },
			};
			const reason = /condition 1 \(User\): No user is selected.*Select users in User Names or IDs/;
			trigger.parameters = broken;
			expect(await messageOf(trigger.activate())).toMatch(reason);
			expect(await hooks()).toEqual([]);
			trigger.parameters = inProjects([PROJECT]);
			await trigger.activate();
			trigger.parameters = broken;
			expect(await messageOf(trigger.activate())).toMatch(reason);
		});

		test('uses different namespaces for two nodes and for two workflows', async () => {
			await bench(inProjects([PROJECT])).activate();
			await new TriggerBench(n8n, inProjects([PROJECT]), 'another-webhook-id').activate();
			const namespaces = (await hooks()).map(({ namespace }) => namespace);
			expect(new Set(namespaces).size).toBe(2);
		});
	});

	describe('another creation', () => {
		test('changes nothing', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.create();
			await n8n.requests();
			await trigger.create();
			expect(await writes()).toEqual([]);
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
		});

		test('adopts the hook after the stored state was lost', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.create();
			const [before] = await hooks();
			trigger.staticData = {};
			await trigger.create();
			await expectRightHooks(trigger, [PROJECT]);
			expect((await hooks())[0]?.id).toBe(before?.id);
		});

		test('leaves one hook after the node was renamed', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			// n8n stores static data by name, so the renamed node has none.
			trigger.name = 'New RFIs';
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test('on two main processes at once leaves one hook per project, with the secret that both expect', async () => {
			const mains = [bench(inProjects([PROJECT])), bench(inProjects([PROJECT]))];
			// In one process, one would cancel the other.
			for (const [index, main] of mains.entries()) main.nodeId = `node-in-process-${index}`;
			await Promise.all(mains.map(async (main) => await main.create()));
			expect(await hooks()).toHaveLength(1);
			const [survivor] = mains;
			if (survivor === undefined) throw new Error('No main');
			await expectRightHooks(survivor, [PROJECT]);
			expect(await survivor.checkExists()).toBe(true);
		});

		test('never touches hooks in other namespaces', async () => {
			const other = new TriggerBench(n8n, inProjects([PROJECT], { namespace: 'procore' }), 'other');
			await other.create();
			const before = JSON.stringify(await hooks());
			const trigger = bench(inProjects([PROJECT]));
			await trigger.create();
			await trigger.create();
			await trigger.delete();
			expect(JSON.stringify(await hooks())).toBe(before);
		});
	});

	describe('an n8n that Procore cannot reach', () => {
		const PRIVATE = ['http://localhost:5678/webhook', 'https://10.0.0.7/webhook'];

		test.each(PRIVATE)('rejects %s before anything is sent', async (base) => {
			n8n.webhookBaseUrl = base;
			for (const scope of ['projects', 'company', 'allProjects']) {
				const grant = 'clientCredentials';
				await n8n.connect({ version, environment: 'production', grant, companyId: COMPANY });
				const trigger = bench(inProjects([PROJECT], { scope }));
				const sent = [http, https].map((module) =>
					jest.spyOn(module, 'request').mockImplementation(() => {
						throw new Error('Something was sent');
					}),
				);
				const message = await messageOf(trigger.activate());
				const calls = sent.flatMap((spy) => spy.mock.calls);
				for (const spy of sent) spy.mockRestore();
				expect(message).toContain(`at ${base}/`);
				expect(message).toContain('WEBHOOK_URL');
				expect(calls).toEqual([]);
				expect(trigger.cleanUpFailures).toEqual([]);
			}
		});

		test.each(['http://localhost:5678/webhook'])('accepts %s with custom hosts', async (base) => {
			n8n.webhookBaseUrl = base;
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});
	});
});
