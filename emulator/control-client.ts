import axios, { isAxiosError } from 'axios';
import type { AxiosInstance } from 'axios';

import type {
	Change,
	ClockState,
	DeliveryRows,
	EmulatorState,
	Event,
	Fault,
	HookEdit,
	HookState,
	IssuedToken,
	LoggedRequest,
	PermissionChange,
	RateLimitSetting,
	Seed,
	SeedProject,
	StorageRequest,
	TokenOrder,
} from './control-types';

export type * from './control-types';

/** Controls a running emulator from tests, the demo and the benchmarks. */
export class EmulatorControl {
	private readonly http: AxiosInstance;

	constructor(readonly url: string) {
		this.http = axios.create({
			baseURL: `${url.replace(/\/+$/, '')}/_emulator`,
			proxy: false,
			maxBodyLength: Infinity,
			maxContentLength: Infinity,
		});
		this.http.interceptors.response.use(undefined, (error: unknown) => {
			if (!isAxiosError(error)) throw error;
			const told = JSON.stringify(error.response?.data ?? error.message);
			throw new Error(`Emulator control ${error.config?.url ?? ''}: ${told}`);
		});
	}

	async seed(): Promise<Seed> {
		return await this.get<Seed>('/seed');
	}

	/** With `deliveries`, lists only that many of the latest ones. */
	async state(options: { deliveries?: number } = {}): Promise<EmulatorState> {
		return (await this.http.get<EmulatorState>('/state', { params: options })).data;
	}

	async change(change: Change): Promise<Event[]> {
		return await this.post<Event[]>('/changes', change);
	}

	async setSpeed(factor: number): Promise<ClockState> {
		return await this.post<ClockState>('/clock', { speed: factor });
	}

	/** Sets Procore's clock ahead of the others by this many seconds, or behind them. */
	async setClockSkew(seconds: number): Promise<ClockState> {
		return await this.post<ClockState>('/clock', { skewSeconds: seconds });
	}

	/** Resolves when everything that fell due on the way has run. */
	async advance(seconds: number): Promise<ClockState> {
		return await this.post<ClockState>('/clock', { advanceSeconds: seconds });
	}

	/** Real milliseconds within which an endpoint must respond. */
	async setDeliveryTimeout(milliseconds: number): Promise<void> {
		await this.post('/delivery-timeout', { milliseconds });
	}

	/** The number of deliveries that are sent to an endpoint at once while none fails; 1 by default. */
	async setDeliveriesAtOnce(count: number): Promise<void> {
		await this.post('/deliveries-at-once', { count });
	}

	async addFault(fault: Fault): Promise<{ id: string }> {
		return await this.post<{ id: string }>('/faults', fault);
	}

	async clearFaults(): Promise<void> {
		await this.http.delete('/faults');
	}

	/** Returns how many calls a `hold` fault keeps waiting. */
	async heldCalls(): Promise<number> {
		return (await this.get<{ count: number }>('/held')).count;
	}

	/** Lets every held call continue. */
	async releaseHeld(): Promise<void> {
		await this.post('/held/release');
	}

	/** Sets the limits that apply together. Null restores a limit that is never reached. */
	async setRateLimit(limit: RateLimitSetting | RateLimitSetting[] | null): Promise<void> {
		await this.post('/rate-limit', { limits: limit === null ? null : [limit].flat() });
	}

	async setPermissions(change: PermissionChange): Promise<void> {
		await this.post('/permissions', change);
	}

	/** The user of new tokens of client credentials: a person of the seed, or another service account. */
	async setServiceAccount(userId: string): Promise<void> {
		await this.post('/service-account', { userId });
	}

	async expireTokens(): Promise<void> {
		await this.post('/tokens/expire');
	}

	/** Invalidates access and refresh tokens. */
	async revokeGrants(): Promise<void> {
		await this.post('/tokens/revoke');
	}

	async issueToken(order: TokenOrder): Promise<IssuedToken> {
		return await this.post<IssuedToken>('/tokens', order);
	}

	/** Edits a hook as a user in Procore would. */
	async editHook(id: string, edit: HookEdit): Promise<HookState> {
		return (await this.http.patch<HookState>(`/hooks/${id}`, edit)).data;
	}

	async deleteHook(id: string): Promise<void> {
		await this.http.delete(`/hooks/${id}`);
	}

	async addProject(project: {
		companyId: string;
		name: string;
		/** Empty for none; generated if not set. */
		number?: string;
		active?: boolean;
	}): Promise<SeedProject> {
		return await this.post<SeedProject>('/projects', project);
	}

	async closeProject(id: string): Promise<void> {
		await this.post(`/projects/${id}/close`);
	}

	/** Deletes a project: it answers 404 from then on. */
	async deleteProject(id: string): Promise<void> {
		await this.http.delete(`/projects/${id}`);
	}

	async requests(): Promise<LoggedRequest[]> {
		return await this.get<LoggedRequest[]>('/requests');
	}

	async clearRequests(): Promise<void> {
		await this.http.delete('/requests');
	}

	/** Creates rows that exist only in the hook's log, for reads of a large one. */
	async addDeliveries(hookId: string, rows: DeliveryRows): Promise<{ count: number }> {
		return await this.post<{ count: number }>('/deliveries', { hookId, ...rows });
	}

	/** Ends a waiting delivery as `failed`; its queue continues. */
	async failDelivery(id: string): Promise<void> {
		await this.post(`/deliveries/${id}/fail`);
	}

	/** Real milliseconds for which reads of records still return the state before a change. */
	async setReadLag(milliseconds: number): Promise<void> {
		await this.post('/read-lag', { milliseconds });
	}

	/** While it is on, records change and Procore records no events. */
	async setWebhooksOutage(on: boolean): Promise<void> {
		await this.post('/webhooks-outage', { on });
	}

	/**
	 * Adds a file. The returned address stands for it in a record; whoever reads the record gets a fresh one, which expires.
	 */
	async addFile(file: {
		name: string;
		bytes: number;
		contentType?: string;
		/** Without it, the storage host sends no Content-Length. */
		tellsSize?: boolean;
		/** After how many bytes the storage host stops sending, and leaves the connection open. */
		stallsAfter?: number;
		/** Where the storage host redirects to in place of serving the file. */
		leadsTo?: string;
	}): Promise<{ id: string; url: string }> {
		return await this.post<{ id: string; url: string }>('/files', file);
	}

	async deleteFile(id: string): Promise<void> {
		await this.http.delete(`/files/${id}`);
	}

	/** Virtual seconds for which the address of a file works; 0 for addresses that have expired already. */
	async setFileLifetime(seconds: number): Promise<void> {
		await this.post('/file-lifetime', { seconds });
	}

	/** The requests that the storage host got. */
	async storageRequests(): Promise<StorageRequest[]> {
		return await this.get<StorageRequest[]>('/storage-requests');
	}

	async clearStorageRequests(): Promise<void> {
		await this.http.delete('/storage-requests');
	}

	/** The status that every call of Webhooks API v1.0 answers from now on; null restores v1.0. */
	async setV1Removed(status: 404 | 410 | null): Promise<void> {
		await this.post('/v1-removed', { status });
	}

	async setLatency(milliseconds: number): Promise<void> {
		await this.post('/latency', { milliseconds });
	}

	/** Resets to the seed. Tokens stay valid unless told otherwise. */
	async reset(options: { tokens?: boolean } = {}): Promise<void> {
		await this.post('/reset', options);
	}

	private async get<T>(path: string): Promise<T> {
		return (await this.http.get<T>(path)).data;
	}

	private async post<T>(path: string, body: object = {}): Promise<T> {
		return (await this.http.post<T>(path, body)).data;
	}
}
