import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { openProcore } from '../api';
import { settle, settleAll } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { OperationItem, type SideBySide } from './operation';
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

/** See {@link SideBySide}. */
function lanes(goesOn: boolean): SideBySide {
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
	const goesOn = context.continueOnFail();
	const items = context
		.getInputData()
		.map((_item, itemIndex) => new OperationItem(context, procore, itemIndex));
	const sideBySide = lanes(goesOn);
	const results =
		typeof operation === 'function'
			? await sideBySide(items, operation)
			: await operation.forAll(items, sideBySide);
	const output = results.flatMap((result, itemIndex): INodeExecutionData[] => {
		const pairedItem = { item: itemIndex };
		if (result.ok) return result.value.map((json) => ({ json, pairedItem }));
		const error = ofItem(context, result.failure, itemIndex);
		if (!goesOn) throw error;
		return [{ json: { error: error.message }, pairedItem }];
	});
	return [output];
}
