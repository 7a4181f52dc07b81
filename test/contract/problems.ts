/** The run was interrupted; what it made is deleted all the same. */
export class Interrupted extends Error {
	constructor() {
		super('Interrupted');
	}
}

/** Why a step cannot go on, in words of the check: nothing of the account. */
export class StepProblem extends Error {}
