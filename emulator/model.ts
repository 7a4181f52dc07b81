export type Generation = 'v1.0' | 'v2.0';
/** As Procore lists it: `create`, `update`, `delete`, and other words for some resources. */
export type EventType = string;
export type PayloadVersion = 'v2.0' | 'v3.0' | 'v4.0';
export type HookStatus = 'active' | 'disabled';
export type DeliveryStatus = 'delivered' | 'failed' | 'discarded' | 'enqueued' | 'retrying';
export type Outcome = 'ok' | 'retried' | 'failed' | 'discarded';
export type GrantType = 'authorizationCode' | 'clientCredentials';
export type WebhooksPermission = 'none' | 'read_only' | 'standard';

export const PAYLOAD_VERSIONS: readonly PayloadVersion[] = ['v2.0', 'v3.0', 'v4.0'];
/** The actions that v1.0 knows: it lists exceptions from them. */
export const USUAL_EVENT_TYPES: readonly EventType[] = ['create', 'update', 'delete'];

export interface Project {
	id: string;
	companyId: string;
	name: string;
	number: string;
	active: boolean;
	/** When its settings last changed, in milliseconds since 1970; changes in its tools do not count. */
	updatedAt: number;
}

export interface User {
	id: string;
	firstName: string;
	lastName: string;
	email: string;
	jobTitle: string | null;
	employee: boolean;
	vendor: { id: string; name: string } | null;
}

export interface Company {
	id: string;
	name: string;
	connected: boolean;
	webhooks: WebhooksPermission;
	projectsWithoutWebhooks: Set<string>;
	/** Projects that the account cannot access, so that they answer 404 everywhere. */
	hiddenProjects: Set<string>;
	users: User[];
}

export interface Scope {
	companyId: string;
	projectId: string | null;
}

export interface Trigger {
	id: string;
	resourceName: string;
	eventType: EventType;
	userId: string;
}

export interface Hook {
	id: string;
	scope: Scope;
	namespace: string;
	destinationUrl: string;
	authorization: string | null;
	/**
	 * As the client wrote it: `v2` and `v2.0` name the same format, and both are returned as given
	 * [PAYLOAD-VERSION-SPELLING].
	 */
	payloadVersion: string;
	status: HookStatus;
	ownerId: string;
	createdAt: number;
	updatedAt: number;
	triggers: Trigger[];
	deliveries: Delivery[];
	/** The rows that v1.0 lists: one per attempt, and one for each discarded event [V1-DELIVERIES-ROWS] [V1-DISCARDED-ROW]. */
	outcomes: OutcomeRow[];
}

export interface ProcoreEvent {
	id: string;
	ulid: string;
	time: number;
	timestamp: string;
	resourceName: string;
	resourceId: string;
	eventType: EventType;
	companyId: string;
	projectId: string | null;
	userId: string;
	applicationId: string | null;
	operationId: string | null;
	nullSources: boolean;
	relatedResources: Array<{ id: string; name: string }>;
	deliveries: number;
}

export interface Attempt {
	id: string;
	success: boolean;
	responseStatus: number | null;
	responseHeaders: Record<string, string>;
	responseBody: string | null;
	error: string | null;
	startedAt: number;
	completedAt: number;
}

export interface Delivery {
	id: string;
	hookId: string;
	event: ProcoreEvent;
	payloadVersion: string;
	status: DeliveryStatus;
	attempts: Attempt[];
	/** Accepted POSTs still to make: more than one for an event that is delivered repeatedly. */
	copies: number;
}

export interface OutcomeRow {
	id: string;
	delivery: Delivery;
	attempt: Attempt | null;
	outcome: Outcome;
}
