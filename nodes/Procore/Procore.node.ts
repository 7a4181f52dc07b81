import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { properties } from './actions/resources';
import { route } from './actions/router';
import {
	searchCompanies,
	searchHooks,
	searchProjects,
	searchRecordResources,
	searchResources,
} from './methods/listSearch';
import {
	getDeliveryEventTypes,
	getEvents,
	getEventTypes,
	getResources,
} from './methods/loadOptions';

export class Procore implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Procore',
		name: 'procore',
		icon: { light: 'file:procore.svg', dark: 'file:procore.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Read the records behind Procore events, manage webhooks, and find undelivered events',
		defaults: { name: 'Procore' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'procoreOAuth2Api', required: true }],
		properties,
	};

	methods = {
		listSearch: {
			searchCompanies,
			searchHooks,
			searchProjects,
			searchRecordResources,
			searchResources,
		},
		loadOptions: { getDeliveryEventTypes, getEvents, getEventTypes, getResources },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await route(this);
	}
}
