import type { NextFunction, Request, Response } from 'express';

import { ProcoreError, badRequest } from './errors';
import { fromJson, isObject, toJson } from './json';
import type { JsonObject } from './json';
import type { AccessToken } from './tokens';

export interface CallContext {
	/** The body as received. */
	body: string;
	token: AccessToken | null;
	client: string | null;
	refusedResources: Set<string>;
	/** Names of filters, such as `namespace` or `status`, that this call ignores. */
	ignoredFilters: 'all' | readonly string[];
	/** The largest number of rows per page, whatever was requested. */
	mostRows: number;
}

const contexts = new WeakMap<Request, CallContext>();

/** What is known about a call so far; created on first use. */
export function contextOf(request: Request): CallContext {
	let context = contexts.get(request);
	if (!context) {
		const body: unknown = request.body;
		context = {
			body: typeof body === 'string' ? body : '',
			token: null,
			client: null,
			refusedResources: new Set(),
			ignoredFilters: [],
			mostRows: Infinity,
		};
		contexts.set(request, context);
	}
	return context;
}

/** A parameter of the path; empty if the path has none of this name. */
export function param(request: Request, name: string): string {
	const value: unknown = request.params[name];
	return typeof value === 'string' ? value : '';
}

/** The query of a call, decoded; `filters[id]` is one name. */
export function queryOf(request: Request): URLSearchParams {
	return new URL(request.originalUrl, 'http://procore.invalid').searchParams;
}

/** Parameters that select the list and its form, not its rows. */
const NO_FILTERS = [
	...['company_id', 'project_id', 'page', 'per_page', 'page_size', 'page_start'],
	...['sort', 'view', 'serializer_view', 'include_trigger_count'],
];

/** Whether a call should ignore a filter; `hook` stands for the hook in the path of a list of triggers. */
export function ignoresFilter(request: Request, name: string): boolean {
	const { ignoredFilters } = contextOf(request);
	return ignoredFilters === 'all' || ignoredFilters.includes(name);
}

/** The name of a filter without its wrapper: `filters[status]` and `filter[status]` are `status`. */
function filterName(parameter: string): string {
	return /^filters?\[(\w+)\]/.exec(parameter)?.[1] ?? parameter;
}

/** {@link queryOf} for filters, without those that this call should ignore. */
export function filtersOf(request: Request): URLSearchParams {
	const applied = [...queryOf(request)].filter(
		([name]) => NO_FILTERS.includes(name) || !ignoresFilter(request, filterName(name)),
	);
	return new URLSearchParams(applied);
}

/**
 * The parsed body, with lossless numbers; undefined if there is none.
 *
 * @throws ProcoreError 406 or 400.
 */
export function jsonBody(request: Request): unknown {
	const { body } = contextOf(request);
	if (body === '') return undefined;
	const type = request.headers['content-type'] ?? '';
	if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
		throw new ProcoreError(406, { errors: 'Content-Type must be application/json' });
	}
	try {
		return fromJson(body);
	} catch {
		throw badRequest('There was a problem in the JSON you submitted');
	}
}

/** {@link jsonBody}, which must be an object; an empty one if there is no body. */
export function jsonObject(request: Request): JsonObject {
	const body = jsonBody(request) ?? {};
	if (!isObject(body)) throw badRequest('The request body must be a JSON object');
	return body;
}

/** Responds with every digit of an id. */
export function sendJson(response: Response, status: number, body: unknown): void {
	response.status(status).type('application/json').send(toJson(body));
}

/** Express's last handler: turns every error into a response in one of Procore's shapes. */
export function sendError(
	error: unknown,
	_request: Request,
	response: Response,
	next: NextFunction,
): void {
	if (response.headersSent) {
		next(error);
	} else if (error instanceof ProcoreError) {
		if (typeof error.body === 'string') {
			response.status(error.status).type('text/plain').send(error.body);
		} else {
			sendJson(response, error.status, error.body);
		}
	} else if (isObject(error) && error.type === 'entity.too.large') {
		sendJson(response, 413, { errors: 'Request Entity Too Large' });
	} else {
		const message = error instanceof Error ? error.message : 'Internal Server Error';
		sendJson(response, 500, { error: { code: 500, message } });
	}
}
