/** So many records have to be missing before their tool counts as hidden: a single one may just be gone. */
const MISSING_RECORDS = 3;

/**
 * What one run of a node has learned about the tools it reads records of. Procore answers 404 both for what does not exist
 * and for what the account must not see, so a tool that shows none of its records is taken for hidden.
 */
export class Visibility {
	private readonly shown = new Set<string>();
	private readonly missing = new Map<string, number>();

	/** @param tool a key for a resource in a company or project. */
	noteShown(tool: string): void {
		this.shown.add(tool);
	}

	/** Notes a record that stayed missing although it was waited for. */
	noteMissing(tool: string): void {
		this.missing.set(tool, (this.missing.get(tool) ?? 0) + 1);
	}

	/** Whether waiting for a missing record of this tool is pointless. */
	isHidden(tool: string): boolean {
		return !this.shown.has(tool) && (this.missing.get(tool) ?? 0) >= MISSING_RECORDS;
	}
}
