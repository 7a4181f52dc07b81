import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { messageOf } from '../api/failure';
import { nodeKey } from '../hook/node-key';
import { forEachScope } from '../hook/per-scope';
import type { OwnHook } from '../hook/stored-state';
import { positionAt } from '../model/event-position';
import type { ReconciledEvent } from '../model/reconciled-event';
import { scopeKey, type Scope } from '../model/scope';
import {
	compareScope,
	type CompareContext,
	type ComparedList,
	type DueList,
} from './compare-scope';
import { endOfCheck, handOverBatches, type HandOver, type Outgoing } from './hand-over';
import { liveEventsOf } from './live-events';
import type { CheckProgress } from './progress';
import { reconciledLists, type ReconciledList } from './reconciled-lists';
import {
	afterReconciliation,
	continuedFrom,
	dueWindow,
	windowEnd,
	reconcileOption,
} from './reconciliation';
import type { Check } from './repair';
import {
	recallProgress,
	rememberProgress,
	takeBackLastBatch,
	type Progress,
} from './stored-progress';

/** How long one check compares. The next one continues. */
const COMPARE_MS = 4 * 60_000;

/** The part of the time of a check that is left to hand over what was found. */
const HAND_OVER_SHARE = 1 / 3;

/** What a check knows when it begins to reconcile. */
export interface Reconciliation {
	readonly check: Pick<Check, 'procore' | 'desired' | 'upkeep'>;
	/** The value of the option `reconcile`. */
	readonly option: unknown;
	/** When the node's hooks were created, ISO 8601; empty if unknown. */
	readonly since: string;
	/** All scopes that the node listens to. */
	readonly scopes: readonly Scope[];
	/** The hooks that the check has inspected, and repaired if necessary. */
	readonly hooks: readonly OwnHook[];
	/** Whether an event is to start the workflow. */
	readonly isSelected: (event: ReconciledEvent) => boolean;
}

/**
 * Starts the workflow for records that changed although Procore recorded no event. What doesn't fit into the time or the rate limit
 * goes on at the next check.
 */
export async function reconcileChanges(
	context: IPollFunctions,
	work: Reconciliation,
	handOver: HandOver,
	checks: CheckProgress,
): Promise<void> {
	const { check, scopes } = work;
	const every = reconcileOption(work.option);
	if (every === 'never') return;
	const { staticData, startedAt } = handOver;
	// An earlier check of this process might have failed before it came to this.
	const isFirst = checks.unreconciled === undefined;
	const progress = startProgress(staticData, work, isFirst, startedAt);
	const lists = scopes.flatMap((scope) => reconciledLists(scope, check.desired.subscriptions));
	const to = windowEnd(startedAt);
	const due = lists.flatMap((list): DueList[] => {
		const window = dueWindow(
			progress,
			list.key,
			to,
			every,
			checks.unreconciled?.has(list.key) === true,
		);
		return window === undefined ? [] : [{ list, window }];
	});
	if (due.length === 0) return;
	const compared = await compareAll(context, work, handOver, due);
	if (compared.length < due.length) {
		context.logger.info(
			`Procore Trigger: Compared ${compared.length} of ${due.length} lists of records with events; the next safety check will continue.`,
		);
	}
	if (handOver.cancellation.isCanceled) return;
	const found = { compared, lists, progress };
	const { next, reached } = await handOverUnrecorded(context, found, work, handOver);
	rememberProgress(staticData, 'reconciliation', next);
	checks.unreconciled = new Set(
		due.map(({ list }) => list.key).filter((key) => reached.get(key) !== to),
	);
}

function startProgress(
	staticData: IDataObject,
	{ since }: Reconciliation,
	isFirst: boolean,
	now: number,
): Progress {
	const stored = recallProgress(staticData, 'reconciliation', now);
	const recalled = stored !== undefined && isFirst ? takeBackLastBatch(stored, now) : stored;
	const progress = continuedFrom(recalled, since, isFirst, now);
	rememberProgress(staticData, 'reconciliation', progress);
	return progress;
}

async function compareAll(
	context: IPollFunctions,
	{ check: { procore, upkeep }, hooks }: Reconciliation,
	handOver: HandOver,
	due: readonly DueList[],
): Promise<ComparedList[]> {
	const end = Math.min(endOfCheck(context, handOver), handOver.startedAt + COMPARE_MS);
	const task: CompareContext = {
		procore,
		live: liveEventsOf(nodeKey(context)),
		deadline: end - (end - Date.now()) * HAND_OVER_SHARE,
		spend: async (work) => await upkeep.run('reconcile', work),
	};
	const hookOf = new Map(hooks.map((hook) => [scopeKey(hook.scope), hook]));
	const dueOf = new Map<string, DueList[]>();
	// Those that are furthest behind first, since there might not be time or requests for all.
	for (const each of [...due].sort((one, other) => one.window.from - other.window.from)) {
		const key = scopeKey(each.list.scope);
		if (hookOf.has(key)) dueOf.set(key, [...(dueOf.get(key) ?? []), each]);
	}
	const scopes = [...dueOf.values()].flatMap(([first]) => first?.list.scope ?? []);
	const { results, failures } = await forEachScope(scopes, async (scope) => {
		const hook = hookOf.get(scopeKey(scope));
		const lists = dueOf.get(scopeKey(scope)) ?? [];
		return hook === undefined ? undefined : await compareScope(task, hook, lists);
	});
	const found = results.filter((result) => result !== undefined);
	logFailures(context, [
		...found.flatMap((each) => each.failures),
		...failures.map(({ failure }) => failure),
	]);
	// A queue that is blocked anywhere can hold events of every hook, because all of them deliver to one URL.
	const isOpen = found.some((each) => each.isOpen);
	return found
		.flatMap(({ compared }) => compared)
		.filter(({ unrecorded }) => !isOpen || unrecorded.length === 0);
}

function logFailures({ logger }: IPollFunctions, failures: readonly unknown[]): void {
	if (failures.length === 0) return;
	const reasons = [...new Set(failures.map(messageOf))].join(' ');
	logger.warn(
		`Procore Trigger: Could not compare all records with events; will retry at the next safety check. ${reasons}`,
	);
}

interface Found {
	readonly compared: readonly ComparedList[];
	/** All lists of the node. */
	readonly lists: readonly ReconciledList[];
	readonly progress: Progress;
}

/** @returns the progress, and how far each list was compared and handed over completely. */
async function handOverUnrecorded(
	context: IPollFunctions,
	{ compared, lists, progress }: Found,
	{ isSelected }: Reconciliation,
	handOver: HandOver,
): Promise<{ next: Progress; reached: ReadonlyMap<string, number> }> {
	const outgoing = compared
		.flatMap(({ list, unrecorded }) =>
			unrecorded.filter(isSelected).map((event) => outgoingOf(list, event)),
		)
		.sort((one, other) => (one.position < other.position ? -1 : 1));
	const keys = lists.map(({ key }) => key);
	const reached = new Map(compared.map(({ list, window }) => [list.key, window.to]));
	const { state, count } = await handOverBatches(
		context,
		outgoing,
		progress,
		{ ...handOver, deadline: endOfCheck(context, handOver) },
		'reconciliation',
		(last) => afterReconciliation(last, keys, reached),
	);
	for (const { scope } of outgoing.slice(count)) reached.delete(scope);
	if (count > 0) {
		const left = outgoing.length - count;
		const rest = left === 0 ? '' : ` The next safety check will continue with ${left} more.`;
		context.logger.info(
			`Procore Trigger: Found ${count} ${count === 1 ? 'change' : 'changes'} for which Procore recorded no event.${rest}`,
		);
	}
	return { next: afterReconciliation(state, keys, reached), reached };
}

function outgoingOf({ key }: ReconciledList, event: ReconciledEvent): Outgoing {
	return {
		json: { ...event },
		position: positionAt(Date.parse(event.timestamp)),
		scope: key,
	};
}
