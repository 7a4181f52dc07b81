import type { Change } from './changes';
import type { HookEdit, PermissionChange } from './control-types';
import { badRequest } from './errors';
import type { Fault, FaultEffect } from './faults';
import { isObject } from './json';
import type { JsonObject } from './json';
import type { DeliveryStatus, EventType } from './model';
import type { Limit } from './rate-limit';
import { isEventType } from './resources';

/** Readers for the bodies of control calls. An invalid body is rejected with the name of the field. */
export function optionalText(body: JsonObject, name: string): string | undefined {
	const value = body[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	throw badRequest(`${name} must be a text`);
}

/** @throws ProcoreError 400 if it is missing or not a string, like the other readers here. */
export function text(body: JsonObject, name: string): string {
	const value = optionalText(body, name);
	if (value === undefined) throw badRequest(`${name} is missing`);
	return value;
}

/** Undefined if it is missing; never negative. */
export function optionalNumber(body: JsonObject, name: string): number | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (typeof value === 'number' && value >= 0) return value;
	throw badRequest(`${name} must be a number that is not negative`);
}

/** {@link optionalNumber}, but required. */
export function number(body: JsonObject, name: string): number {
	const value = optionalNumber(body, name);
	if (value === undefined) throw badRequest(`${name} is missing`);
	return value;
}

/** Undefined if it is missing. */
export function textList(body: JsonObject, name: string): string[] | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (!Array.isArray(value)) throw badRequest(`${name} must be a list`);
	return value.map((entry) => String(entry));
}

/** A value that must be an object. */
export function object(value: unknown, name: string): JsonObject {
	if (!isObject(value)) throw badRequest(`${name} must be an object`);
	return value;
}

function eventType(body: JsonObject): EventType {
	const type = text(body, 'eventType');
	if (!isEventType(type)) throw badRequest(`No resource has the event type ${type}`);
	return type;
}

function given<Name extends string, const Value>(
	name: Name,
	value: Value | undefined,
): { [key in Name]?: Value } {
	const part: { [key in Name]?: Value } = {};
	if (value !== undefined) part[name] = value;
	return part;
}

/** The body of `POST /changes`. */
export function readChange(body: JsonObject): Change {
	const related = body.relatedResources;
	if (related !== undefined && !Array.isArray(related)) {
		throw badRequest('relatedResources must be a list');
	}
	return {
		companyId: text(body, 'companyId'),
		projectId: optionalText(body, 'projectId') ?? null,
		resourceName: text(body, 'resourceName'),
		eventType: eventType(body),
		applicationId: optionalText(body, 'applicationId') ?? null,
		operationId: optionalText(body, 'operationId') ?? null,
		nullSources: body.nullSources === true,
		relatedResources: (related ?? []).map((entry: unknown) => {
			const resource = object(entry, 'relatedResources');
			return { id: text(resource, 'id'), name: text(resource, 'name') };
		}),
		...given('resourceId', optionalText(body, 'resourceId')),
		...given('userId', optionalText(body, 'userId')),
		...given('record', body.record === undefined ? undefined : object(body.record, 'record')),
		...given('deliverTimes', optionalNumber(body, 'deliverTimes')),
		...given('count', optionalNumber(body, 'count')),
		...(body.silent === true ? { silent: true } : {}),
	};
}

function readEffect(body: JsonObject): FaultEffect {
	switch (body.kind) {
		case 'status': {
			const headers: Record<string, string> = {};
			for (const [name, value] of Object.entries(object(body.headers ?? {}, 'headers'))) {
				headers[name] = String(value);
			}
			return { kind: 'status', status: number(body, 'status'), headers, body: body.body };
		}
		case 'page':
			return { kind: 'page', ...given('title', optionalText(body, 'title')) };
		case 'redirect':
			return { kind: 'redirect', ...given('to', optionalText(body, 'to')) };
		case 'pageTooLarge': {
			const status = body.status === 408 ? 408 : 500;
			return { kind: 'pageTooLarge', above: number(body, 'above'), status };
		}
		case 'drop':
			return { kind: 'drop', when: body.when === 'after' ? 'after' : 'before' };
		case 'delay':
			return {
				kind: 'delay',
				ms: number(body, 'ms'),
				when: body.when === 'after' ? 'after' : 'before',
			};
		case 'hold':
			return { kind: 'hold' };
		case 'rateLimited':
			return { kind: 'rateLimited', resetInSeconds: number(body, 'resetInSeconds') };
		case 'expireToken':
			return { kind: 'expireToken' };
		case 'refuseTriggers':
			return { kind: 'refuseTriggers', resources: textList(body, 'resources') ?? [] };
		case 'ignoreFilters':
			return { kind: 'ignoreFilters', ...given('names', textList(body, 'names')) };
		case 'capPages':
			return { kind: 'capPages', rows: number(body, 'rows') };
		case 'changeProject':
			return {
				kind: 'changeProject',
				projectId: text(body, 'projectId'),
				...given('active', typeof body.active === 'boolean' ? body.active : undefined),
				...given('name', optionalText(body, 'name')),
			};
		case 'changeRecord':
			return { kind: 'changeRecord', change: readChange(object(body.change, 'change')) };
		default:
			throw badRequest('effect.kind is not known');
	}
}

/** The body of `POST /faults`. */
export function readFault(body: JsonObject): Fault {
	return {
		effect: readEffect(object(body.effect, 'effect')),
		...given('method', optionalText(body, 'method')),
		...given('path', optionalText(body, 'path')),
		...given('grant', optionalText(body, 'grant')),
		...given('times', optionalNumber(body, 'times')),
		...given('after', optionalNumber(body, 'after')),
	};
}

/** The body of `POST /permissions`. */
export function readPermissions(body: JsonObject): PermissionChange {
	const webhooks = body.webhooks;
	if (
		webhooks !== undefined &&
		webhooks !== 'none' &&
		webhooks !== 'read_only' &&
		webhooks !== 'standard'
	) {
		throw badRequest('webhooks must be none, read_only or standard');
	}
	return {
		companyId: text(body, 'companyId'),
		...given('connected', typeof body.connected === 'boolean' ? body.connected : undefined),
		...given('webhooks', webhooks),
		...given('projectIds', textList(body, 'projectIds')),
		...given('hiddenProjectIds', textList(body, 'hiddenProjectIds')),
	};
}

/** The body of `PATCH /hooks/:hookId`. */
export function readHookEdit(body: JsonObject): HookEdit {
	const { status, triggers } = body;
	if (status !== undefined && status !== 'active' && status !== 'disabled') {
		throw badRequest('status must be active or disabled');
	}
	if (triggers !== undefined && !Array.isArray(triggers)) {
		throw badRequest('triggers must be a list');
	}
	const createdAt = optionalText(body, 'createdAt');
	if (createdAt !== undefined && Number.isNaN(Date.parse(createdAt))) {
		throw badRequest('createdAt must be a time in ISO 8601');
	}
	return {
		...given('createdAt', createdAt),
		...given('status', status),
		...given('destinationUrl', optionalText(body, 'destinationUrl')),
		...(body.authorization === null ? { authorization: null } : {}),
		...given('authorization', optionalText(body, 'authorization')),
		...given(
			'triggers',
			triggers?.map((entry: unknown) => {
				const trigger = object(entry, 'triggers');
				return { resourceName: text(trigger, 'resourceName'), eventType: eventType(trigger) };
			}),
		),
	};
}

/** A delivery's status in either of Procore's spellings. */
export function readStatus(word: string): DeliveryStatus {
	switch (word) {
		case 'succeeded':
		case 'delivered':
			return 'delivered';
		case 'failed':
		case 'discarded':
		case 'enqueued':
		case 'retrying':
			return word;
		default:
			throw badRequest(`No such delivery status: ${word}`);
	}
}

/** Null restores the default. */
export function readRateLimits(body: JsonObject): Limit[] | null {
	const { limits } = body;
	if (limits === null) return null;
	if (!Array.isArray(limits)) throw badRequest('limits must be a list');
	return limits.map((entry) => {
		const limit = object(entry, 'limit');
		return { limit: number(limit, 'limit'), windowSeconds: number(limit, 'windowSeconds') };
	});
}
