/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../harness/paths';

const WALKS = ['One event', 'One activation', 'One safety check', 'One action'];
const MAX_STOPS = 6;

const page = readFileSync(join(repositoryRoot, 'docs', 'architecture.md'), 'utf8');

/** The code spans that name a file or a folder: `hook/lifecycle.ts`, `bench/`. Patterns such as `<verb>` are not paths. */
const named = [...page.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)]
	.map(([, code = '']) => code)
	.filter((code) => /^[\w./-]+(\/|\.(ts|mjs|cjs|js|json|md|yml))$/.test(code));

function stopsOf(walk: string): string[] {
	const [, section = ''] = page.split(new RegExp(`^## ${walk}$`, 'm'));
	const [text = ''] = section.split(/^## /m);
	return [...text.matchAll(/^\d+\. (.+)$/gm)].map(([, stop = '']) => stop);
}

describe('docs/architecture.md', () => {
	test('names only files and folders that exist, by their full path', () => {
		expect(named.length).toBeGreaterThan(20);
		const missing = named.filter(
			(path) =>
				!existsSync(join(repositoryRoot, 'nodes', 'Procore', path)) &&
				!existsSync(join(repositoryRoot, path)),
		);
		expect(missing).toEqual([]);
	});

	test.each(WALKS)('tells "%s" in at most six stops', (walk) => {
		const stops = stopsOf(walk);
		expect(stops.length).toBeGreaterThan(0);
		expect(stops.length).toBeLessThanOrEqual(MAX_STOPS);
	});
});
