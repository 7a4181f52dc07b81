import type { INodeProperties } from 'n8n-workflow';

import { idPattern } from '../model/id';

/** A company, picked from those the account sees or given by its id; empty means the credential's. */
export const companyLocator: INodeProperties = {
	displayName: 'Company',
	name: 'companyId',
	type: 'resourceLocator',
	// With the mark, the editor knows an untouched one as such when another resource is chosen, and takes that one's default.
	default: { __rl: true, mode: 'list', value: '' },
	description: "Procore company. Defaults to the credential's company.",
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
			hint: 'The number after app.procore.com/ in the address of the company, or the whole address',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: idPattern('company', true),
						errorMessage:
							'Enter the company ID, or paste the address of a page of the company in Procore',
					},
				},
			],
		},
	],
};
