import type { HookChanges } from '../model/hook';
import type { Scope } from '../model/scope';

/** What a hook is made of or changed to. */
export function draftBody(changes: HookChanges) {
	const { namespace, destination_url, authorization, payload_version, status } = changes;
	return {
		...(namespace === undefined ? {} : { namespace }),
		...(destination_url === undefined ? {} : { destination_url }),
		...(authorization === undefined
			? {}
			: { destination_headers: { Authorization: authorization } }),
		...(payload_version === undefined ? {} : { payload_version }),
		...(status === undefined ? {} : { status }),
	};
}

/** Where the webhook endpoints of a scope are. */
export function scopePath(scope: Scope): string {
	const company = `/rest/v2.0/companies/${encodeURIComponent(scope.companyId)}`;
	return scope.kind === 'company'
		? `${company}/webhooks`
		: `${company}/projects/${encodeURIComponent(scope.projectId)}/webhooks`;
}

/** The day of an instant in UTC, shifted by whole days; undefined if it is not an instant. */
export function day(instant: string | undefined, shiftDays: number): string | undefined {
	const time = Date.parse(instant ?? '');
	if (Number.isNaN(time)) return undefined;
	return new Date(time + shiftDays * 86_400_000).toISOString().slice(0, 10);
}
