import type { Change } from './changes';
import type { Fault } from './faults';
import type { StorageRequest } from './files';
import type {
	DeliveryStatus,
	EventType,
	GrantType,
	HookStatus,
	PayloadVersion,
	Scope,
	WebhooksPermission,
} from './model';
import type { Limit } from './rate-limit';
import type { LoggedRequest } from './request-log';

export type { Change, Fault, LoggedRequest, StorageRequest };
export type RateLimitSetting = Limit;

export interface SeedProject {
	id: string;
	name: string;
	display_name: string;
	active: boolean;
}

export interface SeedCompany {
	id: string;
	name: string;
	projects: SeedProject[];
}

export interface Seed {
	clientId: string;
	clientSecret: string;
	webUser: { login: string; password: string; id: string };
	serviceAccountUserId: string;
	/** The companies that the app is connected to. */
	companies: SeedCompany[];
	unconnectedCompany: SeedCompany;
}

export interface HookState {
	id: string;
	scope: Scope;
	namespace: string;
	destinationUrl: string;
	/** Not masked. */
	authorization: string | null;
	payloadVersion: PayloadVersion;
	status: HookStatus;
	triggers: Array<{ id: string; resourceName: string; eventType: EventType }>;
}

export interface AttemptState {
	success: boolean;
	responseStatus: number | null;
	startedAt: string;
	completedAt: string;
	error: string | null;
	responseBody: string | null;
}

export interface DeliveryState {
	id: string;
	hookId: string;
	eventId: string;
	ulid: string;
	resourceName: string;
	eventType: EventType;
	status: DeliveryStatus;
	attempts: AttemptState[];
}

export interface Event {
	id: string;
	ulid: string;
	timestamp: string;
	resourceName: string;
	resourceId: string;
	eventType: EventType;
	companyId: string;
	projectId: string | null;
	userId: string;
	/** The number of hooks that it was enqueued to. */
	deliveries: number;
}

export interface EmulatorState {
	now: string;
	speed: number;
	hooks: HookState[];
	deliveries: DeliveryState[];
	events: Event[];
}

export interface ClockState {
	now: string;
	speed: number;
}

export interface PermissionChange {
	companyId: string;
	connected?: boolean;
	webhooks?: WebhooksPermission;
	/** Projects that lack the permission. */
	projectIds?: string[];
	/** Projects that the account cannot access. */
	hiddenProjectIds?: string[];
}

export interface HookEdit {
	/** ISO 8601: a hook that has been there for longer than the emulator. */
	createdAt?: string;
	status?: HookStatus;
	destinationUrl?: string;
	authorization?: string | null;
	triggers?: Array<{ resourceName: string; eventType: EventType }>;
}

export interface DeliveryRows {
	count: number;
	/** Seconds between the last row and now; none unless given. */
	secondsAgo?: number;
	/** Seconds between the last attempt of every row and now: the event waited until then. Without it, nothing waited. */
	attemptedSecondsAgo?: number;
	statuses?: Array<DeliveryStatus | 'succeeded'>;
	resourceNames?: string[];
}

export interface IssuedToken {
	accessToken: string;
	refreshToken?: string;
}

export interface TokenOrder {
	grant: GrantType;
	/** For `authorizationCode`: a user of the seed other than `webUser`. */
	userId?: string;
}
