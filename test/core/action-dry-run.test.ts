import type { INodeParameters } from 'n8n-workflow';

import {
	GENERATIONS,
	NOTHING,
	SECRET,
	URL_A,
	URL_B,
	hookCount,
	inProject,
	makeHook,
	messageOf,
	onlyHook,
	onlyJson,
} from './action-support';
import { byId, OTHER_PROJECT, PROJECT, useN8n } from './harness';

describe.each(GENERATIONS)('a dry run on %s', (version) => {
	const n8n = useN8n();
	const isV2 = version === 'v2.0';
	const dryRun = true;

	beforeEach(async () => {
		await n8n.connect({ version });
		await n8n.control.clearRequests();
	});

	/** How many requests of each method the emulator's log holds since the last call. */
	async function methods(): Promise<Record<string, number>> {
		const counts: Record<string, number> = {};
		for (const { method } of await n8n.requests()) counts[method] = (counts[method] ?? 0) + 1;
		return counts;
	}

	describe('of create or update', () => {
		const upsert = (more: INodeParameters = {}) =>
			inProject('hook', 'upsert', { destinationUrl: URL_A, dryRun, ...more });

		test('shows the hook that it would create, and creates none', async () => {
			const additionalFields = { authorization: SECRET, payloadVersion: 'v3.0' };
			const json = onlyJson(await n8n.run(upsert({ additionalFields })));
			expect(await methods()).toEqual({ GET: 1 });
			expect(await hookCount(n8n)).toBe(0);
			expect(json).toEqual({
				id: null,
				namespace: 'flows',
				destination_url: URL_A,
				destination_headers: { Authorization: '*****k9Qz7' },
				payload_version: 'v3.0',
				status: 'active',
				company_id: null,
				project_id: PROJECT,
				created_at: null,
				updated_at: null,
				result: 'created',
				would: true,
			});
		});

		test('shows no character of a short secret', async () => {
			const additionalFields = { authorization: 'Bearer k9Qz7' };
			const json = onlyJson(await n8n.run(upsert({ additionalFields })));
			expect(json).toMatchObject({ destination_headers: { Authorization: '*****' } });
		});

		test.each([true, false])(
			'shows the changes that a real run then makes, with Simplify %s',
			async (simplify) => {
				await makeHook(n8n);
				const additionalFields = { authorization: 'Bearer another-secret-Zz123' };
				const more = { destinationUrl: URL_B, additionalFields, simplify };
				const before = await onlyHook(n8n);
				const planned = onlyJson(await n8n.run(upsert(more)));
				expect(await methods()).toEqual({ GET: 1 });
				expect(await onlyHook(n8n)).toEqual(before);
				const done = onlyJson(await n8n.run(upsert({ ...more, dryRun: false })));
				expect(done).not.toHaveProperty('would');
				const { trigger_count, ...shown } = planned;
				expect(trigger_count).toBe(isV2 ? 0 : undefined);
				expect(shown).toEqual({ ...done, updated_at: planned.updated_at, would: true });
				expect(done).toMatchObject({
					result: 'updated',
					destination_url: URL_B,
					destination_headers: { Authorization: '*****Zz123' },
				});
			},
		);

		test('shows another payload version under the name that Procore gives it', async () => {
			await makeHook(n8n);
			const additionalFields = { payloadVersion: 'v4.0' };
			const json = onlyJson(await n8n.run(upsert({ additionalFields, simplify: false })));
			expect(json[isV2 ? 'payload_version' : 'api_version']).toBe('v4.0');
			expect(await methods()).toEqual({ GET: 1 });
		});

		test('tells of a hook that is right already', async () => {
			await makeHook(n8n);
			const json = onlyJson(await n8n.run(upsert()));
			expect(json).toMatchObject({ result: 'unchanged', would: true });
			expect(await methods()).toEqual({ GET: 1 });
		});

		test('refuses what a real run refuses before it sends anything', async () => {
			expect(messageOf(await n8n.run(upsert({ namespace: 'My Flows' })))).toContain('"my-flows"');
			expect(await methods()).toEqual({});
		});
	});

	describe('of delete', () => {
		const remove = (hookId: string, more: INodeParameters = {}) =>
			inProject('hook', 'delete', { hookId: byId(hookId), dryRun, ...more });

		test('makes sure that the hook exists, and leaves it', async () => {
			const id = await makeHook(n8n);
			expect(onlyJson(await n8n.run(remove(id)))).toEqual({ deleted: true, id, would: true });
			expect(await methods()).toEqual({ GET: 1 });
			expect(await hookCount(n8n)).toBe(1);
		});

		test('fails with the words of a real run if there is no such hook', async () => {
			const id = await makeHook(n8n);
			const elsewhere = { projectId: byId(OTHER_PROJECT) };
			const planned = messageOf(await n8n.run(remove(id, elsewhere)));
			expect(Object.keys(await methods())).toEqual(['GET']);
			const real = messageOf(await n8n.run(remove(id, { ...elsewhere, dryRun: false })));
			expect(planned).toBe(real);
		});

		test('is one if an expression returns the text "true", and is refused for other text', async () => {
			const id = await makeHook(n8n);
			const asText = remove(id, { dryRun: '={{ "TRUE" }}' });
			expect(onlyJson(await n8n.run(asText))).toMatchObject({ would: true });
			const unclear = remove(id, { dryRun: '={{ "yes" }}' });
			expect(messageOf(await n8n.run(unclear))).toContain(
				'Dry Run must be true or false, but got "yes"',
			);
			expect(Object.keys(await methods())).toEqual(['GET']);
			expect(await hookCount(n8n)).toBe(1);
			expect(onlyJson(await n8n.run(remove(id, { dryRun: NOTHING })))).toEqual({
				deleted: true,
				id,
			});
			expect(await hookCount(n8n)).toBe(0);
		});
	});

	describe('of sync', () => {
		let hookId = '';

		beforeEach(async () => {
			hookId = await makeHook(n8n);
			await n8n.control.editHook(hookId, {
				triggers: [
					{ resourceName: 'RFIs', eventType: 'create' },
					{ resourceName: 'Drawings', eventType: 'update' },
				],
			});
		});

		const sync = (events: string, more: INodeParameters = {}) =>
			inProject('trigger', 'sync', { hookId: byId(hookId), events, dryRun, ...more });

		test('shows the difference that a real run then makes', async () => {
			const events = 'RFIs:create, Submittals:update';
			const before = await onlyHook(n8n);
			const planned = onlyJson(await n8n.run(sync(events)));
			expect(Object.keys(await methods())).toEqual(['GET']);
			expect(await onlyHook(n8n)).toEqual(before);
			const done = onlyJson(await n8n.run(sync(events, { dryRun: false })));
			expect(planned).toEqual({ ...done, would: true });
			expect(done).toEqual({
				hook_id: hookId,
				added: ['Submittals:update'],
				removed: ['Drawings:update'],
				kept: ['RFIs:create'],
			});
		});

		test('fails for an event that Procore does not list, and names the nearest one', async () => {
			const message = messageOf(await n8n.run(sync('RFIs:create, Submittal:update')));
			expect(message).toMatch(/Submittal:update \(.*did you mean Submittals\)/);
			expect(message).toContain('The subscriptions were not changed.');
			expect(Object.keys(await methods())).toEqual(['GET']);
		});

		test('shows all triggers of a hook that does not exist yet', async () => {
			const json = onlyJson(
				await n8n.run(sync('RFIs:create, Submittals:update', { hookId: byId(NOTHING) })),
			);
			expect(json).toEqual({
				hook_id: null,
				added: ['RFIs:create', 'Submittals:update'],
				removed: [],
				kept: [],
				would: true,
			});
			expect(await methods()).toEqual({ GET: 1 });
			const real = sync('RFIs:create', { hookId: byId(NOTHING), dryRun: false });
			expect(messageOf(await n8n.run(real))).toContain('No hook');
		});

		test('refuses an event of a new hook too', async () => {
			const result = await n8n.run(sync('Submittal:update', { hookId: byId(NOTHING) }));
			expect(messageOf(result)).toMatch(/subscriptions of the new hook.*did you mean Submittals/);
			expect(Object.keys(await methods())).toEqual(['GET']);
		});
	});
});
