import { openProcore } from '../../nodes/Procore/api';
import type { DeliveryQuery, WebhooksApi } from '../../nodes/Procore/api/webhooks-api';
import type { Delivery } from '../../nodes/Procore/model/delivery';
import type { HookDraft } from '../../nodes/Procore/model/hook';
import type { Read } from '../../nodes/Procore/model/read';
import type { Scope } from '../../nodes/Procore/model/scope';
import type { Subscription, WebhookResource } from '../../nodes/Procore/model/trigger';
import {
	COMPANY,
	EUROPE,
	OTHER_PROJECT,
	PROJECT,
	PROJECTS,
	UNCONNECTED,
	shape,
	useN8n,
	type Generation,
} from './harness';
import { DRAFT, IN_PROJECT, failureOf } from './support/webhooks-api';

const SCOPES: Record<string, Scope> = {
	company: { kind: 'company', companyId: COMPANY },
	project: { kind: 'project', companyId: COMPANY, projectId: PROJECT },
	'a project whose ids need 40 bits': {
		kind: 'project',
		companyId: EUROPE,
		projectId: '598134325900121',
	},
};

function pairs(resources: ReadonlyArray<Read<WebhookResource>>): Subscription[] {
	return resources.flatMap(({ model }) =>
		model.events.map((event_type) => ({ resource_name: model.name, event_type })),
	);
}

async function drain(
	api: WebhooksApi,
	scope: Scope,
	hookId: string,
	query: DeliveryQuery = {},
): Promise<Array<Read<Delivery>>> {
	const all: Array<Read<Delivery>> = [];
	for await (const rows of api.deliveries(scope, hookId, query)) all.push(...rows);
	return all;
}

describe.each<Generation>(['v2.0', 'v1.0'])('Webhooks API %s', (version) => {
	const n8n = useN8n();
	beforeEach(async () => {
		await n8n.connect({ version });
	});

	const api = async () => (await openProcore(n8n.apiContext())).webhooks;
	const hooks = async () => (await n8n.control.state()).hooks;

	describe('when lists come back unfiltered', () => {
		const OTHER: HookDraft = { ...DRAFT, namespace: 'erp-sync', payload_version: 'v3.0' };

		beforeEach(async () => {
			await n8n.control.addFault({ path: '^/rest', times: 0, effect: { kind: 'ignoreFilters' } });
		});

		test.each([
			['project', IN_PROJECT] as const,
			['company', SCOPES.company ?? IN_PROJECT] as const,
		])('returns the hooks of the namespace in a %s', async (_name, scope) => {
			const webhooks = await api();
			const { model } = await webhooks.createHook(scope, DRAFT);
			await webhooks.createHook(scope, OTHER);
			const found = await webhooks.listHooks(scope, DRAFT.namespace);
			expect(found.map((hook) => hook.model.id)).toEqual([model.id]);
		});

		test('returns the triggers of the hook', async () => {
			const webhooks = await api();
			const [mine, other] = [DRAFT, OTHER].map(
				async (draft) => (await webhooks.createHook(IN_PROJECT, draft)).model,
			);
			if (mine === undefined || other === undefined) throw new Error('No hooks');
			const rfis: Subscription = { resource_name: 'RFIs', event_type: 'create' };
			await webhooks.addTriggers(IN_PROJECT, await mine, [rfis]);
			await webhooks.addTriggers(IN_PROJECT, await other, [{ ...rfis, event_type: 'update' }]);
			expect(await webhooks.listTriggers(IN_PROJECT, (await mine).id)).toMatchObject([
				{ model: rfis },
			]);
		});

		test('returns the resources of the payload version, each once', async () => {
			const resources = await (await api()).listResources(IN_PROJECT, 'v4.0');
			const names = resources.map(({ model }) => model.name);
			expect(names).toContain('Commitment Contracts');
			expect(new Set(names).size).toBe(names.length);
		});
	});

	test('rejects a hook of another project', async () => {
		const row = { ...DRAFT, id: 1, project_id: OTHER_PROJECT, company_id: null };
		await n8n.control.addFault({
			path: '/hooks\\?',
			effect: { kind: 'status', status: 200, body: version === 'v2.0' ? { data: [row] } : [row] },
		});
		expect(await (await api()).listHooks(IN_PROJECT, DRAFT.namespace)).toEqual([]);
	});

	test('uses the generation that the credential names', async () => {
		await (await api()).listHooks({ kind: 'project', companyId: COMPANY, projectId: PROJECT }, 'x');
		const [request] = await n8n.requests();
		expect(request?.path).toMatch(new RegExp(`^/rest/${version}/`));
	});

	describe.each(Object.entries(SCOPES))('in %s', (_name, scope) => {
		const ids =
			scope.kind === 'company'
				? { company_id: scope.companyId, project_id: null }
				: { company_id: null, project_id: scope.projectId };

		test('creates, lists, reads, updates and deletes a hook', async () => {
			const webhooks = await api();
			const { model } = await webhooks.createHook(scope, DRAFT);
			const expected = {
				id: model.id,
				namespace: DRAFT.namespace,
				destination_url: DRAFT.destination_url,
				destination_headers: { Authorization: '*****k9Qz7' },
				payload_version: 'v2.0',
				status: 'active',
				...ids,
			};
			expect(model).toMatchObject(expected);
			expect(model.id).toMatch(/^\d+$/);
			expect(await hooks()).toMatchObject([{ id: model.id, authorization: DRAFT.authorization }]);

			expect((await webhooks.listHooks(scope, DRAFT.namespace)).map((hook) => hook.model)).toEqual([
				expect.objectContaining(expected),
			]);
			expect(await webhooks.listHooks(scope, 'another')).toEqual([]);
			expect((await webhooks.getHook(scope, model.id, DRAFT.namespace)).model).toMatchObject(
				expected,
			);

			const changed = await webhooks.updateHook(scope, model.id, {
				namespace: 'renamed',
				destination_url: 'https://flows.larkspur.example/webhook/2/procore',
				authorization: 'Bearer another-secret',
			});
			expect(changed.model).toMatchObject({
				id: model.id,
				namespace: 'renamed',
				destination_url: 'https://flows.larkspur.example/webhook/2/procore',
				destination_headers: { Authorization: '*****ecret' },
				payload_version: 'v2.0',
				...ids,
			});

			await webhooks.deleteHook(scope, model.id);
			expect(await hooks()).toEqual([]);
			// Already deleted, which is not an error.
			await webhooks.deleteHook(scope, model.id);
		});

		test('keeps the fields that an update does not name', async () => {
			const webhooks = await api();
			const { model } = await webhooks.createHook(scope, DRAFT);
			await webhooks.updateHook(scope, model.id, { destination_url: 'https://b.example/x' });
			expect(await hooks()).toMatchObject([
				{
					destinationUrl: 'https://b.example/x',
					authorization: DRAFT.authorization,
					namespace: DRAFT.namespace,
				},
			]);
		});

		test('returns no secret for a hook that has none', async () => {
			const { namespace, destination_url, payload_version } = DRAFT;
			const draft = { namespace, destination_url, payload_version };
			const { model } = await (await api()).createHook(scope, draft);
			expect(model.destination_headers).toEqual({});
			expect(await hooks()).toMatchObject([{ authorization: null }]);
		});

		test.each(['v2.0', 'v3.0', 'v4.0'] as const)(
			'creates a hook with payload version %s',
			async (payload_version) => {
				const webhooks = await api();
				const { model } = await webhooks.createHook(scope, { ...DRAFT, payload_version });
				expect(model.payload_version).toBe(payload_version);
				const [first] = await webhooks.listResources(scope, payload_version);
				expect(first?.model.payload_version).toBe(payload_version);
				const { refused } = await webhooks.addTriggers(scope, model, pairs(first ? [first] : []));
				expect(refused).toEqual([]);
			},
		);

		test('creates, lists and deletes single triggers', async () => {
			const webhooks = await api();
			const hook = (await webhooks.createHook(scope, DRAFT)).model;
			const [subscription] = pairs(await webhooks.listResources(scope, 'v2.0'));
			if (subscription === undefined) throw new Error('Nothing to subscribe to');
			const { model } = await webhooks.createTrigger(scope, hook, subscription);
			expect(model).toEqual({
				id: expect.stringMatching(/^\d+$/),
				hook_id: hook.id,
				...subscription,
				...ids,
			});
			expect((await webhooks.listTriggers(scope, hook.id)).map((row) => row.model)).toEqual([
				model,
			]);
			await webhooks.deleteTrigger(scope, hook.id, model.id);
			expect(await webhooks.listTriggers(scope, hook.id)).toEqual([]);
			await webhooks.deleteTrigger(scope, hook.id, model.id);
		});

		test('names the company in every call', async () => {
			const webhooks = await api();
			const hook = (await webhooks.createHook(scope, DRAFT)).model;
			await webhooks.listHooks(scope, DRAFT.namespace);
			await webhooks.getHook(scope, hook.id, DRAFT.namespace);
			await webhooks.updateHook(scope, hook.id, { destination_url: 'https://b.example/x' });
			const subscriptions = pairs(await webhooks.listResources(scope, 'v2.0')).slice(0, 3);
			const { added } = await webhooks.addTriggers(scope, hook, subscriptions);
			await webhooks.listTriggers(scope, hook.id);
			await webhooks.removeTriggers(
				scope,
				hook.id,
				added.map(({ id }) => id),
			);
			await drain(webhooks, scope, hook.id);
			await webhooks.deleteHook(scope, hook.id);
			const requests = await n8n.requests();
			expect(requests.length).toBeGreaterThanOrEqual(9);
			for (const { companyHeader, path } of requests) {
				expect([path, companyHeader]).toEqual([path, scope.companyId]);
				expect(path).toContain(`/rest/${version}/`);
			}
		});
	});

	test('reads lists to the end', async () => {
		const webhooks = await api();
		const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		const all = pairs(await webhooks.listResources(IN_PROJECT, 'v2.0'));
		expect(all.length).toBeGreaterThan(250);
		expect((await webhooks.addTriggers(IN_PROJECT, hook, all)).added).toHaveLength(all.length);
		await n8n.requests();
		const triggers = await webhooks.listTriggers(IN_PROJECT, hook.id);
		expect(triggers).toHaveLength(all.length);
		expect(new Set(triggers.map(({ model }) => model.id)).size).toBe(all.length);
		// With the largest page that the endpoint accepts: 100 on v2.0, everything at once on v1.0.
		const calls = (await n8n.requests()).map(({ query }) => [query.page, query.per_page]);
		expect(calls).toEqual(
			version === 'v1.0'
				? [['1', '1000']]
				: Array.from({ length: Math.ceil(all.length / 100) }, (_, page) => [
						String(page + 1),
						'100',
					]),
		);
	});

	test('lists different resources for each scope and payload version', async () => {
		const webhooks = await api();
		const names = async (scope: Scope, payload: 'v2.0' | 'v4.0') =>
			(await webhooks.listResources(scope, payload)).map(({ model }) => model.name);
		const company = await names({ kind: 'company', companyId: COMPANY }, 'v2.0');
		const project = await names(IN_PROJECT, 'v2.0');
		expect(company).toContain('Company Vendors');
		expect(company).not.toContain('RFIs');
		expect(project).toContain('RFIs');
		expect(await names(IN_PROJECT, 'v4.0')).toContain('Commitment Contracts');
		expect(project).not.toContain('Commitment Contracts');
		const rfis = (await webhooks.listResources(IN_PROJECT, 'v2.0')).find(
			({ model }) => model.name === 'RFIs',
		);
		expect(rfis?.model).toMatchObject({
			payload_version: 'v2.0',
			events: ['create', 'update', 'delete'],
		});
		expect(rfis?.model.category).not.toBe('');
		const bids = (
			await webhooks.listResources({ kind: 'company', companyId: COMPANY }, 'v2.0')
		).find(({ model }) => model.name === 'Bids');
		expect(bids?.model.events).toEqual(['update']);
	});

	test('reads every entry of a 207', async () => {
		const webhooks = await api();
		const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		const { added, refused } = await webhooks.addTriggers(IN_PROJECT, hook, [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'RFI', event_type: 'update' },
			{ resource_name: 'Submittals', event_type: 'update' },
			{ resource_name: 'Task Items', event_type: 'delete' },
		]);
		expect(added.map(({ resource_name, event_type }) => `${resource_name}:${event_type}`)).toEqual([
			'RFIs:create',
			'Submittals:update',
		]);
		expect(refused).toEqual([
			{
				resource_name: 'RFI',
				event_type: 'update',
				reason: expect.stringContaining('is not supported'),
			},
			{
				resource_name: 'Task Items',
				event_type: 'delete',
				reason: expect.stringContaining('is not supported'),
			},
		]);
	});

	test('splits bulk calls at 500 entries', async () => {
		const webhooks = await api();
		const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		const unknown = Array.from({ length: 620 }, (_, index) => ({
			resource_name: `Unknown ${index}`,
			event_type: 'create',
		}));
		await n8n.requests();
		const result = await webhooks.addTriggers(IN_PROJECT, hook, [
			{ resource_name: 'RFIs', event_type: 'create' },
			...unknown,
		]);
		expect([result.added.length, result.refused.length]).toEqual([1, 620]);
		const removal = await webhooks.removeTriggers(IN_PROJECT, hook.id, [
			...Array.from({ length: 620 }, (_, index) => String(999_000_000 + index)),
			...result.added.map(({ id }) => id),
		]);
		expect(removal.removed).toEqual(result.added.map(({ id }) => id));
		expect(removal.refused).toHaveLength(620);
		expect(removal.refused[0]).toBe('999000000');
		const statuses = (await n8n.requests()).map(({ method, status }) => `${method} ${status}`);
		expect(statuses).toEqual(['POST 207', 'POST 207', 'DELETE 207', 'DELETE 207']);
	});

	test('sends only the ids and the scope to remove triggers', async () => {
		const webhooks = await api();
		const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		const { added } = await webhooks.addTriggers(IN_PROJECT, hook, [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'RFIs', event_type: 'update' },
		]);
		const ids = added.map(({ id }) => id);
		expect(await webhooks.removeTriggers(IN_PROJECT, hook.id, ids)).toEqual({
			removed: ids,
			refused: [],
		});
		expect(await hooks()).toMatchObject([{ triggers: [] }]);
	});

	describe('deliveries', () => {
		const filled = async (count: number, statuses: string[]) => {
			const webhooks = await api();
			const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
			await n8n.control.addDeliveries(hook.id, {
				count,
				statuses: statuses.map((status) =>
					status === 'failed' || status === 'discarded' || status === 'retrying'
						? status
						: 'succeeded',
				),
				resourceNames: ['RFIs', 'Submittals'],
			});
			await n8n.requests();
			return { webhooks, hookId: hook.id };
		};

		test('are read to the end, each once, with every digit', async () => {
			const { webhooks, hookId } = await filled(230, [
				'succeeded',
				'failed',
				'discarded',
				'retrying',
			]);
			const rows = (await drain(webhooks, IN_PROJECT, hookId)).map(({ model }) => model);
			const expected = (await n8n.control.state()).deliveries;
			expect(expected).toHaveLength(230);
			expect(new Set(rows.map(({ event_id }) => event_id))).toEqual(
				new Set(expected.map(({ eventId }) => eventId)),
			);
			expect(new Set(rows.map(({ ulid }) => ulid))).toEqual(
				new Set(expected.map(({ ulid }) => ulid)),
			);
			const counts = new Map<string, number>();
			for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
			expect(Object.fromEntries(counts)).toEqual({
				succeeded: 58,
				failed: 58,
				discarded: 57,
				retrying: 57,
			});
			expect((await n8n.requests()).length).toBe(3);
		});

		test('have the same shape on both generations', async () => {
			const { webhooks, hookId } = await filled(2, ['failed', 'discarded']);
			const rows = (await drain(webhooks, IN_PROJECT, hookId)).map(({ model }) => model);
			const [failed, discarded] = (await n8n.control.state()).deliveries;
			expect(rows).toEqual([
				{
					id: expect.stringMatching(/^\d+$/),
					event_id: failed?.eventId,
					ulid: failed?.ulid,
					status: 'failed',
					outcome: 'failed',
					attempts: 1,
					response_status: 500,
					response_headers: { 'content-type': 'application/json; charset=utf-8' },
					response_body: '{"message":"Error"}',
					response_error: null,
					started_at: expect.stringMatching(/Z$/),
					completed_at: expect.stringMatching(/Z$/),
					event: {
						id: failed?.eventId,
						ulid: failed?.ulid,
						timestamp: expect.stringMatching(/\.\d{6}Z$/),
						event_type: failed?.eventType,
						resource_name: failed?.resourceName,
						resource_id: expect.stringMatching(/^\d+$/),
						company_id: COMPANY,
						project_id: PROJECT,
						user_id: '7710345',
						api_version: 'v2.0',
						metadata: expect.objectContaining({ source_company_id: COMPANY }),
					},
				},
				expect.objectContaining({
					event_id: discarded?.eventId,
					status: 'discarded',
					outcome: 'discarded',
					attempts: 0,
					response_status: null,
					started_at: null,
				}),
			]);
		});

		test('keep their digits in the raw rows too', async () => {
			const { webhooks, hookId } = await filled(1, ['failed']);
			const [row] = await drain(webhooks, IN_PROJECT, hookId);
			const [expected] = (await n8n.control.state()).deliveries;
			expect(JSON.stringify(row?.raw)).toContain(`"${expected?.eventId}"`);
		});

		test('stop being read after a page if the caller stops', async () => {
			const { webhooks, hookId } = await filled(230, ['succeeded']);
			for await (const rows of webhooks.deliveries(IN_PROJECT, hookId, {})) {
				expect(rows).toHaveLength(100);
				break;
			}
			expect(await n8n.requests()).toHaveLength(1);
		});

		test('are filtered by the endpoint if it supports the status', async () => {
			const { webhooks, hookId } = await filled(40, ['succeeded', 'discarded']);
			const rows = await drain(webhooks, IN_PROJECT, hookId, { status: 'discarded' });
			expect(rows.map(({ model }) => model.status)).toEqual(Array(20).fill('discarded'));
			const [request] = await n8n.requests();
			expect(request?.query).toMatchObject(
				version === 'v1.0' ? { 'filters[status]': 'discarded' } : { 'filter[status]': 'discarded' },
			);
		});

		test('are empty for a hook that has never delivered', async () => {
			const webhooks = await api();
			const { id } = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
			// Observed on v2.0, where the emulator does it without a fault; here on both.
			await n8n.control.addFault({
				path: '/deliveries',
				effect: { kind: 'status', status: 404, body: { errors: ['Not found'] } },
			});
			expect(await drain(webhooks, IN_PROJECT, id)).toEqual([]);
		});

		test('fail for a hook that does not exist', async () => {
			const failure = await failureOf(drain(await api(), IN_PROJECT, '61849999'));
			expect(failure.isNotFound).toBe(true);
			expect(failure.message).toContain('61849999');
		});
	});

	describe('failures', () => {
		test('recognizes a second hook in one namespace', async () => {
			const webhooks = await api();
			await webhooks.createHook(IN_PROJECT, DRAFT);
			const failure = await failureOf(webhooks.createHook(IN_PROJECT, DRAFT));
			expect(failure.isNamespaceTaken).toBe(true);
			expect(failure.message).toMatch(/^Could not create a hook in project 902214\./);
			expect(failure.message).toContain('choose another namespace');
		});

		test('recognizes a second trigger for one event', async () => {
			const webhooks = await api();
			const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
			const subscription = { resource_name: 'RFIs', event_type: 'create' };
			await webhooks.createTrigger(IN_PROJECT, hook, subscription);
			const failure = await failureOf(webhooks.createTrigger(IN_PROJECT, hook, subscription));
			expect(failure.message).toContain('Trigger already exists');
		});

		test('recognizes a hook that does not exist', async () => {
			const webhooks = await api();
			for (const work of [
				async () => await webhooks.getHook(IN_PROJECT, '61849999', DRAFT.namespace),
				async () =>
					await webhooks.updateHook(IN_PROJECT, '61849999', {
						destination_url: 'https://b.example',
					}),
				async () => await webhooks.listTriggers(IN_PROJECT, '61849999'),
			]) {
				const failure = await failureOf(work());
				expect(failure.isNotFound).toBe(true);
				expect(failure.message).toContain('61849999');
			}
		});

		test('explains that the app is not connected to the company', async () => {
			const failure = await failureOf(
				(await api()).listHooks({ kind: 'company', companyId: UNCONNECTED }, 'procore'),
			);
			expect(failure.message).toContain('App is not connected to this company');
			expect(failure.message).toContain('Install the app in this company');
		});

		test('explains a missing permission', async () => {
			await n8n.control.setPermissions({ companyId: COMPANY, webhooks: 'read_only' });
			const webhooks = await api();
			await webhooks.listHooks(IN_PROJECT, DRAFT.namespace);
			const failure = await failureOf(webhooks.createHook(IN_PROJECT, DRAFT));
			expect(failure.outcome).toEqual({ kind: 'refused', status: 403 });
			expect(failure.message).toContain('"Webhooks API" at level Standard');
		});

		test('sends an id that is not a number to Procore unchanged', async () => {
			const webhooks = await api();
			const failure = await failureOf(webhooks.listTriggers(IN_PROJECT, 'a/../b?c#d'));
			expect(failure.isNotFound).toBe(true);
			const [request] = await n8n.requests();
			expect(request?.path).toContain('/hooks/a%2F..%2Fb%3Fc%23d/triggers');
		});

		test('keeps the secret out of every message', async () => {
			const webhooks = await api();
			await webhooks.createHook(IN_PROJECT, DRAFT);
			await n8n.control.addFault({
				path: '/hooks',
				times: 0,
				effect: {
					kind: 'status',
					status: 422,
					body: { errors: [`cannot keep ${DRAFT.authorization ?? ''}`] },
				},
			});
			const failure = await failureOf(webhooks.createHook(IN_PROJECT, DRAFT));
			const told = JSON.stringify([failure, failure.message, failure.description, failure.stack]);
			expect(told).not.toContain('0123456789abcdefk9Qz7');
			expect(told).not.toContain(String((await n8n.control.seed()).clientSecret));
			expect(told).not.toMatch(/Bearer (?!\*)/);
			const token = n8n.credential.stored.oauthTokenData;
			expect(token).toBeDefined();
			expect(told).not.toContain(
				typeof token === 'object' && token !== null && 'access_token' in token
					? String(token.access_token)
					: 'no token',
			);
		});
	});
});

describe('a hook of v1.0', () => {
	const n8n = useN8n();

	test('cannot be disabled: nothing is sent, and the message says what to do instead', async () => {
		await n8n.connect({ version: 'v1.0' });
		const { webhooks } = await openProcore(n8n.apiContext());
		expect(webhooks.hasHookStatus).toBe(false);
		const failure = await failureOf(
			webhooks.updateHook(IN_PROJECT, '61840377', { status: 'disabled' }),
		);
		expect(failure.message).toContain('Delete the hook instead');
		expect(await n8n.requests()).toEqual([]);
	});
});

describe('a hook of v2.0', () => {
	const n8n = useN8n();

	test('can be disabled and enabled', async () => {
		const { webhooks } = await openProcore(n8n.apiContext());
		const { id } = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		for (const status of ['disabled', 'active'] as const) {
			expect((await webhooks.updateHook(IN_PROJECT, id, { status })).model.status).toBe(status);
		}
	});

	test('returns its number of triggers', async () => {
		const { webhooks } = await openProcore(n8n.apiContext());
		const hook = (await webhooks.createHook(IN_PROJECT, DRAFT)).model;
		await webhooks.createTrigger(IN_PROJECT, hook, { resource_name: 'RFIs', event_type: 'create' });
		const [listed] = await webhooks.listHooks(IN_PROJECT, DRAFT.namespace);
		expect(listed?.model.trigger_count).toBe(1);
	});
});

describe('Directory', () => {
	const n8n = useN8n();
	const directory = async () => (await openProcore(n8n.apiContext())).directory;

	test('lists the companies of the account without a company header if none is needed', async () => {
		const companies = await (await directory()).companies();
		expect(companies.map(({ model }) => model)).toEqual([
			{ id: COMPANY, name: 'Larkspur Build Co', is_active: true },
			{ id: EUROPE, name: 'Larkspur Europe GmbH', is_active: true },
		]);
		expect((await n8n.requests()).map(({ companyHeader }) => companyHeader)).toEqual([null]);
	});

	test('sends the company of a service account, which Procore requires', async () => {
		await n8n.connect({ grant: 'clientCredentials', companyId: COMPANY });
		const companies = await (await directory()).companies();
		expect(companies.length).toBeGreaterThan(0);
		expect((await n8n.requests()).map(({ companyHeader }) => companyHeader)).toEqual([COMPANY]);
	});

	test('asks for the company of a service account if it is missing', async () => {
		await n8n.connect({ grant: 'clientCredentials' });
		const failure = await failureOf((await directory()).companies());
		expect(failure.message).toContain('set Company ID in the credential');
	});

	test('lists the active projects of a company by name', async () => {
		const projects = await (await directory()).allProjects(COMPANY);
		expect(projects.map(({ model }) => model)).toEqual([
			{ id: OTHER_PROJECT, name: 'Dry Creek Depot', display_name: 'Dry Creek Depot' },
			{ id: PROJECT, name: 'Harbour Street Clinic', display_name: 'Harbour Street Clinic' },
			{ id: '902391', name: 'Mill Lane School', display_name: 'Mill Lane School' },
			{ id: '902402', name: 'North Quay Apartments', display_name: 'North Quay Apartments' },
		]);
		expect((await n8n.requests()).map(({ companyHeader }) => companyHeader)).toEqual([COMPANY]);
	});

	test('tells the active projects of the company from others if the list comes back unfiltered', async () => {
		await n8n.control.addFault({ path: '/projects', effect: { kind: 'ignoreFilters' } });
		const projects = await (await directory()).activeProjects(COMPANY);
		expect(projects.map(({ id }) => id).sort()).toEqual(PROJECTS);
		expect(projects[0]?.updated_at).toMatch(/^\d{4}-\d\d-\d\dT/);
	});

	test('returns each project once if the list shifts while it is read', async () => {
		await n8n.control.addFault({
			path: '/projects',
			times: 0,
			effect: { kind: 'capPages', rows: 2 },
		});
		await n8n.control.addFault({
			path: 'page=2',
			effect: { kind: 'changeProject', projectId: '902402', name: 'Abbey Road' },
		});
		const projects = await (await directory()).activeProjects(COMPANY);
		expect(projects.map(({ id }) => id)).toEqual([OTHER_PROJECT, PROJECT, '902391']);
	});

	test('tells whether one project is active, closed or deleted', async () => {
		const look = async () => await (await directory()).projectState(COMPANY, PROJECT);
		expect(await look()).toBe('active');
		await n8n.control.closeProject(PROJECT);
		expect(await look()).toBe('closed');
		await n8n.control.deleteProject(PROJECT);
		expect(await look()).toBe('gone');
		expect((await n8n.requests()).map(({ companyHeader }) => companyHeader)).toEqual([
			...[COMPANY, COMPANY, COMPANY],
		]);
		await n8n.control.setPermissions({ companyId: COMPANY, connected: false });
		await expect(look()).rejects.toThrow('Could not look at project 902214');
	});

	test('lets Procore search projects', async () => {
		const names: string[] = [];
		for await (const { projects, isLast } of (await directory()).projects(COMPANY, {
			name: 'quay',
		})) {
			names.push(...projects.map(({ model }) => model.name));
			expect(isLast).toBe(true);
		}
		expect(names).toEqual(['North Quay Apartments']);
		expect((await n8n.requests())[0]?.query).toMatchObject({ 'filters[name]': 'quay' });
	});

	test('finds projects beyond the first page, page by page', async () => {
		await Promise.all(
			Array.from({ length: 310 }, async (_, index) => {
				await n8n.control.addProject({ companyId: COMPANY, name: `Tower ${index}` });
			}),
		);
		const all = await (await directory()).allProjects(COMPANY);
		expect(all).toHaveLength(PROJECTS.length + 310);
		expect(new Set(all.map(({ model }) => model.id)).size).toBe(all.length);
		expect((await n8n.requests()).map(({ query }) => query.page)).toEqual(['1', '2']);

		const second: string[] = [];
		for await (const { projects, isLast } of (await directory()).projects(COMPANY, {
			firstPage: 2,
		})) {
			second.push(...projects.map(({ model }) => model.id));
			expect(isLast).toBe(true);
		}
		expect(second).toEqual(all.slice(300).map(({ model }) => model.id));
	});
});

describe('paging', () => {
	const n8n = useN8n();

	/** Returns the pages of a list of hooks, one after another. */
	async function script(...pages: Array<{ ids: number[]; headers?: Record<string, string> }>) {
		for (const [after, { ids, headers = {} }] of pages.entries()) {
			await n8n.control.addFault({
				path: '/webhooks/hooks',
				after,
				effect: {
					kind: 'status',
					status: 200,
					headers,
					body: { data: ids.map((id) => ({ id: String(id), namespace: 'a' })) },
				},
			});
		}
		const { webhooks } = await openProcore(n8n.apiContext());
		const hooks = await webhooks.listHooks(IN_PROJECT, 'a');
		const asked = (await n8n.requests()).map(({ query }) => query.page);
		return { ids: hooks.map(({ model }) => Number(model.id)), asked };
	}
	const full = (start: number, length = 100) => Array.from({ length }, (_, index) => start + index);
	const next = { Link: '<https://elsewhere.example/?page=9>; rel="next"' };
	const previous = { Link: '<https://elsewhere.example/?page=1>; rel="prev"' };

	beforeEach(async () => {
		// A page that the script does not contain fails the test.
		await n8n.control.setPermissions({ companyId: COMPANY, webhooks: 'none' });
	});

	test('follows Link and counts the pages itself', async () => {
		const { ids, asked } = await script(
			{ ids: [1], headers: next },
			{ ids: [2], headers: previous },
		);
		expect([ids, asked]).toEqual([
			[1, 2],
			['1', '2'],
		]);
	});

	test('ends if Link names no next page, even if the page is full', async () => {
		expect((await script({ ids: full(0), headers: previous })).asked).toEqual(['1']);
	});

	test('ends at an empty page, whatever Link says', async () => {
		const { asked } = await script({ ids: [1], headers: next }, { ids: [], headers: next });
		expect(asked).toEqual(['1', '2']);
	});

	test('uses Total if there is no Link', async () => {
		const { ids, asked } = await script(
			{ ids: full(0, 60), headers: { Total: '61' } },
			{ ids: [60], headers: { Total: '61' } },
		);
		expect([ids.length, asked]).toEqual([61, ['1', '2']]);
	});

	test('reads on after a full page if there is neither', async () => {
		const { ids, asked } = await script({ ids: full(0) }, { ids: full(100, 5) });
		expect([ids.length, asked]).toEqual([105, ['1', '2']]);
	});

	test('recognizes a full page of a server with a smaller page size', async () => {
		const smaller = { 'Per-Page': '10' };
		const { ids } = await script(
			{ ids: full(0, 10), headers: smaller },
			{ ids: full(10, 3), headers: smaller },
		);
		expect(ids).toEqual(full(0, 13));
	});

	test('treats null in place of the rows as an empty list', async () => {
		await n8n.control.addFault({ effect: { kind: 'status', status: 200, body: { data: null } } });
		const { webhooks } = await openProcore(n8n.apiContext());
		expect(await webhooks.listHooks(IN_PROJECT, 'a')).toEqual([]);
		expect((await n8n.requests()).map(shape)).toEqual([
			'GET /rest/v2.0/companies/#/projects/#/webhooks/hooks',
		]);
	});
});
