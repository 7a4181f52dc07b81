import type { IDataObject } from 'n8n-workflow';

import type { Scope } from '../api/model';
import { isJsonObject, jsonObjects, textOrNull } from '../json';

/**
 * What a trigger node remembers between calls, in n8n's static data. Procore holds the truth: only the secret, of
 * which Procore shows a tail alone, cannot be found again.
 */
export interface HookMemory {
	readonly secret: string;
	readonly namespace: string;
	readonly scopes: readonly Scope[];
}

const KEY = 'hook';

function scopeOf(value: unknown): Scope | undefined {
	if (!isJsonObject(value)) return undefined;
	const companyId = textOrNull(value.companyId);
	const projectId = textOrNull(value.projectId);
	if (companyId === null) return undefined;
	return projectId === null
		? { kind: 'company', companyId }
		: { kind: 'project', companyId, projectId };
}

/** @returns undefined where nothing, or nothing usable, is remembered. */
export function recall(staticData: IDataObject): HookMemory | undefined {
	const stored: unknown = staticData[KEY];
	if (!isJsonObject(stored)) return undefined;
	const secret = textOrNull(stored.secret);
	const namespace = textOrNull(stored.namespace);
	if (secret === null || namespace === null) return undefined;
	const scopes = jsonObjects(stored.scopes)
		.map(scopeOf)
		.filter((scope) => scope !== undefined);
	return { secret, namespace, scopes };
}

export function remember(staticData: IDataObject, memory: HookMemory): void {
	staticData[KEY] = {
		secret: memory.secret,
		namespace: memory.namespace,
		scopes: memory.scopes.map((scope) => ({
			companyId: scope.companyId,
			...(scope.kind === 'project' ? { projectId: scope.projectId } : {}),
		})),
	};
}

export function forget(staticData: IDataObject): void {
	delete staticData[KEY];
}
