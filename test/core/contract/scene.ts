/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EmulatorControl } from '../../../emulator/control-client';
import { startEmulator } from '../../../emulator/server';
import type { AssumptionId } from '../../contract/assumptions';
import type { CleanUp } from '../../contract/clean-up';
import {
	cleanUpOnly,
	liveCheck,
	type LiveCheckOptions,
	type LiveCheckResult,
} from '../../contract/live-check';
import { liveEnvOf, parseEnv, type LiveEnv } from '../../contract/live-env';
import { logIn } from '../../contract/login';
import type { State } from '../../contract/verdicts';

export const COMPANY = '4501177';
export const PROJECT = '902214';
export const RFI = '338821';

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('No port');
	return address.port;
}

/** A folder for the reports, and an emulator that a live check takes for Procore. */
export class ContractScene {
	readonly folder = mkdtempSync(join(tmpdir(), 'procore-contract-'));

	control = new EmulatorControl('http://unstarted.invalid');

	private stopEmulator = async () => await Promise.resolve();

	private ports = { receiver: 0, callback: 0 };

	private client = { id: '', secret: '' };

	private login = { login: '', password: '' };

	async start(): Promise<void> {
		const { url, stop } = await startEmulator();
		this.control = new EmulatorControl(url);
		this.stopEmulator = stop;
		this.ports = { receiver: await freePort(), callback: await freePort() };
	}

	/** Restores the emulator, and an RFI whose changes make events. */
	async reset(): Promise<void> {
		await this.control.reset();
		await this.control.clearFaults();
		await this.control.setV1Removed(null);
		const { clientId, clientSecret, webUser } = await this.control.seed();
		this.client = { id: clientId, secret: clientSecret };
		this.login = webUser;
		const { id, url } = await this.control.addFile({ name: 'anchor-bolts.pdf', bytes: 2000 });
		const attachments = [{ id: Number(id), name: 'anchor-bolts.pdf', url }];
		await this.control.change({
			companyId: COMPANY,
			projectId: PROJECT,
			resourceName: 'RFIs',
			resourceId: RFI,
			eventType: 'create',
			record: { questions: [{ id: 1, attachments, answers: [] }] },
		});
	}

	async stop(): Promise<void> {
		await this.stopEmulator();
		rmSync(this.folder, { recursive: true, force: true });
	}

	/**
	 * The lines of an env file.
	 *
	 * @param isWhole with a public address, a record and a login.
	 * @param url the address that it takes for Procore.
	 */
	envText(isWhole: boolean, url = this.control.url): string {
		const lines = [
			'PROCORE_ENVIRONMENT=custom',
			`PROCORE_LOGIN_URL=${url}`,
			`PROCORE_API_URL=${url}`,
			`PROCORE_CLIENT_ID=${this.client.id}`,
			`PROCORE_CLIENT_SECRET=${this.client.secret}`,
			`PROCORE_COMPANY_ID=${COMPANY}`,
			`PROCORE_PROJECT_ID=${PROJECT}`,
			'PROCORE_WAIT_SECONDS=10',
		];
		const more = [
			'PROCORE_GRANTS=clientCredentials,authorizationCode',
			`PROCORE_CALLBACK_PORT=${this.ports.callback}`,
			`PROCORE_PUBLIC_URL=http://127.0.0.1:${this.ports.receiver}`,
			`PROCORE_RECEIVER_PORT=${this.ports.receiver}`,
			'PROCORE_CHANGE_RESOURCE=RFIs',
			`PROCORE_CHANGE_PATH=/rest/v1.0/projects/${PROJECT}/rfis/${RFI}`,
			'PROCORE_CHANGE_BODY={"rfi":{"subject":"Contract test {n}"}}',
		];
		return [...lines, ...(isWhole ? more : [])].join('\n');
	}

	env(isWhole: boolean, url?: string): LiveEnv {
		return liveEnvOf(parseEnv(this.envText(isWhole, url)));
	}

	async check(
		options: Partial<LiveCheckOptions> & {
			readonly isWhole?: boolean;
			readonly url?: string;
		} = {},
	): Promise<LiveCheckResult> {
		const { isWhole = false, url, ...more } = options;
		const env = this.env(isWhole, url);
		return await liveCheck({
			env,
			folder: this.folder,
			print: () => undefined,
			...(isWhole
				? { logIn: async () => await logIn(env, (url) => void this.submitLogin(url)) }
				: {}),
			...more,
		});
	}

	/** What `--cleanup` does. */
	async cleanUp(): Promise<CleanUp> {
		const print = () => undefined;
		return await cleanUpOnly({ env: this.env(false), folder: this.folder, print });
	}

	/** What a person would do in the browser. */
	private async submitLogin(url: string): Promise<void> {
		const { origin, pathname, searchParams } = new URL(url);
		for (const [name, value] of Object.entries(this.login)) searchParams.set(name, value);
		await fetch(`${origin}${pathname}`, { method: 'POST', body: searchParams });
	}
}

/** The ids of the assumptions that a run contradicts, sorted. */
export function contradicted({ report }: LiveCheckResult): string[] {
	return report.verdicts
		.filter(({ state }) => state === 'contradicted')
		.map(({ id }) => id)
		.sort();
}

/** What a run says about one assumption. */
export function stateOf({ report }: LiveCheckResult, id: AssumptionId): State | undefined {
	return report.verdicts.find((verdict) => verdict.id === id)?.state;
}
