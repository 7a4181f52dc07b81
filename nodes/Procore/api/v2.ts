import type { Delivery } from '../model/delivery';
import { timeAt } from '../model/event-position';
import type { Hook, HookChanges } from '../model/hook';
import {
	idList,
	jsonObject,
	jsonObjects,
	type JsonBody,
	type JsonObject,
	type JsonValue,
} from '../model/json';
import type { PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import { describeScope, type Scope } from '../model/scope';
import type { WebhookResource } from '../model/trigger';
import { hasText, isRows } from './body-check';
import { filterDay } from './filter-day';
import { isOldestFirst, newestDeliveries } from './newest-deliveries';
import { newestFirst } from './newest-first';
import { pages } from './paging';
import { readDeliveryV2 } from './read-delivery';
import { readHook } from './read-hook';
import { readResourceV2 } from './read-trigger';
import { resourcesOf } from './row-filter';
import { commonHookFields, ScopedEndpoints, type TriggerBodies } from './scoped-endpoints';
import type { AcceptedResponse, ProcoreRequest } from './request';
import {
	acceptedTooEarly,
	UndeliveredCollector,
	type Undelivered,
	type UndeliveredQuery,
} from './undelivered';
import {
	hookPath,
	type DeliveryQuery,
	type RemovedTriggers,
	type WebhooksApi,
} from './webhooks-api';

/** The values of `filter[status]`. */
const STATUS_FILTERS = {
	successful: 'succeeded',
	failed: 'failed',
	retrying: 'retrying',
	discarded: 'discarded',
} as const;

/**
 * The current version: the scope is in the path, request bodies are flat, responses have `data`, ids are strings
 * [V2-FORMS] [BULK-ARRAY].
 */
export class WebhooksV2 extends ScopedEndpoints implements WebhooksApi {
	/** Required for a company only [V2-COMPANY-NAMESPACE]. No value stands for every namespace [V2-STAR-NAMESPACE]. */
	readonly needsCompanyNamespace = true;

	readonly hasHookStatus = true;

	readonly listsEnqueued = true;

	readonly requestsPerCheck = 2;

	/** Lists on v2.0 return 10 rows per page by default, and at most 100 (Procore, "REST v2") [V2-PAGE-SIZE]. */
	protected readonly perPage = 100;

	protected override readonly deletedStatus = 204;

	protected readonly goneAdvice = undefined;

	protected base(scope: Scope): string {
		const company = `/rest/v2.0/companies/${encodeURIComponent(scope.companyId)}`;
		return scope.kind === 'company'
			? `${company}/webhooks`
			: `${company}/projects/${encodeURIComponent(scope.projectId)}/webhooks`;
	}

	protected scopeQuery(): Record<string, string> {
		return {};
	}

	protected unwrap(body: JsonValue): JsonValue | undefined {
		return jsonObject(body).data;
	}

	/** A 404 of the list of hooks would otherwise look like a deleted project. */
	protected canBeApiWide({ path }: ProcoreRequest): boolean {
		return path.endsWith('/webhooks/hooks');
	}

	protected hookListQuery(namespace: string) {
		return { namespace: namespace || undefined, include_trigger_count: true };
	}

	protected hookBody(_scope: Scope, changes: HookChanges): JsonBody {
		const { payload_version, status } = changes;
		return { ...commonHookFields(changes), payload_version, status };
	}

	protected async triggerBodies(): Promise<TriggerBodies> {
		return await Promise.resolve({
			one: ({ resource_name, event_type }) => ({ resource_name, event_type }),
			several: (subscriptions) =>
				subscriptions.map(({ resource_name, event_type }) => ({ resource_name, event_type })),
		});
	}

	protected removalBody(_scope: Scope, triggerIds: readonly string[]): JsonBody {
		return triggerIds;
	}

	/** A 207 mixes triggers and refusals in one list; only triggers have an id [BULK-CREATE-MIXED]. */
	protected readAdditions(body: JsonValue) {
		const content = this.unwrap(body);
		if (!isRows(content)) return undefined;
		const rows = jsonObjects(content);
		return {
			added: rows.filter(({ id }) => id !== undefined),
			refused: rows.filter(({ id }) => id === undefined),
		};
	}

	protected readRemovals(body: JsonValue): RemovedTriggers | undefined {
		const { succeeded, failed } = jsonObject(this.unwrap(body));
		if (!Array.isArray(succeeded ?? failed)) return undefined;
		return { removed: idList(succeeded), refused: idList(failed) };
	}

	async getHook(scope: Scope, id: string): Promise<Read<Hook>> {
		const request = this.read(scope, hookPath(id), `get hook ${id}`);
		const response = await this.transport.request({ ...request, expects: this.isEntity });
		return readHook(jsonObject(this.unwrap(response.body)));
	}

	async *deliveries(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		const status = query.status && STATUS_FILTERS[query.status];
		for await (const { deliveries } of this.deliveryPages(scope, hookId, query, status)) {
			yield deliveries;
		}
	}

	async *deliveriesNewestFirst(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
	): AsyncGenerator<Array<Read<Delivery>>> {
		const status = query.status && STATUS_FILTERS[query.status];
		const list = {
			request: this.deliveryList(scope, hookId, query, status),
			perPage: this.perPage,
			rowsOf: (body: JsonValue) => this.unwrap(body),
			isAscending: (rows: readonly JsonObject[]) => isOldestFirst(rows.map(readDeliveryV2)),
		};
		const accept = async (first: AcceptedResponse) => {
			if (first.status === 404) await this.listTriggers(scope, hookId);
		};
		for await (const rows of newestFirst(this.client(scope), list, accept)) {
			yield rows.map(readDeliveryV2);
		}
	}

	async newestDeliveries(
		scope: Scope,
		hookId: string,
		since: string,
	): Promise<Array<Read<Delivery>>> {
		const request = this.deliveryList(scope, hookId, { since });
		return await newestDeliveries(this.client(scope), request, this.perPage, (body) =>
			this.unwrap(body),
		);
	}

	async listUndelivered(
		scope: Scope,
		hookId: string,
		query: UndeliveredQuery,
	): Promise<Undelivered> {
		const since = new Date(timeAt(query.after)).toISOString();
		const read = (status?: string) => this.deliveryPages(scope, hookId, { since }, status, true);
		// The endpoint filters by one status at a time and two are needed. For a quiet hook, one unfiltered request is cheaper.
		const undelivered = new UndeliveredCollector(query);
		const { value: first } = await read().next();
		undelivered.add(first?.deliveries ?? []);
		if (first === undefined || first.isLast) return undelivered.result();
		const early = () =>
			acceptedTooEarly(
				this.deliveriesNewestFirst(scope, hookId, { since, status: 'successful' }),
				query.acceptedSince,
			);
		for (const status of ['retrying', 'failed', 'discarded']) {
			await undelivered.read(read(status), 'untilFound');
		}
		await undelivered.read(early(), 'untilFound');
		if (undelivered.isEmpty) return undelivered.result();
		// In the order in which a delivery changes its status, so that one that changes meanwhile appears at least once.
		const everything = new UndeliveredCollector(query);
		for (const status of ['enqueued', 'retrying', 'failed', 'discarded']) {
			await everything.read(read(status));
		}
		await everything.read(early());
		return everything.result();
	}

	async listResources(
		scope: Scope,
		payloadVersion: PayloadVersion,
	): Promise<Array<Read<WebhookResource>>> {
		const purpose = `list what ${describeScope(scope)} can subscribe to`;
		const query = { payload_version: payloadVersion };
		const rows = await this.list(scope, '/resources', purpose, query, hasText('name'));
		return resourcesOf(rows.map(readResourceV2), payloadVersion);
	}

	private async *deliveryPages(
		scope: Scope,
		hookId: string,
		query: DeliveryQuery,
		status?: string,
		hookExists = false,
	): AsyncGenerator<{ deliveries: Array<Read<Delivery>>; isLast: boolean }, undefined> {
		const request = this.deliveryList(scope, hookId, query, status);
		for await (const page of pages(this.client(scope), request, this.perPage, (body) =>
			this.unwrap(body),
		)) {
			if (page.status === 404 && !hookExists) await this.checkHookExists(scope, hookId);
			yield { deliveries: page.rows.map(readDeliveryV2), isLast: page.isLast };
		}
	}

	private deliveryList(scope: Scope, hookId: string, query: DeliveryQuery, status?: string) {
		const path = `${hookPath(hookId)}/deliveries`;
		return {
			...this.read(scope, path, `list the deliveries of hook ${hookId}`, {
				'filter[status]': status,
				'filter[resource_name]': query.resourceName,
				'filter[event_type]': query.eventType,
				// Dates only. One more day on both sides, because neither inclusiveness nor time zone is documented
				// [DELIVERY-FILTER-DAYS].
				'filter[start]': filterDay(query.since, -1),
				'filter[end]': filterDay(query.until, 1),
			}),
			accept: [404],
			expects: (body: JsonValue) => isRows(this.unwrap(body), hasText('status')),
		};
	}
}
