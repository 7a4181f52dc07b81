import type { INodeProperties } from 'n8n-workflow';

/** Where a parameter is shown: by resource and operation. */
export interface Show {
	readonly resource: string[];
	readonly operation: string[];
}

/** Simplify, for an operation that returns what Procore sent. */
export function simplifyProperty(show: Show): INodeProperties {
	return {
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		displayOptions: { show: { ...show } },
		description: 'Whether to return a simplified version of the response instead of the raw data',
	};
}

/** Return All, Limit and Simplify, as every operation that lists offers them. */
export function listProperties(resource: string, operation: string): INodeProperties[] {
	const show = { resource: [resource], operation: [operation] };
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			default: false,
			displayOptions: { show },
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			default: 50,
			typeOptions: { minValue: 1 },
			displayOptions: { show: { ...show, returnAll: [false] } },
			description: 'Max number of results to return',
		},
		simplifyProperty(show),
	];
}
