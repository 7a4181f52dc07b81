import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

import type { Settled } from '../api/concurrency';
import type { Picked, PickRequest } from '../dedupe/pick-new';
import type { OperationItem } from './operation-item';

/** An operation that only reads. It takes an input item and returns the JSON of its output items. */
export type Operation = (item: OperationItem) => Promise<IDataObject[]>;

/** An operation that changes something in Procore. */
export interface WriteOperation {
	/**
	 * Validates an item without a request to Procore. Unless the node continues on fail, nothing is written for any item
	 * before all items are valid.
	 *
	 * @returns a function that does the work.
	 * @throws NodeOperationError if a parameter is missing or invalid.
	 */
	readonly prepare: (item: OperationItem) => () => Promise<IDataObject[]>;
}

/**
 * Runs `work` on several values at a time, as many as Procore's rate limit allows. If a failure ends the run, it starts no
 * further work.
 */
export type RunConcurrently = <Value, T>(
	values: readonly Value[],
	work: (value: Value) => Promise<T>,
) => Promise<Array<Settled<T>>>;

/** The run of the node that a batch operation belongs to. */
export interface OperationRun {
	/** Whether the node outputs items that succeed even if another one fails. */
	readonly continuesOnFail: boolean;
	/**
	 * Picks what this node has not returned in an earlier run and records it, as the last step before the output. A manual
	 * run returns everything and records nothing, so that testing a workflow does not use up events.
	 */
	readonly pickNew: <T>(lists: ReadonlyArray<PickRequest<T>>) => Promise<Array<Picked<T>>>;
	/**
	 * The node's static data, which n8n saves after the execution. Undefined in a manual run, which must not change what the
	 * next production run returns.
	 */
	readonly memory: IDataObject | undefined;
}

/** The output of an operation for one item: its JSON, or a file with JSON. */
export class FileOutput {
	/** @param binary undefined if the file was not downloaded. */
	constructor(
		readonly json: IDataObject,
		readonly binary: IBinaryKeyData | undefined,
	) {}
}

/** An operation that receives all items at once and returns one result per item, in their order. */
export interface BatchOperation {
	readonly executeAll: (
		items: readonly OperationItem[],
		runConcurrently: RunConcurrently,
		run: OperationRun,
	) => Promise<Array<Settled<Array<IDataObject | FileOutput>>>>;
}
