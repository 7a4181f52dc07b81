import { NOTHING_UNDELIVERED, type Undelivered } from '../../../nodes/Procore/api/undelivered';
import type {
	AddedTriggers,
	RemovedTriggers,
	TriggerOwner,
	WebhooksApi,
} from '../../../nodes/Procore/api/webhooks-api';
import type { Delivery } from '../../../nodes/Procore/model/delivery';
import type { Hook, HookChanges, HookDraft } from '../../../nodes/Procore/model/hook';
import type { PayloadVersion } from '../../../nodes/Procore/model/payload-version';
import type { Read } from '../../../nodes/Procore/model/read';
import { scopeKey, type Scope } from '../../../nodes/Procore/model/scope';
import {
	subscriptionKey,
	type RefusedSubscription,
	type Subscription,
	type Trigger,
	type WebhookResource,
} from '../../../nodes/Procore/model/trigger';
import { LOST, refused } from './node';

type Method = Exclude<
	keyof WebhooksApi,
	| 'needsCompanyNamespace'
	| 'hasHookStatus'
	| 'canChangePayloadVersion'
	| 'listsEnqueued'
	| 'requestsPerCheck'
>;

interface Kept {
	readonly scope: string;
	hook: Hook;
	authorization: string;
	triggers: Trigger[];
}

interface Plan {
	readonly method: Method;
	readonly when: 'before' | 'after';
	readonly act: () => void;
}

function read<T>(model: T): Read<T> {
	return { model, raw: {} };
}

/**
 * Procore in memory, behind the interface of the API layer: one hook per namespace and scope, strict about triggers.
 */
export class FakeWebhooks implements WebhooksApi {
	readonly needsCompanyNamespace = true;

	readonly hasHookStatus = true;

	canChangePayloadVersion = true;

	readonly requestsPerCheck = 2;

	readonly listsEnqueued = true;

	/** For example `listHooks project:902214`, in the order of the calls. */
	readonly calls: string[] = [];

	/** The resources that exist, if that matters. */
	resources = ['RFIs', 'Submittals', 'Punch Items'];

	/** The actions of a resource, if they are not the usual three. */
	readonly actions = new Map<string, string[]>();

	/** Whether a hook contains its number of triggers, like on v2.0. */
	countTriggers = false;

	private readonly kept: Kept[] = [];

	private readonly plans: Plan[] = [];

	private ids = 61840000;

	/** Runs something before the next call of a method: another process acts, or the call fails. */
	before(method: Method, act: () => void): void {
		this.plans.push({ method, when: 'before', act });
	}

	/** Runs something after the next call of a method; what it throws replaces the response. */
	after(method: Method, act: () => void): void {
		this.plans.push({ method, when: 'after', act });
	}

	/** Loses the next response of a method; with `done`, after the work. */
	lose(method: Method, done: boolean): void {
		const drop = () => {
			throw LOST();
		};
		if (done) this.after(method, drop);
		else this.before(method, drop);
	}

	hooksIn(scope: Scope): Array<{ hook: Hook; authorization: string; events: string[] }> {
		return this.kept
			.filter((entry) => entry.scope === scopeKey(scope))
			.map(({ hook, authorization, triggers }) => ({
				hook,
				authorization,
				events: triggers.map(subscriptionKey).sort(),
			}));
	}

	/** Adds a hook as another process or a user would. */
	plant(scope: Scope, draft: HookDraft, events: readonly Subscription[] = []): Hook {
		const hook: Hook = {
			id: this.nextId(),
			namespace: draft.namespace,
			destination_url: draft.destination_url,
			destination_headers: {},
			payload_version: draft.payload_version,
			status: 'active',
			company_id: scope.kind === 'company' ? scope.companyId : null,
			project_id: scope.kind === 'project' ? scope.projectId : null,
			created_at: null,
			updated_at: null,
		};
		const entry: Kept = { scope: scopeKey(scope), hook, authorization: '', triggers: [] };
		this.kept.push(entry);
		this.change(entry, draft);
		for (const subscription of events) this.plantTrigger(entry.hook.id, subscription);
		return hook;
	}

	plantTrigger(hookId: string, { resource_name, event_type }: Subscription): Trigger {
		const trigger: Trigger = {
			id: this.nextId(),
			hook_id: hookId,
			resource_name,
			event_type,
			company_id: null,
			project_id: null,
		};
		this.entry(hookId).triggers.push(trigger);
		return trigger;
	}

	edit(hookId: string, changes: HookChanges): void {
		this.change(this.entry(hookId), changes);
	}

	drop(hookId: string): void {
		this.kept.splice(this.kept.indexOf(this.entry(hookId)), 1);
	}

	async listHooks(scope: Scope, namespace: string): Promise<Array<Read<Hook>>> {
		return await this.run('listHooks', scope, () =>
			this.hooksIn(scope)
				.filter(({ hook }) => hook.namespace === namespace)
				.map(({ hook, events }) =>
					read({ ...hook, ...(this.countTriggers ? { trigger_count: events.length } : {}) }),
				),
		);
	}

	async getHook(scope: Scope, id: string): Promise<Read<Hook>> {
		return await this.run('getHook', scope, () => read(this.entry(id).hook));
	}

	async createHook(scope: Scope, draft: HookDraft): Promise<Read<Hook>> {
		return await this.run('createHook', scope, () => {
			if (this.hooksIn(scope).some(({ hook }) => hook.namespace === draft.namespace)) {
				throw refused(400, 'Namespace has already been taken');
			}
			return read({ ...this.plant(scope, draft) });
		});
	}

	async updateHook(scope: Scope, id: string, changes: HookChanges): Promise<Read<Hook>> {
		return await this.run('updateHook', scope, () => {
			const entry = this.entry(id);
			this.change(entry, changes);
			return read({ ...entry.hook });
		});
	}

	async deleteHook(scope: Scope, id: string): Promise<boolean> {
		return await this.run('deleteHook', scope, () => {
			const index = this.kept.findIndex(({ hook }) => hook.id === id);
			if (index >= 0) this.kept.splice(index, 1);
			return index >= 0;
		});
	}

	async listTriggers(scope: Scope, hookId: string): Promise<Array<Read<Trigger>>> {
		return await this.run('listTriggers', scope, () => this.entry(hookId).triggers.map(read));
	}

	async createTrigger(scope: Scope): Promise<Read<Trigger>> {
		return await this.run('createTrigger', scope, () => {
			throw new Error('One by one is not how it is done');
		});
	}

	async deleteTrigger(scope: Scope): Promise<boolean> {
		return await this.run('deleteTrigger', scope, () => {
			throw new Error('One by one is not how it is done');
		});
	}

	async addTriggers(
		scope: Scope,
		{ id }: TriggerOwner,
		subscriptions: readonly Subscription[],
	): Promise<AddedTriggers> {
		return await this.run('addTriggers', scope, () => {
			const { triggers } = this.entry(id);
			const added: Trigger[] = [];
			const refusals: RefusedSubscription[] = [];
			for (const subscription of subscriptions) {
				const key = subscriptionKey(subscription);
				if (triggers.some((trigger) => subscriptionKey(trigger) === key)) {
					refusals.push({ ...subscription, reason: 'Trigger already exists' });
				} else if (!this.resources.includes(subscription.resource_name)) {
					refusals.push({ ...subscription, reason: 'resource_name is not supported' });
				} else if (!this.offered(subscription.resource_name).includes(subscription.event_type)) {
					refusals.push({ ...subscription, reason: 'event_type is not supported' });
				} else {
					added.push(this.plantTrigger(id, subscription));
				}
			}
			return { added, refused: refusals };
		});
	}

	async removeTriggers(
		scope: Scope,
		hookId: string,
		triggerIds: readonly string[],
	): Promise<RemovedTriggers> {
		return await this.run('removeTriggers', scope, () => {
			const entry = this.entry(hookId);
			const here = new Set(entry.triggers.map(({ id }) => id));
			entry.triggers = entry.triggers.filter(({ id }) => !triggerIds.includes(id));
			return {
				removed: triggerIds.filter((id) => here.has(id)),
				refused: triggerIds.filter((id) => !here.has(id)),
			};
		});
	}

	async *deliveries(scope: Scope): AsyncGenerator<Array<Read<Delivery>>> {
		yield await this.run('deliveries', scope, () => []);
	}

	async *deliveriesNewestFirst(scope: Scope): AsyncGenerator<Array<Read<Delivery>>> {
		yield* this.deliveries(scope);
	}

	async newestDeliveries(scope: Scope): Promise<Array<Read<Delivery>>> {
		return await this.run('newestDeliveries', scope, () => []);
	}

	async listUndelivered(): Promise<Undelivered> {
		return NOTHING_UNDELIVERED;
	}

	async listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>> {
		return await this.run('listResources', scope, () =>
			this.resources.map((name) =>
				read<WebhookResource>({
					name,
					category: '',
					tool: '',
					payload_version: payloadVersion,
					events: this.offered(name),
				}),
			),
		);
	}

	private offered(resourceName: string): string[] {
		return this.actions.get(resourceName) ?? ['create', 'update', 'delete'];
	}

	private nextId(): string {
		this.ids += 1;
		return String(this.ids);
	}

	private entry(hookId: string): Kept {
		const entry = this.kept.find(({ hook }) => hook.id === hookId);
		if (entry === undefined) throw refused(404, 'Not found');
		return entry;
	}

	private change(entry: Kept, { authorization, ...changes }: HookChanges): void {
		Object.assign(entry.hook, changes);
		if (authorization === undefined) return;
		entry.authorization = authorization;
		entry.hook.destination_headers = { Authorization: `*****${authorization.slice(-5)}` };
	}

	private async run<T>(method: Method, scope: Scope, work: () => T): Promise<T> {
		this.calls.push(`${method} ${scopeKey(scope)}`);
		await Promise.resolve();
		this.act(method, 'before');
		const result = work();
		this.act(method, 'after');
		return result;
	}

	private act(method: Method, when: Plan['when']): void {
		const index = this.plans.findIndex((plan) => plan.method === method && plan.when === when);
		if (index >= 0) this.plans.splice(index, 1)[0]?.act();
	}
}
