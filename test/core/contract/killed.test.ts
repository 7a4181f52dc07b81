/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from '../../harness/paths';
import { COMPANY, ContractScene, PROJECT } from './scene';

const scene = new ContractScene();
beforeAll(async () => await scene.start());
beforeEach(async () => await scene.reset());
afterAll(async () => await scene.stop());

function start(...args: string[]): ChildProcess {
	const file = join(scene.folder, 'live.env');
	writeFileSync(file, scene.envText(false));
	const command = ['--import', 'tsx', join('test', 'contract', 'main.ts')];
	const options = ['--env-file', file, '--folder', scene.folder, ...args];
	return spawn(process.execPath, [...command, ...options], {
		cwd: repositoryRoot,
		stdio: 'ignore',
	});
}

async function namespaces(): Promise<string[]> {
	return (await scene.control.state()).hooks.map(({ namespace }) => namespace);
}

async function createForeignHook(): Promise<void> {
	const { accessToken } = await scene.control.issueToken({ grant: 'clientCredentials' });
	const path = `/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/webhooks/hooks`;
	const body = {
		payload_version: 'v2.0',
		namespace: 'erp-sync',
		destination_url: 'https://erp.example',
	};
	await fetch(`${scene.control.url}${path}`, {
		method: 'POST',
		headers: {
			Authorization: `Bearer ${accessToken}`,
			'Procore-Company-Id': COMPANY,
			'Content-Type': 'application/json',
		},
		body: JSON.stringify(body),
	});
}

test('--cleanup deletes what a run left behind that was killed in the middle, and no hook of others', async () => {
	await createForeignHook();
	await scene.control.addFault({ method: 'POST', path: 'triggers', effect: { kind: 'hold' } });
	const run = start('--only', 'triggers');
	while ((await scene.control.heldCalls()) === 0) {
		expect(run.exitCode).toBeNull();
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	run.kill('SIGKILL');
	await once(run, 'exit');
	await scene.control.clearFaults();
	expect((await namespaces()).sort()).toEqual([
		'erp-sync',
		expect.stringMatching(/^n8n-contract-/),
	]);

	const cleanUp = start('--cleanup');
	const [code] = await once(cleanUp, 'exit');
	expect(code).toBe(0);
	expect(await namespaces()).toEqual(['erp-sync']);
});

test('a run ends with 1 if something is contradicted, and with another code without an env file', async () => {
	await scene.control.setV1Removed(410);
	const [contradicted] = await once(start('--only', 'account'), 'exit');
	expect(contradicted).toBe(1);
	const [missing] = await once(start('--env-file', join(scene.folder, 'missing.env')), 'exit');
	// Some versions of Node read --env-file too, and refuse a missing file themselves.
	expect([2, 9]).toContain(missing);
});
