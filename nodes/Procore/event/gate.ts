import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { settle } from '../api/concurrency';
import { eventKey, readEvent } from './event';
import { isJsonObject } from '../json';

/**
 * How many events a node remembers. n8n rewrites the whole list at each call, some milliseconds for this size. Procore
 * sends a repetition close behind its original, since a queue waits for its head; recovered events keep a list of
 * their own.
 */
const MAX_REMEMBERED = 3000;

/** n8n reads, changes and writes the list without a lock: in one process the calls of a node have to queue up. */
const queues = new Map<string, Promise<unknown>>();

/** Runs work after all earlier work of the same key in this process, whatever became of that. */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
	const before = queues.get(key) ?? Promise.resolve();
	const mine = before.then(work, work);
	queues.set(key, mine);
	const result = await settle(async () => await mine);
	if (queues.get(key) === mine) queues.delete(key);
	if (!result.ok) throw result.failure;
	return result.value;
}

function keyOf({ json }: INodeExecutionData): string | undefined {
	const event = isJsonObject(json) ? readEvent(json) : undefined;
	return event === undefined ? undefined : eventKey(event);
}

/**
 * The gate that live and recovered events lead to: passes what this node has not processed yet, and remembers it in
 * n8n's database, so across restarts, processes and workers. A manual run passes everything and remembers nothing.
 *
 * Where the database cannot tell, events pass: a repetition does less harm than a loss.
 */
export async function passNewEvents(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const isOn = context.getNodeParameter('options.dedupe', 0, true) !== false;
	if (!isOn || context.getMode() === 'manual') return [items];
	const keys = items.map(keyOf);
	const known = keys.filter((key) => key !== undefined);
	const { id: nodeId } = context.getNode();
	const check = async () =>
		await inTurn(`${context.getWorkflow().id}:${nodeId}`, async () => {
			return await context.helpers.checkProcessedAndRecord([...new Set(known)], 'node', {
				mode: 'entries',
				maxEntries: MAX_REMEMBERED,
			});
		});
	const first = await settle(check);
	// Two processes that both record a node's first event collide once.
	const checked = first.ok ? first : await settle(check);
	if (!checked.ok) {
		context.logger.warn(
			'Procore Trigger: events pass unchecked, since n8n could not read which were processed before.',
		);
		return [items];
	}
	const fresh = new Set(checked.value.new.map(String));
	return [
		items.filter((_item, index) => {
			const key = keys[index];
			// Taken out when it passes, so that a repetition within the same batch does not.
			return key === undefined || fresh.delete(key);
		}),
	];
}
