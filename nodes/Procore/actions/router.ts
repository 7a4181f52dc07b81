import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { openProcore } from '../api';
import { settle, settleAll, type Settled } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { pickNew, type Picked, type PickRequest } from '../dedupe/pick-new';
import { failedItem } from './failed-item';
import {
	FileOutput,
	type BatchOperation,
	type Operation,
	type OperationRun,
	type RunConcurrently,
	type WriteOperation,
} from './operation';
import { OperationItem, type KnownNames } from './operation-item';
import { operations } from './resources';

type Output = IDataObject | FileOutput;

/** How many items are processed at the same time. The transport stays within Procore's rate limit. */
const ITEMS_AT_ONCE = 5;

/** Adds the item's index to an error, so that the editor shows which item failed; keeps an index that is already set. */
function withItemIndex(context: IExecuteFunctions, failure: unknown, itemIndex: number): Error {
	const error = failure instanceof Error ? failure : refusal(context.getNode(), String(failure));
	if ('context' in error && typeof error.context === 'object' && error.context !== null) {
		Object.assign(error.context, { itemIndex, ...error.context });
	}
	return error;
}

/** Creates the {@link RunConcurrently} of a run, which starts no further work after a failure unless it continues on fail. */
function concurrently(continuesOnFail: boolean): RunConcurrently {
	let first: { readonly failure: unknown } | undefined;
	return async (values, work) =>
		await settleAll(values, ITEMS_AT_ONCE, async (value) => {
			if (first !== undefined && !continuesOnFail) throw first.failure;
			const result = await settle(async () => await work(value));
			if (result.ok) return result.value;
			first ??= result;
			throw result.failure;
		});
}

function runOf(context: IExecuteFunctions): OperationRun {
	const isManual = context.getMode() === 'manual';
	return {
		continuesOnFail: context.continueOnFail(),
		pickNew: async (lists) => (isManual ? lists.map(firstOf) : await pickNew(context, lists)),
		get memory() {
			return isManual ? undefined : context.getWorkflowStaticData('node');
		},
	};
}

/** Picks without recording. */
function firstOf<T>({ candidates, limit }: PickRequest<T>): Picked<T> {
	const taken = candidates.slice(0, limit).map(({ value }) => value);
	return { taken, isWhole: taken.length === candidates.length };
}

function outputItem(output: Output, pairedItem: { item: number }): INodeExecutionData {
	if (!(output instanceof FileOutput)) return { json: output, pairedItem };
	const { json, binary } = output;
	return binary === undefined ? { json, pairedItem } : { json, binary, pairedItem };
}

/** Runs the operation on all items and returns their results in the same order. */
async function resultsOf(
	operation: BatchOperation | Operation | WriteOperation,
	items: readonly OperationItem[],
	run: OperationRun,
): Promise<Array<Settled<Output[]>>> {
	const runConcurrently = concurrently(run.continuesOnFail);
	if (typeof operation === 'function') return await runConcurrently(items, operation);
	if ('executeAll' in operation) return await operation.executeAll(items, runConcurrently, run);
	const prepared = await Promise.all(
		items.map(
			async (item) => await settle(async () => await Promise.resolve(operation.prepare(item))),
		),
	);
	const withoutOutput = prepared.map((each): Settled<IDataObject[]> =>
		each.ok ? { ok: true, value: [] } : each,
	);
	if (!run.continuesOnFail && withoutOutput.some(({ ok }) => !ok)) return withoutOutput;
	return await runConcurrently(prepared, async (each) => {
		if (!each.ok) throw each.failure;
		return await each.value();
	});
}

/** Runs the selected operation on every input item. Output items are in the order of the input items and paired with them. */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = String(context.getNodeParameter('resource', 0));
	const name = String(context.getNodeParameter('operation', 0));
	const supported = Object.hasOwn(operations, resource) ? (operations[resource] ?? {}) : {};
	const operation = Object.hasOwn(supported, name) ? supported[name] : undefined;
	if (operation === undefined) {
		throw refusal(
			context.getNode(),
			`The operation "${name}" is not supported for resource "${resource}". Select both from the lists in Resource and Operation.`,
		);
	}
	const procore = await openProcore(context);
	const run = runOf(context);
	const items = context
		.getInputData()
		.map((_item, itemIndex) => new OperationItem(context, procore, itemIndex));
	const names: KnownNames = new Map();
	// What fails here fails again, and with its message, when the operation reads the parameter.
	for (const item of items) await settle(async () => await item.resolveNames(names));
	const results = await resultsOf(operation, items, run);
	const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
	const output = results.flatMap((result, itemIndex): INodeExecutionData[] => {
		const pairedItem = { item: itemIndex };
		if (result.ok) return result.value.map((each) => outputItem(each, pairedItem));
		const error = withItemIndex(context, result.failure, itemIndex);
		if (!run.continuesOnFail) throw error;
		return [failedItem(error, itemIndex, hasErrorOutput)];
	});
	return [output];
}
