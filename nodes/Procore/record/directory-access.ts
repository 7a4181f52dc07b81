import { settle } from '../api/concurrency';

/** Whether an account can access the directory of a company or project, as far as one run of a node knows. */
export class DirectoryAccess {
	private state: 'unknown' | 'shown' | 'hidden' = 'unknown';
	private probing: Promise<unknown> | undefined;

	get isHidden(): boolean {
		return this.state === 'hidden';
	}

	/** Notes what a look-up has shown. The first one decides. */
	note(state: 'shown' | 'hidden'): void {
		if (this.state === 'unknown') this.state = state;
	}

	/**
	 * Runs a look-up. As long as none has shown whether the directory is hidden, one runs at a time, or each of several users
	 * would be looked up in vain.
	 *
	 * @throws what the look-up throws.
	 */
	async probe<T>(lookUp: () => Promise<T>): Promise<T> {
		while (this.state === 'unknown' && this.probing !== undefined) await this.probing;
		if (this.state !== 'unknown') return await lookUp();
		const result = settle(lookUp);
		this.probing = result;
		const settled = await result;
		this.probing = undefined;
		if (settled.ok) return settled.value;
		throw settled.failure;
	}
}
