import { TOPICS } from './assumptions';
import { NEEDS, type Assumption, type LiveCheck } from './assumptions/assumption';

const INTRODUCTION = `# What this package assumes about Procore

This package was written from Procore's documentation and from public code, without a live account. Each assumption below
says where it comes from, which code depends on it, what happens if it is wrong, and whether a run against a real account
can tell. \`npm run check:live\` makes that run; [CONTRIBUTING](../CONTRIBUTING.md) says how, and what to do with its report.

This page is made from \`test/contract/assumptions.ts\` and from the comments in the code: \`npm run assumptions\` writes it.
Sources: "documented" names a page of developers.procore.com, "clients" are public integrations, and a guess is ours.
`;

/** Escapes what would end a cell of a table. */
function cell(text: string): string {
	return text.replaceAll('|', '\\|');
}

function describeCheck(check: LiveCheck): string {
	if (!check.possible) return `No: ${check.why}`;
	const needs = check.needs.map((need) => NEEDS[need]);
	return `${check.how}${needs.length === 0 ? '' : ` Needs ${needs.join(' and ')}.`}`;
}

/** The most specific files first, shortened to what tells them apart. */
function describeUses(files: readonly string[]): string {
	return files.map((file) => `\`${file.replace('nodes/Procore/', '')}\``).join(', ');
}

function row(assumption: Assumption, files: readonly string[]): string {
	const { id, assumes, source, ifWrong, check } = assumption;
	const cells = [`\`${id}\``, assumes, source, describeUses(files), ifWrong, describeCheck(check)];
	return `| ${cells.map(cell).join(' | ')} |`;
}

/**
 * Returns docs/assumptions.md, before it is formatted.
 *
 * @param uses the files that depend on each assumption, by its id.
 */
export function assumptionsPage(uses: ReadonlyMap<string, readonly string[]>): string {
	const sections = TOPICS.map(({ title, assumptions }) =>
		[
			`## ${title}`,
			'',
			'| Id | Assumption | Source | Used in | If it is wrong | How a run tells |',
			'| --- | --- | --- | --- | --- | --- |',
			...assumptions.map((each) => row(each, uses.get(each.id) ?? [])),
		].join('\n'),
	);
	return [INTRODUCTION, ...sections].join('\n').replace(/\n(## )/g, '\n\n$1') + '\n';
}
