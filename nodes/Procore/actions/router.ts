import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { openProcore } from '../api';
import { settle, settleAll, type Settled } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { pickNew } from '../dedupe/pick-new';
import { failedItem } from './failed-item';
import {
	OperationItem,
	type BatchOperation,
	type Operation,
	type OperationRun,
	type RunConcurrently,
	type WriteOperation,
} from './operation';
import { operations } from './resources';

/** Items that are worked on at the same time; Procore's rate limit is kept below this, in the transport. */
const ITEMS_AT_ONCE = 5;

/** Marks a failure with its item, so that the editor can show which one it was; one that names an item keeps it. */
function ofItem(context: IExecuteFunctions, failure: unknown, itemIndex: number): Error {
	const error = failure instanceof Error ? failure : refusal(context.getNode(), String(failure));
	if ('context' in error && typeof error.context === 'object' && error.context !== null) {
		Object.assign(error.context, { itemIndex, ...error.context });
	}
	return error;
}

/** See {@link RunConcurrently}. */
function lanes(goesOn: boolean): RunConcurrently {
	let end: { readonly failure: unknown } | undefined;
	return async (things, work) =>
		await settleAll(things, ITEMS_AT_ONCE, async (thing) => {
			if (end !== undefined && !goesOn) throw end.failure;
			const result = await settle(async () => await work(thing));
			if (result.ok) return result.value;
			end ??= result;
			throw result.failure;
		});
}

function runOf(context: IExecuteFunctions): OperationRun {
	return {
		continuesOnFail: context.continueOnFail(),
		takeNew: async (lists) =>
			context.getMode() === 'manual'
				? lists.map(({ things, limit }) => things.slice(0, limit).map(({ thing }) => thing))
				: await pickNew(context, lists),
	};
}

/** What became of each item, in the order of the items. */
async function resultsOf(
	operation: BatchOperation | Operation | WriteOperation,
	items: readonly OperationItem[],
	run: OperationRun,
): Promise<Array<Settled<IDataObject[]>>> {
	const runConcurrently = lanes(run.continuesOnFail);
	if (typeof operation === 'function') return await runConcurrently(items, operation);
	if ('executeAll' in operation) return await operation.executeAll(items, runConcurrently, run);
	const prepared = await Promise.all(
		items.map(
			async (item) => await settle(async () => await Promise.resolve(operation.prepare(item))),
		),
	);
	const nothingDone = prepared.map((each): Settled<IDataObject[]> =>
		each.ok ? { ok: true, value: [] } : each,
	);
	if (!run.continuesOnFail && nothingDone.some(({ ok }) => !ok)) return nothingDone;
	return await runConcurrently(prepared, async (each) => {
		if (!each.ok) throw each.failure;
		return await each.value();
	});
}

/** Runs the chosen operation for every input item; the output stands in the order of the input, paired. */
export async function route(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const resource = String(context.getNodeParameter('resource', 0));
	const name = String(context.getNodeParameter('operation', 0));
	const offered = Object.hasOwn(operations, resource) ? (operations[resource] ?? {}) : {};
	const operation = Object.hasOwn(offered, name) ? offered[name] : undefined;
	if (operation === undefined) {
		throw refusal(
			context.getNode(),
			`There is no operation ${name} of ${resource}: choose them in Resource and Operation.`,
		);
	}
	const procore = await openProcore(context);
	const run = runOf(context);
	const items = context
		.getInputData()
		.map((_item, itemIndex) => new OperationItem(context, procore, itemIndex));
	const results = await resultsOf(operation, items, run);
	const hasErrorOutput = context.getNode().onError === 'continueErrorOutput';
	const output = results.flatMap((result, itemIndex): INodeExecutionData[] => {
		const pairedItem = { item: itemIndex };
		if (result.ok) return result.value.map((json) => ({ json, pairedItem }));
		const error = ofItem(context, result.failure, itemIndex);
		if (!run.continuesOnFail) throw error;
		return [failedItem(error, itemIndex, hasErrorOutput)];
	});
	return [output];
}
