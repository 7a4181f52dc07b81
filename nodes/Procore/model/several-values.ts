/**
 * The values of a parameter that takes several: it comes as a list, or from an expression as comma-separated text.
 *
 * @returns each value once, trimmed, without empty ones.
 */
export function severalValues(value: unknown): string[] {
	const entries: unknown[] = Array.isArray(value) ? value : String(value ?? '').split(',');
	return [...new Set(entries.map((entry) => String(entry).trim()).filter((entry) => entry !== ''))];
}
