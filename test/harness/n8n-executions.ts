import { isObject, listAt, requireText, textAt } from './json';
import { parseExecution, type Execution, type ExecutionSummary } from './n8n-execution';
import { N8nPublication } from './n8n-publication';
import { waitFor } from './wait';

/** The most executions that n8n returns at a time. */
const EXECUTIONS_PER_PAGE = 100;

/** Executions of workflows, and waiting for them. */
export class N8nExecutions extends N8nPublication {
	/**
	 * All executions of a workflow, oldest first.
	 *
	 * @param status only those with one of these statuses, for example `running` or `crashed`
	 */
	async executions(workflowId: string, status?: string[]): Promise<ExecutionSummary[]> {
		const found = new Map<string, ExecutionSummary>();
		let page: Record<string, string> | undefined = {};
		while (page !== undefined) {
			const answer: unknown = await this.request('GET', '/executions', {
				query: {
					filter: JSON.stringify({ workflowId, status }),
					limit: String(EXECUTIONS_PER_PAGE),
					...page,
				},
			});
			const executions = listAt(answer, 'results').map((execution) => ({
				id: requireText('An execution', execution, 'id'),
				status: textAt(execution, 'status') ?? 'unknown',
				mode: textAt(execution, 'mode') ?? 'unknown',
				startedAt: textAt(execution, 'startedAt'),
				stoppedAt: textAt(execution, 'stoppedAt'),
			}));
			for (const execution of executions) found.set(execution.id, execution);
			page = nextPage(answer, executions);
		}
		return [...found.values()].sort((a, b) => Number(a.id) - Number(b.id));
	}

	/** Retries a failed execution, as the editor's button does. */
	async retryExecution(id: string): Promise<void> {
		await this.request('POST', `/executions/${id}/retry`, { body: { loadWorkflow: false } });
	}

	/**
	 * Waits until no execution of a workflow is running.
	 *
	 * @returns when the last one ended, in milliseconds since 1970; 0 if there was none
	 */
	async untilIdle(workflowId: string, timeoutMs = 120_000): Promise<number> {
		await waitFor(
			`all executions of workflow ${workflowId} to end`,
			async () => {
				const open = await this.executions(workflowId, ['new', 'running', 'waiting']);
				return open.length === 0 ? true : undefined;
			},
			timeoutMs,
			200,
		);
		const ends = (await this.executions(workflowId)).map(({ stoppedAt = '' }) =>
			Date.parse(stoppedAt),
		);
		return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
	}

	/** One execution with the output of its nodes. */
	async execution(id: string): Promise<Execution> {
		return parseExecution(await this.request('GET', `/executions/${id}`));
	}

	/** Waits until at least this many executions of a workflow have ended, and returns all that have, oldest first. */
	async waitForExecutions(
		workflowId: string,
		count: number,
		{ timeoutMs = 30_000 }: { timeoutMs?: number } = {},
	): Promise<Execution[]> {
		const finished = await waitFor(
			`${count} executions of workflow ${workflowId}`,
			async () => {
				const over = (await this.executions(workflowId)).filter(isOver);
				return over.length >= count ? over : undefined;
			},
			timeoutMs,
		);
		return await Promise.all(finished.map(async ({ id }) => await this.execution(id)));
	}

	/** Waits until an execution of a workflow has ended that is not in `known`, and returns the oldest. */
	async waitForNewExecution(
		workflowId: string,
		known: ReadonlySet<string>,
		timeoutMs: number,
	): Promise<Execution> {
		const { id } = await waitFor(
			`a new execution of workflow ${workflowId}`,
			async () => {
				const over = (await this.executions(workflowId)).filter(isOver);
				return over.find((execution) => !known.has(execution.id));
			},
			timeoutMs,
			20,
		);
		return await this.execution(id);
	}

	/** Waits until one execution has ended. */
	async waitForExecution(id: string, { timeoutMs = 30_000 } = {}): Promise<Execution> {
		return await waitFor(
			`execution ${id}`,
			async () => {
				const execution = await this.execution(id);
				return isOver(execution) ? execution : undefined;
			},
			timeoutMs,
		);
	}
}

/** The query for the next page of executions; n8n before 2.41 has no cursor and uses the last id. */
function nextPage(
	answer: unknown,
	executions: readonly ExecutionSummary[],
): Record<string, string> | undefined {
	const cursor = textAt(answer, 'nextCursor');
	if (cursor !== undefined) return { cursor };
	const hasCursors = isObject(answer) && 'nextCursor' in answer;
	const lastId = executions.at(-1)?.id;
	if (hasCursors || lastId === undefined || executions.length < EXECUTIONS_PER_PAGE)
		return undefined;
	return { lastId };
}

/**
 * Whether an execution belongs to a process of n8n that has ended. n8n marks it as crashed when it starts again, but not if
 * it was killed before the first node started: such an execution stays `running` until n8n has started three times
 * (`amend` in its ExecutionRecoveryService).
 *
 * @param processStartedAt when the current process started, in milliseconds since 1970.
 */
export function isAbandoned(
	{ status, startedAt }: ExecutionSummary,
	processStartedAt: number,
): boolean {
	return status === 'running' && Date.parse(startedAt ?? '') < processStartedAt;
}

/** Whether an execution has ended, successfully or not. */
export function isOver({ status }: ExecutionSummary): boolean {
	return !['new', 'running', 'waiting', 'unknown'].includes(status);
}
