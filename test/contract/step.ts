import type { AssumptionId } from './assumptions';
import type { Need } from './assumptions/assumption';
import type { Run } from './run';

/** A part of the check that can be done alone: it makes what it needs, and deletes it. */
export interface Step {
	/** Short, for the journal. */
	readonly name: string;
	/** What it does, for the person who watches. */
	readonly title: string;
	/** The assumptions that it checks. */
	readonly checks: readonly AssumptionId[];
	/** Without any of these, it is skipped. */
	readonly needs?: readonly Need[];
	/** Whether it runs even if an earlier run has finished it, because later steps build on it. */
	readonly always?: boolean;
	run(run: Run): Promise<void>;
}
