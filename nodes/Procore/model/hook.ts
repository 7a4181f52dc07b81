import type { PayloadVersion } from './payload-version';

/** Whether Procore delivers to a hook; it keeps a disabled one. */
export type HookStatus = 'active' | 'disabled';

/** Where Procore delivers the events of a scope, found again by scope and namespace. Times are ISO 8601, UTC. */
export interface Hook {
	id: string;
	namespace: string | null;
	destination_url: string;
	/** Procore masks the values: five stars and the last five characters. */
	destination_headers: { readonly Authorization?: string; readonly [name: string]: string };
	payload_version: string;
	status: HookStatus;
	trigger_count?: number;
	company_id: string | null;
	project_id: string | null;
	created_at: string | null;
	updated_at: string | null;
}

/** What a new hook is made of. */
export interface HookDraft {
	readonly namespace: string;
	readonly destination_url: string;
	/** The whole Authorization value, as `Bearer …`; Procore adds the header's name. */
	readonly authorization?: string;
	readonly payload_version: PayloadVersion;
}

/** What an update changes; a field that is left out stays as it is. */
export type HookChanges = Partial<HookDraft> & { readonly status?: HookStatus };
