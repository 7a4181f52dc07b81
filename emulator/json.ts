import { LosslessNumber, isLosslessNumber, parse, stringify } from 'lossless-json';

export type JsonObject = Record<string, unknown>;

/** An id as a JSON number, whatever its length. */
export function idNumber(id: string): LosslessNumber;
export function idNumber(id: string | null): LosslessNumber | null;
export function idNumber(id: string | null): LosslessNumber | null {
	return id === null ? null : new LosslessNumber(id);
}

/** Serializes a value in which every {@link idNumber} is a number. */
export function toJson(value: unknown): string {
	return stringify(value) ?? 'null';
}

/** Parses numbers as LosslessNumber. @throws SyntaxError. */
export function fromJson(text: string): unknown {
	return parse(text);
}

/** Whether a value is an object, and neither a list nor a number. */
export function isObject(value: unknown): value is JsonObject {
	return (
		typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
	);
}

/** A string, or a number with all its digits; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
	if (typeof value === 'string') return value;
	if (isLosslessNumber(value)) return value.toString();
	return undefined;
}

/** Whether Rails would call the value blank. */
export function isAbsent(value: unknown): value is null | undefined | '' {
	return value === undefined || value === null || value === '';
}
