import type { INodeParameters } from 'n8n-workflow';
import {
	byId,
	COMPANY,
	type Generation,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	TriggerBench,
	UNCONNECTED,
} from './harness';
import { inProjects, messageOf, useTriggerScene } from './support/trigger-scene';

describe.each<Generation>(['v2.0', 'v1.0'])("the trigger's hook on %s", (version) => {
	const { n8n, bench, hooks, fault, expectRightHooks } = useTriggerScene(version);

	describe('an activation', () => {
		/** Returns the message that the user sees; Procore is unchanged. */
		async function told(parameters: INodeParameters): Promise<string> {
			const before = JSON.stringify(await hooks());
			const trigger = bench(parameters);
			expect(await trigger.checkExists()).toBe(false);
			const message = await messageOf(trigger.create());
			expect(JSON.stringify(await hooks())).toBe(before);
			// n8n cleans up after a failed attempt, which changes nothing either.
			await trigger.delete().catch(() => undefined);
			expect(JSON.stringify(await hooks())).toBe(before);
			return message;
		}

		test('names the nearest resource if one is unknown', async () => {
			const message = await told(inProjects([PROJECT], { events: ['RFIs:create', 'RFI:create'] }));
			expect(message).toContain('RFI create');
			expect(message).toContain('is not supported');
			expect(message).toContain('did you mean RFIs');
			expect(message).toContain('project 902214');
		});

		test('fails if triggers are rejected in a 207', async () => {
			await fault({ kind: 'refuseTriggers', resources: ['Submittals'] }, { times: 0 });
			const message = await told(inProjects([PROJECT]));
			expect(message).toContain('Submittals delete');
			expect(message).not.toContain('RFIs create');
			expect(message).toContain('Select events from the list in Event Names or IDs');
		});

		test('fails if triggers are rejected in a 400', async () => {
			await fault(
				{ kind: 'status', status: 400, body: { errors: { resource_name: ['is not supported'] } } },
				{ path: '/triggers', method: 'POST', times: 0 },
			);
			const message = await told(inProjects([PROJECT], { events: ['RFIs:create', 'RFI:create'] }));
			expect(message).toContain('add subscriptions');
			expect(message).toContain('resource_name is not supported');
			expect(message).toContain('project 902214');
			expect(message).toContain('Not offered here: RFI:create (did you mean RFIs');
		});

		test.each(['everyHour', 'custom'])(
			'fails for a step of the safety check that cron cannot count, with Safety Check %s',
			async (safetyCheck) => {
				const pollTimes = { item: [{ mode: 'everyX', value: 36, unit: 'hours' }] };
				const message = await told(inProjects([PROJECT], { safetyCheck, pollTimes }));
				expect(message).toContain('Every is "36" hours. Enter a whole number from 1 to 23.');
			},
		);

		test('fails for company events in a project', async () => {
			const message = await told(inProjects([PROJECT], { events: ['Company Vendors:create'] }));
			expect(message).toContain('Company Vendors create');
		});

		test.each(['none', 'read_only'] as const)(
			'names the missing permission at level %s',
			async (webhooks) => {
				await n8n.control.setPermissions({ companyId: COMPANY, webhooks });
				const message = await told(inProjects([PROJECT]));
				expect(message).toContain('"Webhooks API" at level Standard');
				expect(message).toContain('project 902214');
			},
		);

		test('fails if the app is not connected to the company', async () => {
			const message = await told(inProjects(['905550'], { companyId: byId(UNCONNECTED) }));
			expect(message).toContain('Install the app in this company');
		});

		test('fails for a project that does not exist', async () => {
			const message = await told(inProjects(['123456']));
			expect(message).toContain('project 123456');
			expect(message).toContain('check the ID, the company and the project');
		});

		test('asks to connect again if the connection was revoked', async () => {
			const trigger = bench(inProjects([PROJECT]));
			await n8n.control.revokeGrants();
			expect(await messageOf(trigger.create())).toContain('connect it again');
		});

		test.each(['before', 'after'] as const)(
			'creates one hook if the response to its creation is lost %s the work',
			async (when) => {
				await fault({ kind: 'drop', when }, { path: '/hooks$', method: 'POST' });
				const trigger = bench(inProjects([PROJECT]));
				await trigger.activate();
				await expectRightHooks(trigger, [PROJECT]);
			},
		);

		test('adds each trigger once if the response is lost', async () => {
			await fault({ kind: 'drop', when: 'after' }, { path: '/triggers/bulk', method: 'POST' });
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('that n8n has given up does not roll back the next one', async () => {
			const triggers = { path: '/triggers', method: 'POST' };
			await fault({ kind: 'hold' }, triggers);
			await fault({ kind: 'status', status: 400, body: { errors: ['Not now'] } }, triggers);
			const [givenUp, next] = [bench(inProjects([PROJECT])), bench(inProjects([PROJECT]))];
			const goingOn = messageOf(givenUp.create());
			await n8n.untilHeld(1);
			await next.activate();
			await n8n.control.releaseHeld();
			expect(await goingOn).toContain('canceled');
			await expectRightHooks(next, [PROJECT]);
		});

		test('names a namespace that serves another URL and does not touch its hook', async () => {
			const other = new TriggerBench(n8n, inProjects([PROJECT], { namespace: 'my-app' }), 'other');
			await other.create();
			const message = await told(inProjects([PROJECT], { namespace: 'my-app' }));
			expect(message).toContain('"my-app"');
			expect(message).toContain(other.url);
			expect(message).toContain('choose another');
			await expectRightHooks(other, [PROJECT], { namespace: /^my-app$/ });
		});

		test('waits for a rate limit that resets soon', async () => {
			await fault(
				{ kind: 'status', status: 429, headers: { 'Retry-After': '1' } },
				{ method: 'POST' },
			);
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('says how long a rate limit lasts', async () => {
			await fault(
				{ kind: 'status', status: 429, headers: { 'Retry-After': '1800' } },
				{ method: 'POST', times: 0 },
			);
			expect(await told(inProjects([PROJECT]))).toContain('Try again in 1801 seconds');
		});

		test.each([0, 1, 2])('renews a token that expires at request %d', async (after) => {
			await fault({ kind: 'expireToken' }, { after });
			const trigger = bench(inProjects([PROJECT]));
			await trigger.activate();
			await expectRightHooks(trigger, [PROJECT]);
		});

		test('sets up no project and names the one of two that fails', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			const message = await told(inProjects([PROJECT, OTHER_PROJECT]));
			expect(message).toContain('1 of 2 projects');
			expect(message).toContain('project 902377: ');
			expect(message).toContain('"Webhooks API" at level Standard');
		});

		test('says what is left if it cannot roll back one of two projects', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
			await fault({ kind: 'status', status: 500 }, { method: 'DELETE', times: 0 });
			const trigger = bench(inProjects([PROJECT, OTHER_PROJECT]));
			const message = await messageOf(trigger.create());
			const [left] = await hooks();
			expect(message).toContain('Could not set up 1 of 2 projects; the rollback failed in 1.');
			expect(message).toContain(
				`delete their hooks "${left?.namespace}" in Procore. project 902214: `,
			);
		});

		test('lists every failure if every project fails', async () => {
			await n8n.control.setPermissions({
				companyId: COMPANY,
				projectIds: [PROJECT, OTHER_PROJECT],
			});
			const message = await told(inProjects([PROJECT, OTHER_PROJECT]));
			expect(message).toContain('2 of 2 projects');
			expect(message).toContain('project 902214: ');
			expect(message).toContain('project 902377: ');
		});

		test('lists every dropped connection in our own words', async () => {
			await fault({ kind: 'drop', when: 'before' }, { method: 'POST', times: 0 });
			const message = await told(inProjects([PROJECT, OTHER_PROJECT]));
			expect(message).toMatch(
				/^Could not set up 2 of 2 projects; .*project 902214: .*\(ECONNRESET\).*902377: /,
			);
		});

		test('fails if Procore does not say whose own changes to ignore', async () => {
			await fault({ kind: 'status', status: 200, body: {} }, { path: '/me$' });
			const message = await told(inProjects([PROJECT], { ignoreOwnChanges: 'user' }));
			expect(message).toContain('Could not look up the user of the credential');
		});

		test('skips one of all projects and logs it', async () => {
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

		test('fails if all of all projects fail', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, webhooks: 'none' });
			expect(await told(inProjects([], { scope: 'allProjects' }))).toContain('4 of 4 projects');
		});

		test('fails if there is no active project', async () => {
			for (const id of PROJECTS) await n8n.control.closeProject(id);
			expect(await told(inProjects([], { scope: 'allProjects' }))).toContain('no active project');
		});

		test('keeps the secret out of every message', async () => {
			await fault(
				{ kind: 'status', status: 400, body: { errors: ['Bearer abcdef0123456789 is bad'] } },
				{ path: '/hooks$', method: 'POST' },
			);
			expect(await told(inProjects([PROJECT]))).not.toContain('abcdef0123456789');
		});

		test.each<[string, INodeParameters, RegExp]>([
			['no company', inProjects([PROJECT], { companyId: byId('') }), /Select one in Company/],
			['no project', inProjects([]), /Select at least one in Project Names or IDs/],
			[
				'an invalid id',
				inProjects([PROJECT, '..']),
				/"\.\." is not a valid Procore ID for Project Names or IDs/,
			],
			[
				'no event',
				inProjects([PROJECT], { events: [] }),
				/Select at least one in Event Names or IDs/,
			],
			[
				'an invalid event',
				inProjects([PROJECT], { events: ['RFIs'] }),
				/"RFIs" in Event Names or IDs/,
			],
			[
				'an illegal namespace',
				inProjects([PROJECT], { namespace: 'My App' }),
				/"My App" is not a valid namespace.*for example "my-app"/,
			],
		])('sends nothing for %s and says what to fill in', async (_case, parameters, message) => {
			expect(await messageOf(bench(parameters).create())).toMatch(message);
			expect(await n8n.requests()).toEqual([]);
		});
	});
});
