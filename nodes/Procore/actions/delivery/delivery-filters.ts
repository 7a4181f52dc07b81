import type { INodeProperties } from 'n8n-workflow';

import { STATUS_FILTERS, type DeliveryFilter } from '../../delivery/filter';
import type { OperationItem } from '../operation-item';

/** The status of a delivery, as Procore's guide names it [DELIVERY-WORDS]. */
export const statusFilter: INodeProperties = {
	displayName: 'Status',
	name: 'status',
	type: 'options',
	default: 'any',
	options: [
		{ name: 'Any', value: 'any' },
		{
			name: 'Discarded',
			value: 'discarded',
			description: 'Dropped by Procore after hours of failed deliveries',
		},
		{ name: 'Failing', value: 'failing', description: 'Failed, or still being retried' },
		{ name: 'Successful', value: 'successful', description: 'Accepted by the destination' },
	],
	description: 'Delivery status to include',
};

/** The ids of the events to include. */
export const eventIdsFilter: INodeProperties = {
	displayName: 'Event IDs',
	name: 'eventIds',
	type: 'string',
	default: '',
	placeholder: 'e.g. 01EDPD2J6SBY1163N77H95GW09',
	description:
		'IDs or ULIDs of the events to include, separated by commas, or an expression that returns an array of them',
};

/** Whether Get Many of Delivery returns deliveries or their events. */
export const deliveryOutput: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	default: 'deliveries',
	options: [
		{
			name: 'Deliveries',
			value: 'deliveries',
			description: 'What happened to each event: status, attempts and the last response',
		},
		{
			name: 'Events',
			value: 'events',
			description:
				'The events without duplicates, in the format of Procore Trigger. Use it to run a workflow again for them.',
		},
	],
	description: 'What to return',
};

/** The values of Order. */
export const ORDERS = ['newest', 'oldest'] as const;

/** Which deliveries Get Many of Delivery returns first, and so which ones it returns at all. */
export const deliveryOrder: INodeProperties = {
	displayName: 'Order',
	name: 'order',
	type: 'options',
	default: 'newest',
	options: [
		{ name: 'Newest First', value: 'newest' },
		{ name: 'Oldest First', value: 'oldest' },
	],
	description:
		'Which deliveries to return first. With the output Events, it decides which events Limit includes, and they are returned oldest first.',
};

const HOUR_MS = 3_600_000;

/** The values of Period in hours. */
const PERIODS = { lastHour: 1, last24Hours: 24, last7Days: 7 * 24, last30Days: 30 * 24 } as const;
type Period = keyof typeof PERIODS;
const PERIOD_NAMES: readonly Period[] = ['lastHour', 'last24Hours', 'last7Days', 'last30Days'];

const period: INodeProperties = {
	displayName: 'Period',
	name: 'period',
	type: 'options',
	default: 'last24Hours',
	options: [
		{ name: 'Last 24 Hours', value: 'last24Hours' },
		{ name: 'Last 30 Days', value: 'last30Days' },
		{ name: 'Last 7 Days', value: 'last7Days' },
		{ name: 'Last Hour', value: 'lastHour' },
	],
	description:
		'Only include events from this period up to now. Use Since and Until for exact times.',
};

const HOOK_PARAMETERS = ['companyId.value', 'scope', 'projectId.value', 'hookId.value'];

const eventType: INodeProperties = {
	displayName: 'Event Type Name or ID',
	name: 'eventType',
	type: 'options',
	default: 'update',
	typeOptions: {
		loadOptionsMethod: 'getDeliveryEventTypes',
		loadOptionsDependsOn: [...HOOK_PARAMETERS, '&resourceName'],
	},
	description:
		'Type of change. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

const resourceName: INodeProperties = {
	displayName: 'Resource Name or ID',
	name: 'resourceName',
	type: 'options',
	default: '',
	typeOptions: {
		loadOptionsMethod: 'getResources',
		loadOptionsDependsOn: HOOK_PARAMETERS,
	},
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
};

const since: INodeProperties = {
	displayName: 'Since',
	name: 'since',
	type: 'dateTime',
	default: '',
	description: 'Only include events at or after this time',
};

const until: INodeProperties = {
	displayName: 'Until',
	name: 'until',
	type: 'dateTime',
	default: '',
	description:
		'Only include events at or before this time. A date without a time includes the whole day.',
};

/** Returns the Filters parameter of an operation. */
export function filtersProperty(operation: string, more: INodeProperties[] = []): INodeProperties {
	return {
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		displayOptions: { show: { resource: ['delivery'], operation: [operation] } },
		options: [eventType, period, resourceName, since, ...more, until].sort((one, other) =>
			one.displayName < other.displayName ? -1 : 1,
		),
	};
}

/** Returns the later of Since and the start of Period, in milliseconds since 1970; undefined if neither is set. */
function startOf(item: OperationItem): number | undefined {
	const since = item.instant('filters.since', 'Since');
	const name = item.oneOf('filters.period', 'Period', PERIOD_NAMES);
	if (name === undefined) return since;
	return Math.max(since ?? -Infinity, Date.now() - PERIODS[name] * HOUR_MS);
}

/** @throws NodeOperationError if a date or a value is invalid. */
export function deliveryFilter(item: OperationItem): DeliveryFilter {
	const status = item.oneOf('filters.status', 'Status', STATUS_FILTERS);
	const since = startOf(item);
	const until = item.instant('filters.until', 'Until', true);
	return {
		...(status === undefined ? {} : { status }),
		...item.field('resourceName', 'filters.resourceName'),
		...item.field('eventType', 'filters.eventType'),
		...(since === undefined ? {} : { since }),
		...(until === undefined ? {} : { until }),
	};
}
