import { Router } from 'express';
import type { Request } from 'express';

import { authenticate, callerOf, companyHeader, webhookScope } from './access';
import { deliveriesV1, deliveryV1 } from './deliveries';
import type { Emulator } from './emulator';
import { badField, badRequest, removed } from './errors';
import { contextOf, filtersOf, ignoresFilter, jsonObject, param, queryOf, sendJson } from './http';
import { createHook, deleteHook, findHook, hookV1, readHookFields, updateHook } from './hooks';
import { idNumber, isAbsent, isObject, textOf } from './json';
import type { JsonObject } from './json';
import type { Hook, Scope } from './model';
import { payloadFormat } from './payload';
import { resourceV1, resourcesFor } from './resources';
import {
	createTrigger,
	createTriggers,
	deleteTrigger,
	deleteTriggers,
	triggerV1,
	triggersOf,
} from './triggers';
import type { TriggerCall } from './triggers';

const API_VERSIONS = ['v2', 'v3', 'v4'];

function objectIn(body: JsonObject, name: string): JsonObject {
	const value = body[name];
	if (!isObject(value)) throw badField(name, 'is missing');
	return value;
}

function arrayIn(body: JsonObject, name: string): unknown[] {
	const value = body[name];
	if (!Array.isArray(value)) throw badField(name, 'is missing');
	return value;
}

/** A trigger's version must match its hook's (guide to the Webhooks API) [V1-VERSION-MATCH]. */
function assertSameVersion(hook: Hook, body: JsonObject): void {
	if (isAbsent(body.api_version)) return;
	const format = payloadFormat(textOf(body.api_version) ?? '');
	if (format === undefined || format !== payloadFormat(hook.payloadVersion)) {
		throw badField('api_version', 'does not match the hook');
	}
}

/**
 * Webhooks of `/rest/v1.0`: one set of paths whose scope is `company_id` or `project_id`, in the
 * query of GET and single DELETE and at the top of every other body; integers, no envelope.
 */
export function v1Router(emulator: Emulator): Router {
	const router = Router();

	const scopeFrom = (
		request: Request,
		companyId: string | null | undefined,
		projectId: string | null | undefined,
	): Scope => {
		authenticate(emulator, request);
		const header = companyHeader(request);
		if (!companyId && !projectId) throw badRequest('company_id or project_id is required');
		// The spec marks both as required; its text requires one of the two [V1-ONE-SCOPE].
		if (companyId && projectId) throw badRequest('Send company_id or project_id, not both');
		if (companyId) return webhookScope(emulator, request, companyId, null);
		return webhookScope(emulator, request, header, projectId ?? null);
	};
	const scopeOfQuery = (request: Request): Scope => {
		const query = queryOf(request);
		return scopeFrom(request, query.get('company_id'), query.get('project_id'));
	};
	const scopeOfBody = (request: Request, body: JsonObject): Scope =>
		scopeFrom(request, textOf(body.company_id), textOf(body.project_id));
	const hookOfQuery = (request: Request): Hook =>
		findHook(emulator, scopeOfQuery(request), param(request, 'hookId'));
	const hookOfBody = (request: Request, body: JsonObject): Hook =>
		findHook(emulator, scopeOfBody(request, body), param(request, 'hookId'));
	const triggerCall = (request: Request, body: JsonObject): TriggerCall => ({
		emulator,
		hook: hookOfBody(request, body),
		userId: callerOf(request).userId,
		refusedResources: contextOf(request).refusedResources,
	});

	const webhooks = Router();
	router.use('/rest/v1.0/webhooks', webhooks);
	webhooks.use((_request, _response, next) => {
		next(emulator.v1Removed === null ? undefined : removed(emulator.v1Removed));
	});

	webhooks.get('/hooks', (request, response) => {
		const scope = scopeOfQuery(request);
		const filters = filtersOf(request);
		const namespace = filters.get('namespace');
		const version = filters.get('api_version');
		const rows = emulator.store
			.hooksIn(scope)
			.filter(
				(hook) =>
					(!namespace || namespace === '*' || hook.namespace === namespace) &&
					(!version || payloadFormat(hook.payloadVersion) === payloadFormat(version)),
			);
		sendJson(response, 200, rows.map(hookV1));
	});

	webhooks.post('/hooks', (request, response) => {
		const body = jsonObject(request);
		const scope = scopeOfBody(request, body);
		const fields = readHookFields(emulator, objectIn(body, 'hook'), 'v1.0');
		const hook = createHook(emulator, scope, callerOf(request).userId, fields, 'v1.0');
		sendJson(response, 201, hookV1(hook));
	});

	webhooks.patch('/hooks/:hookId', (request, response) => {
		const body = jsonObject(request);
		const hook = hookOfBody(request, body);
		const fields = readHookFields(emulator, objectIn(body, 'hook'), 'v1.0');
		updateHook(emulator, hook, fields, 'v1.0');
		sendJson(response, 200, hookV1(hook));
	});

	webhooks.delete('/hooks/:hookId', (request, response) => {
		deleteHook(emulator, hookOfQuery(request));
		response.status(200).end();
	});

	webhooks.get('/hooks/:hookId/triggers', (request, response) => {
		const hook = hookOfQuery(request);
		const hooks = ignoresFilter(request, 'hook') ? emulator.store.hooksIn(hook.scope) : [hook];
		sendJson(response, 200, triggersOf(hooks, triggerV1));
	});

	webhooks.post('/hooks/:hookId/triggers', (request, response) => {
		const body = jsonObject(request);
		const call = triggerCall(request, body);
		assertSameVersion(call.hook, body);
		const trigger = createTrigger(call, objectIn(body, 'trigger'));
		sendJson(response, 201, triggerV1(call.hook, trigger));
	});

	webhooks.post('/hooks/:hookId/triggers/bulk', (request, response) => {
		const body = jsonObject(request);
		const call = triggerCall(request, body);
		assertSameVersion(call.hook, body);
		const made = createTriggers(call, arrayIn(body, 'triggers'), (text) => text);
		const success = made.flatMap(({ trigger }) => (trigger ? [triggerV1(call.hook, trigger)] : []));
		const failed = made.flatMap(({ failure }) => (failure ? [failure] : []));
		if (failed.length === 0) sendJson(response, 200, { success });
		else sendJson(response, 207, { success, failed });
	});

	webhooks.delete('/hooks/:hookId/triggers/bulk', (request, response) => {
		const body = jsonObject(request);
		const hook = hookOfBody(request, body);
		const { succeeded, failed } = deleteTriggers(hook, arrayIn(body, 'triggers'));
		const success = succeeded.map((id) => idNumber(id));
		if (failed.length === 0) {
			sendJson(response, 200, { success });
		} else {
			const failures = failed.map((id) => ({
				code: '403',
				trigger: /^\d+$/.test(id) ? idNumber(id) : id,
			}));
			sendJson(response, 207, { success, failed: failures });
		}
	});

	webhooks.delete('/hooks/:hookId/triggers/:triggerId', (request, response) => {
		deleteTrigger(hookOfQuery(request), param(request, 'triggerId'));
		response.status(200).end();
	});

	webhooks.get('/hooks/:hookId/deliveries', (request, response) => {
		const rows = deliveriesV1(hookOfQuery(request), filtersOf(request));
		sendJson(response, 200, rows.map(deliveryV1));
	});

	webhooks.get('/resources/api_versions', (request, response) => {
		scopeOfQuery(request);
		sendJson(response, 200, API_VERSIONS);
	});

	webhooks.get('/resources', (request, response) => {
		const scope = scopeOfQuery(request);
		const version = queryOf(request).get('api_version') ?? 'v2';
		const format = payloadFormat(version);
		if (format === undefined) throw badField('api_version', 'is not included in the list');
		const versions = ignoresFilter(request, 'api_version') ? API_VERSIONS : [version];
		const rows = versions.flatMap((each) =>
			resourcesFor(scope, payloadFormat(each) ?? format).map((row) => resourceV1(row, each)),
		);
		sendJson(response, 200, rows);
	});

	return router;
}
