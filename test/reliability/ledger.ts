import type { Event } from '../../emulator/control-client';
import { textAt } from '../harness/json';
import type { Execution } from '../harness/n8n-execution';
import { isOver, type N8nRest, type Workflow } from '../harness/n8n-rest';
import { waitFor } from '../harness/wait';
import { TRIGGER } from '../e2e/workflows';

/** What became of the events that were sent to a workflow. */
export interface Tally {
	readonly sent: number;
	/** Events that started the workflow. */
	readonly started: number;
	/** Starts beyond the first of an event. */
	readonly doubled: number;
	/** Events that started nothing. */
	readonly lost: number;
	/** Of those started: events whose execution a kill of n8n ended before it was through. */
	readonly cutOff: number;
}

const READS_AT_ONCE = 8;

/** Counts, from the executions that n8n keeps, which events started a workflow. */
export class Ledger {
	private readonly starts = new Map<string, number>();
	private readonly completed = new Map<string, number>();
	private readonly readExecutions = new Set<string>();
	/** The ULIDs that each execution received, in order, the oldest execution first. */
	readonly runs: string[][] = [];

	constructor(
		private readonly rest: N8nRest,
		private readonly workflow: Workflow,
	) {}

	/** Waits until every event has started the workflow, or nothing has for so long, then counts. */
	async settle(events: readonly Pick<Event, 'ulid'>[], quietMs: number): Promise<Tally> {
		await this.untilQuiet(() => this.tally(events).lost === 0, quietMs);
		return this.tally(events);
	}

	/**
	 * Waits until so many events have started the workflow.
	 *
	 * @throws where nothing has started for so long before that
	 */
	async reach(count: number, quietMs: number): Promise<void> {
		const isReached = await this.untilQuiet(() => this.starts.size >= count, quietMs);
		if (!isReached) throw new Error(`${this.starts.size} events started, not ${count}`);
	}

	/** Reads until something is so, or until nothing more happens; how long that takes is the machine's business. */
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
		const counts = events.map(({ ulid }) => this.starts.get(ulid) ?? 0);
		return {
			sent: events.length,
			started: counts.filter((count) => count > 0).length,
			doubled: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
			lost: counts.filter((count) => count === 0).length,
			cutOff: events.filter(({ ulid }) => this.starts.has(ulid) && !this.completed.has(ulid))
				.length,
		};
	}

	/** Events that the workflow worked on to its end more than once: a start that a kill cut off does not count. */
	workedOnTwice(events: readonly Pick<Event, 'ulid'>[]): string[] {
		return events.map(({ ulid }) => ulid).filter((ulid) => (this.completed.get(ulid) ?? 0) > 1);
	}

	/** Events that started the workflow although they were none of these. */
	unexpected(events: readonly Pick<Event, 'ulid'>[]): string[] {
		const known = new Set(events.map(({ ulid }) => ulid));
		return [...this.starts.keys()].filter((ulid) => !known.has(ulid));
	}

	async read(): Promise<void> {
		const over = (await this.rest.executions(this.workflow.id)).filter(
			(execution) => isOver(execution) && !this.readExecutions.has(execution.id),
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
		// What the gate let through. A killed n8n may not have got there: then what it was about to put in.
		const passed = execution.itemsOf(TRIGGER);
		const isThrough = execution.status === 'success';
		const items = isThrough || passed.length > 0 ? passed : execution.startItems;
		const ulids = items.map((item) => textAt(item, 'ulid') ?? '');
		for (const ulid of ulids) {
			this.starts.set(ulid, (this.starts.get(ulid) ?? 0) + 1);
			if (isThrough) this.completed.set(ulid, (this.completed.get(ulid) ?? 0) + 1);
		}
		this.runs.push(ulids);
	}
}
