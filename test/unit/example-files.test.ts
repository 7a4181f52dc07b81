/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isObject, listAt, objectAt, parseObject, textAt } from '../harness/json';
import { repositoryRoot } from '../harness/paths';

const RAW = 'https://raw.githubusercontent.com/n8n-nodes-procore/n8n-nodes-procore/main/examples/';

const FILES = readdirSync(join(repositoryRoot, 'examples'));

/** A URL that does not respond is left alone: the n8n there could be down. */
const DROPS_ERRORS = ['Ask Its Address'];

/** One project without its deliveries must not read as one without failures. */
const FAILS_AS_A_WHOLE = ['daily-failed-deliveries.json'];

function read(...path: string[]): string {
	return readFileSync(join(repositoryRoot, ...path), 'utf8');
}

/** The suites that import an example and run it. */
const SUITES = ['e2e', 'queue'].flatMap((folder) =>
	readdirSync(join(repositoryRoot, 'test', folder))
		.filter((name) => name.endsWith('.test.ts'))
		.map((name) => read('test', folder, name))
		.filter((suite) => suite.includes('importExample(')),
);

describe.each(FILES)('the example %s', (file) => {
	const workflow = parseObject(read('examples', file));
	const nodes = listAt(workflow, 'nodes').filter(isObject);
	const names = nodes.map((node) => textAt(node, 'name') ?? '');
	const connections = objectAt(workflow, 'connections');

	test('has a note that says how to set it up', () => {
		const notes = nodes
			.filter(({ type }) => type === 'n8n-nodes-base.stickyNote')
			.map((node) => textAt(node, 'parameters', 'content') ?? '');
		expect(notes.some((note) => note.includes('**Setup:**'))).toBe(true);
	});

	test('contains no credential and no account', () => {
		expect(nodes.filter((node) => 'credentials' in node)).toEqual([]);
		expect(textAt(workflow, 'id')).toBeUndefined();
	});

	test('connects nodes that exist, with unique names and ids', () => {
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
		const targets = Object.values(connections).flatMap((outputs) =>
			Object.values(objectAt(outputs)).flatMap((lists) =>
				listAt(lists).flatMap((list) => listAt(list).map((to) => textAt(to, 'node') ?? '')),
			),
		);
		expect(
			[...Object.keys(connections), ...targets].filter((name) => !names.includes(name)),
		).toEqual([]);
	});

	test('goes on if one item fails, unless it fails as a whole', () => {
		const settings = nodes.map((node) => textAt(node, 'onError') ?? '');
		const goesOn = settings.some((setting) => setting.startsWith('continue'));
		expect(goesOn).toBe(!FAILS_AS_A_WHOLE.includes(file));
	});

	test('lets an agent see the error of every tool', () => {
		const tools = nodes.filter((node) => textAt(node, 'type')?.endsWith('Tool'));
		expect(tools.filter(({ onError }) => onError !== 'continueRegularOutput')).toEqual([]);
	});

	test('leads every error output somewhere', () => {
		const ends = nodes
			.filter(({ onError }) => onError === 'continueErrorOutput')
			.map((node) => textAt(node, 'name') ?? '')
			.filter((name) => !DROPS_ERRORS.includes(name))
			.filter((name) => {
				const isBranch = listAt(connections, name, 'main').length > 2;
				return listAt(connections, name, 'main', isBranch ? 2 : 1).length === 0;
			});
		expect(ends).toEqual([]);
	});

	test('names in its expressions only nodes that exist', () => {
		const named = [...JSON.stringify(nodes).matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
		expect(named.filter((name) => !names.includes(name ?? ''))).toEqual([]);
	});

	test('is imported and run in a real n8n', () => {
		expect(SUITES.filter((suite) => suite.includes(`'${file}'`))).not.toEqual([]);
	});

	test('is explained in the guide, and can be imported from the URL in the README', () => {
		expect(read('docs', 'guide.md')).toContain(`(../examples/${file})`);
		expect(read('README.md')).toContain(`\`${RAW}${file}\``);
		expect(read('README.md')).toContain(`(examples/${file})`);
	});
});
