/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { HookState } from '../../emulator/control-client';
import { ensureN8n } from '../harness/n8n-install';
import { startN8n, type N8nInstance } from '../harness/n8n-instance';
import type { Workflow } from '../harness/n8n-rest';
import { repositoryRoot } from '../harness/paths';
import { runCommand } from '../harness/processes.cjs';
import { startOwnStack, WITHOUT_EDITOR, type Stack } from '../harness/stack';
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
		stack = await startOwnStack({ env: WITHOUT_EDITOR });
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.clear();
	});

	afterAll(async () => {
		await stack.stop();
		await rm(copies, { recursive: true, force: true });
	});

	/** Stops n8n while its database is copied, and returns the folder of the copy. */
	async function copyDatabase(name: string): Promise<string> {
		await stack.n8n.stop();
		const userFolder = join(copies, name);
		await cp(stack.n8n.userFolder, userFolder, { recursive: true });
		await stack.n8n.restart();
		return userFolder;
	}

	/** The key that encrypts the credentials in the database. */
	const encryptionKey = () => ({
		N8N_ENCRYPTION_KEY: `key of ${basename(stack.n8n.userFolder)}`,
	});

	async function startCopy(userFolder: string): Promise<N8nInstance> {
		return await startN8n({
			install: await ensureN8n(),
			packageRoot: repositoryRoot,
			userFolder,
			env: encryptionKey(),
		});
	}

	/** Starts a copy for some work, and then deactivates the workflow in it. */
	async function inCopy(
		name: string,
		{ id }: Pick<Workflow, 'id'>,
		work: (copy: N8nInstance) => Promise<void>,
	): Promise<void> {
		const copy = await startCopy(await copyDatabase(name));
		try {
			await work(copy);
			await copy.rest.deactivate(id);
		} finally {
			await copy.dispose();
		}
	}

	/** The hooks that deliver to an n8n. */
	async function hooksOf({ url }: Pick<N8nInstance, 'url'>): Promise<HookState[]> {
		return (await scene.hooks()).filter(({ destinationUrl }) => destinationUrl.startsWith(url));
	}

	test('creates its own hook in a copy, which does not touch that of the original', async () => {
		const workflow = await scene.activate(parameters);
		const original = await scene.onlyHook();
		await inCopy('copy', workflow, async (copy) => {
			const [hook] = await waitFor(
				'the copy to make its hook',
				async () => ((await hooksOf(copy)).length === 1 ? await hooksOf(copy) : undefined),
				60_000,
			);
			expect(hook?.namespace).not.toBe(original.namespace);
			expect(hook?.authorization).not.toBe(original.authorization);
			await waitFor(
				'the log to name the hooks of the original',
				() =>
					copy.logs().includes(`deliver to ${original.destinationUrl} were kept`)
						? true
						: undefined,
				10_000,
			);
		});
		expect(await scene.hooks()).toEqual([original]);
		await scene.fire(change);
		expect(await scene.received(workflow, 1)).toHaveLength(1);
	});

	test('does not take over a hook in a given namespace from the original', async () => {
		const workflow = await scene.activate({ ...parameters, namespace: 'larkspur-flows' });
		const original = await scene.onlyHook();
		await inCopy('copy-given', workflow, async (copy) => {
			await waitFor(
				'the copy to be refused',
				() =>
					/namespace "larkspur-flows" in project \d+ is already used by/.test(copy.logs())
						? true
						: undefined,
				60_000,
			);
		});
		expect(await scene.hooks()).toEqual([original]);
		await scene.fire(change);
		expect(await scene.received(workflow, 1)).toHaveLength(1);
	});

	test('stays away from Procore in a copy whose credential is overwritten before its start', async () => {
		await scene.activate(parameters);
		const before = await scene.hooks();
		const userFolder = await copyDatabase('copy-apart');
		const { id, name } = scene.credential;
		const data = await credentialData(scene.control, 'v2.0', {
			loginUrl: 'http://127.0.0.1:9',
			apiUrl: 'http://127.0.0.1:9',
		});
		const file = join(copies, 'credentials.json');
		await writeFile(file, JSON.stringify([{ id, name, type: CREDENTIAL_TYPE, data }]));
		const install = await ensureN8n();
		await runCommand(install.node, [install.script, 'import:credentials', `--input=${file}`], {
			env: {
				...process.env,
				...encryptionKey(),
				NODE_ENV: 'production',
				N8N_USER_FOLDER: userFolder,
			},
		});

		const copy = await startCopy(userFolder);
		try {
			await waitFor(
				'the copy to try',
				() => (/127\.0\.0\.1:9\b|ECONNREFUSED/.test(copy.logs()) ? true : undefined),
				60_000,
			);
			expect(await scene.hooks()).toEqual(before);
		} finally {
			await copy.dispose();
		}
	});

	test('creates its hook at the new address and logs the one that it keeps at the old address', async () => {
		const workflow = await scene.activate(parameters);
		const old = await scene.onlyHook();
		const { port } = new URL(stack.n8n.url);
		const address = `http://localhost:${port}`;
		await stack.n8n.restart({ WEBHOOK_URL: address, N8N_EDITOR_BASE_URL: address });

		const [hook] = await waitFor(
			'the hook at the new address',
			async () => {
				const found = await hooksOf({ url: address });
				return found.length === 1 ? found : undefined;
			},
			30_000,
		);
		expect(hook?.destinationUrl).toBe(old.destinationUrl.replace('127.0.0.1', 'localhost'));
		expect(await scene.hooks()).toEqual(expect.arrayContaining([old]));
		await waitFor(
			'the log to name the old hook',
			() =>
				stack.n8n.logs().includes(`deliver to ${old.destinationUrl} were kept`) ? true : undefined,
			10_000,
		);
		await scene.fire(change);
		expect(await scene.received(workflow, 1)).toHaveLength(1);
	});
});
