/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { isIP } from 'node:net';

import { isoSeconds } from './clock';
import type { Emulator } from './emulator';
import { badField, badRequestV2, notFound } from './errors';
import type { ProcoreError } from './errors';
import { idNumber, isAbsent, isObject } from './json';
import type { JsonObject } from './json';
import type { Generation, Hook, HookStatus, Scope } from './model';
import { payloadFormat } from './payload';
import { sameScope } from './store';

export interface HookFields {
	payloadVersion?: string;
	namespace?: string;
	destinationUrl?: string;
	authorization?: string | null;
	status?: HookStatus;
}

function versionWord(generation: Generation): string {
	return generation === 'v1.0' ? 'api_version' : 'payload_version';
}

function maskedHeaders(hook: Hook): JsonObject {
	if (hook.authorization === null) return {};
	return { Authorization: `*****${hook.authorization.slice(-5)}` };
}

/** A hook as v2.0 returns it. */
export function hookV2(hook: Hook, withTriggerCount: boolean): JsonObject {
	const { companyId, projectId } = hook.scope;
	return {
		id: hook.id,
		status: hook.status,
		payload_version: hook.payloadVersion,
		namespace: hook.namespace,
		destination_headers: maskedHeaders(hook),
		destination_url: hook.destinationUrl,
		...(withTriggerCount ? { trigger_count: hook.triggers.length } : {}),
		company_id: projectId === null ? companyId : null,
		project_id: projectId,
		created_at: isoSeconds(hook.createdAt),
		updated_at: isoSeconds(hook.updatedAt),
		hook_type: 'classic',
	};
}

/** A hook as v1.0 returns it: without status and times [V1-NO-STATUS]. */
export function hookV1(hook: Hook): JsonObject {
	const { companyId, projectId } = hook.scope;
	return {
		id: idNumber(hook.id),
		api_version: hook.payloadVersion,
		destination_headers: maskedHeaders(hook),
		destination_url: hook.destinationUrl,
		owned_by_company_id: projectId === null ? idNumber(companyId) : null,
		owned_by_project_id: idNumber(projectId),
		owned_by_user_id: idNumber(hook.ownerId),
		namespace: hook.namespace,
	};
}

/** @throws ProcoreError 404 if the scope has no such hook. */
export function findHook(emulator: Emulator, scope: Scope, id: string): Hook {
	const hook = emulator.store.hook(id);
	if (!hook || !sameScope(hook.scope, scope)) throw notFound();
	return hook;
}

function isLoopback(hostname: string): boolean {
	const host = hostname.replace(/^\[|\]$/g, '');
	if (host === 'localhost' || host.endsWith('.localhost') || host === '::1') return true;
	return isIP(host) === 4 && host.startsWith('127.');
}

/** Procore accepts only https; loopback addresses are allowed for tests on one machine [DESTINATION-HTTPS]. */
function isDestination(text: string, httpsOnly: boolean): boolean {
	if (!URL.canParse(text)) return false;
	const url = new URL(text);
	if (url.protocol === 'https:') return true;
	return url.protocol === 'http:' && !httpsOnly && isLoopback(url.hostname);
}

/** Lowercase letters, digits and dashes (guide to the Webhooks API) [NAMESPACE-CHARACTERS]. */
function isNamespace(text: string): boolean {
	return /^[a-z0-9-]+$/.test(text);
}

/**
 * The fields of a hook in a body.
 *
 * @throws ProcoreError 400 for the first invalid one.
 */
export function readHookFields(
	emulator: Emulator,
	body: JsonObject,
	generation: Generation,
): HookFields {
	const fields: HookFields = {};
	const version = body[versionWord(generation)];
	if (version !== undefined) {
		if (typeof version !== 'string' || !payloadFormat(version)) {
			throw badField(versionWord(generation), 'is not included in the list');
		}
		fields.payloadVersion = version;
	}
	if (body.namespace !== undefined) {
		if (typeof body.namespace !== 'string' || !isNamespace(body.namespace)) {
			throw badField('namespace', 'may only contain lowercase letters, digits and dashes');
		}
		fields.namespace = body.namespace;
	}
	if (body.destination_url !== undefined) {
		const url = body.destination_url;
		if (typeof url !== 'string' || !isDestination(url, emulator.httpsOnly)) {
			throw badField('destination_url', 'must be a valid HTTPS URL');
		}
		fields.destinationUrl = url;
	}
	if (body.destination_headers !== undefined && body.destination_headers !== null) {
		const headers = body.destination_headers;
		const value = isObject(headers) ? headers.Authorization : undefined;
		if (!isObject(headers) || (!isAbsent(value) && typeof value !== 'string')) {
			throw badField('destination_headers', 'must hold an Authorization text');
		}
		if (Object.keys(headers).some((name) => name !== 'Authorization')) {
			throw badField('destination_headers', 'may only hold Authorization');
		}
		fields.authorization = typeof value === 'string' && value !== '' ? value : null;
	}
	if (body.status !== undefined && generation === 'v2.0') {
		if (body.status !== 'active' && body.status !== 'disabled') {
			throw badField('status', 'is not included in the list');
		}
		fields.status = body.status;
	}
	return fields;
}

function namespaceTaken(generation: Generation): ProcoreError {
	return generation === 'v1.0'
		? badField('namespace', 'has already been taken')
		: badRequestV2('Namespace has already been taken');
}

/** Allows one hook per namespace and scope [NAMESPACE-UNIQUE]. @throws ProcoreError 400 for a second one. */
function assertNamespaceFree(
	emulator: Emulator,
	scope: Scope,
	namespace: string,
	generation: Generation,
	self?: Hook,
): void {
	const taken = emulator.store
		.hooksIn(scope)
		.some((hook) => hook !== self && hook.namespace === namespace);
	if (taken) throw namespaceTaken(generation);
}

/** @throws ProcoreError 400 if a field is missing or the namespace is taken. */
export function createHook(
	emulator: Emulator,
	scope: Scope,
	ownerId: string,
	fields: HookFields,
	generation: Generation,
): Hook {
	// The namespace is optional on v1.0; older guides name `procore` as its default [V1-DEFAULT-NAMESPACE].
	const namespace = fields.namespace ?? (generation === 'v1.0' ? 'procore' : undefined);
	if (fields.payloadVersion === undefined) {
		throw badField(versionWord(generation), "can't be blank");
	}
	if (namespace === undefined) throw badField('namespace', "can't be blank");
	if (fields.destinationUrl === undefined) throw badField('destination_url', "can't be blank");
	assertNamespaceFree(emulator, scope, namespace, generation);
	const now = emulator.clock.now();
	const hook: Hook = {
		id: emulator.store.ids.hook.next(),
		scope,
		namespace,
		destinationUrl: fields.destinationUrl,
		authorization: fields.authorization ?? null,
		payloadVersion: fields.payloadVersion,
		status: 'active',
		ownerId,
		createdAt: now,
		updatedAt: now,
		triggers: [],
		deliveries: [],
		outcomes: [],
	};
	emulator.store.addHook(hook);
	return hook;
}

/**
 * Changes the given fields.
 *
 * @throws ProcoreError 400 if the namespace is taken.
 */
export function updateHook(
	emulator: Emulator,
	hook: Hook,
	fields: HookFields,
	generation: Generation,
): void {
	if (fields.namespace !== undefined) {
		assertNamespaceFree(emulator, hook.scope, fields.namespace, generation, hook);
		hook.namespace = fields.namespace;
	}
	if (fields.payloadVersion !== undefined) hook.payloadVersion = fields.payloadVersion;
	if (fields.destinationUrl !== undefined) hook.destinationUrl = fields.destinationUrl;
	if (fields.authorization !== undefined) hook.authorization = fields.authorization;
	if (fields.status !== undefined) hook.status = fields.status;
	hook.updatedAt = emulator.clock.now();
	emulator.engine.hookChanged(hook);
}

/** Deletes a hook with its triggers and waiting deliveries [HOOK-DELETE] [HOOK-OFF-QUEUE]. */
export function deleteHook(emulator: Emulator, hook: Hook): void {
	emulator.store.removeHook(hook.id);
	emulator.engine.hookDeleted(hook);
}
