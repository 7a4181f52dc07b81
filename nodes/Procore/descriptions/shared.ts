import type { INodeProperties } from 'n8n-workflow';

import { idPattern } from '../model/id';

/** The company, selected from the list or entered as an id. If empty, the credential's company applies. */
export const companyLocator: INodeProperties = {
	displayName: 'Company',
	name: 'companyId',
	type: 'resourceLocator',
	// `__rl` lets the editor recognize an unchanged value and apply the new default when another resource is selected.
	default: { __rl: true, mode: 'list', value: '' },
	hint: "Leave empty to use the credential's company",
	description:
		'Procore company. The list has the companies that the credential can access. Defaults to the Company ID of the credential.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a company...',
			typeOptions: { searchListMethod: 'searchCompanies', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 4501177',
			hint: "The number after app.procore.com/ in the URL of a company page, or the whole URL. If empty, the credential's company.",
			validation: [
				{
					type: 'regex',
					properties: {
						regex: idPattern('company', true),
						errorMessage: 'Enter the company ID, or paste the URL of a company page in Procore',
					},
				},
			],
		},
	],
};

/** The payload format of the events that a hook delivers. */
export const payloadVersionProperty: INodeProperties = {
	displayName: 'Payload Version',
	name: 'payloadVersion',
	type: 'options',
	default: 'v2.0',
	options: [
		{
			name: 'V2.0',
			value: 'v2.0',
			description: 'Includes metadata about the user and app that made the change',
		},
		{ name: 'V3.0', value: 'v3.0', description: 'V2.0 plus related resources' },
		// Which ones it adds is not published [V4-CATALOGUE].
		{ name: 'V4.0', value: 'v4.0', description: 'More resource types, but no metadata' },
	],
	description: 'Payload format that Procore uses for events',
};

/** For operations that return data from Procore. */
export const simplifyProperty: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
