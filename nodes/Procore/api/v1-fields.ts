import type { JsonBody } from '../model/json';
import type { Scope } from '../model/scope';

/** v1.0 expects ids as JSON numbers. Other text is sent unchanged, so that Procore's error names it. */
export function integer(id: string): JsonBody {
	return /^\d+$/.test(id) ? BigInt(id) : id;
}

/** v1.0 writes `v2.0` as `v2`. Whether it takes `v4` too is a guess [V1-PAYLOAD-V4]. */
export function apiVersion(payloadVersion: string): string {
	return payloadVersion.replace(/\.0$/, '');
}

/** Exactly one of the two fields is allowed (Procore, "Using the Webhooks API") [V1-ONE-SCOPE]. */
export function scopeFields(scope: Scope): Record<string, string> {
	return scope.kind === 'company'
		? { company_id: scope.companyId }
		: { project_id: scope.projectId };
}

/** The same in the body of a request. */
export function scopeBody(scope: Scope): Record<string, JsonBody> {
	return Object.fromEntries(
		Object.entries(scopeFields(scope)).map(([name, id]) => [name, integer(id)]),
	);
}
