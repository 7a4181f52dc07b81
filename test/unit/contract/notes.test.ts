/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	createSourceFile,
	forEachChild,
	isCallExpression,
	isPropertyAccessExpression,
	isStringLiteralLike,
	ScriptTarget,
	type Node,
} from 'typescript';

import { repositoryRoot } from '../../harness/paths';

const STEPS = join(repositoryRoot, 'test', 'contract', 'steps');

/** The notes of every `run.check(id, holds, note)` in a source that are the same whether it holds or not. */
function constantNotes(source: string): string[] {
	const found: string[] = [];
	const visit = (node: Node): void => {
		if (isCallExpression(node) && isPropertyAccessExpression(node.expression)) {
			const note = node.arguments[2];
			if (node.expression.name.text === 'check' && note !== undefined && isStringLiteralLike(note))
				found.push(note.text);
		}
		forEachChild(node, visit);
	};
	visit(createSourceFile('step.ts', source, ScriptTarget.Latest));
	return found;
}

describe('the notes of the live check', () => {
	test('tell something else if an assumption does not hold', () => {
		const sources = readdirSync(STEPS).map((file) => readFileSync(join(STEPS, file), 'utf8'));
		expect(sources.join('\n')).toContain('run.check(');
		expect(sources.flatMap(constantNotes)).toEqual([]);
	});

	test('are searched for those that tell the same', () => {
		const source = "run.check('A', holds, 'the form');\nrun.check('B', holds, `form ${form}`);";
		expect(constantNotes(source)).toEqual(['the form']);
	});
});
