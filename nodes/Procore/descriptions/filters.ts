import type { INodeProperties } from 'n8n-workflow';

/** Which events start the workflow, by who or what made the change. */
export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'fixedCollection',
	placeholder: 'Add condition',
	default: {},
	typeOptions: { multipleValues: true },
	description:
		'Start only for changes that somebody or something in particular made; all conditions must hold',
	options: [
		{
			displayName: 'Conditions',
			name: 'conditions',
			values: [
				{
					displayName: 'Field',
					name: 'field',
					type: 'options',
					default: 'source_user_id',
					options: [
						{
							name: 'Application (Client ID)',
							value: 'source_application_id',
							description:
								'The app that made the change; not set for changes made in Procore itself',
						},
						{ name: 'Company ID', value: 'source_company_id' },
						{
							name: 'Operation ID',
							value: 'source_operation_id',
							description: 'A token that an app sent along with its change',
						},
						{ name: 'Project ID', value: 'source_project_id' },
						{ name: 'User ID', value: 'source_user_id' },
					],
					description: 'What to look at in the event',
				},
				{
					displayName: 'Operator',
					name: 'operator',
					type: 'options',
					default: 'isOneOf',
					options: [
						{ name: 'Is None Of', value: 'isNoneOf' },
						{ name: 'Is Not Set', value: 'isNotSet' },
						{ name: 'Is One Of', value: 'isOneOf' },
						{ name: 'Is Set', value: 'isSet' },
					],
					description: 'How to compare',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. 7710345, 7719902',
					displayOptions: { show: { operator: ['isOneOf', 'isNoneOf'] } },
					description:
						'One or several values, separated by commas, or an expression that gives a list',
				},
			],
		},
	],
};
