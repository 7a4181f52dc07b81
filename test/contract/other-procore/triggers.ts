import type { Response, Router } from 'express';

import { textAt } from '../../harness/json';
import { hookOf, newId, resourcesIn, type Hook, type Hooks, type Trigger } from './hooks';
import { param, refuse, sendPage } from './replies';

const MOST = 500;
const EVENT_TYPES = ['create', 'update', 'delete'];

/** Adds a trigger. @returns it, or why it cannot be. */
export function add(hook: Hook, entry: unknown): Trigger | string {
	const resource_name = textAt(entry, 'resource_name') ?? '';
	const type = (textAt(entry, 'event_type') ?? '').toLowerCase();
	const resource = resourcesIn(hook.scope, hook.payload_version).find(
		({ name }) => name === resource_name,
	);
	if (resource === undefined) return 'Resource is not supported';
	if (!EVENT_TYPES.includes(type) || resource.except.includes(type))
		return 'Event type is not supported';
	const event_type = type.toUpperCase();
	const isThere = hook.triggers.some(
		(each) => each.resource_name === resource_name && each.event_type === event_type,
	);
	if (isThere) return 'Trigger is known';
	const trigger = { id: newId(), webhook_hook_id: hook.id, resource_name, event_type };
	hook.triggers.push(trigger);
	return trigger;
}

/** Removes a trigger. @returns whether it was there. */
export function remove(hook: Hook, id: string): boolean {
	const index = hook.triggers.findIndex((trigger) => trigger.id === id);
	if (index >= 0) hook.triggers.splice(index, 1);
	return index >= 0;
}

function addInBulk(hook: Hook, entries: readonly unknown[], response: Response): Response {
	if (entries.length > MOST) return response.status(413).json({ errors: 'Too many triggers' });
	const results = entries.map((entry) => ({ entry, result: add(hook, entry) }));
	const refused = results.filter(({ result }) => typeof result === 'string').length;
	if (refused === results.length) return refuse(response, 400, 'Nothing was created');
	const data = results.map(({ entry, result }) =>
		typeof result === 'string'
			? { resource_name: textAt(entry, 'resource_name'), error: result }
			: result,
	);
	return response.status(refused === 0 ? 201 : 207).json({ data });
}

/** The triggers of a hook, one by one and in bulk. */
export function addTriggerRoutes(router: Router, hooks: Hooks): void {
	router.get('/hooks/:hook/triggers', (request, response) =>
		sendPage(request, response, hookOf(hooks, request)?.triggers ?? []),
	);
	router.post('/hooks/:hook/triggers', (request, response) => {
		const hook = hookOf(hooks, request);
		if (hook === undefined) return refuse(response, 404, 'Hook does not exist');
		const result = add(hook, request.body);
		return typeof result === 'string'
			? refuse(response, 400, result)
			: response.status(201).json({ data: result });
	});
	router.post('/hooks/:hook/triggers/bulk', (request, response) => {
		const hook = hookOf(hooks, request);
		const entries: unknown = request.body;
		if (hook === undefined) return refuse(response, 404, 'Hook does not exist');
		if (!Array.isArray(entries)) return refuse(response, 400, 'Body is not a list');
		return addInBulk(hook, entries, response);
	});
	router.delete('/hooks/:hook/triggers/bulk', (request, response) => {
		const hook = hookOf(hooks, request);
		const ids: unknown = request.body;
		if (hook === undefined) return refuse(response, 404, 'Hook does not exist');
		const asked = Array.isArray(ids) ? ids.map(String) : [];
		const succeeded = asked.filter((id) => remove(hook, id));
		const failed = asked.filter((id) => !succeeded.includes(id));
		const isWhole = failed.length === 0;
		const data = isWhole ? { succeeded } : { succeeded, failed };
		return response.status(isWhole ? 200 : 207).json({ data });
	});
	router.delete('/hooks/:hook/triggers/:id', (request, response) => {
		const hook = hookOf(hooks, request);
		const isRemoved = hook !== undefined && remove(hook, param(request, 'id'));
		return isRemoved ? response.status(204).end() : refuse(response, 404, 'Trigger does not exist');
	});
}
