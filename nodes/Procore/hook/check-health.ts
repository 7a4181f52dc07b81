import { settle, settleAll, type Settled } from '../api/concurrency';
import { messageOf, ProcoreFailure } from '../api/failure';
import type { WebhooksApi } from '../api/webhooks-api';
import { stateOf } from '../delivery/state';
import type { Hook } from '../model/hook';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { problemsOf, type HealthExpectation, type HookProblem } from './health';
import { hookTriggers } from './hook-triggers';

const HOUR_MS = 3_600_000;

/** Long enough for an outage and the 12 hours after which Procore gives up, and short enough for one page of most hooks. */
const LOOK_BACK_HOURS = 48;

/** Hooks, or lists of hooks, that are read at the same time. */
const AT_ONCE = 5;

/** Statuses after which no other request of the account can succeed: the credential or the rate limit is used up. */
const HOPELESS: ReadonlyArray<number | null> = [401, 429];

/** A scope whose hooks are checked, and the name of its project if it is known. */
export interface CheckedScope {
	readonly scope: Scope;
	readonly projectName: string | null;
}

/** How a hook does. Without a hook ID, its scope could not be read. */
export interface HookHealth {
	hook_id: string | null;
	namespace: string | null;
	destination_url: string | null;
	company_id: string;
	project_id: string | null;
	project_name: string | null;
	healthy: boolean;
	/** `notChecked` if something could not be read; then `error` tells why. */
	problems: Array<HookProblem | 'notChecked'>;
	last_success: string | null;
	last_failure: string | null;
	retrying: number | null;
	/** Null on v1.0, which does not list the deliveries that wait. */
	enqueued: number | null;
	trigger_count: number | null;
	error?: string;
}

interface FoundHook extends CheckedScope {
	readonly hook: Hook;
}

/** Runs work on several things at once. After a failure that every other request would meet too, no more work is begun. */
async function untilHopeless<Thing, T>(
	things: readonly Thing[],
	work: (thing: Thing) => Promise<T>,
): Promise<Array<Settled<T>>> {
	let hopeless: ProcoreFailure | undefined;
	return await settleAll(things, AT_ONCE, async (thing) => {
		if (hopeless !== undefined) throw hopeless;
		const result = await settle(async () => await work(thing));
		if (result.ok) return result.value;
		const { failure } = result;
		if (failure instanceof ProcoreFailure && HOPELESS.includes(failure.outcome.status)) {
			hopeless = failure;
		}
		throw failure;
	});
}

function identityOf({ scope, projectName }: CheckedScope, hook?: Hook) {
	return {
		hook_id: hook?.id ?? null,
		namespace: hook?.namespace ?? null,
		destination_url: hook?.destination_url ?? null,
		company_id: scope.companyId,
		project_id: scope.kind === 'project' ? scope.projectId : null,
		project_name: projectName,
	};
}

function notChecked(checked: CheckedScope, failure: unknown, hook?: Hook): HookHealth {
	return {
		...identityOf(checked, hook),
		healthy: false,
		problems: ['notChecked'],
		last_success: null,
		last_failure: null,
		retrying: null,
		enqueued: null,
		trigger_count: hook?.trigger_count ?? null,
		error: messageOf(failure),
	};
}

/** Checks the health of hooks. Only reads. */
export class HealthCheck {
	constructor(
		private readonly api: WebhooksApi,
		private readonly expected: HealthExpectation,
	) {}

	/**
	 * Checks every hook of some scopes. On v2.0 that takes one request for each scope and one for each hook; on v1.0, which
	 * does not count triggers, two for each hook, and more if its log is long [HOOK-TRIGGER-COUNT].
	 *
	 * A scope or a hook that cannot be read comes out as one that was not checked, so that the others are not lost.
	 *
	 * @param namespace empty for every namespace.
	 * @throws ProcoreFailure if nothing could be read.
	 */
	async run(scopes: readonly CheckedScope[], namespace: string): Promise<HookHealth[]> {
		const lists = await untilHopeless(
			scopes,
			async ({ scope }) => await this.api.listHooks(scope, namespace),
		);
		throwIfAllFailed(lists);
		const rows = lists.map((list, index) => rowsOf(list, scopes[index]));
		const hooks = rows.flatMap(({ found }) => found);
		const results = await untilHopeless(hooks, async (found) => await this.check(found));
		throwIfAllFailed(results);
		const health = new Map(
			hooks.map((found, index) => {
				const result = results[index];
				return [found, result?.ok ? result.value : notChecked(found, result?.failure, found.hook)];
			}),
		);
		return rows.flatMap(({ found, problem }) => [
			...problem,
			...found.flatMap((each) => health.get(each) ?? []),
		]);
	}

	private async check({ scope, projectName, hook }: FoundHook): Promise<HookHealth> {
		const now = Date.now();
		const { events, silentHours = 0 } = this.expected;
		const needsTriggers = hook.trigger_count === undefined || events.length > 0;
		const triggers = needsTriggers
			? (await hookTriggers(this.api, scope, hook, events)).map(({ model }) => model)
			: undefined;
		const since = new Date(now - Math.max(LOOK_BACK_HOURS, silentHours) * HOUR_MS).toISOString();
		const newest = await this.api.newestDeliveries(scope, hook.id, since);
		const deliveries = stateOf(newest.map(({ model }) => model));
		const triggerCount = triggers?.length ?? hook.trigger_count ?? 0;
		const problems = problemsOf({ hook, triggerCount, triggers, deliveries }, this.expected, now);
		return {
			...identityOf({ scope, projectName }, hook),
			healthy: problems.length === 0,
			problems,
			last_success: deliveries.last_success,
			last_failure: deliveries.last_failure,
			retrying: deliveries.retrying,
			enqueued: this.api.listsEnqueued ? deliveries.enqueued : null,
			trigger_count: triggerCount,
		};
	}
}

/** @throws the first failure if there is nothing else. */
function throwIfAllFailed(results: ReadonlyArray<Settled<unknown>>): void {
	const failures = results.flatMap((result) => (result.ok ? [] : [result.failure]));
	if (failures.length > 0 && failures.length === results.length) throw failures[0];
}

/** The hooks of a scope, or why they are not known. */
function rowsOf(
	list: Settled<Array<Read<Hook>>>,
	checked: CheckedScope | undefined,
): { readonly found: FoundHook[]; readonly problem: HookHealth[] } {
	if (checked === undefined) return { found: [], problem: [] };
	if (!list.ok) return { found: [], problem: [notChecked(checked, list.failure)] };
	return { found: list.value.map(({ model }) => ({ ...checked, hook: model })), problem: [] };
}
