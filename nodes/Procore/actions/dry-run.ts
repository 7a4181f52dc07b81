import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { shown, type Show } from './list-parameters';
import type { OperationItem } from './operation-item';

/** Dry Run, for operations that can overwrite or remove something. */
export function dryRunProperty(show: Show): INodeProperties {
	return shown(
		{
			displayName: 'Dry Run',
			name: 'dryRun',
			type: 'boolean',
			default: false,
			description:
				'Whether to return what would change, marked with would: true, without changing anything in Procore',
		},
		show,
	);
}

/**
 * Reads Dry Run.
 *
 * @throws NodeOperationError if an expression returns neither true nor false, because false would write to Procore.
 */
export function isDryRun(item: OperationItem): boolean {
	const given = item.text('dryRun').toLowerCase();
	if (given === 'true' || given === 'false') return given === 'true';
	if (given === '') return item.flag('dryRun');
	throw item.refuse(`Dry Run must be true or false, but got "${given}". Nothing was changed.`);
}

/** Marks the output of a dry run, which otherwise looks like the output of a real run. */
export function wouldBe(json: IDataObject): IDataObject {
	return { ...json, would: true };
}
