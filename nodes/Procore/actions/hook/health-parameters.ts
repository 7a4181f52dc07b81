import type { INodeProperties } from 'n8n-workflow';

import { parseSubscriptions } from '../../hook/subscriptions';
import type { HealthExpectation } from '../../hook/health';
import type { Show } from '../list-parameters';
import type { OperationItem } from '../operation-item';

/** What every hook must fulfill in addition to being able to deliver. */
export function healthOptions(show: Show): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { ...show } },
		options: [
			{
				displayName: 'Expected Events',
				name: 'events',
				type: 'string',
				default: '',
				placeholder: 'e.g. RFIs:create, RFIs:update',
				description:
					'Events that every hook must subscribe to, separated by commas, or an expression that returns an array. A hook without one of them has the problem missingTriggers. Needs one more request per hook.',
			},
			{
				displayName: 'Expected URL',
				name: 'expectedUrl',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://flows.example.com/',
				description:
					'Where every hook must deliver to: a complete URL or its beginning, or several, separated by commas. A hook with another URL has the problem wrongUrl.',
			},
			{
				displayName: 'Silent After (Hours)',
				name: 'silentHours',
				type: 'number',
				default: 24,
				typeOptions: { minValue: 1 },
				description:
					'Report a hook as silent if none of its events was accepted for this long. Remove it for projects where nothing might happen for days.',
			},
		],
	};
}

/** Ten years. */
const MAX_SILENT_HOURS = 87_600;

/** @throws NodeOperationError if an option is invalid. */
export function healthExpectation(item: OperationItem): HealthExpectation {
	const silentHours = item.number(
		'options.silentHours',
		'Silent After (Hours)',
		1,
		MAX_SILENT_HOURS,
	);
	return {
		urls: item.list('options.expectedUrl'),
		events: parseSubscriptions(item.list('options.events'), 'Expected Events', (message) =>
			item.refuse(message),
		),
		isProcoreItself: item.procore.account.environment !== 'custom',
		...(silentHours === undefined ? {} : { silentHours }),
	};
}
