import { ProcoreError, badRequest, notFound, tooLarge } from './errors';
import { idNumber, isAbsent, isObject, textOf } from './json';
import type { JsonObject } from './json';
import type { Emulator } from './emulator';
import type { EventType, Hook, Trigger } from './model';
import { payloadFormat } from './payload';
import { resourcesFor } from './resources';

/** v1.0 documents 500 for both bulk calls; v2.0 gives no number and uses the same limit here [BULK-LIMIT]. */
const BULK_MOST = 500;

export interface TriggerCall {
	emulator: Emulator;
	hook: Hook;
	userId: string;
	refusedResources: Set<string>;
}

type Refusal = { field: 'resource_name' | 'event_type'; text: string; duplicate?: true };

/** A trigger as v2.0 returns it. */
export function triggerV2(hook: Hook, trigger: Trigger): JsonObject {
	const { companyId, projectId } = hook.scope;
	return {
		id: trigger.id,
		webhook_hook_id: hook.id,
		resource_name: trigger.resourceName,
		event_type: trigger.eventType.toUpperCase(),
		company_id: projectId === null ? companyId : null,
		project_id: projectId,
	};
}

/** A trigger as v1.0 returns it. */
export function triggerV1(hook: Hook, trigger: Trigger): JsonObject {
	const { companyId, projectId } = hook.scope;
	return {
		id: idNumber(trigger.id),
		webhook_hook_id: idNumber(hook.id),
		resource_name: trigger.resourceName,
		resource_id: null,
		event_type: trigger.eventType.toUpperCase(),
		company_id: projectId === null ? idNumber(companyId) : null,
		project_id: idNumber(projectId),
		user_id: idNumber(trigger.userId),
	};
}

/** The triggers of all these hooks, each in the form that `view` returns. */
export function triggersOf(
	hooks: readonly Hook[],
	view: (hook: Hook, trigger: Trigger) => JsonObject,
): JsonObject[] {
	return hooks.flatMap((hook) => hook.triggers.map((trigger) => view(hook, trigger)));
}

function check(
	call: TriggerCall,
	entry: JsonObject,
): { resourceName: string; eventType: EventType } | Refusal {
	if (isAbsent(entry.resource_name)) return { field: 'resource_name', text: "Can't be blank" };
	if (isAbsent(entry.event_type)) return { field: 'event_type', text: "Can't be blank" };
	const format = payloadFormat(call.hook.payloadVersion) ?? 'v2.0';
	const resource = resourcesFor(call.hook.scope, format).find(
		(candidate) => candidate.name === entry.resource_name,
	);
	if (!resource || call.refusedResources.has(resource.name)) {
		return { field: 'resource_name', text: 'is not supported' };
	}
	const eventType = textOf(entry.event_type) ?? '';
	if (!resource.events.includes(eventType)) {
		return { field: 'event_type', text: 'is not supported' };
	}
	const known = call.hook.triggers.some(
		(trigger) => trigger.resourceName === resource.name && trigger.eventType === eventType,
	);
	if (known) return { field: 'resource_name', text: 'Trigger already exists', duplicate: true };
	return { resourceName: resource.name, eventType };
}

function add(call: TriggerCall, entry: JsonObject): Trigger | Refusal {
	const checked = check(call, entry);
	if ('field' in checked) return checked;
	const trigger: Trigger = {
		id: call.emulator.store.ids.trigger.next(),
		resourceName: checked.resourceName,
		eventType: checked.eventType,
		userId: call.userId,
	};
	call.hook.triggers.push(trigger);
	return trigger;
}

/** @throws ProcoreError 400 if the hook cannot subscribe to it, or already has [TRIGGER-UNKNOWN] [TRIGGER-DUPLICATE]. */
export function createTrigger(call: TriggerCall, entry: JsonObject): Trigger {
	const made = add(call, entry);
	if (!('field' in made)) return made;
	if (made.duplicate) throw badRequest(made.text);
	throw new ProcoreError(400, { errors: { [made.field]: [made.text] } });
}

interface BulkEntry {
	trigger?: Trigger;
	/** The error object, with the same text in both generations. */
	failure?: JsonObject;
}

/**
 * One result per entry, in their order.
 *
 * @param wrapText puts a field's message into the form of the generation.
 * @throws ProcoreError 413.
 */
export function createTriggers(
	call: TriggerCall,
	entries: unknown[],
	wrapText: (text: string) => unknown,
): BulkEntry[] {
	assertBulkSize(entries);
	return entries.map((entry) => {
		const made = add(call, isObject(entry) ? entry : {});
		if (!('field' in made)) return { trigger: made };
		return {
			failure: {
				code: '400',
				message: 'Bad Request',
				trigger: isObject(entry) ? entry : {},
				errors: { [made.field]: wrapText(made.text) },
			},
		};
	});
}

function assertBulkSize(entries: unknown[]): void {
	if (entries.length > BULK_MOST) throw tooLarge('Too many triggers in one request');
}

function removeTrigger(hook: Hook, id: string): boolean {
	const index = hook.triggers.findIndex((trigger) => trigger.id === id);
	if (index < 0) return false;
	hook.triggers.splice(index, 1);
	return true;
}

/** @throws ProcoreError 404 if the hook has no such trigger. */
export function deleteTrigger(hook: Hook, id: string): void {
	if (!removeTrigger(hook, id)) throw notFound();
}

/**
 * Separates existing triggers from unknown ones [BULK-DELETE-MIXED].
 *
 * @throws ProcoreError 413.
 */
export function deleteTriggers(
	hook: Hook,
	ids: unknown[],
): { succeeded: string[]; failed: string[] } {
	assertBulkSize(ids);
	const succeeded: string[] = [];
	const failed: string[] = [];
	for (const value of ids) {
		const id = textOf(value) ?? '';
		(removeTrigger(hook, id) ? succeeded : failed).push(id);
	}
	return { succeeded, failed };
}
