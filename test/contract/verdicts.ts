import { ASSUMPTIONS, assumption, isAssumptionId, type AssumptionId } from './assumptions';

/** What a run says about an assumption. */
export type State = 'confirmed' | 'contradicted' | 'notTestable';

/** One observation about an assumption. Contains nothing of the account. */
export interface Observation {
	readonly state: State;
	/** What came instead, or why it could not be tested. */
	readonly note: string;
	/** The sanitized response, for a contradiction. */
	readonly response?: unknown;
}

/** The result for one assumption. */
export interface Verdict extends Observation {
	readonly id: AssumptionId;
}

/** Collects observations. One contradiction outweighs any number of confirmations. */
export class Verdicts {
	private readonly observations = new Map<AssumptionId, Observation[]>();

	add(id: AssumptionId, observation: Observation): void {
		this.observations.set(id, [...(this.observations.get(id) ?? []), observation]);
	}

	/** Whether anything was observed about an assumption. */
	has(id: AssumptionId): boolean {
		return this.observations.has(id);
	}

	/** Forgets what was observed about assumptions, before they are checked again. */
	forget(ids: readonly AssumptionId[]): void {
		for (const id of ids) this.observations.delete(id);
	}

	/** The observations by id, for a later run that resumes this one. */
	toJson(): Record<string, Observation[]> {
		return Object.fromEntries(this.observations);
	}

	/** Restores what {@link toJson} returned. */
	restore(stored: Readonly<Record<string, Observation[]>>): void {
		for (const [id, observations] of Object.entries(stored)) {
			if (isAssumptionId(id)) this.observations.set(id, observations);
		}
	}

	/** Returns a verdict for every assumption, in the order of the list. */
	all(): Verdict[] {
		return ASSUMPTIONS.map(({ id }) => ({ id, ...this.of(id) }));
	}

	private of(id: AssumptionId): Observation {
		const observations = this.observations.get(id) ?? [];
		const first = (state: State) => observations.find((each) => each.state === state);
		const found = first('contradicted') ?? first('confirmed') ?? first('notTestable');
		if (found === undefined) {
			const { check } = assumption(id);
			const note = check.possible ? 'This run did not check it.' : check.why;
			return { state: 'notTestable', note };
		}
		const same = observations.filter(({ state }) => state === found.state);
		if (found.state === 'notTestable' || same.length === 1) return found;
		return { ...found, note: `${found.note} (and ${same.length - 1} more)` };
	}
}
