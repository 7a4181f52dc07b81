import { isLosslessNumber, stringify } from 'lossless-json';

import type { Exchange } from './exchanges';
import type { Sanitizer } from './sanitize';

const DEEPEST = 4;
const MOST_FIELDS = 40;

/** An endpoint as it answered. Contains nothing of the account. */
export interface EndpointForm {
	readonly method: string;
	/** Ids are `{id}`. */
	readonly path: string;
	readonly status: number;
	count: number;
	readonly form: string;
	readonly sample: { readonly headers: Record<string, string>; readonly body: unknown };
}

/** Describes the form of a sanitized body, for example `{data: [{id: string}]}`. */
export function formOf(value: unknown, depth = 0): string {
	if (value === null) return 'null';
	if (isLosslessNumber(value)) return /^-?\d+$/.test(value.value) ? 'integer' : 'number';
	if (Array.isArray(value)) {
		const forms = [...new Set(value.map((entry) => formOf(entry, depth + 1)))];
		return `[${forms.join(' | ')}]`;
	}
	if (typeof value !== 'object') return value === '' && depth === 0 ? 'nothing' : typeof value;
	if (depth >= DEEPEST) return '{…}';
	const fields = Object.entries(value)
		.slice(0, MOST_FIELDS)
		.map(([name, field]) => `${name}: ${formOf(field, depth + 1)}`);
	return `{${fields.join(', ')}}`;
}

/** Returns every endpoint, status and form of a run once, in the order of their first appearance. */
export function endpointForms(
	exchanges: readonly Exchange[],
	sanitizer: Sanitizer,
): EndpointForm[] {
	const found = new Map<string, EndpointForm>();
	for (const { method, path: full, status, headers, body } of exchanges) {
		if (status === null) continue;
		const [path = ''] = sanitizer.url(full).split('?');
		const shape = path.replace(/\/\d{4,}(?=\/|$)/g, '/{id}');
		const sample = { headers: sanitizer.headers(headers), body: sanitizer.body(body) };
		const form = formOf(sample.body);
		const key = `${method} ${shape} ${status} ${form}`;
		const known = found.get(key);
		if (known !== undefined) known.count += 1;
		else found.set(key, { method, path: shape, status, count: 1, form, sample });
	}
	return [...found.values()];
}

/** A body that came with an error status. Contains nothing of the account. */
export interface ErrorBody {
	readonly status: number;
	count: number;
	readonly body: unknown;
}

/** Returns every body that came with an error status once, by status. */
export function errorBodies(exchanges: readonly Exchange[], sanitizer: Sanitizer): ErrorBody[] {
	const found = new Map<string, ErrorBody>();
	for (const { status, body: raw } of exchanges) {
		if (status === null || status < 400) continue;
		const body = sanitizer.body(raw);
		const key = `${status} ${String(stringify(body))}`;
		const known = found.get(key);
		if (known !== undefined) known.count += 1;
		else found.set(key, { status, count: 1, body });
	}
	return [...found.values()].sort((one, other) => one.status - other.status);
}
