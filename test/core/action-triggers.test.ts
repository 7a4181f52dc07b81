import {
	GENERATIONS,
	NOTHING,
	inCompany,
	inProject,
	jsonOf,
	makeHook,
	messageOf,
	onlyHook,
	onlyJson,
} from './action-support';
import { byId, OTHER_PROJECT, PROJECT, shape, useN8n } from './harness';

describe.each(GENERATIONS)('triggers on %s', (version) => {
	const n8n = useN8n();
	let hookId = '';

	beforeEach(async () => {
		await n8n.connect({ version });
		hookId = await makeHook(n8n);
	});

	const onHook = (operation: string, more = {}) =>
		inProject('trigger', operation, { hookId: byId(hookId), ...more });

	async function held(): Promise<string[]> {
		const { triggers } = await onlyHook(n8n);
		return triggers.map(({ resourceName, eventType }) => `${resourceName}:${eventType}`).sort();
	}

	test('Create adds a trigger', async () => {
		const json = onlyJson(
			await n8n.run(onHook('create', { resourceName: 'RFIs', eventType: 'create' })),
		);
		const [trigger] = (await onlyHook(n8n)).triggers;
		expect(json).toEqual({
			id: trigger?.id,
			hook_id: hookId,
			resource_name: 'RFIs',
			event_type: 'create',
			company_id: null,
			project_id: PROJECT,
		});
		expect(await held()).toEqual(['RFIs:create']);
	});

	test('Create on a hook with another payload version names that version', async () => {
		await n8n.control.reset();
		hookId = await makeHook(n8n, { additionalFields: { payloadVersion: 'v4.0' } });
		onlyJson(
			await n8n.run(
				onHook('create', { resourceName: 'Commitment Contracts', eventType: 'create' }),
			),
		);
		expect(await held()).toEqual(['Commitment Contracts:create']);
	});

	test.each([
		['RFI', 'create', '(did you mean RFIs)'],
		['Submittal', 'update', '(did you mean Submittals)'],
		['RFIs', 'archive', 'RFIs has only create, update, delete'],
		['Task Items', 'delete', 'Task Items has only create, update'],
	])('Create of %s %s suggests what exists', async (resourceName, eventType, words) => {
		const message = messageOf(await n8n.run(onHook('create', { resourceName, eventType })));
		expect(message).toContain(`Could not subscribe hook ${hookId} to ${resourceName} ${eventType}`);
		expect(message).toContain(words);
		expect(await held()).toEqual([]);
	});

	test('Create says that the trigger already exists', async () => {
		const parameters = onHook('create', { resourceName: 'RFIs', eventType: 'create' });
		onlyJson(await n8n.run(parameters));
		expect(messageOf(await n8n.run(parameters))).toContain('already exists');
		expect(await held()).toEqual(['RFIs:create']);
	});

	test('Create finds the trigger if the response was lost', async () => {
		await n8n.control.addFault({
			method: 'POST',
			path: '/triggers',
			effect: { kind: 'drop', when: 'after' },
		});
		const json = onlyJson(
			await n8n.run(onHook('create', { resourceName: 'RFIs', eventType: 'create' })),
		);
		expect(json.id).toBe((await onlyHook(n8n)).triggers[0]?.id);
	});

	test.each([
		[{ resourceName: NOTHING, eventType: 'create' }, 'Resource Name'],
		[{ resourceName: 'RFIs', eventType: NOTHING }, 'Event Type'],
	])('Create asks for the missing parameter in %j', async (parameters, words) => {
		await n8n.control.clearRequests();
		expect(messageOf(await n8n.run(onHook('create', parameters)))).toContain(words);
		expect(await n8n.requests()).toEqual([]);
	});

	describe('actions other than create, update and delete', () => {
		beforeEach(async () => {
			await n8n.control.reset();
			hookId = await makeHook(n8n, { additionalFields: { payloadVersion: 'v4.0' } });
		});

		test.each(['Completed', 'completed', 'COMPLETED'])('Create accepts %s', async (eventType) => {
			const parameters = onHook('create', { resourceName: 'Document Upload', eventType });
			if (version === 'v2.0' || eventType === 'Completed') {
				expect(onlyJson(await n8n.run(parameters))).toMatchObject({ event_type: 'completed' });
				expect(await held()).toEqual(['Document Upload:Completed']);
			} else {
				// v1.0 does not list such actions, so nothing tells how Procore spells them.
				expect(messageOf(await n8n.run(parameters))).toContain('event_type is not supported');
			}
		});

		test('Sync and Get Many distinguish Created from create', async () => {
			const created = 'Document Revisions:Created';
			const create = 'Document Revisions:create';
			const sync = async (...events: string[]) =>
				onlyJson(await n8n.run(onHook('sync', { events })));
			const listed = async () =>
				jsonOf(await n8n.run(onHook('getAll', { returnAll: true }))).map(
					({ event_type }) => event_type,
				);

			expect(await sync(created)).toMatchObject({ added: [created] });
			if (version === 'v2.0') expect(await listed()).toEqual(['created']);
			expect(await sync(created, create)).toMatchObject({ added: [create], kept: [created] });
			expect(await held()).toEqual([created, create]);
			if (version === 'v2.0') {
				expect(await sync(create)).toMatchObject({
					removed: ['Document Revisions:created'],
					kept: [create],
				});
				expect(await held()).toEqual([create]);
			}
		});
	});

	test('CREATED is the same as create if the resource has no such action', async () => {
		await n8n.control.editHook(hookId, {
			triggers: [{ resourceName: 'RFIs', eventType: 'create' }],
		});
		const [trigger] = (await onlyHook(n8n)).triggers;
		const row = {
			...{ id: trigger?.id, webhook_hook_id: hookId, resource_name: 'RFIs' },
			...{ event_type: 'CREATED', company_id: null, project_id: PROJECT },
		};
		const listed = { status: 200, body: version === 'v2.0' ? { data: [row] } : [row] };
		const asProcoreShows = async () =>
			await n8n.control.addFault({
				...{ method: 'GET', path: '/triggers', times: 1 },
				effect: { kind: 'status', ...listed },
			});
		await asProcoreShows();
		expect(onlyJson(await n8n.run(onHook('getAll')))).toMatchObject({ event_type: 'create' });
		await asProcoreShows();
		expect(onlyJson(await n8n.run(onHook('sync', { events: ['RFIs:create'] })))).toMatchObject({
			...{ added: [], removed: [], kept: ['RFIs:create'] },
		});
		expect(await held()).toEqual(['RFIs:create']);
	});

	test('every operation finds a hook by its id whatever the namespace parameter says', async () => {
		for (const namespace of ['', 'procore', '* no namespace *']) {
			const events = ['RFIs:create', 'RFIs:update'];
			const named = { namespace };
			onlyJson(await n8n.run(onHook('sync', { ...named, events })));
			const added = onlyJson(
				await n8n.run(
					onHook('create', { ...named, resourceName: 'Drawings', eventType: 'update' }),
				),
			);
			expect(jsonOf(await n8n.run(onHook('getAll', named)))).toHaveLength(3);
			onlyJson(await n8n.run(onHook('delete', { ...named, triggerId: String(added.id) })));
			const ofHook = (resource: string, operation: string, more = {}) =>
				inProject(resource, operation, { hookId: byId(hookId), ...named, ...more });
			expect(onlyJson(await n8n.run(ofHook('hook', 'get')))).toMatchObject({ id: hookId });
			const updateFields = { destinationUrl: 'https://flows.larkspur.example/webhook/c' };
			onlyJson(await n8n.run(ofHook('hook', 'update', { updateFields })));
			expect(onlyJson(await n8n.run(ofHook('delivery', 'summarize')))).toMatchObject({
				hook_id: hookId,
			});
			expect(jsonOf(await n8n.run(ofHook('delivery', 'getAll')))).toEqual([]);
			expect(jsonOf(await n8n.run(ofHook('delivery', 'getMissed')))).toEqual([]);
		}
		expect(
			onlyJson(
				await n8n.run(inProject('hook', 'delete', { hookId: byId(hookId), namespace: 'procore' })),
			),
		).toEqual({ deleted: true, id: hookId });
	});

	test('a project tool is rejected on a company hook', async () => {
		await n8n.control.reset();
		hookId = await makeHook(n8n, { scope: 'company' });
		const parameters = inCompany('trigger', 'create', {
			hookId: byId(hookId),
			resourceName: 'RFIs',
			eventType: 'create',
		});
		expect(messageOf(await n8n.run(parameters))).toContain('is not supported');
	});

	test('Get Many lists the triggers, all of them or up to a limit', async () => {
		await n8n.control.editHook(hookId, {
			triggers: ['RFIs', 'Submittals', 'Drawings'].map((resourceName) => ({
				resourceName,
				eventType: 'update' as const,
			})),
		});
		const all = jsonOf(await n8n.run(onHook('getAll', { returnAll: true })));
		expect(all.map(({ resource_name }) => resource_name)).toEqual([
			'RFIs',
			'Submittals',
			'Drawings',
		]);
		expect(jsonOf(await n8n.run(onHook('getAll', { limit: 2 })))).toHaveLength(2);
	});

	test('Delete removes a trigger and reports one that does not exist', async () => {
		await n8n.control.editHook(hookId, {
			triggers: [{ resourceName: 'RFIs', eventType: 'update' }],
		});
		const [trigger] = (await onlyHook(n8n)).triggers;
		const triggerId = trigger?.id ?? '';
		expect(onlyJson(await n8n.run(onHook('delete', { triggerId })))).toEqual({
			deleted: true,
			id: triggerId,
		});
		expect(await held()).toEqual([]);
		expect(messageOf(await n8n.run(onHook('delete', { triggerId })))).toContain(
			`Could not delete subscription ${triggerId}`,
		);
		expect(messageOf(await n8n.run(onHook('delete', { triggerId: NOTHING })))).toContain(
			'Subscription ID',
		);
	});

	test.each([
		['a trigger', { triggerId: '..' }, '".." is not a valid Procore ID for Subscription ID'],
		[
			'a hook',
			{ triggerId: '5', hookId: byId('={{ "61840200/../.." }}') },
			'is not a valid Procore ID for Hook',
		],
		[
			'a project',
			{ triggerId: '5', projectId: byId('={{ ".." }}') },
			'".." is not a valid Procore ID for Project',
		],
		[
			'a company',
			{ triggerId: '5', companyId: byId('={{ "." }}') },
			'"." is not a valid Procore ID for Company',
		],
	])('Delete rejects the id of %s if it would change the path', async (_what, more, words) => {
		await n8n.control.clearRequests();
		expect(messageOf(await n8n.run(onHook('delete', more)))).toContain(words);
		expect(await n8n.requests()).toEqual([]);
		expect((await onlyHook(n8n)).id).toBe(hookId);
	});

	describe('Sync', () => {
		const events = ['RFIs:create', 'RFIs:update', 'Submittals:update'];

		test('adds, removes and keeps triggers in bulk', async () => {
			await n8n.control.editHook(hookId, {
				triggers: [
					{ resourceName: 'RFIs', eventType: 'create' },
					{ resourceName: 'Drawings', eventType: 'delete' },
				],
			});
			expect(onlyJson(await n8n.run(onHook('sync', { events })))).toEqual({
				hook_id: hookId,
				added: ['RFIs:update', 'Submittals:update'],
				removed: ['Drawings:delete'],
				kept: ['RFIs:create'],
			});
			expect(await held()).toEqual(events);
		});

		test('sends only one read if nothing differs', async () => {
			onlyJson(await n8n.run(onHook('sync', { events })));
			await n8n.requests();
			const json = onlyJson(await n8n.run(onHook('sync', { events })));
			expect(json).toMatchObject({ added: [], removed: [] });
			expect((await n8n.requests()).map(shape)).toHaveLength(1);
		});

		test('does not need a namespace', async () => {
			const json = onlyJson(await n8n.run(onHook('sync', { events, namespace: '' })));
			expect(json).toMatchObject({ added: events });
		});

		test('accepts text from an expression', async () => {
			const parameters = onHook('sync', { events: '={{ $json.wanted }}' });
			onlyJson(await n8n.run(parameters, [{ wanted: 'RFIs:create, RFIs:update' }]));
			expect(await held()).toEqual(['RFIs:create', 'RFIs:update']);
		});

		test('changes nothing and suggests the nearest name if an event is rejected', async () => {
			await n8n.control.editHook(hookId, {
				triggers: [
					{ resourceName: 'RFIs', eventType: 'create' },
					{ resourceName: 'Drawings', eventType: 'delete' },
				],
			});
			const before = await onlyHook(n8n);
			const mistyped = ['RFIs:update', 'RFI:create', 'Submittal:update', 'Task Items:delete'];
			const message = messageOf(await n8n.run(onHook('sync', { events: mistyped })));
			expect(message).toContain(`Could not sync the subscriptions of hook ${hookId}`);
			expect(message).toMatch(/RFI:create \(.*did you mean RFIs\)/);
			expect(message).toMatch(/Submittal:update \(.*did you mean Submittals\)/);
			expect(message).toContain('Task Items has only create, update');
			expect(message).toContain('The subscriptions were not changed.');
			expect((await onlyHook(n8n)).triggers).toEqual(before.triggers);
		});

		test('recovers from a lost response', async () => {
			await n8n.control.addFault({
				method: 'POST',
				path: 'bulk',
				effect: { kind: 'drop', when: 'after' },
			});
			const json = onlyJson(await n8n.run(onHook('sync', { events })));
			expect(json).toMatchObject({ added: events });
			expect(await held()).toEqual(events);
		});

		test('rejects an empty list and an invalid event', async () => {
			expect(messageOf(await n8n.run(onHook('sync', { events: '={{ [] }}' })))).toContain(
				'Select at least one in Event Names or IDs',
			);
			expect(messageOf(await n8n.run(onHook('sync', { events: ['RFIs'] })))).toContain(
				'"RFIs" in Event Names or IDs is not a valid event',
			);
			expect(await n8n.requests()).toEqual([]);
		});

		test('says that the hook does not exist', async () => {
			const parameters = onHook('sync', { events, projectId: byId(OTHER_PROJECT) });
			expect(messageOf(await n8n.run(parameters))).toContain('404');
		});
	});
});
