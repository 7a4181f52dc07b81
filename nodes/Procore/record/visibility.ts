/** How many records must be missing before their tool counts as hidden; a single one could have been deleted. */
const MISSING_RECORDS = 3;

/**
 * Tracks which tools the account can access during one run of a node. Procore responds with 404 both for a record that does
 * not exist and for one that the account cannot access, so a tool whose records are all missing counts as hidden.
 *
 * A hidden tool only saves the wait: each further record is still read, once. The missing ones might have been deleted, for
 * example by one person who cleaned up, and a record that exists must not be reported as missing because of others.
 */
export class Visibility {
	private readonly shown = new Set<string>();
	private readonly missing = new Map<string, number>();

	/** @param tool a key for a resource in a company or project. */
	noteShown(tool: string): void {
		this.shown.add(tool);
	}

	/** Notes a record that was still missing after the retries. */
	noteMissing(tool: string): void {
		this.missing.set(tool, (this.missing.get(tool) ?? 0) + 1);
	}

	/** Whether it is useless to wait for a missing record of this tool. */
	isHidden(tool: string): boolean {
		return !this.shown.has(tool) && (this.missing.get(tool) ?? 0) >= MISSING_RECORDS;
	}
}
