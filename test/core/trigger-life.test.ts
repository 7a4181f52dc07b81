/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import http from 'node:http';
import https from 'node:https';

import { type INodeParameters } from 'n8n-workflow';

import type { Fault, HookState } from '../../emulator/control-client';
import {
	byId,
	COMPANY,
	EUROPE,
	N8N_ORIGIN,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	TriggerBench,
	UNCONNECTED,
	shape,
	useN8n,
	type Generation,
} from './harness';

/** Where a copy of n8n's database is in service, or n8n has moved to. */
const OTHER_N8N = 'https://automation.larkspur.example';
const FOREIGN_URL = 'https://erp.larkspur.example/procore/events';

function inProjects(projectIds: string[], more: INodeParameters = {}): INodeParameters {
	return {
		companyId: byId(COMPANY),
		scope: 'projects',
		projectIds,
		events: ['RFIs:create', 'RFIs:update', 'Submittals:delete'],
		...more,
	};
}

const IN_PROJECT_EVENTS = ['RFIs:create', 'RFIs:update', 'Submittals:delete'];

function eventsOf({ triggers }: HookState): string[] {
	return triggers.map(({ resourceName, eventType }) => `${resourceName}:${eventType}`).sort();
}

async function messageOf(work: Promise<unknown>): Promise<string> {
	return await work.then(
		() => 'nothing failed',
		(failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
	);
}

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
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

	/** One hook in each scope and none else, each as the node wants it. */
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

	describe('activation', () => {
		test('in a company', async () => {
			const events = ['Company Vendors:create', 'Projects:update'];
			const trigger = bench({ companyId: byId(COMPANY), scope: 'company', events });
			await trigger.activate();
			await expectRightHooks(trigger, [null], { events });
		});

		test('in one project, in three requests', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
			expect((await n8n.requests()).map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
		});

		test('in several projects, under one namespace and one secret', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
		});

		test('in all active projects', async () => {
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(trigger, PROJECTS);
		});

		test('in more projects than are set up at once', async () => {
			const more = await Promise.all(
				Array.from({ length: 20 }, async (_, index) =>
					n8n.control.addProject({ companyId: COMPANY, name: `Tower ${index}` }),
				),
			);
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(trigger, [...PROJECTS, ...more.map(({ id }) => id)]);
		});

		test('where ids need more than 32 bits', async () => {
			const trigger = bench(inProjects(['598134325900121'], { companyId: byId(EUROPE) }));
			await trigger.activate();
			await expectRightHooks(trigger, ['598134325900121'], { companyId: EUROPE });
		});

		test('with the company of the credential', async () => {
			await n8n.connect({ version, companyId: COMPANY, grant: 'clientCredentials' });
			const trigger = bench(inProjects([PROJECT], { companyId: byId('') }));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('with a company and projects picked from the list, and ids that are numbers', async () => {
			const trigger = bench(
				inProjects([], {
					companyId: { __rl: true, mode: 'list', value: Number(COMPANY), cachedResultName: 'L' },
					projectIds: [Number(PROJECT)],
				}),
			);
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('with events and projects from expressions', async () => {
			const trigger = bench(
				inProjects([], {
					projectIds: `={{ "${PROJECT}, ${OTHER_PROJECT}" }}`,
					events: '={{ ["RFIs:create", "RFIs:create", "RFIs:update", "Submittals:delete"] }}',
				}),
			);
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
		});

		test('with a namespace of the user', async () => {
			const trigger = bench(inProjects([PROJECT], { namespace: 'my-app-2' }));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT], { namespace: /^my-app-2$/ });
		});

		test.each(['v3.0', 'v4.0'])('with payload version %s', async (payloadVersion) => {
			const trigger = bench(inProjects([PROJECT], { options: { payloadVersion } }));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
			expect(await hooks()).toMatchObject([{ payloadVersion }]);
		});

		test('names the company on every request', async () => {
			await bench(inProjects([], { scope: 'allProjects' })).activate();
			for (const { companyHeader } of await n8n.requests()) expect(companyHeader).toBe(COMPANY);
		});

		test('takes as many requests for 60 events as for one', async () => {
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

		test('gives the hooks the same secret after everything was forgotten', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			const [before] = await hooks();
			await trigger.delete();
			trigger.staticData = {};
			await trigger.activate();
			expect((await hooks())[0]?.authorization).toBe(before?.authorization);
		});

		test('without a client secret is refused before anything is sent', async () => {
			n8n.credential.stored.clientSecret = '';
			const trigger = bench(inProjects([PROJECT]));
			expect(await messageOf(trigger.activate())).toMatch(/no client secret.*Client Secret/);
			expect(await n8n.requests()).toEqual([]);
		});

		test('two nodes and two workflows have namespaces of their own', async () => {
			await bench(inProjects([PROJECT])).activate();
			await new TriggerBench(n8n, inProjects([PROJECT]), 'another-webhook-id').activate();
			const namespaces = (await hooks()).map(({ namespace }) => namespace);
			expect(new Set(namespaces).size).toBe(2);
		});
	});

	describe('checkExists', () => {
		let trigger: TriggerBench;
		beforeEach(async () => {
			trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.activate();
			await n8n.requests();
		});

		const only = async () => (await hooks()).find(({ scope }) => scope.projectId === OTHER_PROJECT);
		const edit = async (change: Parameters<typeof n8n.control.editHook>[1]) => {
			await n8n.control.editHook((await only())?.id ?? '', change);
		};

		test('is true where all is as it should be, and only reads', async () => {
			expect(await trigger.checkExists()).toBe(true);
			expect(await writes()).toEqual([]);
		});

		test.each<[string, () => Promise<void>]>([
			['one hook is gone', async () => await n8n.control.deleteHook((await only())?.id ?? '')],
			['it has another URL', async () => await edit({ destinationUrl: FOREIGN_URL })],
			['it has another secret', async () => await edit({ authorization: 'Bearer x0000' })],
			['it has no secret', async () => await edit({ authorization: null })],
			[
				'a trigger is missing',
				async () => await edit({ triggers: [{ resourceName: 'RFIs', eventType: 'create' }] }),
			],
			[
				'there is a trigger too many',
				async () =>
					await edit({
						triggers: [
							{ resourceName: 'RFIs', eventType: 'create' },
							{ resourceName: 'RFIs', eventType: 'update' },
							{ resourceName: 'Submittals', eventType: 'delete' },
							{ resourceName: 'Submittals', eventType: 'create' },
						],
					}),
			],
			[
				'nothing is remembered',
				async () => {
					await Promise.resolve();
					trigger.staticData = {};
				},
			],
			...(version === 'v1.0'
				? []
				: [
						['it is disabled', async () => await edit({ status: 'disabled' })] satisfies [
							string,
							() => Promise<void>,
						],
					]),
		])('is false where %s; another creation puts it right', async (_case, act) => {
			await act();
			expect(await trigger.checkExists()).toBe(false);
			expect(await writes()).toEqual([]);
			await trigger.create();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
			expect(await trigger.checkExists()).toBe(true);
		});

		test.each<[string, INodeParameters, Array<string | null>, string[]]>([
			[
				'events are added and removed',
				inProjects([PROJECT, OTHER_PROJECT], { events: ['RFIs:create', 'Punch Items:update'] }),
				[PROJECT, OTHER_PROJECT],
				['RFIs:create', 'Punch Items:update'],
			],
			['a project is taken away', inProjects([PROJECT]), [PROJECT], IN_PROJECT_EVENTS],
			[
				'a project is added',
				inProjects(PROJECTS.slice(0, 3)),
				PROJECTS.slice(0, 3),
				IN_PROJECT_EVENTS,
			],
			[
				'the company takes the place of the projects',
				{ companyId: byId(COMPANY), scope: 'company', events: ['Projects:create'] },
				[null],
				['Projects:create'],
			],
			[
				'the payload version changes',
				inProjects([PROJECT, OTHER_PROJECT], { options: { payloadVersion: 'v4.0' } }),
				[PROJECT, OTHER_PROJECT],
				IN_PROJECT_EVENTS,
			],
		])(
			'is false where %s; the creation leaves the right hooks only',
			async (_case, parameters, projectIds, events) => {
				trigger.parameters = parameters;
				// As when the deletion with the old parameters was given up: old memory, new parameters.
				expect(await trigger.checkExists()).toBe(false);
				await trigger.create();
				await expectRightHooks(trigger, projectIds, { events });
				expect(await trigger.checkExists()).toBe(true);
			},
		);

		test('is false where the user gives a namespace; the creation moves the hooks there', async () => {
			trigger.parameters = inProjects([PROJECT, OTHER_PROJECT], { namespace: 'my-app' });
			expect(await trigger.checkExists()).toBe(false);
			await trigger.create();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT], { namespace: /^my-app$/ });
		});

		test('is false at another address of n8n; the creation makes hooks there and leaves the old ones', async () => {
			const before = await hooks();
			const [secret, oldUrl] = [trigger.secret, trigger.url];
			n8n.moveTo(OTHER_N8N);
			expect(await trigger.checkExists()).toBe(false);
			await trigger.create();
			const after = await hooks();
			expect(after).toEqual(expect.arrayContaining(before));
			const made = after.filter(({ destinationUrl }) => destinationUrl === trigger.url);
			expect(made.map(({ scope }) => scope.projectId).sort()).toEqual([PROJECT, OTHER_PROJECT]);
			expect(trigger.secret).not.toBe(secret);
			expect(trigger.warnings).toEqual([
				expect.stringMatching(new RegExp(`${oldUrl} stay in Procore.*Delete them if none does`)),
			]);
		});

		test('takes no hook under a given namespace away from another address of n8n', async () => {
			const given = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			await given.activate();
			const before = await hooks();
			n8n.moveTo(OTHER_N8N);
			const message = await messageOf(given.create());
			expect(message).toContain('The namespace "my-app" is in use in project 902214');
			expect(await hooks()).toEqual(before);
		});

		test('is false where the editor has another address; the creation keeps the hooks', async () => {
			const before = await hooks();
			n8n.instanceBaseUrl = 'https://editor.larkspur.example/';
			expect(await trigger.checkExists()).toBe(false);
			await trigger.create();
			expect(await hooks()).toEqual(before);
			expect(await trigger.checkExists()).toBe(true);
		});

		test('the order of events and projects is no difference', async () => {
			trigger.parameters = inProjects([OTHER_PROJECT, PROJECT], {
				events: ['Submittals:delete', 'RFIs:update', 'RFIs:create'],
			});
			expect(await trigger.checkExists()).toBe(true);
		});

		test('what cannot be read is thrown, never taken for absent', async () => {
			await fault({ kind: 'status', status: 403, body: { errors: ['Not now'] } });
			expect(await messageOf(trigger.checkExists())).toContain('Not now');
		});
	});

	describe('creation', () => {
		test('again changes nothing', async () => {
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			await trigger.create();
			await n8n.requests();
			await trigger.create();
			expect(await writes()).toEqual([]);
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT]);
		});

		test('after the memory was lost adopts the hook', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.create();
			const [before] = await hooks();
			trigger.staticData = {};
			await trigger.create();
			await expectRightHooks(trigger, [PROJECT]);
			expect((await hooks())[0]?.id).toBe(before?.id);
		});

		test('after the node was renamed leaves one hook', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			// n8n keys static data by name: the renamed node finds none of its own.
			trigger.name = 'New RFIs';
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test('on two mains at once leaves one hook a project, with the secret that both expect', async () => {
			const mains = [bench(inProjects([PROJECT])), bench(inProjects([PROJECT]))];
			// In one process the one would call the other off.
			for (const [index, main] of mains.entries()) main.nodeId = `node-in-process-${index}`;
			await Promise.all(mains.map(async (main) => await main.create()));
			expect(await hooks()).toHaveLength(1);
			const [survivor] = mains;
			if (survivor === undefined) throw new Error('No main');
			await expectRightHooks(survivor, [PROJECT]);
			expect(await survivor.checkExists()).toBe(true);
		});

		test('never touches hooks of other namespaces', async () => {
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

	describe('if lists come unfiltered', () => {
		/** Hooks of two other systems, in the scope that the node listens in; returns their ids. */
		async function plantForeignHooks(): Promise<string[]> {
			for (const namespace of ['erp-sync', 'procore']) {
				await new TriggerBench(n8n, inProjects([PROJECT], { namespace }), namespace).create();
			}
			return (await hooks()).map(({ id }) => id);
		}

		beforeEach(async () => {
			await fault({ kind: 'ignoreFilters' }, { times: 0 });
		});

		test.each<[string, INodeParameters]>([
			['its own namespace', {}],
			['a namespace that the user gave', { namespace: 'my-app' }],
		])('makes one hook under %s, and deactivation leaves those of others', async (_case, more) => {
			const foreign = await plantForeignHooks();
			const before = await hooks();
			const trigger = bench(inProjects([PROJECT], more));
			await trigger.activate();
			const own = (await hooks()).filter(({ id }) => !foreign.includes(id));
			expect(own).toMatchObject([{ destinationUrl: trigger.url }]);
			expect(own[0] && eventsOf(own[0])).toEqual([...IN_PROJECT_EVENTS].sort());
			expect(await trigger.checkExists()).toBe(true);
			await trigger.delete();
			expect(await hooks()).toEqual(before);
		});

		test('deactivation with nothing remembered leaves the hooks of others', async () => {
			await plantForeignHooks();
			const before = await hooks();
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			trigger.staticData = {};
			await trigger.delete();
			expect(await hooks()).toEqual(before);
		});

		test('makes no hook in a closed project', async () => {
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(trigger, PROJECTS);
		});
	});

	test('leaves a hook alone that does not name its namespace and delivers elsewhere', async () => {
		const { url } = bench({});
		const row = (destination_url: string) => ({
			...{ id: 4711, namespace: null, destination_url, destination_headers: {} },
			...{ api_version: 'v2', payload_version: 'v2.0', status: 'active', project_id: PROJECT },
		});
		for (const [destination, deletions] of [
			[FOREIGN_URL, 0],
			[url, 1],
		] as const) {
			const body = version === 'v2.0' ? { data: [row(destination)] } : [row(destination)];
			await fault({ kind: 'status', status: 200, body }, { path: '/hooks\\?' });
			await bench(inProjects([PROJECT])).delete();
			expect(await writes()).toHaveLength(deletions);
		}
	});

	describe('deletion', () => {
		test.each<[string, INodeParameters]>([
			['a project', inProjects([PROJECT])],
			['several projects', inProjects([PROJECT, OTHER_PROJECT])],
			['all projects', inProjects([], { scope: 'allProjects' })],
			['a company', { companyId: byId(COMPANY), scope: 'company', events: ['Projects:create'] }],
			['a namespace of the user', inProjects([PROJECT], { namespace: 'my-app' })],
		])('leaves none in %s, with or without a memory', async (_case, parameters) => {
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

		test('of what is gone is done', async () => {
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

		test('finds hooks in projects that were closed since', async () => {
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await n8n.control.closeProject(OTHER_PROJECT);
			await trigger.delete();
			expect(await hooks()).toEqual([]);
		});

		test.each(['', 'my-app'])(
			'in a copy of the database leaves the hooks of the original, under namespace "%s"',
			async (namespace) => {
				const trigger = bench(inProjects([PROJECT], { namespace }));
				await trigger.activate();
				const before = await hooks();
				n8n.moveTo(OTHER_N8N);
				await trigger.delete();
				expect(await hooks()).toEqual(before);
			},
		);

		test('that Procore refuses is thrown and can be repeated', async () => {
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

		test('that Procore refuses leaves hooks that the next activation adopts', async () => {
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

		test('that gets no answer is thrown in our words, not in those that n8n has for its cause', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await fault({ kind: 'drop', when: 'before' }, { method: 'DELETE', times: 0 });
			expect(await messageOf(trigger.delete())).toMatch(
				/^Hooks could not be removed from Procore\. project 902214: .*\(ECONNRESET\)/,
			);
		});
	});

	describe('a fault during activation', () => {
		/** What the user is told; Procore is as it was before. */
		async function told(parameters: INodeParameters): Promise<string> {
			const before = JSON.stringify(await hooks());
			const trigger = bench(parameters);
			expect(await trigger.checkExists()).toBe(false);
			const message = await messageOf(trigger.create());
			expect(JSON.stringify(await hooks())).toBe(before);
			// n8n cleans up after a failed attempt: that leaves it so.
			await trigger.delete().catch(() => undefined);
			expect(JSON.stringify(await hooks())).toBe(before);
			return message;
		}

		test('a resource that is not known: the message names the nearest', async () => {
			const message = await told(inProjects([PROJECT], { events: ['RFIs:create', 'RFI:create'] }));
			expect(message).toContain('RFI create');
			expect(message).toContain('is not supported');
			expect(message).toContain('did you mean RFIs');
			expect(message).toContain('project 902214');
		});

		test('triggers that are refused in a 207', async () => {
			await fault({ kind: 'refuseTriggers', resources: ['Submittals'] }, { times: 0 });
			const message = await told(inProjects([PROJECT]));
			expect(message).toContain('Submittals delete');
			expect(message).not.toContain('RFIs create');
			expect(message).toContain('Choose events that Trigger On offers');
		});

		test('triggers that are refused in a 400', async () => {
			await fault(
				{ kind: 'status', status: 400, body: { errors: { resource_name: ['is not supported'] } } },
				{ path: '/triggers', method: 'POST', times: 0 },
			);
			const message = await told(inProjects([PROJECT]));
			expect(message).toContain('add triggers');
			expect(message).toContain('resource_name is not supported');
			expect(message).toContain('project 902214');
		});

		test('company events in a project', async () => {
			const message = await told(inProjects([PROJECT], { events: ['Company Vendors:create'] }));
			expect(message).toContain('Company Vendors create');
		});

		test.each(['none', 'read_only'] as const)('the permission at level %s', async (webhooks) => {
			await n8n.control.setPermissions({ companyId: COMPANY, webhooks });
			const message = await told(inProjects([PROJECT]));
			expect(message).toContain('"Webhooks API" at level Standard');
			expect(message).toContain('project 902214');
		});

		test('an app that is not connected to the company', async () => {
			const message = await told(inProjects(['905550'], { companyId: byId(UNCONNECTED) }));
			expect(message).toContain('Install the app in this company');
		});

		test('a project that is not there', async () => {
			const message = await told(inProjects(['123456']));
			expect(message).toContain('project 123456');
			expect(message).toContain('check the id, the company and the project');
		});

		test('a connection that was revoked', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await n8n.control.revokeGrants();
			expect(await messageOf(trigger.create())).toContain('connect it again');
		});

		test.each(['before', 'after'] as const)(
			'an answer to the creation that is lost %s the work: one hook in the end',
			async (when) => {
				await fault({ kind: 'drop', when }, { path: '/hooks$', method: 'POST' });
				const trigger = bench(inProjects([PROJECT]));
				await trigger.activate();
				await expectRightHooks(trigger, [PROJECT]);
			},
		);

		test('an answer to the triggers that is lost: each trigger once', async () => {
			await fault({ kind: 'drop', when: 'after' }, { path: '/triggers/bulk', method: 'POST' });
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('after n8n has given it up: it does not undo the activation that follows', async () => {
			const triggers = { path: '/triggers', method: 'POST' };
			await fault({ kind: 'hold' }, triggers);
			await fault({ kind: 'status', status: 400, body: { errors: ['Not now'] } }, triggers);
			const [givenUp, next] = [bench(inProjects([PROJECT])), bench(inProjects([PROJECT]))];
			const goingOn = messageOf(givenUp.create());
			await n8n.untilHeld(1);
			await next.activate();
			await n8n.control.releaseHeld();
			expect(await goingOn).toContain('called off');
			await expectRightHooks(next, [PROJECT]);
		});

		test('a namespace that serves another URL: it is named and left alone', async () => {
			const other = new TriggerBench(n8n, inProjects([PROJECT], { namespace: 'my-app' }), 'other');
			await other.create();
			const message = await told(inProjects([PROJECT], { namespace: 'my-app' }));
			expect(message).toContain('"my-app"');
			expect(message).toContain(other.url);
			expect(message).toContain('choose another one');
			await expectRightHooks(other, [PROJECT], { namespace: /^my-app$/ });
		});

		test('a rate limit that resets soon is sat out', async () => {
			await fault(
				{ kind: 'status', status: 429, headers: { 'Retry-After': '1' } },
				{ method: 'POST' },
			);
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('a rate limit that lasts: the message says how long', async () => {
			await fault(
				{ kind: 'status', status: 429, headers: { 'Retry-After': '1800' } },
				{ method: 'POST', times: 0 },
			);
			expect(await told(inProjects([PROJECT]))).toContain('Procore asks to wait 1801 seconds');
		});

		test.each([0, 1, 2])('a token that expires at request %d is renewed', async (after) => {
			await fault({ kind: 'expireToken' }, { after });
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('one project of two: none is set up, and the message names it', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			const message = await told(inProjects([PROJECT, OTHER_PROJECT]));
			expect(message).toContain('1 of 2 projects');
			expect(message).toContain('project 902377: ');
			expect(message).toContain('"Webhooks API" at level Standard');
		});

		test('one project of two, and what was made cannot be undone: the message says what is left', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			await fault({ kind: 'status', status: 500 }, { method: 'DELETE', times: 0 });
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			const message = await messageOf(trigger.create());
			const [left] = await hooks();
			expect(message).toContain(
				'1 of 2 projects could not be set up, and 1 that were could not be',
			);
			expect(message).toContain(
				`delete their hooks "${left?.namespace}" in Procore. project 902214: `,
			);
		});

		test('every project: every failure is listed', async () => {
			await n8n.control.setPermissions({
				companyId: COMPANY,
				projectIds: [PROJECT, OTHER_PROJECT],
			});
			const message = await told(inProjects([PROJECT, OTHER_PROJECT]));
			expect(message).toContain('2 of 2 projects');
			expect(message).toContain('project 902214: ');
			expect(message).toContain('project 902377: ');
		});

		test('connections that drop: every failure is listed in our words', async () => {
			await fault({ kind: 'drop', when: 'before' }, { method: 'POST', times: 0 });
			const message = await told(inProjects([PROJECT, OTHER_PROJECT]));
			expect(message).toMatch(/^2 of 2 projects .*project 902214: .*\(ECONNRESET\).*902377: /);
		});

		test('own changes are to be ignored, and Procore does not say whose they are', async () => {
			await fault({ kind: 'status', status: 200, body: {} }, { path: '/me$' });
			const message = await told(inProjects([PROJECT], { ignoreOwnChanges: 'user' }));
			expect(message).toContain('Could not look up the user of the credential');
		});

		test('one of all projects is left out and named in the log', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			const trigger = bench(inProjects([], { scope: 'allProjects' }));
			await trigger.activate();
			await expectRightHooks(
				trigger,
				PROJECTS.filter((id) => id !== OTHER_PROJECT),
			);
			expect(trigger.warnings).toEqual([expect.stringContaining('project 902377: ')]);
			expect(trigger.warnings.join()).not.toContain(trigger.secret);
		});

		test('all of all projects', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, webhooks: 'none' });
			expect(await told(inProjects([], { scope: 'allProjects' }))).toContain('4 of 4 projects');
		});

		test('no active project', async () => {
			for (const id of PROJECTS) await n8n.control.closeProject(id);
			expect(await told(inProjects([], { scope: 'allProjects' }))).toContain('no active project');
		});

		test('no message holds the secret', async () => {
			await fault(
				{ kind: 'status', status: 400, body: { errors: ['Bearer abcdef0123456789 is bad'] } },
				{ path: '/hooks$', method: 'POST' },
			);
			expect(await told(inProjects([PROJECT]))).not.toContain('abcdef0123456789');
		});

		test.each<[string, INodeParameters, RegExp]>([
			['no company', inProjects([PROJECT], { companyId: byId('') }), /choose one in Company/],
			['no project', inProjects([]), /choose at least one in Projects/],
			['what is no id', inProjects([PROJECT, '..']), /"\.\." in Projects is no id of Procore's/],
			['no event', inProjects([PROJECT], { events: [] }), /choose at least one in Trigger On/],
			['what is no event', inProjects([PROJECT], { events: ['RFIs'] }), /"RFIs" in Trigger On/],
			[
				'an illegal namespace',
				inProjects([PROJECT], { namespace: 'My App' }),
				/"My App" is not allowed.*"my-app" would do/,
			],
		])(
			'%s: nothing is sent, and the message says what to fill in',
			async (_case, parameters, message) => {
				expect(await messageOf(bench(parameters).create())).toMatch(message);
				expect(await n8n.requests()).toEqual([]);
			},
		);
	});

	describe('an n8n that Procore cannot reach', () => {
		const PRIVATE = ['http://localhost:5678/webhook', 'https://10.0.0.7/webhook'];

		test.each(PRIVATE)('%s is refused before anything is sent', async (base) => {
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

		test.each(['http://localhost:5678/webhook'])('%s will do with custom hosts', async (base) => {
			n8n.webhookBaseUrl = base;
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});
	});

	describe('listening for a test event', () => {
		test.each<[string, INodeParameters]>([
			['of its own', inProjects([PROJECT])],
			['that the user gave', inProjects([PROJECT], { namespace: 'my-app' })],
		])('leaves the production hook alone, under a namespace %s', async (_case, parameters) => {
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

		test('and an activation stop neither the work on the other', async () => {
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
			'leaves a hook when n8n is killed, which the next %s removes, under namespace "%s"',
			async (_what, namespace, act, left) => {
				const trigger = bench(inProjects([PROJECT, OTHER_PROJECT], { namespace }));
				await trigger.listen();
				// Another process: it listens for nothing.
				trigger.nodeId = `node-of-the-next-process-${version}-${namespace}-${left}`;
				trigger.testStaticData = {};
				await act(trigger);
				const urls = (await hooks()).map(({ destinationUrl }) => destinationUrl);
				expect(urls).toEqual(Array.from({ length: 2 * left }, () => trigger.url));
			},
		);

		test('is not disturbed by an activation meanwhile in the same process', async () => {
			const trigger = bench(inProjects([PROJECT]));
			trigger.nodeId = `node-that-listens-${version}`;
			await trigger.listen();
			await trigger.activate();
			expect(await hooks()).toHaveLength(2);
		});

		test('leaves a foreign hook alone under the namespace that a test would take', async () => {
			const other = new TriggerBench(n8n, inProjects([PROJECT], { namespace: 'my-app-test' }), 'x');
			await other.activate();
			const trigger = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			trigger.nodeId = `node-beside-a-foreign-hook-${version}`;
			await trigger.activate();
			await trigger.delete();
			await expectRightHooks(other, [PROJECT], { namespace: /^my-app-test$/ });
		});

		test('of 14 projects listens in the 10 that were changed last, and says so', async () => {
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

		test('sweeps up what an n8n that died left behind', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await trigger.listen();
			await trigger.listen();
			expect(await hooks()).toHaveLength(1);
			await trigger.stopListening();
			expect(await hooks()).toEqual([]);
		});
	});
});
