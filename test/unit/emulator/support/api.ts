import axios from 'axios';
import { isSafeNumber, parse } from 'lossless-json';

import { EmulatorControl } from '../../../../emulator/control-client';
import { startEmulator } from '../../../../emulator/server';
import type { StartOptions } from '../../../../emulator/server';

export const COMPANY = '4501177';
export const EUROPE = '598134325874214';
export const UNCONNECTED = '4777002';
export const PROJECT = '902214';
export const OTHER_PROJECT = '902377';

export const COMPANY_WEBHOOKS = `/rest/v2.0/companies/${COMPANY}/webhooks`;
export const PROJECT_WEBHOOKS = `/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/webhooks`;

export interface Reply {
	status: number;
	headers: Record<string, string>;
	text: string;
	/** Numbers that a double cannot hold are bigints. */
	json: unknown;
}

export interface CallOptions {
	token?: string | null;
	company?: string | null;
	headers?: Record<string, string>;
}

export function parseJson(text: string): unknown {
	return parse(text, null, (digits) => (isSafeNumber(digits) ? Number(digits) : BigInt(digits)));
}

function tryParse(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

/** The value at a path of keys, for assertions on responses of unknown type. */
export function at(value: unknown, ...path: Array<string | number>): unknown {
	let current = value;
	for (const key of path) {
		current =
			typeof current === 'object' && current !== null
				? Object.entries(current).find(([name]) => name === String(key))?.[1]
				: undefined;
	}
	return current;
}

export function idAt(value: unknown, ...path: Array<string | number>): string {
	const id = at(value, ...path);
	if (id === undefined || id === null) throw new Error(`No id at ${path.join('.')}`);
	return String(id);
}

export function rows(value: unknown): unknown[] {
	if (!Array.isArray(value)) throw new Error('The response is not a list');
	return value;
}

export class Api {
	token = '';

	constructor(readonly url: string) {}

	async call(
		method: string,
		path: string,
		body?: unknown,
		options: CallOptions = {},
	): Promise<Reply> {
		const { token = this.token, company = COMPANY } = options;
		const answer = await axios.request<string>({
			method,
			url: this.url + path,
			data: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
			headers: {
				...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
				...(token === null ? {} : { Authorization: `Bearer ${token}` }),
				...(company === null ? {} : { 'Procore-Company-Id': company }),
				...options.headers,
			},
			responseType: 'text',
			transformResponse: (text: string) => text,
			validateStatus: () => true,
			maxRedirects: 0,
			proxy: false,
		});
		const headers: Record<string, string> = {};
		for (const [name, value] of Object.entries(answer.headers)) headers[name] = String(value);
		return { status: answer.status, headers, text: answer.data, json: tryParse(answer.data) };
	}

	async get(path: string, options?: CallOptions): Promise<Reply> {
		return await this.call('GET', path, undefined, options);
	}

	async post(path: string, body: unknown, options?: CallOptions): Promise<Reply> {
		return await this.call('POST', path, body, options);
	}

	async patch(path: string, body: unknown, options?: CallOptions): Promise<Reply> {
		return await this.call('PATCH', path, body, options);
	}

	async delete(path: string, body?: unknown, options?: CallOptions): Promise<Reply> {
		return await this.call('DELETE', path, body, options);
	}
}

export interface HookOrder {
	url?: string;
	namespace?: string;
	version?: string;
	authorization?: string;
	events?: string[];
}

export class TestEmulator {
	api = new Api('');
	control = new EmulatorControl('http://unstarted.invalid');
	private stopServer: () => Promise<void> = async () => {};

	async start(options: StartOptions = {}): Promise<void> {
		const { url, stop } = await startEmulator(options);
		this.stopServer = stop;
		this.api = new Api(url);
		this.control = new EmulatorControl(url);
		await this.renewToken();
	}

	async renewToken(): Promise<void> {
		const issued = await this.control.issueToken({ grant: 'authorizationCode' });
		this.api.token = issued.accessToken;
	}

	async stop(): Promise<void> {
		await this.stopServer();
	}

	/** Creates a hook of v2.0 with its triggers and returns its id. */
	async hook(webhooks: string, order: HookOrder = {}): Promise<string> {
		const made = await this.api.post(`${webhooks}/hooks`, {
			payload_version: order.version ?? 'v2.0',
			namespace: order.namespace ?? 'larkspur-test',
			destination_url: order.url ?? 'https://flows.larkspur.example/procore',
			destination_headers: { Authorization: order.authorization ?? 'Bearer secret-k9Qz7' },
		});
		const id = idAt(made.json, 'data', 'id');
		const triggers = (order.events ?? []).map((event) => {
			const [resource_name, event_type] = event.split(':');
			return { resource_name, event_type };
		});
		if (triggers.length > 0) {
			const added = await this.api.post(`${webhooks}/hooks/${id}/triggers/bulk`, triggers);
			if (added.status !== 201) throw new Error(added.text);
		}
		return id;
	}
}

/** A running emulator for the tests of one file, reset before each of them. */
export function useEmulator(options: StartOptions = {}): TestEmulator {
	const emulator = new TestEmulator();
	beforeAll(async () => await emulator.start(options));
	beforeEach(async () => {
		await emulator.control.reset({ tokens: true });
		await emulator.renewToken();
	});
	afterAll(async () => await emulator.stop());
	return emulator;
}
