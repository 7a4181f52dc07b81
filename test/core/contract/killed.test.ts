/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { COMPANY_NAMESPACES } from '../../contract/company-namespaces';
import { repositoryRoot } from '../../harness/paths';
import { startServerProcess, type ServerProcess } from '../../harness/server-process';
import { COMPANY, ContractScene, PROJECT, stateOf } from './scene';

const scene = new ContractScene();
beforeAll(async () => await scene.start());
beforeEach(async () => await scene.reset());
afterAll(async () => await scene.stop());

function startWith(envText: string, ...more: string[]): ServerProcess {
	const file = join(scene.folder, 'live.env');
	writeFileSync(file, envText);
	const command = ['--import', 'tsx', join('test', 'contract', 'main.ts')];
	const args = [...command, '--env-file', file, '--folder', scene.folder, ...more];
	return startServerProcess({
		node: process.execPath,
		args,
		cwd: repositoryRoot,
		env: process.env,
	});
}

function start(...more: string[]): ServerProcess {
	return startWith(scene.envText(false), ...more);
}

/** Waits until the emulator holds a call of the run. */
async function untilHeld(run: ServerProcess): Promise<void> {
	while ((await scene.control.heldCalls()) === 0) {
		expect(run.isRunning()).toBe(true);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

async function namespaces(): Promise<string[]> {
	return (await scene.control.state()).hooks.map(({ namespace }) => namespace);
}

async function createForeignHook(namespace = 'erp-sync', project = PROJECT): Promise<void> {
	const { accessToken } = await scene.control.issueToken({ grant: 'clientCredentials' });
	const scope = project === '' ? '' : `/projects/${project}`;
	const path = `/rest/v2.0/companies/${COMPANY}${scope}/webhooks/hooks`;
	const destination_url = 'https://erp.example';
	const body = { payload_version: 'v2.0', namespace, destination_url };
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

test('--cleanup deletes what a run left behind that was killed in the middle, and no hook of others, or says why it cannot', async () => {
	await createForeignHook();
	await scene.control.addFault({ method: 'POST', path: 'triggers', effect: { kind: 'hold' } });
	const run = start('--only', 'triggers');
	await untilHeld(run);
	await run.kill();
	await scene.control.clearFaults();
	expect((await namespaces()).sort()).toEqual([
		'erp-sync',
		expect.stringMatching(/^n8n-contract-/),
	]);

	const journal = readFileSync(join(scene.folder, '.contract-run', 'journal.json'), 'utf8');
	expect(journal).toContain('n8n-contract-');
	for (const id of [COMPANY, PROJECT]) expect(journal).not.toContain(id);

	const body = { errors: ['Project 902214 of Harbor Street Clinic does not exist'] };
	const effect = { kind: 'status', status: 403, body } as const;
	await scene.control.addFault({ method: 'DELETE', path: 'hooks', times: 0, effect });
	const refused = start('--cleanup');
	expect(await refused.ended).toBe('exit code 2');
	expect(refused.logs()).toMatch(/Namespace n8n-contract-.*Procore answered 403: .*does not exist/);
	expect(refused.logs()).not.toMatch(/Harbor|902214/);
	await scene.control.clearFaults();

	const cleanUp = start('--cleanup');
	expect(await cleanUp.ended).toBe('exit code 0');
	expect(await namespaces()).toEqual(['erp-sync']);
});

test.each([
	['lists-of-hooks', 'GET'],
	['changes-of-hooks', 'PATCH'],
])(
	'--cleanup finds the company hook of a run that was killed in the step %s, without its journal',
	async (step, method) => {
		await scene.control.setV1Removed(404);
		const path = `companies/${COMPANY}/webhooks/hooks/`;
		await scene.control.addFault({ method, path, effect: { kind: 'hold' } });
		const run = start('--only', step);
		await untilHeld(run);
		await run.kill();
		await scene.control.clearFaults();
		const { hooks } = await scene.control.state();
		expect(hooks.map(({ scope }) => scope.projectId)).toEqual([null]);
		rmSync(join(scene.folder, '.contract-run'), { recursive: true });

		expect(await scene.cleanUp()).toEqual({ removed: 1, failures: [] });
		expect(await namespaces()).toEqual([]);
	},
);

test('a run with a company hook takes another namespace if an earlier run has left hooks, unless all are taken', async () => {
	for (const namespace of COMPANY_NAMESPACES.slice(1)) await createForeignHook(namespace, '');
	const first = await scene.check({ only: ['lists-of-hooks'] });
	expect(stateOf(first, 'HOOK-SCOPE-NULL')).toBe('confirmed');
	await createForeignHook(COMPANY_NAMESPACES[0], '');
	const second = await scene.check({ only: ['lists-of-hooks'] });
	expect(second.endedEarly).toEqual(['lists-of-hooks']);
	expect(second.report.notes.join('\n')).toMatch(
		/"lists-of-hooks" ended early: Earlier runs have left hooks .* which --cleanup deletes/,
	);
	expect(await scene.cleanUp()).toEqual({ removed: COMPANY_NAMESPACES.length, failures: [] });
	expect(await namespaces()).toEqual([]);
});

test('a run ends with 1 if something is contradicted, and with another code without an env file', async () => {
	await scene.control.setV1Removed(410);
	expect(await start('--only', 'account').ended).toBe('exit code 1');
	const missing = start('--env-file', join(scene.folder, 'missing.env'));
	// Some versions of Node read --env-file too, and refuse a missing file themselves.
	expect(await missing.ended).toMatch(/^exit code [29]$/);
});

test('Ctrl-C deletes what the run made, and --resume continues it', async () => {
	await scene.control.addFault({ method: 'POST', path: 'triggers', effect: { kind: 'hold' } });
	const run = start('--only', 'triggers');
	await untilHeld(run);
	expect(await namespaces()).toHaveLength(1);
	process.kill(run.pid, 'SIGINT');
	await scene.control.clearFaults();
	await scene.control.releaseHeld();
	expect(await run.ended).toBe('exit code 2');
	expect(run.logs()).toContain('--resume continues it');
	expect(await namespaces()).toEqual([]);

	const resumed = start('--only', 'triggers', '--resume');
	expect(await resumed.ended).toBe('exit code 0');
	expect(resumed.logs()).toMatch(/confirmed +TRIGGER-DUPLICATE/);
	expect(await namespaces()).toEqual([]);
});

test('production needs an option and a confirmation', async () => {
	const text = scene.envText(false).replace('=custom', '=production');
	const unasked = startWith(text);
	expect(await unasked.ended).toBe('exit code 2');
	expect(unasked.logs()).toMatch(/Nothing was sent.*--production/);
	const unconfirmed = startWith(text, '--production');
	expect(await unconfirmed.ended).toBe('exit code 2');
	expect(unconfirmed.logs()).toContain('Type the company ID');
	expect(unconfirmed.logs()).toContain('Nothing was sent');
});
