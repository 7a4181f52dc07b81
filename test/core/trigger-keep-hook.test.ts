import type { INodeParameters } from 'n8n-workflow';

import { deriveSecret } from '../../nodes/Procore/hook/secret';
import { objectAt, listAt, textAt } from '../harness/json';
import { COMPANY, OTHER_PROJECT, PROJECT, type Generation } from './harness';
import { runSafetyCheck } from './support/safety-check';
import { eventsOf, inProjects, useTriggerScene } from './support/trigger-scene';

/** Keep Hook, and whatever else is set. */
function kept(more: INodeParameters = {}, options: INodeParameters = {}): INodeParameters {
	return inProjects([PROJECT], {
		...more,
		options: { whenUnpublished: 'keepHook', ...options },
	});
}

describe.each<Generation>(['v2.0', 'v1.0'])('a kept hook on %s', (version) => {
	const { n8n, bench, hooks, writes } = useTriggerScene(version);

	test('stays when its workflow is unpublished, and is used when it is published again', async () => {
		const trigger = bench(kept());
		await trigger.activate();
		const before = await hooks();
		await n8n.control.clearRequests();

		await trigger.delete();
		expect(await hooks()).toEqual(before);
		expect(trigger.infos).toContainEqual(
			expect.stringContaining(`Kept the hook "${before[0]?.namespace}" in Procore`),
		);
		await trigger.activate();
		expect(await hooks()).toEqual(before);
		expect(await writes()).toEqual([]);
	});

	test('gets new triggers from an edit, and keeps its id', async () => {
		const trigger = bench(kept());
		await trigger.activate();
		const [before] = await hooks();
		await n8n.control.clearRequests();

		await trigger.delete();
		trigger.parameters = kept({ events: ['RFIs:update', 'Change Events:create'] });
		await trigger.activate();
		const [after, ...others] = await hooks();
		expect(others).toEqual([]);
		expect(after?.id).toBe(before?.id);
		expect(after && eventsOf(after)).toEqual(['Change Events:create', 'RFIs:update']);
		expect(
			(await writes()).map(({ method, path }) => `${method} ${path.split('/').pop()}`),
		).toEqual(['POST bulk', 'DELETE bulk']);
	});

	test('gets another payload version, with its id and queue where the API lets it', async () => {
		const trigger = bench(kept());
		await trigger.activate();
		const [before] = await hooks();
		await trigger.delete();
		await n8n.control.addDeliveries(before?.id ?? '', { count: 3, statuses: ['enqueued'] });
		trigger.parameters = kept({}, { payloadVersion: 'v3.0' });
		await trigger.activate();
		const [after, ...others] = await hooks();
		expect(others).toEqual([]);
		expect(after).toMatchObject({ payloadVersion: 'v3.0', status: 'active' });
		expect(after && eventsOf(after)).toEqual(before && eventsOf(before));
		expect(after?.id === before?.id).toBe(version === 'v2.0');
		const { deliveries } = await n8n.control.state();
		expect(deliveries.length).toBe(version === 'v2.0' ? 3 : 0);
	});

	test('gives its missed events to the check beside a publication, although an edit cancels that check at first', async () => {
		const trigger = bench(kept());
		trigger.nodeId = `node-of-an-edit-${version}`;
		await trigger.activate();
		await runSafetyCheck(n8n, trigger);
		const [hook] = await hooks();
		await trigger.delete();
		await n8n.control.addDeliveries(hook?.id ?? '', {
			count: 3,
			statuses: ['discarded'],
			resourceNames: ['RFIs'],
		});
		trigger.parameters = kept({ events: ['RFIs:create', 'RFIs:update'] });
		await n8n.control.addFault({
			method: 'GET',
			path: 'webhooks/hooks\\?',
			effect: { kind: 'hold' },
		});
		const checking = runSafetyCheck(n8n, trigger);
		await n8n.untilHeld(1);
		const activating = trigger.create();
		await n8n.control.releaseHeld();
		const { runs } = await checking;
		await activating;
		expect(runs.map(({ length }) => length)).toEqual([3]);
		const [after] = await hooks();
		expect(after?.id).toBe(hook?.id);
		expect(after && eventsOf(after)).toEqual(['RFIs:create', 'RFIs:update']);
	});

	test('is removed from a project that the edited trigger no longer names', async () => {
		const trigger = bench({ ...kept(), projectIds: [PROJECT, OTHER_PROJECT] });
		await trigger.activate();
		await trigger.delete();
		trigger.parameters = kept();
		await trigger.activate();
		expect((await hooks()).map(({ scope }) => scope.projectId)).toEqual([PROJECT]);
	});

	test('is found again although n8n has lost what it stored', async () => {
		const trigger = bench(kept());
		await trigger.activate();
		const before = await hooks();
		await trigger.delete();
		trigger.staticData = {};
		await trigger.activate();
		expect(await hooks()).toEqual(before);
	});

	test('is removed when the workflow is next unpublished, once the option says so', async () => {
		const trigger = bench(kept());
		await trigger.activate();
		await trigger.delete();
		trigger.parameters = inProjects([PROJECT]);
		await trigger.activate();
		await trigger.delete();
		expect(await hooks()).toEqual([]);
	});

	test('is not one that listens for a test event', async () => {
		const trigger = bench(kept());
		await trigger.listen();
		expect(await hooks()).toHaveLength(1);
		await trigger.stopListening();
		expect(await hooks()).toEqual([]);
	});

	test('gets a new secret from another text in Renew Secret, without being made anew', async () => {
		const trigger = bench(kept({}, { renewSecret: ' first ' }));
		await trigger.activate();
		const [before] = await hooks();
		await trigger.delete();
		trigger.parameters = kept({}, { renewSecret: 'second' });
		await trigger.activate();
		const [after] = await hooks();

		const { clientSecret } = n8n.credential.stored;
		const secretFor = (renewal: string) =>
			`Bearer ${deriveSecret(String(clientSecret), {
				apiUrl: n8n.control.url,
				companyId: COMPANY,
				url: trigger.url,
				renewal,
			})}`;
		expect(before?.authorization).toBe(secretFor('first'));
		expect(after?.authorization).toBe(secretFor('second'));
		expect(after?.id).toBe(before?.id);
		const [earlier, ...others] = listAt(objectAt(trigger.memory), 'earlier');
		expect(others).toEqual([]);
		expect(textAt(earlier, 'digest')).toMatch(/^[0-9a-f]{64}$/);
	});
});
