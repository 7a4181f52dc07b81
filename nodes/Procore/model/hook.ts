import type { PayloadVersion } from './payload-version';

/** Whether Procore delivers events to a hook [HOOK-STATUS] [DISABLED-GETS-NONE]. */
export type HookStatus = 'active' | 'disabled';

/** Delivers the events of a scope to a URL. Identified by scope and namespace. Times are ISO 8601, UTC. */
export interface Hook {
	id: string;
	namespace: string | null;
	destination_url: string;
	/** Procore masks the values: five asterisks and the last five characters [HOOK-MASKED-HEADER]. */
	destination_headers: { readonly Authorization?: string; readonly [name: string]: string };
	payload_version: string;
	status: HookStatus;
	trigger_count?: number;
	company_id: string | null;
	project_id: string | null;
	created_at: string | null;
	updated_at: string | null;
}

/** The fields of a new hook. */
export interface HookDraft {
	readonly namespace: string;
	readonly destination_url: string;
	/** The value of the Authorization header, for example `Bearer …`. */
	readonly authorization?: string;
	readonly payload_version: PayloadVersion;
}

/** The fields that an update changes; a missing one keeps its value [HOOK-PATCH-PARTIAL]. */
export type HookChanges = Partial<HookDraft> & { readonly status?: HookStatus };
