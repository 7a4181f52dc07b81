import type { INodeParameters } from 'n8n-workflow';
import {
	byId,
	COMPANY,
	type Generation,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	TriggerBench,
} from './harness';
import {
	FOREIGN_URL,
	IN_PROJECT_EVENTS,
	inProjects,
	messageOf,
	OTHER_N8N,
	useTriggerScene,
} from './support/trigger-scene';

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
	const { n8n, bench, hooks, fault, writes, expectRightHooks } = useTriggerScene(version);

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

		test('returns true if everything is right, and only reads', async () => {
			expect(await trigger.checkExists()).toBe(true);
			expect(await writes()).toEqual([]);
		});

		test.each<[string, () => Promise<void>]>([
			['one hook was deleted', async () => await n8n.control.deleteHook((await only())?.id ?? '')],
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
				'there is no stored state',
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
		])('returns false if %s, and a creation repairs it', async (_case, act) => {
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
			['a project is removed', inProjects([PROJECT]), [PROJECT], IN_PROJECT_EVENTS],
			[
				'a project is added',
				inProjects(PROJECTS.slice(0, 3)),
				PROJECTS.slice(0, 3),
				IN_PROJECT_EVENTS,
			],
			[
				'the company replaces the projects',
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
			'returns false if %s, and a creation leaves only the right hooks',
			async (_case, parameters, projectIds, events) => {
				trigger.parameters = parameters;
				// Like a deletion with the old parameters that was given up: old stored state, new parameters.
				expect(await trigger.checkExists()).toBe(false);
				await trigger.create();
				await expectRightHooks(trigger, projectIds, { events });
				expect(await trigger.checkExists()).toBe(true);
			},
		);

		test('returns false if the user enters a namespace, and a creation moves the hooks there', async () => {
			trigger.parameters = inProjects([PROJECT, OTHER_PROJECT], { namespace: 'my-app' });
			expect(await trigger.checkExists()).toBe(false);
			await trigger.create();
			await expectRightHooks(trigger, [PROJECT, OTHER_PROJECT], { namespace: /^my-app$/ });
		});

		test('returns false at another address of n8n, and a creation adds hooks there and keeps the old ones', async () => {
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
				expect.stringMatching(new RegExp(`${oldUrl} were kept in case .*; delete them if not`)),
			]);
		});

		test('does not take over a hook in a given namespace from another address of n8n', async () => {
			const given = bench(inProjects([PROJECT], { namespace: 'my-app' }));
			await given.activate();
			const before = await hooks();
			n8n.moveTo(OTHER_N8N);
			const message = await messageOf(given.create());
			expect(message).toContain('The namespace "my-app" in project 902214 is already used by hook');
			expect(await hooks()).toEqual(before);
		});

		test('returns false if the editor has another address, and a creation keeps the hooks', async () => {
			const before = await hooks();
			n8n.instanceBaseUrl = 'https://editor.larkspur.example/';
			expect(await trigger.checkExists()).toBe(false);
			await trigger.create();
			expect(await hooks()).toEqual(before);
			expect(await trigger.checkExists()).toBe(true);
		});

		test('ignores the order of events and projects', async () => {
			trigger.parameters = inProjects([OTHER_PROJECT, PROJECT], {
				events: ['Submittals:delete', 'RFIs:update', 'RFIs:create'],
			});
			expect(await trigger.checkExists()).toBe(true);
		});

		test('throws what cannot be read instead of treating it as missing', async () => {
			await fault({ kind: 'status', status: 403, body: { errors: ['Not now'] } });
			expect(await messageOf(trigger.checkExists())).toContain('Not now');
		});
	});
});
