import { isObject, listAt, requireText, textAt, valueAt, type JsonObject } from './json';
import { type CredentialReference } from './n8n-credentials';
import { N8nExecutions } from './n8n-executions';
import { valueWhenRefused } from './n8n-session';

export type { Credential, CredentialReference, CredentialTestResult } from './n8n-credentials';
export { isAbandoned, isOver } from './n8n-executions';
export { ActivationError, type Publication } from './n8n-publication';
export { BROWSER_ID, N8nRestError, type Owner } from './n8n-session';
export {
	workflowDraftOf,
	type Workflow,
	type WorkflowDraft,
	type WorkflowNode,
} from './n8n-workflows';

/** The parameter whose choices the editor loads. */
export interface ParameterQuestion {
	/** The name in the node's `methods.loadOptions` or `methods.listSearch`. */
	method: string;
	/** The parameter, for example `companyId` or `filters.resourceName`. */
	path: string;
	nodeType: string;
	typeVersion?: number;
	/** The node's parameters that are filled in so far. */
	parameters: JsonObject;
	credentials?: Record<string, CredentialReference>;
}

export interface Choice {
	name: string;
	value: string;
	description?: string;
	url?: string;
}

export type ManualRun = { executionId: string } | { waitingForWebhook: true };

/** A client of the REST interface of n8n's own editor, signed in as the owner of the instance. */
export class N8nRest extends N8nExecutions {
	/** The choices of an options parameter, as the editor loads them. */
	async loadOptions(question: ParameterQuestion): Promise<Choice[]> {
		const answer = await this.request('POST', '/dynamic-node-parameters/options', {
			body: questionBody(question),
		});
		return listAt(answer).map(choiceOf);
	}

	/** One page of the choices of a resource locator, as the editor loads them. */
	async listSearch(
		question: ParameterQuestion,
		{ filter, paginationToken }: { filter?: string; paginationToken?: string } = {},
	): Promise<{ results: Choice[]; paginationToken: string | undefined }> {
		const answer = await this.request('POST', '/dynamic-node-parameters/resource-locator-results', {
			body: { ...questionBody(question), filter, paginationToken },
		});
		return {
			results: listAt(answer, 'results').map(choiceOf),
			paginationToken: textAt(answer, 'paginationToken'),
		};
	}

	/**
	 * Runs a workflow as the editor's button does. For a webhook trigger, n8n registers its test URL and waits there
	 * for one event.
	 *
	 * @param from the trigger to start from; n8n selects it if only `to` is given
	 * @param to the last node to run
	 */
	async runManually(
		workflowId: string,
		{ from, to }: { from?: string; to?: string },
	): Promise<ManualRun> {
		// n8n 1.x runs what it is sent, the current version what is saved.
		const isOld = (await this.majorVersion()) < 2;
		const answer = await this.request('POST', `/workflows/${workflowId}/run`, {
			body: {
				...(isOld ? { workflowData: await this.request('GET', `/workflows/${workflowId}`) } : {}),
				...(from === undefined ? {} : { triggerToStartFrom: { name: from } }),
				...(to === undefined
					? {}
					: { destinationNode: isOld ? to : { nodeName: to, mode: 'inclusive' } }),
			},
		});
		if (valueAt(answer, 'waitingForWebhook') === true) return { waitingForWebhook: true };
		return { executionId: requireText("n8n's answer", answer, 'executionId') };
	}

	private async majorVersion(): Promise<number> {
		const settings = await this.request('GET', '/settings');
		return Number.parseInt(requireText("n8n's settings", settings, 'versionCli'), 10);
	}

	/** Stops waiting for a test event. n8n removes the test hook soon afterwards. */
	async stopListening(workflowId: string): Promise<void> {
		await this.request('DELETE', `/test-webhook/${workflowId}`);
	}

	/** The descriptions of node types as n8n has loaded them, without types that it does not know. */
	async nodeTypes(names: string[], version = 1): Promise<JsonObject[]> {
		const answers = await Promise.all(
			names.map(async (name) => {
				const body = { nodeInfos: [{ name, version }] };
				return await this.request('POST', '/node-types', { body }).catch(valueWhenRefused([]));
			}),
		);
		return answers.flatMap((answer) => listAt(answer)).filter(isObject);
	}
}

function questionBody(question: ParameterQuestion): JsonObject {
	return {
		path: `parameters.${question.path}`,
		methodName: question.method,
		nodeTypeAndVersion: { name: question.nodeType, version: question.typeVersion ?? 1 },
		currentNodeParameters: question.parameters,
		credentials: question.credentials ?? {},
	};
}

function choiceOf(choice: unknown): Choice {
	const description = textAt(choice, 'description');
	const url = textAt(choice, 'url');
	return {
		name: requireText('A choice', choice, 'name'),
		value: requireText('A choice', choice, 'value'),
		...(description === undefined ? {} : { description }),
		...(url === undefined ? {} : { url }),
	};
}
