import type { INodeProperties } from 'n8n-workflow';

/** Filters events by the user, app or project that made the change. */
export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'fixedCollection',
	placeholder: 'Add Condition',
	default: {},
	typeOptions: { multipleValues: true },
	description:
		'Only trigger on changes made by specific users, apps or projects. All conditions must be met.',
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
							description: 'Operation ID that an app sent with its change',
						},
						{ name: 'Project ID', value: 'source_project_id' },
						{ name: 'User', value: 'source_user_id' },
					],
					description: 'Event field to compare',
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
					description: 'Comparison to apply',
				},
				{
					displayName: 'User Names or IDs',
					name: 'users',
					type: 'multiOptions',
					default: [],
					typeOptions: {
						loadOptionsMethod: 'getUsers',
						loadOptionsDependsOn: ['companyId.value'],
					},
					displayOptions: {
						show: { field: ['source_user_id'], operator: ['isOneOf', 'isNoneOf'] },
					},
					description:
						'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Users Not Listed (IDs)',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. 7710345, 7719902',
					displayOptions: {
						show: { field: ['source_user_id'], operator: ['isOneOf', 'isNoneOf'] },
					},
					description:
						'Only for users who are not in the list above: their IDs, separated by commas, or an expression that returns an array',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. 902214, 902377',
					displayOptions: {
						show: { operator: ['isOneOf', 'isNoneOf'] },
						hide: { field: ['source_user_id'] },
					},
					description:
						'One or more values, separated by commas, or an expression that returns an array',
				},
			],
		},
	],
};
