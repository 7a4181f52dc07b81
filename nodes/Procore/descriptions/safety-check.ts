import type { INodeProperties } from 'n8n-workflow';

/** When n8n calls the trigger's `poll`, in the format of n8n's own poll times. */
const schedule: INodeProperties = {
	displayName: 'Check Times',
	name: 'pollTimes',
	type: 'fixedCollection',
	placeholder: 'Add Time',
	// n8n picks a random minute for this mode. At a fixed one, all nodes of an account would send requests at the same time.
	default: { item: [{ mode: 'everyX', value: 1, unit: 'hours' }] },
	displayOptions: { show: { safetyCheck: ['custom'] } },
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Time' },
	description: 'When to check the hook in Procore and fetch undelivered events',
	options: [
		{
			displayName: 'Time',
			name: 'item',
			values: [
				{
					displayName: 'Check',
					name: 'mode',
					type: 'options',
					default: 'everyX',
					options: [
						{ name: 'Custom (Cron)', value: 'custom' },
						{ name: 'Every Day', value: 'everyDay' },
						{ name: 'Every Few Hours or Minutes', value: 'everyX' },
						{ name: 'Every Hour', value: 'everyHour' },
					],
					description: 'How often to check',
				},
				{
					displayName: 'Cron Expression',
					name: 'cronExpression',
					type: 'string',
					default: '0 */30 * * * *',
					displayOptions: { show: { mode: ['custom'] } },
					description: 'Second, minute, hour, day of month, month, day of week',
				},
				{
					displayName: 'Every',
					name: 'value',
					type: 'number',
					default: 1,
					// With a longer step, cron runs once a day.
					typeOptions: { minValue: 1, maxValue: 23 },
					displayOptions: { show: { mode: ['everyX'], unit: ['hours'] } },
					description: 'Number of hours between two checks, at most 23',
				},
				{
					displayName: 'Every',
					name: 'value',
					type: 'number',
					default: 1,
					// With a longer step, cron runs once an hour.
					typeOptions: { minValue: 1, maxValue: 59 },
					displayOptions: { show: { mode: ['everyX'], unit: ['minutes'] } },
					description: 'Number of minutes between two checks, at most 59',
				},
				{
					displayName: 'Hour',
					name: 'hour',
					type: 'number',
					default: 6,
					typeOptions: { minValue: 0, maxValue: 23 },
					displayOptions: { show: { mode: ['everyDay'] } },
					description: 'The hour of the day (24h format)',
				},
				{
					displayName: 'Minute',
					name: 'minute',
					type: 'number',
					default: 0,
					typeOptions: { minValue: 0, maxValue: 59 },
					displayOptions: { show: { mode: ['everyDay', 'everyHour'] } },
					description: 'The minute of the hour',
				},
				{
					displayName: 'Unit',
					name: 'unit',
					type: 'options',
					default: 'hours',
					options: [
						{
							name: 'Hours',
							value: 'hours',
						},
						{
							name: 'Minutes',
							value: 'minutes',
						},
					],
					displayOptions: { show: { mode: ['everyX'] } },
					description: 'Whether to count in hours or minutes',
				},
			],
		},
	],
};

/** The same parameter while only Safety Check is shown: n8n's cron reads it whether the panel shows it or not. */
const hiddenSchedule: INodeProperties = {
	displayName: 'Check Times',
	name: 'pollTimes',
	type: 'hidden',
	default: { item: [{ mode: 'everyX', value: 1, unit: 'hours' }] },
	displayOptions: { show: { safetyCheck: ['everyHour'] } },
	description: 'When to check the hook in Procore and fetch undelivered events',
};

/** How often the hook is checked: one line, unless somebody wants other times. */
export const safetyCheck: INodeProperties[] = [
	{
		displayName: 'Safety Check',
		name: 'safetyCheck',
		type: 'options',
		default: 'everyHour',
		options: [
			{ name: 'Every Hour', value: 'everyHour' },
			{ name: 'Custom', value: 'custom', description: 'Use your own schedule' },
		],
		hint: 'Checks the hook in Procore: repairs it, and recovers events that were not delivered',
		description:
			"Checks the hook in Procore this often, repairs it, and recovers undelivered events. It has nothing to do with safety on site, and doesn't affect how fast events arrive.",
	},
	schedule,
	hiddenSchedule,
];
