import type { Scope } from '../../nodes/Procore/model/scope';
import type { Subscription } from '../../nodes/Procore/model/trigger';
import { syncTriggers } from '../../nodes/Procore/hook/sync-triggers';
import { FakeWebhooks } from './support/fake-webhooks';
import { LOST, refused } from './support/node';

const SCOPE: Scope = { kind: 'project', companyId: '4501177', projectId: '902214' };

function on(...entries: string[]): Subscription[] {
	return entries.map((entry) => {
		const [resource_name = '', event_type = ''] = entry.split(':');
		return { resource_name, event_type };
	});
}

function setUp(...events: string[]) {
	const api = new FakeWebhooks();
	const hook = api.plant(
		SCOPE,
		{ namespace: 'a', destination_url: 'https://a.example', payload_version: 'v2.0' },
		on(...events),
	);
	return {
		api,
		hook,
		sync: async (wanted: Subscription[], isNew?: boolean) =>
			await syncTriggers(api, SCOPE, hook, wanted, isNew ? { triggers: [], isNew } : undefined),
		events: () => api.hooksIn(SCOPE).flatMap((entry) => entry.events),
		calls: () => api.calls.map((call) => call.split(' ')[0]),
	};
}

function keys(subscriptions: readonly Subscription[]): string[] {
	return subscriptions.map(({ resource_name, event_type }) => `${resource_name}:${event_type}`);
}

describe('syncTriggers', () => {
	test('adds missing and removes surplus triggers in one call each', async () => {
		const { sync, events, calls } = setUp('RFIs:create', 'RFIs:delete', 'Submittals:update');
		const result = await sync(on('RFIs:create', 'RFIs:update', 'Punch Items:create'));
		expect(events()).toEqual(['Punch Items:create', 'RFIs:create', 'RFIs:update']);
		expect(keys(result.added)).toEqual(['RFIs:update', 'Punch Items:create']);
		expect(keys(result.removed)).toEqual(['RFIs:delete', 'Submittals:update']);
		expect(keys(result.kept)).toEqual(['RFIs:create']);
		expect(result.refused).toEqual([]);
		expect(calls()).toEqual(['listTriggers', 'addTriggers', 'removeTriggers']);
	});

	test('sends nothing if nothing differs', async () => {
		const { sync, calls } = setUp('RFIs:create', 'RFIs:update');
		const result = await sync(on('RFIs:update', 'RFIs:create'));
		expect(calls()).toEqual(['listTriggers']);
		expect([result.added, result.removed]).toEqual([[], []]);
		expect(result.kept).toHaveLength(2);
	});

	test('sends one call for a hook that was just created', async () => {
		const { sync, calls, events } = setUp();
		await sync(on('RFIs:create'), true);
		expect(calls()).toEqual(['addTriggers']);
		expect(events()).toEqual(['RFIs:create']);
	});

	test('removes all triggers if none is desired', async () => {
		const { sync, calls, events } = setUp('RFIs:create');
		await sync([]);
		expect([events(), calls()]).toEqual([[], ['listTriggers', 'removeTriggers']]);
	});

	test('reports what Procore rejects, with the reason, and keeps the rest', async () => {
		const { sync, events } = setUp();
		const result = await sync(on('RFIs:create', 'RFI:create'), true);
		expect(events()).toEqual(['RFIs:create']);
		expect(result.refused).toEqual([
			{ resource_name: 'RFI', event_type: 'create', reason: 'resource_name is not supported' },
		]);
	});

	test('reports the reason of a rejection that only names the resource', async () => {
		const { api, sync } = setUp();
		jest.spyOn(api, 'addTriggers').mockResolvedValueOnce({
			added: [],
			refused: [{ resource_name: 'RFI', event_type: '', reason: 'is not supported' }],
		});
		expect((await sync(on('RFI:update'), true)).refused).toEqual([
			{ resource_name: 'RFI', event_type: 'update', reason: 'is not supported' },
		]);
	});

	test('does not report a trigger that another process added first as rejected', async () => {
		const { api, hook, sync, events } = setUp();
		const theirs = { resource_name: 'RFIs', event_type: 'create' };
		api.before('addTriggers', () => api.plantTrigger(hook.id, theirs));
		const result = await sync(on('RFIs:create', 'RFIs:update'));
		expect(result.refused).toEqual([]);
		expect(events()).toEqual(['RFIs:create', 'RFIs:update']);
	});

	test.each([
		['before', false],
		['after', true],
	])('adds each trigger once if the response is lost %s the work', async (_when, done) => {
		const { api, sync, events, calls } = setUp();
		api.lose('addTriggers', done);
		const result = await sync(on('RFIs:create', 'RFIs:update'));
		expect(events()).toEqual(['RFIs:create', 'RFIs:update']);
		expect(result.refused).toEqual([]);
		expect(calls().filter((call) => call === 'addTriggers')).toHaveLength(done ? 1 : 2);
	});

	test('names the events that are not offered if Procore rejects the whole call', async () => {
		const { api, sync, events } = setUp('RFIs:delete');
		api.before('addTriggers', () => {
			throw refused(400, 'resource_name is not supported');
		});
		await expect(sync(on('RFIs:create', 'RFI:create', 'RFIs:close'))).rejects.toThrow(
			'resource_name is not supported. Not offered here: RFI:create (did you mean RFIs); RFIs:close (RFIs has only create, update, delete). Select events from the list in Event Names or IDs.',
		);
		expect(events()).toEqual(['RFIs:delete']);
	});

	test('keeps the advice of a rejection if every event is offered', async () => {
		const { api, sync } = setUp();
		api.before('addTriggers', () => {
			throw refused(400, 'Not now');
		});
		await expect(sync(on('RFIs:create'))).rejects.toThrow(
			'Not now. Correct the values named above',
		);
	});

	test.each([400, 403])(
		'removes what earlier calls have added if Procore rejects a later one with a %d',
		async (status) => {
			const { api, hook, sync, events } = setUp('RFIs:delete');
			jest.spyOn(api, 'addTriggers').mockImplementationOnce(async () => {
				await Promise.resolve();
				for (const each of on('RFIs:create')) api.plantTrigger(hook.id, each);
				throw refused(status, 'rejected');
			});
			await expect(sync(on('RFIs:create', 'RFI:create'))).rejects.toThrow('rejected');
			expect(events()).toEqual(['RFIs:delete']);
		},
	);

	test('removes each trigger once if the response is lost', async () => {
		const { api, sync, events } = setUp('RFIs:delete');
		api.lose('removeTriggers', true);
		const result = await sync(on('RFIs:create'));
		expect(events()).toEqual(['RFIs:create']);
		expect(keys(result.removed)).toEqual(['RFIs:delete']);
	});

	test('counts a trigger that somebody else removed as removed', async () => {
		const { api, sync, events } = setUp('RFIs:delete');
		jest.spyOn(api, 'removeTriggers').mockImplementationOnce(async (_scope, hookId, ids) => {
			await api.removeTriggers(SCOPE, hookId, ids);
			return { removed: [], refused: [...ids] };
		});
		const result = await sync([]);
		expect([events(), keys(result.removed)]).toEqual([[], ['RFIs:delete']]);
	});

	test('gives up if there is no response at all', async () => {
		const { api, sync } = setUp();
		for (let round = 0; round < 10; round += 1) api.lose('addTriggers', false);
		await expect(sync(on('RFIs:create'))).rejects.toThrow('did not respond');
		expect(api.calls.length).toBeLessThan(12);
	});

	test.each([
		// Earlier calls might have added something.
		['a refusal of the whole call', () => refused(403, 'Forbidden'), ['listTriggers']],
		['an error that is not of Procore', () => new TypeError('broken'), []],
	])('throws %s and sends nothing again', async (_case, thrown, reads) => {
		const { api, sync, calls } = setUp();
		const error = thrown();
		api.before('addTriggers', () => {
			throw error;
		});
		await expect(sync(on('RFIs:create'))).rejects.toBe(error);
		expect(calls()).toEqual(['listTriggers', 'addTriggers', ...reads]);
	});

	test('throws for a list that cannot be read instead of treating it as empty', async () => {
		const { api, sync, calls } = setUp('RFIs:create');
		api.before('listTriggers', () => {
			throw LOST();
		});
		await expect(sync(on('RFIs:create'))).rejects.toThrow('did not respond');
		expect(calls()).toEqual(['listTriggers']);
	});

	describe('if Procore rejects an event', () => {
		test('removes nothing and removes again what it added', async () => {
			const { sync, events } = setUp('RFIs:create', 'Submittals:update');
			const result = await sync(on('RFI:create', 'RFIs:update', 'RFIs:create'));
			expect(events()).toEqual(['RFIs:create', 'Submittals:update']);
			expect(result).toMatchObject({ added: [], removed: [] });
			expect(keys(result.kept)).toEqual(['RFIs:create']);
			expect(result.refused).toEqual([
				{ resource_name: 'RFI', event_type: 'create', reason: 'resource_name is not supported' },
			]);
		});

		test('removes what it added even if the response was lost', async () => {
			const { api, sync, events } = setUp('Submittals:update');
			api.lose('addTriggers', true);
			const result = await sync(on('RFI:create', 'RFIs:update'));
			expect(result.refused).toHaveLength(1);
			expect(events()).toEqual(['Submittals:update']);
		});

		test('keeps a trigger that another process added', async () => {
			const { api, hook, sync, events } = setUp('Submittals:update');
			api.before('addTriggers', () => {
				api.plantTrigger(hook.id, { resource_name: 'RFIs', event_type: 'update' });
			});
			await sync(on('RFI:create', 'RFIs:update'));
			expect(events()).toEqual(['RFIs:update', 'Submittals:update']);
		});

		test('lists in `added` what it could not remove again', async () => {
			const { api, sync } = setUp();
			api.lose('removeTriggers', false);
			const result = await sync(on('RFI:create', 'RFIs:update'));
			expect(keys(result.added)).toEqual(['RFIs:update']);
			expect(result.refused).toHaveLength(1);
		});
	});

	describe('with event types other than create, update and delete', () => {
		const WITH_BOTH = ['create', 'Created', 'Completed'];

		test('distinguishes Created from create if the resource offers both', async () => {
			const { api, sync, events, hook } = setUp();
			api.actions.set('RFIs', WITH_BOTH);
			api.plantTrigger(hook.id, { resource_name: 'RFIs', event_type: 'created' });
			const result = await sync(on('RFIs:create'));
			expect(keys(result.added)).toEqual(['RFIs:create']);
			expect(keys(result.removed)).toEqual(['RFIs:created']);
			expect(events()).toEqual(['RFIs:create']);
		});

		test('treats CREATED as create if the resource offers no such action', async () => {
			const { api, sync, calls, hook } = setUp();
			api.plantTrigger(hook.id, { resource_name: 'RFIs', event_type: 'created' });
			const result = await sync(on('RFIs:create'));
			expect(keys(result.kept)).toEqual(['RFIs:create']);
			expect(calls()).toEqual(['listTriggers', 'listResources']);
		});

		test('sends no further request if Created is desired', async () => {
			const { api, sync, calls, hook } = setUp();
			api.actions.set('RFIs', WITH_BOTH);
			api.plantTrigger(hook.id, { resource_name: 'RFIs', event_type: 'created' });
			expect(keys((await sync(on('RFIs:Created'))).kept)).toEqual(['RFIs:created']);
			expect(calls()).toEqual(['listResources', 'listTriggers']);
		});

		test.each(['created', 'CREATED', 'Created'])('sends %s as Procore lists it', async (word) => {
			const { api, sync } = setUp();
			api.actions.set('RFIs', WITH_BOTH);
			expect(keys((await sync(on(`RFIs:${word}`))).added)).toEqual(['RFIs:Created']);
		});

		test('sends it unchanged if the list cannot be read, and the usual ones in lowercase', async () => {
			const { api, sync } = setUp();
			api.actions.set('RFIs', WITH_BOTH);
			api.lose('listResources', false);
			const { added } = await sync(on('RFIs:Completed', 'Submittals:Update'));
			expect(keys(added)).toEqual(['RFIs:Completed', 'Submittals:update']);
		});
	});
});
