/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { objectAt, parseObject, textAt } from '../harness/json';
import { repositoryRoot } from '../harness/paths';

const PAGES = [
	...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md', 'emulator/README.md'],
	...readdirSync(join(repositoryRoot, 'docs'))
		.filter((file) => file.endsWith('.md'))
		.map((file) => `docs/${file}`),
];

function read(page: string): string {
	return readFileSync(join(repositoryRoot, page), 'utf8');
}

function prose(page: string): string {
	return read(page).replace(/^```[\s\S]*?^```/gm, '');
}

/** The anchors that GitHub generates for a page's headings. */
function anchorsOf(page: string): string[] {
	return [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/ /g, '-'),
	);
}

describe.each(PAGES)('%s', (page) => {
	test('links to files and headings that exist', () => {
		const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
		const broken = targets.filter((target) => {
			if (/^[a-z]+:/.test(target)) return false;
			const [path = '', anchor] = target.split('#');
			const file =
				path === '' ? page : relative(repositoryRoot, join(repositoryRoot, dirname(page), path));
			if (!existsSync(join(repositoryRoot, file))) return true;
			return anchor !== undefined && !anchorsOf(file).includes(anchor);
		});
		expect(broken).toEqual([]);
	});

	test('names npm scripts that exist', () => {
		const scripts = Object.keys(objectAt(parseObject(read('package.json')), 'scripts') ?? {});
		const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
		expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
	});

	test('names files of the project that exist', () => {
		const named = [
			...prose(page).matchAll(/`((?:test|docs|examples|scripts|nodes|bench)\/[\w./-]+)`/g),
		];
		const files = named.map(([, file = '']) => file);
		expect(files.filter((file) => !existsSync(join(repositoryRoot, file)))).toEqual([]);
	});

	test('describes every picture in words', () => {
		const alts = [...prose(page).matchAll(/!\[([^\]]*)\]\(/g)].map(([, alt = '']) => alt);
		expect(alts.filter((alt) => alt.trim().length < 10)).toEqual([]);
	});
});

test('every picture is shown on some page', () => {
	const shown = PAGES.map(prose).join('\n');
	const pictures = readdirSync(join(repositoryRoot, 'docs', 'images'));
	expect(pictures.filter((picture) => !shown.includes(`images/${picture})`))).toEqual([]);
});

test('the changelog contains the version in package.json', () => {
	const versions = [...read('CHANGELOG.md').matchAll(/^## (\d+\.\d+\.\d+) - \d{4}-\d{2}-\d{2}$/gm)];
	expect(versions[0]?.[1]).toBe(textAt(parseObject(read('package.json')), 'version'));
});
