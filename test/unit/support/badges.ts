/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ProcoreOAuth2Api } from '../../../credentials/ProcoreOAuth2Api.credentials';
import { objectAt, parseObject, requireText } from '../../harness/json';
import { repositoryRoot } from '../../harness/paths';

/** The folder of the pictures, relative to the repository. */
export const BADGES = 'docs/badges';
export const README = join(repositoryRoot, 'README.md');

const [START, END] = ['<!-- badges:start -->', '<!-- badges:end -->'];

/** The folders whose package.json names an n8n that the suites run on. */
const TESTED_N8N = ['test/n8n', 'test/n8n-2.39', 'test/n8n-1.123'];

export interface Badge {
	/** The name of its file, without the ending. */
	readonly name: string;
	readonly label: string;
	readonly value: string;
	/** Where it leads, relative to the README. */
	readonly link: string;
}

function readManifest(folder: string) {
	return parseObject(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8'));
}

/** Major and minor version. */
function release(version: string): string {
	return version.split('.').slice(0, 2).join('.');
}

/** The badges of the README. Each value comes from the file that decides it, so no service has to be asked. */
export function badges(): Badge[] {
	const manifest = readManifest('.');
	const tested = TESTED_N8N.map((folder) =>
		release(requireText(folder, readManifest(folder), 'dependencies', 'n8n')),
	);
	const generations = new ProcoreOAuth2Api().properties
		.filter(({ name }) => name === 'webhooksApiVersion')
		.flatMap(({ options = [] }) => options)
		.flatMap((option) => ('value' in option ? [String(option.value)] : []));
	const dependencies = Object.keys(objectAt(manifest, 'dependencies')).length;
	return [
		{
			name: 'version',
			label: 'version',
			value: requireText('package.json', manifest, 'version'),
			link: 'CHANGELOG.md',
		},
		{
			name: 'license',
			label: 'license',
			value: requireText('package.json', manifest, 'license'),
			link: 'LICENSE.md',
		},
		{ name: 'n8n', label: 'tested with n8n', value: tested.join(' | '), link: '#compatibility' },
		{
			name: 'webhooks-api',
			label: 'Procore Webhooks API',
			value: generations.sort().reverse().join(' | '),
			link: '#create-the-credential-in-n8n',
		},
		{
			name: 'dependencies',
			label: 'runtime dependencies',
			value: dependencies === 0 ? 'none' : String(dependencies),
			link: '#compatibility',
		},
	];
}

const HEIGHT = 20;
const PADDING = 7;

/** The width of a text in pixels, about that of Verdana. A browser with another font spreads its letters to this width. */
function widthOf(text: string): number {
	return [...text].reduce((width, letter) => width + (/[ .|ijl1]/.test(letter) ? 3.9 : 6.4), 0);
}

/** Draws a badge as an SVG file that loads nothing. */
export function drawBadge({ label, value }: Badge): string {
	const [left, right] = [label, value].map((text) => Math.round(widthOf(text) + 2 * PADDING));
	if (left === undefined || right === undefined) throw new Error('A badge has two parts');
	const part = (text: string, from: number, width: number) =>
		`<text x="${from + PADDING}" y="14" textLength="${width - 2 * PADDING}">${text}</text>`;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${HEIGHT}" role="img" aria-label="${label}: ${value}">
	<title>${label}: ${value}</title>
	<clipPath id="corners"><rect width="${left + right}" height="${HEIGHT}" rx="3" /></clipPath>
	<g clip-path="url(#corners)">
		<rect width="${left}" height="${HEIGHT}" fill="#4a4a4a" />
		<rect x="${left}" width="${right}" height="${HEIGHT}" fill="#0b62b3" />
	</g>
	<g fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">
		${part(label, 0, left)}
		${part(value, left, right)}
	</g>
</svg>
`;
}

/** Returns the README with its line of badges. @throws Error if it has no place for them. */
export function withBadges(readme: string): string {
	const [from, to] = [readme.indexOf(START), readme.indexOf(END)];
	if (from === -1 || to < from) throw new Error(`The README has no ${START} ... ${END}`);
	const pictures = badges().map(
		({ name, label, value, link }) => `[![${label}: ${value}](${BADGES}/${name}.svg)](${link})`,
	);
	return `${readme.slice(0, from)}${START}\n\n${pictures.join('\n')}\n\n${readme.slice(to)}`;
}
