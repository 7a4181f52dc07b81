/**
 * Reads a parameter with several values, which is an array, or comma-separated text from an expression.
 *
 * @returns the values, trimmed, without duplicates and empty ones.
 */
export function severalValues(value: unknown): string[] {
	const entries: unknown[] = Array.isArray(value) ? value : String(value ?? '').split(',');
	return [...new Set(entries.map((entry) => String(entry).trim()).filter((entry) => entry !== ''))];
}
