import { isLosslessNumber, stringify } from 'lossless-json';

import { isJsonObject, parseJson, text } from '../../nodes/Procore/model/json';
import { normalizePayloadVersion } from '../../nodes/Procore/model/payload-version';
import type { Exchange } from './exchanges';
import type { Received } from './receiver';
import type { Sanitizer } from './sanitize';

const DEEPEST = 4;
const MOST_FIELDS = 40;

/** An endpoint as it answered, or an event as it arrived. Contains nothing of the account. */
export interface EndpointForm {
	readonly method: string;
	/** Ids are `{id}`. For an event, its payload version. */
	readonly path: string;
	/** Null for an event. */
	readonly status: number | null;
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

/** Every form once. */
class Forms {
	private readonly found = new Map<string, EndpointForm>();

	constructor(private readonly sanitizer: Sanitizer) {}

	add(
		place: Pick<EndpointForm, 'method' | 'path' | 'status'>,
		{ headers, body }: Pick<Exchange, 'headers' | 'body'>,
	): void {
		const sample = { headers: this.sanitizer.headers(headers), body: this.sanitizer.body(body) };
		const form = formOf(sample.body);
		const key = `${place.method} ${place.path} ${place.status} ${form}`;
		const known = this.found.get(key);
		if (known !== undefined) known.count += 1;
		else this.found.set(key, { ...place, count: 1, form, sample });
	}

	get all(): EndpointForm[] {
		return [...this.found.values()];
	}
}

/** Returns every endpoint, status and form of a run once, in the order of their first appearance. */
export function endpointForms(
	exchanges: readonly Exchange[],
	sanitizer: Sanitizer,
): EndpointForm[] {
	const forms = new Forms(sanitizer);
	for (const exchange of exchanges) {
		const { method, status } = exchange;
		if (status === null) continue;
		const [path = ''] = sanitizer.url(exchange.path).split('?');
		forms.add({ method, path: path.replace(/\/\d{4,}(?=\/|$)/g, '/{id}'), status }, exchange);
	}
	return forms.all;
}

/** The method of events among the endpoints. */
export const EVENT_METHOD = 'POST (event)';

function payloadVersionOf(body: string): string {
	const event = parseJson(body);
	if (!isJsonObject(event)) return 'unknown';
	if (event.reason !== undefined) return 'v4.0';
	return normalizePayloadVersion(text(event.api_version)) ?? 'unknown';
}

/** Returns every form of the events that arrived once. */
export function eventForms(events: readonly Received[], sanitizer: Sanitizer): EndpointForm[] {
	const forms = new Forms(sanitizer);
	for (const event of events)
		forms.add({ method: EVENT_METHOD, path: payloadVersionOf(event.body), status: null }, event);
	return forms.all;
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
