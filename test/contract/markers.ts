/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders whose comments name the assumptions that the code depends on. */
const FOLDERS = ['nodes', 'credentials', 'emulator'];

/** The id of an assumption in brackets: `[V1-EVERY-NAMESPACE]`. */
const MARKER = /\[([A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+)\]/g;

/** Words of a comment that talks about what Procore documents, or does not. */
const DOUBT_WORDS = [
	...['documents', 'documented', 'undocumented', 'guide', 'reference', 'specification'],
	...['guess', 'guesses', 'assume', 'assumes', 'assumed', 'assumption', 'inferred', 'disagree'],
	...['unpublished', 'not published', 'seen with', 'seen in', 'seen on'],
	...['accept', 'support', 'ignore', 'have returned'].flatMap((verb) => [
		`might ${verb}`,
		`might not ${verb}`,
	]),
];
const DOUBT = new RegExp(`\\b(?:${DOUBT_WORDS.join('|')})\\b`, 'i');
/** Not "Document Uploads", the name of a resource. */
const DOCUMENT = /\bdocument\b/;
const UNKNOWN =
	/\b(?:unknown|not known|unclear|unspecified|uncertain|(?:nobody|no one) knows|does not (?:say|tell))\b/i;
/** What is not known about Procore, unlike an id or an outcome that the code does not know. */
const ABOUT_PROCORE =
	/\bProcore\b|\b(?:unknown|known|unclear|unspecified|uncertain|knows) (?:how|what|when|where|whether|which|why)\b/i;

/** A comment of the sources, or a row of a table in the emulator's README. */
export interface Remark {
	/** Relative to the root, with slashes. */
	readonly file: string;
	/** Of its beginning, counted from 1. */
	readonly line: number;
	/** Without comment signs, in one line. */
	readonly text: string;
}

/** Returns the comments of a TypeScript source; consecutive `//` lines are one. */
export function commentsOf(file: string, source: string): Remark[] {
	const remarks: Array<{ file: string; line: number; text: string }> = [];
	let open = false;
	source.split('\n').forEach((line, index) => {
		const [, sign = '', text = ''] = /^\s*(\/\/|\/\*\*?|\*(?!\/)|\*\/)(.*)$/.exec(line) ?? [];
		const isContinued = open && (sign === '//' || sign.startsWith('*'));
		const content = (sign === '' ? (/\s\/\/\s(.*)$/.exec(line)?.[1] ?? '') : text)
			.replace(/\*\/\s*$/, '')
			.trim();
		const last = remarks.at(-1);
		if (isContinued && last !== undefined) last.text = `${last.text} ${content}`.trim();
		else if (content !== '' || sign.startsWith('/*')) {
			remarks.push({ file, line: index + 1, text: content });
		}
		open = sign !== '' && !line.includes('*/');
	});
	return remarks;
}

function sourceFiles(root: string): string[] {
	return FOLDERS.flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => file.endsWith('.ts'))
			.map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
	).sort();
}

/** Returns the rows of the table in the emulator's README that says what is documented. */
export function readmeRows(root: string): Remark[] {
	const file = 'emulator/README.md';
	const lines = readFileSync(join(root, file), 'utf8').split('\n');
	const start = lines.findIndex((line) => line.startsWith('## What is documented'));
	return lines
		.map((text, index) => ({ file, line: index + 1, text }))
		.slice(start)
		.filter(({ text }) => /^\| /.test(text) && !/^\| (?:-|Behavior )/.test(text));
}

/** Returns every comment of the package and of the emulator. */
export function remarksIn(root: string): Remark[] {
	return sourceFiles(root).flatMap((file) =>
		commentsOf(file, readFileSync(join(root, file), 'utf8')),
	);
}

/** Returns the ids of assumptions that a comment names. */
export function idsIn({ text }: Remark): string[] {
	return [...text.matchAll(MARKER)].map(([, id = '']) => id);
}

/** Whether a comment tells what Procore documents, or does not, without naming an assumption. */
export function isUnmarkedDoubt(remark: Remark): boolean {
	if (idsIn(remark).length > 0) return false;
	const { text } = remark;
	if (DOUBT.test(text) || DOCUMENT.test(text)) return true;
	const sentences = text.split(/(?<=\.)\s+/);
	return sentences.some((each) => UNKNOWN.test(each) && ABOUT_PROCORE.test(each));
}

/** Returns the files that depend on each assumption, by its id. */
export function usesIn(root: string): Map<string, string[]> {
	const uses = new Map<string, string[]>();
	for (const remark of [...remarksIn(root), ...readmeRows(root)]) {
		for (const id of idsIn(remark)) {
			const files = uses.get(id) ?? [];
			if (!files.includes(remark.file)) uses.set(id, [...files, remark.file]);
		}
	}
	return uses;
}
