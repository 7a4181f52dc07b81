import type { INodeProperties } from 'n8n-workflow';

/** Where a parameter is shown: by resource and operation. */
export interface Show {
	readonly resource: string[];
	readonly operation: string[];
}

/** Simplify, for what returns something that Procore sent. */
export const simplifyProperty: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** A parameter as one of the panel's own, shown for some operations only. */
export function shown(property: INodeProperties, show: Show): INodeProperties {
	return { ...property, displayOptions: { show: { ...show } } };
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
		shown(simplifyProperty, show),
	];
}
