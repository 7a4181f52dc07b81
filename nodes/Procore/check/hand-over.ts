import type { IDataObject, INodeExecutionData, IPollFunctions, IRun } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { UNREAD } from '../api/undelivered';
import type { Cancellation } from '../hook/exclusive-work';
import { toJsonItem, type ProcoreEvent } from '../model/event';
import { describeScope } from '../model/scope';
import {
	afterBatch,
	afterCheck,
	missedEvents,
	rememberRecovery,
	type Findings,
	type MissedEvent,
	type RecoveryState,
} from './recovery';

/** Recovered events in one execution. */
const BATCH_SIZE = 100;

/** How long a batch waits for the execution of the one before, so that they run in order and not all at once. */
const EXECUTION_MS = 30_000;
const LOOK_EVERY_MS = 20;

/** How long one check hands events over; a check that is due meanwhile is skipped. */
const HAND_OVER_MS = 4 * 60_000;

/** How recovered events are handed over. */
export interface HandOver {
	readonly staticData: IDataObject;
	/** Whether an item has the one shape of all payload versions. */
	readonly simplify: boolean;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** Milliseconds since 1970 from which on no further execution is started. The first one always is. */
	readonly deadline: number;
	readonly cancellation: Cancellation;
}

/** n8n's durable polls give a check less time. Before n8n 2.41 there is no such budget. */
function budgetOf(context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return context.getPollBudgetMs?.() ?? Infinity;
}

/**
 * Starts one execution and waits for its end, though not for long.
 *
 * @returns false if n8n did not start it.
 */
async function startExecution(
	context: IPollFunctions,
	items: INodeExecutionData[],
	{ deadline, cancellation }: HandOver,
): Promise<boolean> {
	let outcome: 'ended' | 'refused' | undefined;
	const done = context.helpers.createDeferredPromise<IRun | undefined>();
	const watched = done.promise.then(
		() => (outcome = 'ended'),
		() => (outcome = 'refused'),
	);
	void watched;
	context.__emit([items], undefined, done);
	const giveUpAt = Math.min(Date.now() + EXECUTION_MS, deadline);
	while (outcome === undefined && Date.now() < giveUpAt && !cancellation.isCanceled) {
		await sleep(LOOK_EVERY_MS);
	}
	return outcome !== 'refused';
}

/**
 * Hands missed events over to n8n, one execution for each hundred, one after the other. How far it came is written down
 * before each: n8n saves static data when it starts an execution from a poll, and at no other time.
 *
 * @param missed the oldest first.
 * @returns the state it came to, and how many events were handed over.
 */
async function handOver(
	context: IPollFunctions,
	missed: readonly MissedEvent[],
	begin: RecoveryState,
	conduct: HandOver,
): Promise<{ state: RecoveryState; count: number }> {
	const { staticData, simplify, deadline, cancellation } = conduct;
	let state = begin;
	let count = 0;
	while (count < missed.length && !cancellation.isCanceled) {
		if (count > 0 && Date.now() >= deadline) break;
		const batch = missed.slice(count, count + BATCH_SIZE);
		const next = afterBatch(state, batch, Date.now());
		rememberRecovery(staticData, next);
		const items = batch.map((read) => ({ json: toJsonItem(read, simplify) }));
		if (!(await startExecution(context, items, conduct))) {
			rememberRecovery(staticData, state);
			break;
		}
		state = next;
		count += batch.length;
	}
	return { state, count };
}

/**
 * Starts the workflow for what Procore gave up delivering, in order, as far as the time of one check goes.
 *
 * @param isWanted whether an event may start the workflow.
 */
export async function recoverMissed(
	context: IPollFunctions,
	{ state: begin, scopes, losses }: Findings,
	isWanted: (event: ProcoreEvent) => boolean,
	conduct: HandOver,
): Promise<void> {
	const { staticData, startedAt } = conduct;
	const unread = losses.filter(({ undelivered }) => undelivered === UNREAD);
	if (unread.length > 0) {
		context.logger.warn(
			`Procore Trigger: there was no time to read all that Procore gave up delivering in ${unread.map(({ scope }) => describeScope(scope)).join(', ')}. The next safety check reads it.`,
		);
	}
	const found = missedEvents(losses);
	const missed = found.filter(({ event }) => isWanted(event));
	const budget = budgetOf(context);
	// A durable poll is abandoned at the end of its budget; any other one may have read for minutes.
	const end = budget < HAND_OVER_MS ? startedAt + budget : Date.now() + HAND_OVER_MS;
	const deadline = Math.min(conduct.deadline, end);
	const { state, count } = await handOver(context, missed, begin, { ...conduct, deadline });
	const left = missed.length - count;
	if (count > 0) {
		const rest = left === 0 ? '' : ` The next safety check goes on with ${left} more.`;
		context.logger.info(`Procore Trigger: ${count} missed events are recovered.${rest}`);
	}
	if (left === 0) {
		rememberRecovery(staticData, afterCheck(state, { scopes, losses }, found, startedAt));
	}
}
