import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { reportedProblem } from '../check/problem';
import { reconcileOption } from '../check/reconciliation';
import { namespaceHint } from '../hook/namespace-hint';
import { readSelectionOfExecution } from '../hook/selection';
import { isJsonObject } from '../model/json';
import { eventKey, readEvent } from '../model/event';
import { keysOfChange, reconciledKeyIn } from '../model/reconciled-event';
import { recordProcessed } from './processed';
import { receiptKey, seenEvents } from './seen';

/** The pause after writing the list, in milliseconds: with one process, and if other processes write to it too. */
const PAUSE_AFTER_WRITE_MS = 50;
const SHORT_PAUSE_AFTER_WRITE_MS = 20;

/** The shortest and the longest wait before an entry is read back, in milliseconds. */
const MIN_WAIT_MS = 100;
const MAX_WAIT_MS = 1000;

/** After being overwritten this many times, an event passes: a duplicate does less harm than a loss. */
const MAX_ROUNDS = 5;

/** The key of an item, and those that a reconciled event about the same change would have. */
interface ItemKeys {
	/** Undefined if the item is not an event. */
	readonly key: string | undefined;
	readonly ofChange: readonly string[];
}

function keysOf({ json }: INodeExecutionData): ItemKeys {
	const event = isJsonObject(json) ? readEvent(json) : undefined;
	if (event !== undefined) return { key: eventKey(event), ofChange: keysOfChange(event) };
	return { key: isJsonObject(json) ? reconciledKeyIn(json) : undefined, ofChange: [] };
}

/** The keys of all items. */
interface Keys {
	readonly own: readonly string[];
	/** Keys that are recorded along with them; empty unless the node reconciles records. */
	readonly ofChanges: readonly string[];
	readonly reconciles: boolean;
}

/** The next time at which this process reads its entries back, all that are due in one call. */
let nextRead = { at: 0, reached: Promise.resolve() };

/** Waits at least this many milliseconds and at most twice as many: at random, so that no two processes run in step. */
async function untilNextRead(minimum: number): Promise<void> {
	if (nextRead.at < Date.now() + minimum) {
		const wait = minimum * (1 + Math.random());
		nextRead = { at: Date.now() + wait, reached: sleep(wait) };
	}
	await nextRead.reached;
}

/**
 * Records events in a list that other processes write to as well: in queue mode, several workers might hold the same
 * event. n8n's helper reads and writes without a lock, so the last of several writers wins. Each worker writes an event
 * together with the ID of its own execution, waits until the others must have written, and reads back whose entry is there.
 *
 * @returns the keys that this execution has recorded.
 */
async function recordAmongWorkers(
	context: IExecuteFunctions,
	{ own: keys, ofChanges, reconciles }: Keys,
): Promise<string[]> {
	const ownEntry = (key: string) => `${key} ${context.getExecutionId()}`;
	const write = async (written: readonly string[], more: readonly string[] = []) => {
		const entries = [...written.flatMap((key) => [key, ownEntry(key)]), ...more];
		const writing = { pauseMs: SHORT_PAUSE_AFTER_WRITE_MS, reconciles };
		const { fresh, tookMs } = await recordProcessed(context, entries, writing);
		return { fresh: new Set(fresh), tookMs };
	};
	let last = await write(keys, ofChanges);
	let own = keys.filter((key) => last.fresh.has(key));
	for (let round = 1; round <= MAX_ROUNDS && own.some((key) => last.fresh.has(key)); round += 1) {
		// A machine that is slow for this worker is slow for the others.
		await untilNextRead(Math.min(MAX_WAIT_MS, Math.max(MIN_WAIT_MS, 4 * last.tookMs)));
		last = await write(own);
		// An event without our entry is another worker's. One that is missing was overwritten by an unrelated write.
		own = own.filter((key) => last.fresh.has(key) || !last.fresh.has(ownEntry(key)));
	}
	return own;
}

/**
 * The gate for live and recovered events. Lets through what this node has not processed yet, and records it in n8n's
 * database, so that restarts, other processes and workers know it too. A manual run or a retry lets everything through and
 * records nothing.
 *
 * If the database cannot be read, events pass: a duplicate does less harm than a loss.
 *
 * @throws NodeOperationError if the filters are invalid: the execution keeps the events and can be retried. Also if the safety
 *   check started the execution to report a problem: the execution fails, and n8n starts the error workflow.
 */
export async function passNewEvents(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const reported = reportedProblem(items);
	if (reported !== undefined) {
		stopOnError(context);
		throw refusal(context.getNode(), reported);
	}
	const { problem } = readSelectionOfExecution(context);
	if (problem !== undefined) throw refusal(context.getNode(), problem);
	const hint = namespaceHint(context);
	if (hint !== undefined) context.addExecutionHints(hint);
	const isOn = context.getNodeParameter('options.dedupe', 0, true) !== false;
	if (!isOn || ['manual', 'retry'].includes(context.getMode())) return [items];
	const keys = items.map(keysOf);
	const known = [...new Set(keys.map(({ key }) => key).filter((key) => key !== undefined))];
	const reconcile = context.getNodeParameter('options.reconcile', 0, 'never');
	const reconciles = reconcileOption(reconcile) !== 'never';
	const ofChanges = reconciles ? [...new Set(keys.flatMap(({ ofChange }) => ofChange))] : [];
	// No other process has an event that this one has received itself, unless Procore sends it again.
	const isReceivedHere = known.every((key) => seenEvents.has(receiptKey(context, key)));
	const checked = await settle(async () =>
		isReceivedHere
			? (
					await recordProcessed(context, [...known, ...ofChanges], {
						pauseMs: PAUSE_AFTER_WRITE_MS,
						reconciles,
					})
				).fresh
			: await recordAmongWorkers(context, { own: known, ofChanges, reconciles }),
	);
	if (!checked.ok) {
		context.logger.warn(
			'Procore Trigger: Events were not checked for duplicates, because n8n could not read which events it has processed.',
		);
		return [items];
	}
	const fresh = new Set(checked.value);
	const passed = items.filter((_item, index) => {
		const key = keys[index]?.key;
		// Deleted when it passes, so that a duplicate in the same batch does not.
		return key === undefined || fresh.delete(key);
	});
	if (passed.length === 0) outputNothing(context);
	return [passed];
}

/**
 * Ends the execution here even with Always Output Data, which would run the workflow with an empty item. n8n reads this
 * setting from the execution's own copy of the node after the node has run; there is no other way.
 */
function outputNothing(context: IExecuteFunctions): void {
	context.getExecuteData().node.alwaysOutputData = false;
}

/**
 * Makes the execution fail whatever On Error says: n8n would pass the report on to the workflow as if it were an event, and
 * start no error workflow. It reads these settings in the same way as that of {@link outputNothing}.
 */
function stopOnError(context: IExecuteFunctions): void {
	const { node } = context.getExecuteData();
	node.onError = 'stopWorkflow';
	node.continueOnFail = false;
}
