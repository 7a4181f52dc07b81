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

/** Every form once, in the order of their first appearance. */
export class Forms {
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

	/** Adds forms that were found earlier. */
	restore(forms: readonly EndpointForm[]): void {
		for (const each of forms)
			this.found.set(`${each.method} ${each.path} ${each.status} ${each.form}`, { ...each });
	}

	get all(): EndpointForm[] {
		return [...this.found.values()];
	}
}

/** Adds every endpoint, with the status and the form of its response. */
export function addExchanges(
	forms: Forms,
	exchanges: readonly Exchange[],
	sanitizer: Sanitizer,
): void {
	for (const exchange of exchanges) {
		const { method, status } = exchange;
		if (status === null) continue;
		const [path = ''] = sanitizer.url(exchange.path).split('?');
		forms.add({ method, path: path.replace(/\/\d{4,}(?=\/|$)/g, '/{id}'), status }, exchange);
	}
}

/** The method of events among the endpoints. */
export const EVENT_METHOD = 'POST (event)';

function payloadVersionOf(body: string): string {
	const event = parseJson(body);
	if (!isJsonObject(event)) return 'unknown';
	if (event.reason !== undefined) return 'v4.0';
	return normalizePayloadVersion(text(event.api_version)) ?? 'unknown';
}

/** Adds the events that arrived. */
export function addEvents(forms: Forms, events: readonly Received[]): void {
	for (const event of events)
		forms.add({ method: EVENT_METHOD, path: payloadVersionOf(event.body), status: null }, event);
}

/** A body that came with an error status. Contains nothing of the account. */
export interface ErrorBody {
	readonly status: number;
	count: number;
	readonly body: unknown;
}

/** Every body that came with an error status once. */
export class ErrorBodies {
	private readonly found = new Map<string, ErrorBody>();

	constructor(private readonly sanitizer: Sanitizer) {}

	add(exchanges: readonly Exchange[]): void {
		for (const { status, body: raw } of exchanges)
			if (status !== null && status >= 400)
				this.addOne({ status, count: 1, body: this.sanitizer.body(raw) });
	}

	/** Adds bodies that were found earlier. */
	restore(errors: readonly ErrorBody[]): void {
		for (const each of errors) this.addOne(each);
	}

	/** By status. */
	get all(): ErrorBody[] {
		return [...this.found.values()].sort((one, other) => one.status - other.status);
	}

	private addOne(error: ErrorBody): void {
		const key = `${error.status} ${String(stringify(error.body))}`;
		const known = this.found.get(key);
		if (known === undefined) this.found.set(key, { ...error });
		else known.count += error.count;
	}
}
