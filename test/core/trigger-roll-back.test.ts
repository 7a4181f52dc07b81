import type { INodeParameters } from 'n8n-workflow';
import { COMPANY, OTHER_PROJECT, PROJECT, type Generation } from './harness';
import {
	eventsOf,
	IN_PROJECT_EVENTS,
	inProjects,
	messageOf,
	useTriggerScene,
} from './support/trigger-scene';

const REFUSED = 'Punch Items';

describe.each<Generation>(['v2.0', 'v1.0'])('the roll-back of an activation on %s', (version) => {
	const { n8n, bench, hooks, fault, expectRightHooks } = useTriggerScene(version);

	/** A hook of an earlier activation, which the next one adopts. */
	async function earlierHook(parameters: INodeParameters = inProjects([PROJECT])) {
		const trigger = bench(parameters);
		await trigger.activate();
		const [hook] = await hooks();
		if (hook === undefined) throw new Error('The first activation created no hook');
		return { trigger, hook };
	}

	const withRefusedEvent = (more: INodeParameters = {}) =>
		inProjects([PROJECT], {
			events: ['RFIs:create', 'Submittals:create', `${REFUSED}:create`],
			...more,
		});

	beforeEach(async () => {
		await fault({ kind: 'refuseTriggers', resources: [REFUSED] }, { times: 0 });
	});

	test('deletes a hook that the activation created', async () => {
		expect(await messageOf(bench(withRefusedEvent()).activate())).toContain(REFUSED);
		expect(await hooks()).toEqual([]);
	});

	test.each([
		['known from the stored state', false],
		['found by its namespace', true],
	])('keeps an adopted hook, %s, with its triggers', async (_case, isStateLost) => {
		const { trigger, hook } = await earlierHook();
		if (isStateLost) trigger.staticData = {};
		trigger.parameters = withRefusedEvent();
		expect(await messageOf(trigger.create())).toContain(REFUSED);
		const [left] = await hooks();
		expect(left?.id).toBe(hook.id);
		expect(left && eventsOf(left)).toEqual([...IN_PROJECT_EVENTS].sort());
	});

	test('keeps the hooks of all projects if the account sees no project for a while', async () => {
		const trigger = bench(inProjects([], { scope: 'allProjects' }));
		await trigger.activate();
		const before = JSON.stringify(await hooks());
		const { memory } = trigger;
		const none = { kind: 'status', status: 200, body: [] } as const;
		await fault(none, { path: '/rest/v1.1/projects', method: 'GET', times: 0 });
		expect(await messageOf(trigger.activate())).toContain('no active project');
		expect(JSON.stringify(await hooks())).toBe(before);
		expect(trigger.memory).toEqual(memory);
		await n8n.control.clearFaults();
		expect(await trigger.checkExists()).toBe(true);
	});

	test('keeps an adopted hook when n8n cleans up after the failure', async () => {
		const { trigger, hook } = await earlierHook();
		trigger.parameters = withRefusedEvent();
		expect(await messageOf(trigger.activate())).toContain(REFUSED);
		expect((await hooks()).map(({ id }) => id)).toEqual([hook.id]);
		expect(trigger.cleanUpFailures).toEqual([]);
	});

	test('keeps an adopted hook if somebody tests the node before n8n cleans up', async () => {
		const { trigger, hook } = await earlierHook();
		trigger.parameters = withRefusedEvent();
		expect(await messageOf(trigger.create())).toContain(REFUSED);
		expect(await messageOf(trigger.listen())).toContain(REFUSED);
		await trigger.stopListening();
		await trigger.delete();
		expect((await hooks()).map(({ id }) => id)).toEqual([hook.id]);
		await trigger.delete();
		expect(await hooks()).toEqual([]);
	});

	test('does not keep the hook from being removed at the next deactivation', async () => {
		const { trigger } = await earlierHook();
		trigger.parameters = withRefusedEvent();
		await messageOf(trigger.activate());
		trigger.parameters = inProjects([PROJECT]);
		await trigger.activate();
		await expectRightHooks(trigger, [PROJECT]);
		await trigger.delete();
		expect(await hooks()).toEqual([]);
	});

	test('restores the URL of an adopted hook', async () => {
		const { trigger, hook } = await earlierHook();
		const destinationUrl = 'https://relay.larkspur.example/procore';
		await n8n.control.editHook(hook.id, { destinationUrl });
		trigger.parameters = withRefusedEvent();
		expect(await messageOf(trigger.create())).toContain(REFUSED);
		expect(await hooks()).toMatchObject([{ id: hook.id, destinationUrl }]);
	});

	test('restores the events of an adopted hook when another project fails', async () => {
		const { trigger, hook } = await earlierHook();
		await n8n.control.setPermissions({ companyId: COMPANY, projectIds: [OTHER_PROJECT] });
		trigger.parameters = inProjects([PROJECT, OTHER_PROJECT], { events: ['RFIs:create'] });
		expect(await messageOf(trigger.create())).toContain('1 of 2 projects');
		const [left, ...others] = await hooks();
		expect(others).toEqual([]);
		expect(left?.id).toBe(hook.id);
		expect(left && eventsOf(left)).toEqual([...IN_PROJECT_EVENTS].sort());
	});

	test('re-creates a hook that had to be replaced for another payload version', async () => {
		const { trigger } = await earlierHook();
		trigger.parameters = withRefusedEvent({ options: { payloadVersion: 'v4.0' } });
		expect(await messageOf(trigger.create())).toContain(REFUSED);
		await expectRightHooks(trigger, [PROJECT]);
		expect(await hooks()).toMatchObject([{ payloadVersion: 'v2.0' }]);
	});

	test('names an adopted hook whose earlier settings could not be restored', async () => {
		const { trigger, hook } = await earlierHook();
		trigger.parameters = withRefusedEvent();
		await n8n.control.editHook(hook.id, {
			destinationUrl: 'https://relay.larkspur.example/procore',
		});
		await fault(
			{ kind: 'status', status: 403 },
			{
				path: `/hooks/${hook.id}$`,
				method: 'PATCH',
				after: 1,
				times: 0,
			},
		);
		const message = await messageOf(trigger.create());
		expect(message).toContain(REFUSED);
		expect(message).toContain('The rollback failed too.');
		expect(message).toContain(hook.id);
	});
});
