import type { IDataObject } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { eventJson } from '../api/read-delivery';
import { toJsonItem, type ProcoreEvent, type ReadEvent } from '../model/event';
import { positionOf } from '../model/event-position';
import type { Scope } from '../model/scope';
import { isUsualEventType, subscriptionKey, type Subscription } from '../model/trigger';
import { changeType, eventOf } from '../record/changed-event';
import { planChanges, readChanges } from '../record/changes';
import type { Activation } from './activation';
import { forEachScope } from './per-scope';

const DAY_MS = 86_400_000;

/** How far back deliveries and records are read. */
const DELIVERY_DAYS = 30;
const RECORD_DAYS = 7;

/** A test leaves the hourly limit to the workflows. */
const MAX_HOOKS_PER_SCOPE = 5;
const MAX_LISTS = 10;

/** What a test event must be. */
export interface TestEventQuery {
	readonly scopes: readonly Scope[];
	readonly subscriptions: readonly Subscription[];
	/** Whether the filters of the node let it start the workflow. */
	readonly passes: (event: ProcoreEvent) => boolean;
	/** Whether the output has the same format for every payload version. */
	readonly simplify: boolean;
}

/** What was found, and what could not be read and might have had it. */
export interface LatestEvent {
	/** The JSON of the output item; undefined if there is none. */
	readonly item: IDataObject | undefined;
	readonly failures: readonly unknown[];
}

/**
 * Finds the newest event that Procore has recorded for the selected events, in the deliveries of any hook. Without one,
 * makes an event from the record that changed last, with `sample` as its source. Only reads.
 *
 * @throws ProcoreFailure if no deliveries could be read.
 */
export async function latestEvent(
	activation: Activation,
	query: TestEventQuery,
): Promise<LatestEvent> {
	const { recorded, failures } = await latestRecorded(activation, query);
	if (recorded !== undefined) return { item: toJsonItem(recorded, query.simplify), failures };
	const sample = await latestSample(activation, query);
	return { item: sample.item, failures: [...failures, ...sample.failures] };
}

async function latestRecorded(
	{ procore: { webhooks }, place, stored }: Activation,
	{ scopes, subscriptions, passes }: TestEventQuery,
): Promise<{ recorded: ReadEvent | undefined; failures: unknown[] }> {
	const wanted = new Set(subscriptions.map(subscriptionKey));
	const since = new Date(Date.now() - DELIVERY_DAYS * DAY_MS).toISOString();
	const { results, failures } = await forEachScope(scopes, async (scope) => {
		const isNamed = scope.kind === 'company' && webhooks.needsCompanyNamespace;
		const namespace = isNamed ? place.namespace || (stored?.namespace ?? '') : '';
		const hooks = isNamed && namespace === '' ? [] : await webhooks.listHooks(scope, namespace);
		const found: ReadEvent[] = [];
		for (const { model: hook } of hooks.slice(0, MAX_HOOKS_PER_SCOPE)) {
			for (const delivery of await webhooks.newestDeliveries(scope, hook.id, since)) {
				const { event } = delivery.model;
				if (event === null || !wanted.has(subscriptionKey(event)) || !passes(event)) continue;
				found.push({ event, raw: eventJson(delivery) });
			}
		}
		return found;
	});
	const [failed] = failures;
	if (failed !== undefined && results.length === 0) throw failed.failure;
	const at = ({ event }: ReadEvent) => positionOf(event, 0);
	const recorded = results.flat().reduce<ReadEvent | undefined>((newest, read) => {
		return newest === undefined || at(read) > at(newest) ? read : newest;
	}, undefined);
	return { recorded, failures: failures.map(({ failure }) => failure) };
}

/** A record shows neither who changed it nor that it was deleted, so filters do not apply, and there are no deletions. */
async function latestSample(
	{ procore: { transport } }: Activation,
	{ scopes, subscriptions }: TestEventQuery,
): Promise<LatestEvent> {
	const now = Date.now();
	const span = { from: now - RECORD_DAYS * DAY_MS, to: now };
	const names = [
		...new Set(
			subscriptions
				.filter(({ event_type: type }) => isUsualEventType(type))
				.map(({ resource_name: name }) => name),
		),
	];
	const wanted = new Set(subscriptions.map(subscriptionKey));
	const plans = names.flatMap((name) =>
		scopes.flatMap((scope) => {
			const projectId = scope.kind === 'project' ? scope.projectId : '';
			const plan = planChanges(name, scope.companyId, projectId);
			return plan.ok ? [plan.query] : [];
		}),
	);
	const failures: unknown[] = [];
	for (const query of plans.slice(0, MAX_LISTS)) {
		const changes = await settle(async () => await readChanges(transport, query, span, Date.now));
		if (!changes.ok) {
			failures.push(changes.failure);
			continue;
		}
		const events = changes.value
			.map((record) => eventOf(record, query, changeType(record, span.from)))
			.filter((event) => wanted.has(subscriptionKey(event)));
		const newest = events.at(-1);
		if (newest !== undefined) return { item: { ...newest, source: 'sample' }, failures };
	}
	return { item: undefined, failures };
}
