import type { IDataObject, INodeExecutionData, IPollFunctions, IRun } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { UNREAD } from '../api/undelivered';
import type { Cancellation } from '../hook/exclusive-work';
import { toJsonItem, type ProcoreEvent } from '../model/event';
import { describeScope } from '../model/scope';
import { afterCheck, missedEvents, type Findings } from './recovery';
import {
	afterBatch,
	rememberProgress,
	type Positioned,
	type Progress,
	type ProgressKey,
} from './stored-progress';

/** The number of recovered events per execution. */
const BATCH_SIZE = 100;

/** How long a batch waits for the previous execution, so that they run in order and not all at once. */
const EXECUTION_MS = 30_000;
const POLL_EVERY_MS = 20;

/** How long one check hands events over. A check that is due in the meantime is skipped. */
const HAND_OVER_MS = 4 * 60_000;

/** An item to hand over. */
export interface Outgoing extends Positioned {
	readonly json: IDataObject;
}

/** How recovered events are handed over. */
export interface HandOver {
	readonly staticData: IDataObject;
	/** Whether items have the same shape for every payload version. */
	readonly simplify: boolean;
	/** Milliseconds since 1970. */
	readonly startedAt: number;
	/** Milliseconds since 1970, after which no further execution is started. The first one always is. */
	readonly deadline: number;
	readonly cancellation: Cancellation;
}

/** Returns the time that n8n gives a durable poll, in milliseconds; Infinity before n8n 2.41, which has no such budget. */
function budgetOf(context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return context.getPollBudgetMs?.() ?? Infinity;
}

/**
 * Starts one execution and waits up to {@link EXECUTION_MS} for its end.
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
	const waitUntil = Math.min(Date.now() + EXECUTION_MS, deadline);
	while (outcome === undefined && Date.now() < waitUntil && !cancellation.isCanceled) {
		await sleep(POLL_EVERY_MS);
	}
	return outcome !== 'refused';
}

/** How far a hand-over came. */
export interface HandedOver {
	readonly state: Progress;
	/** The number of events that were handed over. */
	readonly count: number;
	/** Whether n8n did not start an execution. */
	readonly isRefused: boolean;
}

/** Returns when a check stops handing events over, in milliseconds since 1970. */
export function endOfCheck(
	context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>,
	{ startedAt, deadline }: Pick<HandOver, 'startedAt' | 'deadline'>,
): number {
	const budget = budgetOf(context);
	// n8n abandons a durable poll at the end of its budget; any other one might have spent minutes reading.
	const end = budget < HAND_OVER_MS ? startedAt + budget : Date.now() + HAND_OVER_MS;
	return Math.min(deadline, end);
}

/**
 * Hands missed events over to n8n in batches, one execution after the other. Stores the state before each one: n8n saves
 * static data only when it starts an execution from a poll.
 *
 * @param missed oldest first.
 * @param key whose progress it is.
 * @param afterAll returns what is stored before the last batch, after which nothing might be saved for a long time.
 */
export async function handOverBatches(
	context: IPollFunctions,
	missed: readonly Outgoing[],
	initial: Progress,
	handOver: HandOver,
	key: ProgressKey,
	afterAll: (progress: Progress) => Progress = (progress) => progress,
): Promise<HandedOver> {
	const { staticData, deadline, cancellation } = handOver;
	let state = initial;
	let count = 0;
	let isRefused = false;
	while (count < missed.length && !cancellation.isCanceled) {
		if (count > 0 && Date.now() >= deadline) break;
		const batch = missed.slice(count, count + BATCH_SIZE);
		const next = afterBatch(state, batch, Date.now());
		const isLast = count + batch.length === missed.length;
		rememberProgress(staticData, key, isLast ? afterAll(next) : next);
		const items = batch.map(({ json }) => ({ json }));
		if (!(await startExecution(context, items, handOver))) {
			rememberProgress(staticData, key, state);
			isRefused = true;
			break;
		}
		state = next;
		count += batch.length;
	}
	return { state, count, isRefused };
}

/**
 * Starts the workflow for the events that Procore gave up delivering, in order, as far as the time of one check allows.
 *
 * @param isSelected whether an event is to start the workflow.
 * @returns the number of events for which n8n did not start an execution.
 */
export async function recoverMissed(
	context: IPollFunctions,
	{ state: initial, scopes, losses }: Findings,
	isSelected: (event: ProcoreEvent) => boolean,
	handOver: HandOver,
): Promise<number> {
	const { staticData, startedAt } = handOver;
	const unread = losses.filter(({ undelivered }) => undelivered === UNREAD);
	if (unread.length > 0) {
		context.logger.warn(
			`Procore Trigger: Ran out of time reading undelivered events in ${unread.map(({ scope }) => describeScope(scope)).join(', ')}; the next safety check will continue.`,
		);
	}
	const found = missedEvents(losses);
	const missed = found.filter(({ event }) => isSelected(event));
	const deadline = endOfCheck(context, handOver);
	const outgoing = missed.map(({ position, scope, ...read }) => ({
		json: toJsonItem(read, handOver.simplify),
		position,
		scope,
	}));
	const { state, count, isRefused } = await handOverBatches(
		context,
		outgoing,
		initial,
		{ ...handOver, deadline },
		'recovery',
	);
	const left = missed.length - count;
	if (count > 0) {
		const rest = left === 0 ? '' : ` The next safety check will recover ${left} more.`;
		context.logger.info(
			`Procore Trigger: Recovered ${count} missed ${count === 1 ? 'event' : 'events'}.${rest}`,
		);
	}
	if (left === 0) {
		rememberProgress(
			staticData,
			'recovery',
			afterCheck(state, { scopes, losses }, found, startedAt),
		);
	}
	return isRefused ? left : 0;
}
