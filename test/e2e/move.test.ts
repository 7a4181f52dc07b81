/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureN8n } from '../harness/n8n-install';
import { startN8n, type N8nInstance } from '../harness/n8n-instance';
import { repositoryRoot } from '../harness/paths';
import { runCommand } from '../harness/processes.cjs';
import { startOwnStack, type Stack } from '../harness/stack';
import { credentialData, CREDENTIAL_TYPE } from './credentials';
import { SCOPES } from './procore';
import { Scene } from './scene';
import { waitFor } from '../harness/wait';

describe('An n8n with a Procore Trigger that is moved or copied', () => {
	const [, { parameters, change }] = SCOPES;
	let stack: Stack<N8nInstance>;
	let scene: Scene;
	let copies: string;

	beforeAll(async () => {
		copies = await mkdtemp(join(tmpdir(), 'n8n-nodes-procore-copy-'));
		stack = await startOwnStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.clear();
	});

	afterAll(async () => {
		await stack.stop();
		await rm(copies, { recursive: true, force: true });
	});

	it('leaves the hook of the original alone in a copy whose credential was overwritten before its start', async () => {
		const workflow = await scene.activate(parameters);
		const before = await scene.hooks();
		await stack.n8n.stop();
		const userFolder = join(copies, 'copy');
		await cp(stack.n8n.userFolder, userFolder, { recursive: true });
		await stack.n8n.restart();

		const install = await ensureN8n();
		const { id, name } = scene.credential;
		const data = await credentialData(scene.control, 'v2.0', {
			loginUrl: 'http://127.0.0.1:9',
			apiUrl: 'http://127.0.0.1:9',
		});
		const file = join(copies, 'credentials.json');
		await writeFile(file, JSON.stringify([{ id, name, type: CREDENTIAL_TYPE, data }]));
		const env = { N8N_ENCRYPTION_KEY: `key of ${basename(stack.n8n.userFolder)}` };
		await runCommand(install.node, [install.script, 'import:credentials', `--input=${file}`], {
			env: { ...process.env, ...env, NODE_ENV: 'production', N8N_USER_FOLDER: userFolder },
		});

		const copy = await startN8n({ install, packageRoot: repositoryRoot, userFolder, env });
		try {
			await waitFor(
				'the copy to try',
				() => (/127\.0\.0\.1:9\b|ECONNREFUSED/.test(copy.logs()) ? true : undefined),
				60_000,
			);
			await copy.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual(before);
		} finally {
			await copy.dispose();
		}
		await scene.fire(change);
		expect(await scene.received(workflow, 1)).toHaveLength(1);
	});

	it('takes its hook along to another address', async () => {
		const workflow = await scene.activate(parameters);
		const { id, destinationUrl } = await scene.onlyHook();
		const { port } = new URL(stack.n8n.url);
		await stack.n8n.restart({ WEBHOOK_URL: `http://localhost:${port}` });

		const moved = await waitFor(
			'the hook to move',
			async () => {
				const [hook, ...others] = await scene.hooks();
				return others.length === 0 && hook !== undefined && hook.id !== id ? hook : undefined;
			},
			30_000,
		);
		expect(moved.destinationUrl).toBe(destinationUrl.replace('127.0.0.1', 'localhost'));
		await scene.fire(change);
		expect(await scene.received(workflow, 1)).toHaveLength(1);
	});
});
