/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { Procore } from '../../nodes/Procore/Procore.node';
import { repositoryRoot } from '../harness/paths';

/** The actions of the node, as the editor lists them, by resource and operation. */
const actions = new Procore().description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options = [], displayOptions }) =>
		options.map((option) => ({
			operation: `${String(displayOptions?.show?.resource?.[0])} ${'value' in option ? option.value : ''}`,
			action: 'action' in option ? (option.action ?? '') : '',
		})),
	);

describe("the editor's list of actions", () => {
	test('has a different entry for every operation', () => {
		expect(new Set(actions.map(({ action }) => action)).size).toBe(actions.length);
		expect(actions.length).toBeGreaterThan(20);
	});

	test('offers a record without an event', () => {
		const record = actions.find(({ operation }) => operation === 'record get');
		expect(record?.action).toMatch(/^Get record by ID or/);
	});
});

/** The texts in a source file: string literals and templates, without the names of modules. */
function textsOf(file: string): string[] {
	const texts: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
		if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
		if (ts.isTemplateExpression(node)) texts.push(node.getText());
		ts.forEachChild(node, visit);
	};
	const source = readFileSync(file, 'utf8');
	visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
	return texts;
}

const texts = readdirSync(join(repositoryRoot, 'nodes'), { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.flatMap((name) => textsOf(join(repositoryRoot, 'nodes', name)))
	.filter((text) => text.includes(' '));

describe('the texts of the nodes', () => {
	test('say publish and unpublish, as n8n 2.x does', () => {
		expect(texts.filter((text) => /activate|activating|activation/i.test(text))).toEqual([]);
	});

	test("call what a hook is subscribed to a subscription, as the panel does, and quote Procore's word in parentheses", () => {
		const ofHook =
			/(?<!\(\w+ a |\(its |\(Procore: )\btriggers? ?(\$\{\w+\} )?(of|to|from) (the )?hook|settings and triggers/;
		expect(texts.filter((text) => ofHook.test(text))).toEqual([]);
		expect(texts.length).toBeGreaterThan(500);
	});
});
