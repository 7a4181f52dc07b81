import type { IDataObject } from 'n8n-workflow';

import type { OperationItem } from './operation';

/**
 * Whether an item asks only for what would change.
 *
 * @throws NodeOperationError if an expression returns something that is neither true nor false: to take it for false would
 * write to Procore against the user's will.
 */
export function isDryRun(item: OperationItem): boolean {
	const given = item.text('dryRun').toLowerCase();
	if (given === 'true' || given === 'false') return given === 'true';
	if (given === '') return item.flag('dryRun');
	throw item.refuse(
		`"${given}" in Dry Run is not valid. Nothing was changed. Use an expression that returns true or false.`,
	);
}

/** Marks the output of a dry run, which otherwise looks like that of a real one. */
export function wouldBe(json: IDataObject): IDataObject {
	return { ...json, would: true };
}
