import type { INodeProperties } from 'n8n-workflow';

import { simplifyProperty } from '../descriptions/shared';

/** The resources and operations for which a parameter is shown. */
export interface Show {
	readonly resource: string[];
	readonly operation: string[];
}

/** Returns a copy of a parameter that is only shown for some operations. */
export function shown(property: INodeProperties, show: Show): INodeProperties {
	return { ...property, displayOptions: { show: { ...show } } };
}

/** Returns the text to search for, of an operation that returns a list. */
export function searchProperty(show: Show, description: string): INodeProperties {
	return shown(
		{
			displayName: 'Search',
			name: 'search',
			type: 'string',
			default: '',
			placeholder: 'e.g. Harbour',
			description,
		},
		show,
	);
}

/** Returns the parameters of an operation that returns a list: Return All, Limit and Simplify. */
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
