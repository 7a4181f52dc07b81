import type { INodeProperties } from 'n8n-workflow';

import { shown, type Show } from './list';

/** Dry Run, for operations whose changes are worth a look before they are made. */
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
