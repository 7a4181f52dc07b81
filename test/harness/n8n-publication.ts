import { listAt, requireText, textAt, type JsonObject } from './json';
import { N8nRestError, valueWhenMissing } from './n8n-session';
import { N8nWorkflows, workflowOf, type Workflow } from './n8n-workflows';
import { waitFor } from './wait';

/** An activation that did not end with every trigger working; `message` comes from the node. */
export class ActivationError extends Error {
	override readonly name = 'ActivationError';
}

/** The status or result of an activation or deactivation. */
export interface Publication {
	/** n8n's word: `in_progress`, `published`, `partial`, `failed`, `not_published`. */
	status: string;
	liveVersionId: string | undefined;
	triggers: Array<{ nodeId: string; errorMessage: string | undefined }>;
}

/** Publishing and unpublishing workflows. */
export class N8nPublication extends N8nWorkflows {
	/**
	 * Publishes the current draft and waits until all its triggers are registered.
	 *
	 * @throws {ActivationError} with n8n's message if a trigger could not be activated. As in the editor, the workflow
	 * still counts as active on n8n 2.40 and later.
	 */
	async activate(id: string, timeoutMs = 120_000): Promise<Workflow> {
		const { versionId, nodes } = await this.getWorkflow(id);
		await this.setActive(id, true, { versionId }).catch((error: unknown) => {
			throw error instanceof N8nRestError ? new ActivationError(error.message) : error;
		});
		const { status, liveVersionId, triggers } = await this.publicationSettled(id, timeoutMs);
		if (status !== 'published' || (liveVersionId !== undefined && liveVersionId !== versionId)) {
			const messages = triggers
				.filter((trigger) => trigger.errorMessage !== undefined)
				.map((trigger) => {
					const node = nodes.find((candidate) => candidate.id === trigger.nodeId);
					return triggers.length > 1
						? `${node?.name ?? trigger.nodeId}: ${trigger.errorMessage}`
						: trigger.errorMessage;
				});
			throw new ActivationError(
				messages.join('\n') || `n8n did not publish the workflow (${status}); see its log`,
			);
		}
		return await this.getWorkflow(id);
	}

	/** Unpublishes a workflow and waits until its triggers have been notified. */
	async deactivate(id: string, timeoutMs = 120_000): Promise<Workflow> {
		const workflow = workflowOf(await this.setActive(id, false, {}));
		await this.publicationSettled(id, timeoutMs);
		return workflow;
	}

	private async setActive(id: string, active: boolean, body: JsonObject): Promise<unknown> {
		const verb = active ? 'activate' : 'deactivate';
		const answer = await this.request('POST', `/workflows/${id}/${verb}`, { body }).catch(
			valueWhenMissing(undefined),
		);
		// n8n 1.x has no such call: there, it is a field of the workflow.
		return answer ?? (await this.request('PATCH', `/workflows/${id}`, { body: { active } }));
	}

	/** Waits until n8n has activated or deactivated a workflow, and returns the result. */
	async publicationSettled(id: string, timeoutMs = 120_000): Promise<Publication> {
		return await waitFor(
			`n8n to activate or deactivate workflow ${id}`,
			async () => {
				const publication = await this.publication(id);
				return publication.status === 'in_progress' ? undefined : publication;
			},
			timeoutMs,
			50,
		);
	}

	private async publication(id: string): Promise<Publication> {
		const answer = await this.request('GET', `/workflows/${id}/publication-status`).catch(
			// n8n before 2.40, or with N8N_USE_WORKFLOW_PUBLICATION_SERVICE=false, activates within the request and has no
			// such status.
			valueWhenMissing({ status: 'published' }),
		);
		return {
			status: textAt(answer, 'status') ?? 'unknown',
			liveVersionId: textAt(answer, 'liveVersionId'),
			triggers: listAt(answer, 'triggers').map((trigger) => ({
				nodeId: requireText('A trigger status', trigger, 'nodeId'),
				errorMessage: textAt(trigger, 'errorMessage'),
			})),
		};
	}

	/** Deactivates, archives and deletes a workflow with its executions. */
	async deleteWorkflow(id: string): Promise<void> {
		if ((await this.getWorkflow(id)).active) await this.deactivate(id);
		await this.request('POST', `/workflows/${id}/archive`, { body: {} });
		await this.request('DELETE', `/workflows/${id}`);
		this.madeWorkflows.delete(id);
	}

	/** Deletes every workflow and credential that this client has created and not deleted yet. */
	async cleanUp(): Promise<void> {
		for (const id of this.madeWorkflows) await this.deleteWorkflow(id);
		await this.deleteMadeCredentials();
	}
}
