import { Router } from 'express';
import type { Request } from 'express';

import { authenticate, callerOf, webhookScope } from './access';
import { deliveriesV2, deliveryV2 } from './deliveries';
import type { Emulator } from './emulator';
import { badRequest, badRequestV2 } from './errors';
import {
	contextOf,
	filtersOf,
	ignoresFilter,
	jsonBody,
	jsonObject,
	param,
	queryOf,
	sendJson,
} from './http';
import { createHook, deleteHook, findHook, hookV2, readHookFields, updateHook } from './hooks';
import { PAYLOAD_VERSIONS } from './model';
import type { Scope } from './model';
import { V2_PAGE, paged } from './paging';
import { payloadFormat } from './payload';
import { resourceV2, resourcesFor } from './resources';
import {
	createTrigger,
	createTriggers,
	deleteTrigger,
	deleteTriggers,
	triggerV2,
	triggersOf,
} from './triggers';
import type { TriggerCall } from './triggers';

/** Webhooks of `/rest/v2.0`: the scope is in the path, ids are strings, and responses are inside `data`. */
export function v2Router(emulator: Emulator): Router {
	const webhooks = Router({ mergeParams: true });

	const scopeOf = (request: Request): Scope => {
		authenticate(emulator, request);
		const projectId = param(request, 'projectId');
		const companyId = param(request, 'companyId');
		return webhookScope(emulator, request, companyId, projectId === '' ? null : projectId);
	};
	const hookOf = (request: Request) =>
		findHook(emulator, scopeOf(request), param(request, 'hookId'));
	const triggerCall = (request: Request): TriggerCall => ({
		emulator,
		hook: hookOf(request),
		userId: callerOf(request).userId,
		refusedResources: contextOf(request).refusedResources,
	});
	const arrayBody = (request: Request): unknown[] => {
		const body = jsonBody(request);
		if (!Array.isArray(body)) throw badRequest('The request body must be an array');
		return body;
	};

	webhooks.get('/hooks', (request, response) => {
		const scope = scopeOf(request);
		const query = queryOf(request);
		// Required for a company, optional for a project (reference, hooks) [V2-COMPANY-NAMESPACE].
		if (!query.get('namespace') && scope.projectId === null) {
			throw badRequestV2('namespace is missing');
		}
		const filters = filtersOf(request);
		const namespace = filters.get('namespace');
		const version = filters.get('payload_version');
		const rows = emulator.store
			.hooksIn(scope)
			.filter(
				(hook) =>
					(!namespace || hook.namespace === namespace) &&
					(!version || payloadFormat(hook.payloadVersion) === payloadFormat(version)),
			);
		const counted = query.get('include_trigger_count') === 'true';
		sendJson(response, 200, {
			data: paged(request, response, rows, V2_PAGE).map((hook) => hookV2(hook, counted)),
		});
	});

	webhooks.post('/hooks', (request, response) => {
		const scope = scopeOf(request);
		const fields = readHookFields(emulator, jsonObject(request), 'v2.0');
		const hook = createHook(emulator, scope, callerOf(request).userId, fields, 'v2.0');
		sendJson(response, 201, { data: hookV2(hook, false) });
	});

	webhooks.get('/hooks/:hookId', (request, response) => {
		sendJson(response, 200, { data: hookV2(hookOf(request), false) });
	});

	webhooks.patch('/hooks/:hookId', (request, response) => {
		const hook = hookOf(request);
		const fields = readHookFields(emulator, jsonObject(request), 'v2.0');
		updateHook(emulator, hook, fields, 'v2.0');
		sendJson(response, 200, { data: hookV2(hook, false) });
	});

	webhooks.delete('/hooks/:hookId', (request, response) => {
		deleteHook(emulator, hookOf(request));
		response.status(204).end();
	});

	webhooks.get('/hooks/:hookId/triggers', (request, response) => {
		const hook = hookOf(request);
		const hooks = ignoresFilter(request, 'hook') ? emulator.store.hooksIn(hook.scope) : [hook];
		sendJson(response, 200, {
			data: paged(request, response, triggersOf(hooks, triggerV2), V2_PAGE),
		});
	});

	webhooks.post('/hooks/:hookId/triggers', (request, response) => {
		const call = triggerCall(request);
		const trigger = createTrigger(call, jsonObject(request));
		sendJson(response, 201, { data: triggerV2(call.hook, trigger) });
	});

	webhooks.post('/hooks/:hookId/triggers/bulk', (request, response) => {
		const call = triggerCall(request);
		const made = createTriggers(call, arrayBody(request), (text) => [text]);
		const data = made.map(({ trigger, failure }) =>
			trigger ? triggerV2(call.hook, trigger) : failure,
		);
		sendJson(response, made.some((entry) => entry.failure) ? 207 : 201, { data });
	});

	webhooks.delete('/hooks/:hookId/triggers/bulk', (request, response) => {
		const { succeeded, failed } = deleteTriggers(hookOf(request), arrayBody(request));
		if (failed.length === 0) sendJson(response, 200, { data: { succeeded } });
		else sendJson(response, 207, { data: { succeeded, failed } });
	});

	webhooks.delete('/hooks/:hookId/triggers/:triggerId', (request, response) => {
		deleteTrigger(hookOf(request), param(request, 'triggerId'));
		response.status(204).end();
	});

	webhooks.get('/hooks/:hookId/deliveries', (request, response) => {
		const rows = deliveriesV2(hookOf(request), filtersOf(request));
		sendJson(response, 200, {
			data: paged(request, response, rows, V2_PAGE).map(deliveryV2),
		});
	});

	webhooks.get('/resources', (request, response) => {
		const scope = scopeOf(request);
		const version = queryOf(request).get('payload_version') ?? '';
		const format = payloadFormat(version);
		// The enum here is `v2.0`, `v3.0`, `v4.0`, without the short spellings.
		if (format === undefined || format !== version) {
			throw badRequestV2('payload_version does not have a valid value');
		}
		const formats = ignoresFilter(request, 'payload_version') ? PAYLOAD_VERSIONS : [format];
		const rows = formats.flatMap((each) =>
			resourcesFor(scope, each).map((row) => resourceV2(row, each)),
		);
		sendJson(response, 200, { data: paged(request, response, rows, V2_PAGE) });
	});

	const router = Router();
	router.use('/rest/v2.0/companies/:companyId/webhooks', webhooks);
	router.use('/rest/v2.0/companies/:companyId/projects/:projectId/webhooks', webhooks);
	return router;
}
