/** A JSON object of unknown content. */
export type JsonObject = Record<string, unknown>;

/** Whether the value is an object and not an array. */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value found by following keys and indexes, or undefined if the path does not exist. */
export function valueAt(value: unknown, ...path: Array<string | number>): unknown {
	let current = value;
	for (const step of path) {
		if (Array.isArray(current) && typeof step === 'number') current = current[step];
		else if (isObject(current)) current = current[step];
		else return undefined;
	}
	return current;
}

/** The text at a path, or undefined if there is none. */
export function textAt(value: unknown, ...path: Array<string | number>): string | undefined {
	const found = valueAt(value, ...path);
	if (typeof found === 'number') return String(found);
	return typeof found === 'string' ? found : undefined;
}

/** The array at a path; an empty one if there is none. */
export function listAt(value: unknown, ...path: Array<string | number>): unknown[] {
	const found = valueAt(value, ...path);
	return Array.isArray(found) ? found : [];
}

/** The object at a path; an empty one if there is none. */
export function objectAt(value: unknown, ...path: Array<string | number>): JsonObject {
	const found = valueAt(value, ...path);
	return isObject(found) ? found : {};
}

/**
 * The text at a path.
 *
 * @throws if there is none; `what` names the response for the message
 */
export function requireText(what: string, value: unknown, ...path: Array<string | number>): string {
	const found = textAt(value, ...path);
	if (found === undefined) {
		throw new Error(`${what} has no text at ${path.join('.')}: ${JSON.stringify(value)}`);
	}
	return found;
}

/**
 * Parses JSON text into an object.
 *
 * @throws if the text is not JSON or not an object
 */
export function parseObject(text: string): JsonObject {
	const value: unknown = JSON.parse(text);
	if (!isObject(value)) throw new Error(`This is not a JSON object: ${text.slice(0, 200)}`);
	return value;
}
