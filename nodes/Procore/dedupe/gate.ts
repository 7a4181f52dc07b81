import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { readSelectionOfExecution } from '../hook/selection';
import { isJsonObject } from '../model/json';
import { eventKey, readEvent } from '../model/event';
import { recordProcessed } from './processed';
import { receiptOf, seenEvents } from './seen';

/** The list's rest between two writings, in milliseconds: where nobody waits for it, and where other processes write. */
const REST_MS = 50;
const SHORT_REST_MS = 20;

/** The shortest and the longest pause before a claim is looked at again, in milliseconds. */
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1000;

/** A claim that others have written over so many times is taken for good: a repetition does less harm than a loss. */
const MAX_ROUNDS = 5;

function keyOf({ json }: INodeExecutionData): string | undefined {
	const event = isJsonObject(json) ? readEvent(json) : undefined;
	return event === undefined ? undefined : eventKey(event);
}

/** The next time at which this process looks at its claims, at all that are due together. */
let wave = { at: 0, reached: Promise.resolve() };

/** Waits at least so long, in milliseconds, and up to twice as long: by chance, so that no two processes keep step. */
async function untilNextWave(pause: number): Promise<void> {
	if (wave.at < Date.now() + pause) {
		const wait = pause * (1 + Math.random());
		wave = { at: Date.now() + wait, reached: sleep(wait) };
	}
	await wave.reached;
}

/**
 * Claims events in a list that other processes write to as well, as in queue mode, where each of several workers may
 * hold the same event. n8n's helper reads and writes without a lock, so the last of several writers wins: each writes
 * the event together with its own execution, waits until the others must be done, and looks whose claim is there.
 *
 * @returns the keys that are this execution's.
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
		// An event that is there without our claim has another's. One that is gone was lost with an unrelated write.
		mine = mine.filter((key) => last.fresh.has(key) || !last.fresh.has(claimOf(key)));
	}
	return mine;
}

/**
 * The gate that live and recovered events lead to: passes what this node has not processed yet, and remembers it in
 * n8n's database, so across restarts, processes and workers. A run or a retry that a person asked for passes
 * everything and remembers nothing.
 *
 * Where the database cannot tell, events pass: a repetition does less harm than a loss.
 *
 * @throws NodeOperationError if the filters cannot be understood: the execution keeps the events, and can be retried.
 */
export async function passNewEvents(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const { problem } = readSelectionOfExecution(context);
	if (problem !== undefined) throw refusal(context.getNode(), problem);
	const isOn = context.getNodeParameter('options.dedupe', 0, true) !== false;
	if (!isOn || ['manual', 'retry'].includes(context.getMode())) return [items];
	const keys = items.map(keyOf);
	const known = [...new Set(keys.filter((key) => key !== undefined))];
	// What this process has received itself reaches no other one, unless it is sent again.
	const isReceivedHere = known.every((key) => seenEvents.has(receiptOf(context, key)));
	const checked = await settle(async () =>
		isReceivedHere
			? (await recordProcessed(context, known, REST_MS)).fresh
			: await claim(context, known),
	);
	if (!checked.ok) {
		context.logger.warn(
			'Procore Trigger: events pass unchecked, since n8n could not read which were processed before.',
		);
		return [items];
	}
	const fresh = new Set(checked.value);
	const passed = items.filter((_item, index) => {
		const key = keys[index];
		// Taken out when it passes, so that a repetition within the same batch does not.
		return key === undefined || fresh.delete(key);
	});
	if (passed.length === 0) outputNothing(context);
	return [passed];
}

/**
 * Ends the execution here, also with Always Output Data, which would run the workflow with an empty item. n8n looks at
 * this setting of the execution's own copy of the node after the node has run, and offers no other way.
 */
function outputNothing(context: IExecuteFunctions): void {
	context.getExecuteData().node.alwaysOutputData = false;
}
