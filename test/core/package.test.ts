/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeType } from 'n8n-workflow';

import { listAt, requireText } from '../harness/json';
import { runCommand } from '../harness/processes.cjs';
import { PACKAGE, PACKAGE_ROOT, useN8n } from './harness';

/** The compiled package as n8n's own loader loads it. */
describe('the package in n8n', () => {
	const n8n = useN8n();
	const NODES = ['procore', 'procoreTrigger'] as const;

	function iconFile(url: string): string {
		return url.replace(`icons/${PACKAGE}/`, '');
	}

	test('contains two nodes and one credential', () => {
		expect(n8n.loader.packageName).toBe(PACKAGE);
		expect(n8n.loader.loadedNodes).toEqual([
			{ name: 'procore', version: 1 },
			{ name: 'procoreTrigger', version: 1 },
		]);
		expect(Object.keys(n8n.loader.credentialTypes)).toEqual(['procoreOAuth2Api']);
		expect(n8n.loader.getCredential('procoreOAuth2Api').type.supportedNodes).toEqual([...NODES]);
	});

	test.each(NODES)('ships the codex and the icons for both themes with %s', (name) => {
		const { description } = n8n.nodeType(name);
		expect(description.codex?.categories).toContain('Productivity');
		expect(description.codex?.alias).toContain('construction');
		const { iconUrl } = description;
		if (typeof iconUrl !== 'object') throw new Error('No themed icons');
		for (const url of [iconUrl.light, iconUrl.dark]) {
			expect(existsSync(join(PACKAGE_ROOT, iconFile(url)))).toBe(true);
		}
		expect(iconUrl.light).not.toBe(iconUrl.dark);
	});

	test("ships the credential's icons for both themes", () => {
		const { iconUrl } = n8n.loader.getCredential('procoreOAuth2Api').type;
		if (typeof iconUrl !== 'object') throw new Error('No themed icons');
		for (const url of [iconUrl.light, iconUrl.dark]) {
			expect(existsSync(join(PACKAGE_ROOT, iconFile(url)))).toBe(true);
		}
	});

	test('presents the trigger to the editor as a webhook trigger', () => {
		const trigger: INodeType = n8n.nodeType('procoreTrigger');
		expect(trigger.description.polling).toBeUndefined();
		expect(trigger.description.webhooks).toMatchObject([
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'procore' },
		]);
		expect(Object.keys(trigger.webhookMethods?.default ?? {}).sort()).toEqual([
			'checkExists',
			'create',
			'delete',
		]);
	});

	test('ships the compiled nodes, their icons and codex, and nothing else', async () => {
		const { stdout } = await runCommand(
			'npm',
			['pack', '--dry-run', '--json', '--ignore-scripts'],
			{
				cwd: PACKAGE_ROOT,
			},
		);
		const [packed]: unknown[] = JSON.parse(stdout);
		const files = listAt(packed, 'files').map((file) => requireText('A file', file, 'path'));
		const compiled = /^dist\/(nodes\/Procore\/[\w./-]+\.(js|json|svg)|credentials\/[\w.-]+\.js)$/;
		expect(files.filter((file) => !compiled.test(file)).sort()).toEqual([
			'LICENSE.md',
			'README.md',
			'index.js',
			'package.json',
		]);
		expect(files).toContain('dist/nodes/Procore/ProcoreTrigger.node.js');
	});
});
