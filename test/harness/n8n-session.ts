import axios, { type AxiosInstance } from 'axios';
import { textAt, valueAt } from './json';
import { waitFor } from './wait';

export interface Owner {
	email: string;
	password: string;
}

/** A request that n8n rejected; `message` is n8n's own. */
export class N8nRestError extends Error {
	constructor(
		message: string,
		readonly status: number,
		readonly body: unknown,
	) {
		super(message);
		this.name = 'N8nRestError';
	}
}

/** n8n ties a session to the browser that sent this id at sign-in. */
export const BROWSER_ID = 'n8n-nodes-procore-harness';

/** n8n refuses every request while its database does not respond in time, which happens on a busy machine. */
const DATABASE_NOT_READY = 'Database is not ready!';
const READY_WITHIN_MS = 120_000;

/** A session of the owner with the REST interface of n8n's own editor. */
export class N8nSession {
	private readonly http: AxiosInstance;
	/** The cookie of the session. n8n allows few sign-ins per minute, so several clients can share one. */
	cookie = '';

	constructor(
		readonly url: string,
		readonly owner: Owner,
	) {
		this.http = axios.create({
			baseURL: url,
			timeout: 120_000,
			proxy: false,
			validateStatus: () => true,
			headers: {
				// n8n ties the session to a browser by this header.
				'browser-id': BROWSER_ID,
				// n8n closes a connection after five idle seconds, possibly just when it is used again.
				connection: 'close',
			},
		});
	}

	/**
	 * Calls n8n and returns the `data` of the response.
	 *
	 * @param path below `/rest`
	 * @throws {N8nRestError} for any response other than 2xx
	 */
	async request(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		{ body, query }: { body?: unknown; query?: Record<string, string> } = {},
	): Promise<unknown> {
		const response = await waitFor(
			"n8n's database to respond",
			async () => {
				const each = await this.http.request<unknown>({
					method,
					url: `/rest${path}`,
					data: body,
					params: query,
					headers: { cookie: this.cookie },
				});
				return textAt(each.data, 'message') === DATABASE_NOT_READY ? undefined : each;
			},
			READY_WITHIN_MS,
			1_000,
		);
		if (response.status < 200 || response.status > 299) {
			const message = textAt(response.data, 'message') ?? `HTTP ${response.status}`;
			throw new N8nRestError(message, response.status, response.data);
		}
		for (const cookie of response.headers['set-cookie'] ?? []) {
			const pair = cookie.split(';')[0] ?? '';
			if (pair.startsWith('n8n-auth=')) this.cookie = pair;
		}
		return valueAt(response.data, 'data');
	}

	/** Creates the owner account of a new instance and signs in. */
	async setupOwner(): Promise<void> {
		await this.request('POST', '/owner/setup', {
			body: { ...this.owner, firstName: 'Nora', lastName: 'Owner' },
		});
	}

	/** Signs in as the owner. */
	async login(): Promise<void> {
		const { email, password } = this.owner;
		await this.request('POST', '/login', { body: { emailOrLdapLoginId: email, password } });
	}
}

/** For `catch`: returns a value in place of a 404. */
export function valueWhenMissing(value: unknown): (error: unknown) => unknown {
	return (error) => {
		if (error instanceof N8nRestError && error.status === 404) return value;
		throw error;
	};
}

/** For `catch`: returns a value in place of a rejection. */
export function valueWhenRefused(value: unknown): (error: unknown) => unknown {
	return (error) => {
		if (error instanceof N8nRestError) return value;
		throw error;
	};
}
