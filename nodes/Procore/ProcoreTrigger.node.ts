import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IPollFunctions,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { safetyCheck } from './check/safety-check';
import { triggerProperties } from './descriptions/trigger';
import { triggerPanel } from './descriptions/trigger-panel';
import { passNewEvents } from './dedupe/gate';
import { noteExecution } from './receive/grouped-start';
import { receive } from './receive/receive';
import { createHooks, deleteHooks, hooksExist } from './hook/lifecycle';
import { searchCompanies } from './methods/listSearch';
import { getEvents, getProjects, getUsers } from './methods/loadOptions';

export class ProcoreTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Procore Trigger',
		name: 'procoreTrigger',
		icon: { light: 'file:procore.svg', dark: 'file:procore.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ [].concat($parameter["events"]).join(", ") }}',
		description: 'Starts the workflow when something changes in Procore',
		defaults: { name: 'Procore Trigger' },
		eventTriggerDescription:
			'Waiting for you to change an RFI, or whatever you selected, in Procore',
		activationMessage:
			'Your workflow now starts with every selected change in Procore. Its hook is checked regularly, and missed events are recovered.',
		triggerPanel,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'procoreOAuth2Api', required: true }],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Procore only reads the status. Without this, n8n would add a response body.
				responseData: 'noData',
				path: 'procore',
			},
		],
		properties: triggerProperties,
	};

	methods = {
		listSearch: { searchCompanies },
		loadOptions: { getEvents, getProjects, getUsers },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await hooksExist.call(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await createHooks.call(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await deleteHooks.call(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}

	/** `polling: true` is not set, because the editor would then show the panel of a polling trigger. */
	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await safetyCheck.call(this);
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		noteExecution(this);
		return await passNewEvents(this);
	}
}
