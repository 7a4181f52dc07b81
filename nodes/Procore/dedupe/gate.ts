import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { readSelectionOfExecution } from '../hook/selection';
import { isJsonObject } from '../model/json';
import { eventKey, readEvent } from '../model/event';
import { recordProcessed } from './processed';
import { receiptOf, seenEvents } from './seen';

/** Milliseconds between two writes to the list: if nobody waits for it, and if other processes write to it. */
const REST_MS = 50;
const SHORT_REST_MS = 20;

/** The shortest and the longest pause before a claim is checked again, in milliseconds. */
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1000;

/** After this many rounds, an overwritten claim counts as valid, because a duplicate does less harm than a lost event. */
const MAX_ROUNDS = 5;

function keyOf({ json }: INodeExecutionData): string | undefined {
	const event = isJsonObject(json) ? readEvent(json) : undefined;
	return event === undefined ? undefined : eventKey(event);
}

/** The next time at which this process checks its claims, all of them together. */
let wave = { at: 0, reached: Promise.resolve() };

/** Waits between `pause` and twice as many milliseconds, at random, so that processes do not stay in step. */
async function untilNextWave(pause: number): Promise<void> {
	if (wave.at < Date.now() + pause) {
		const wait = pause * (1 + Math.random());
		wave = { at: Date.now() + wait, reached: sleep(wait) };
	}
	await wave.reached;
}

/**
 * Claims events in a list that other processes also write to, for example in queue mode, where several workers can hold
 * the same event. n8n's helper reads and writes without a lock, so the last of several writers wins: each writes the
 * event together with its own execution ID, waits until the others must be done, and checks whose claim is in the list.
 *
 * @returns the keys that this execution has claimed.
 */
async function claim(context: IExecuteFunctions, keys: readonly string[]): Promise<string[]> {
	const claimOf = (key: string) => `${key} ${context.getExecutionId()}`;
	const write = async (claimed: readonly string[]) => {
		const both = claimed.flatMap((key) => [key, claimOf(key)]);
		const { fresh, tookMs } = await recordProcessed(context, both, SHORT_REST_MS);
		return { fresh: new Set(fresh), tookMs };
	};
	let last = await write(keys);
	let mine = keys.filter((key) => last.fresh.has(key));
	for (let round = 1; round <= MAX_ROUNDS && mine.some((key) => last.fresh.has(key)); round += 1) {
		// A machine that is slow for us is slow for the others.
		await untilNextWave(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, 4 * last.tookMs)));
		last = await write(mine);
		// An event without our claim was claimed by another execution. A missing one was overwritten by an unrelated write.
		mine = mine.filter((key) => last.fresh.has(key) || !last.fresh.has(claimOf(key)));
	}
	return mine;
}

/**
 * The gate for live and recovered events: passes those that this node has not processed yet, and records them in n8n's
 * database, across restarts, processes and workers. A manual run or a retry passes everything and records nothing.
 *
 * If the database does not respond, events pass, because a duplicate does less harm than a lost event.
 *
 * @throws NodeOperationError if the filters are not valid. The execution keeps the events and can be retried.
 */
export async function passNewEvents(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const { problem } = readSelectionOfExecution(context);
	if (problem !== undefined) throw refusal(context.getNode(), problem);
	const isOn = context.getNodeParameter('options.dedupe', 0, true) !== false;
	if (!isOn || ['manual', 'retry'].includes(context.getMode())) return [items];
	const keys = items.map(keyOf);
	const known = [...new Set(keys.filter((key) => key !== undefined))];
	// No other process has an event that this process received, unless Procore sends it again.
	const isReceivedHere = known.every((key) => seenEvents.has(receiptOf(context, key)));
	const checked = await settle(async () =>
		isReceivedHere
			? (await recordProcessed(context, known, REST_MS)).fresh
			: await claim(context, known),
	);
	if (!checked.ok) {
		context.logger.warn(
			'Procore Trigger: Could not read which events were processed before, so events pass unchecked.',
		);
		return [items];
	}
	const fresh = new Set(checked.value);
	const passed = items.filter((_item, index) => {
		const key = keys[index];
		// Removed when it passes, so that a duplicate in the same batch does not pass.
		return key === undefined || fresh.delete(key);
	});
	if (passed.length === 0) outputNothing(context);
	return [passed];
}

/**
 * Ends the execution even with Always Output Data, which would run the workflow with an empty item. n8n reads this
 * setting from the execution's own copy of the node after the node has run, and offers no other way.
 */
function outputNothing(context: IExecuteFunctions): void {
	context.getExecuteData().node.alwaysOutputData = false;
}
