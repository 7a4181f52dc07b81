import type { Event } from '../../emulator/control-client';
import { textAt, type JsonObject } from '../harness/json';
import type { Execution } from '../harness/n8n-execution';
import { isAbandoned, isOver, type N8nRest, type Workflow } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { TRIGGER } from '../e2e/workflows';

/** The outcome of the events that were sent to a workflow. */
export interface Tally {
	readonly sent: number;
	/** Events for which n8n created an execution, cut off or not. */
	readonly started: number;
	/** The number of times that an event passed the trigger after the first time. */
	readonly doubled: number;
	/** Events without an execution. */
	readonly lost: number;
	/** Started events that no execution finished, because n8n was killed. */
	readonly cutOff: number;
}

const READS_AT_ONCE = 8;

/** Set for an n8n that is killed: it saves a node's output at once, so that a cut-off execution shows its progress. */
export const SAVE_PROGRESS = { EXECUTIONS_DATA_SAVE_ON_PROGRESS: 'true' };

/** Counts, from the executions in n8n, which events started a workflow. */
export class Ledger {
	/** The number of executions whose trigger passed an event. */
	private readonly passed = new Map<string, number>();
	/** Events of executions that were cut off in the trigger: the workflow behind it has not seen them. */
	private readonly cutOffInTrigger = new Set<string>();
	private readonly completed = new Set<string>();
	private readonly readExecutions = new Set<string>();
	/** The ULIDs that each execution's trigger passed, in order, oldest execution first. */
	readonly runs: string[][] = [];

	constructor(
		private readonly rest: N8nRest,
		private readonly workflow: Workflow,
		/** Of an n8n that is killed, so that executions of earlier processes count as ended. */
		private readonly n8n: { readonly startedAt: number } = { startedAt: 0 },
	) {}

	get workflowId(): string {
		return this.workflow.id;
	}

	/** Waits until every event has started the workflow, or nothing has for a while, then counts. */
	async settle(events: readonly Pick<Event, 'ulid'>[], quietMs: number): Promise<Tally> {
		await this.untilQuiet(() => this.tally(events).lost === 0, quietMs);
		return this.tally(events);
	}

	/**
	 * Waits until this many events have started the workflow.
	 *
	 * @throws if nothing has started for a while before that
	 */
	async reach(count: number, quietMs: number): Promise<void> {
		const isReached = await this.untilQuiet(() => this.passed.size >= count, quietMs);
		if (!isReached) throw new Error(`${this.passed.size} events started, not ${count}`);
	}

	/** Reads until a condition holds or nothing more happens; the time this takes depends on the machine. */
	private async untilQuiet(isDone: () => boolean, quietMs: number): Promise<boolean> {
		let lastChange = Date.now();
		return await waitFor(
			'events to start the workflow',
			async () => {
				const before = this.readExecutions.size;
				await this.read();
				if (isDone()) return true;
				if (this.readExecutions.size > before) lastChange = Date.now();
				return Date.now() - lastChange > quietMs ? false : undefined;
			},
			Number.POSITIVE_INFINITY,
			1_000,
		);
	}

	tally(events: readonly Pick<Event, 'ulid'>[]): Tally {
		const ulids = events.map(({ ulid }) => ulid);
		const started = ulids.filter((ulid) => this.passed.has(ulid) || this.cutOffInTrigger.has(ulid));
		return {
			sent: ulids.length,
			started: started.length,
			doubled: ulids.reduce((sum, ulid) => sum + Math.max(0, (this.passed.get(ulid) ?? 0) - 1), 0),
			lost: ulids.length - started.length,
			cutOff: started.filter((ulid) => !this.completed.has(ulid)).length,
		};
	}

	/** Events that started the workflow although they are not in this list. */
	unexpected(events: readonly Pick<Event, 'ulid'>[]): string[] {
		const known = new Set(events.map(({ ulid }) => ulid));
		return [...this.passed.keys(), ...this.cutOffInTrigger].filter((ulid) => !known.has(ulid));
	}

	/** Events that passed the trigger more than once. */
	doubledAnywhere(): string[] {
		return [...this.passed].filter(([, count]) => count > 1).map(([ulid]) => ulid);
	}

	async read(): Promise<void> {
		const over = (await this.rest.executions(this.workflow.id)).filter(
			(execution) =>
				(isOver(execution) || isAbandoned(execution, this.n8n.startedAt)) &&
				!this.readExecutions.has(execution.id),
		);
		for (let index = 0; index < over.length; index += READS_AT_ONCE) {
			const batch = over.slice(index, index + READS_AT_ONCE);
			const executions = await Promise.all(
				batch.map(async ({ id }) => await this.rest.execution(id)),
			);
			for (const execution of executions) this.enter(execution);
		}
	}

	private enter(execution: Execution): void {
		this.readExecutions.add(execution.id);
		const ulids = ulidsOf(execution.itemsOf(TRIGGER));
		const isFinished = execution.status === 'success';
		for (const ulid of ulids) {
			this.passed.set(ulid, (this.passed.get(ulid) ?? 0) + 1);
			if (isFinished) this.completed.add(ulid);
		}
		if (!isFinished && ulids.length === 0) {
			for (const ulid of ulidsOf(execution.startItems)) this.cutOffInTrigger.add(ulid);
		}
		this.runs.push(ulids);
	}
}

/** Stands for the ULID that a reconciled event lacks: a record, in the state after this change. */
export function stateKey({
	resourceName,
	resourceId,
	timestamp,
}: Pick<Event, 'resourceName' | 'resourceId' | 'timestamp'>): string {
	return `${resourceName}:${resourceId}:${timestamp.slice(0, '2026-11-20T08:00:00'.length)}`;
}

/** Without the item that n8n makes up for a node whose output was lost in a crash. */
function ulidsOf(items: readonly JsonObject[]): string[] {
	return items.flatMap((item) => {
		if (textAt(item, 'source') !== 'reconciliation') return textAt(item, 'ulid') ?? [];
		return stateKey({
			resourceName: textAt(item, 'resource_name') ?? '',
			resourceId: textAt(item, 'resource_id') ?? '',
			timestamp: textAt(item, 'timestamp') ?? '',
		});
	});
}
