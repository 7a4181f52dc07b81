import type { INodeProperties } from 'n8n-workflow';

/**
 * Creates the parameter Resource Name: selected from a list, or entered by name. n8n's editor lets an AI model define a
 * resource locator, but not a list of options.
 *
 * @param searchListMethod lists the resources.
 */
export function resourceLocator(searchListMethod: string): INodeProperties {
	return {
		displayName: 'Resource Name',
		name: 'resourceName',
		type: 'resourceLocator',
		default: { __rl: true, mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a resource...',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: 'e.g. RFIs',
				hint: "Procore's name of the resource, such as RFIs, Submittals or Images",
			},
		],
	};
}
