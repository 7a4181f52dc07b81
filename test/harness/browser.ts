/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import { cacheFolder } from './paths';
import { runCommand } from './processes.cjs';
import { installPackages } from './system-packages';

interface BrowserExecutable {
	path: string;
	/** Environment variables that it needs in addition to the caller's. */
	env?: Record<string, string>;
}

/** The npm package that ships a Chromium binary for Linux on x64. */
const PACKAGED = { name: '@sparticuz/chromium', version: '153.0.0' };

const COMMANDS = [
	'chromium',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
	'chrome',
	'microsoft-edge',
];

const PLACES = [
	'/usr/lib/chromium/chromium',
	'/opt/google/chrome/chrome',
	'/snap/bin/chromium',
	...['/Applications', join(homedir(), 'Applications')].flatMap((folder) => [
		`${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
		`${folder}/Chromium.app/Contents/MacOS/Chromium`,
	]),
];

/**
 * Flags for a machine that might have no internet access and might run everything as root: no sandbox, no background
 * traffic of Chromium, and no requests of a page except to this machine.
 */
const QUIET_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--disable-dev-shm-usage',
	'--no-first-run',
	'--no-default-browser-check',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-domain-reliability',
	'--disable-sync',
	// n8n's pages ask npm for versions and n8n's servers for news.
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/**
 * Finds a Chromium or Chrome, or installs one: from the system's packages if that needs no password, otherwise from
 * the npm registry into the user's cache folder.
 *
 * @throws with the command to run if none of this works
 */
async function ensureBrowser(
	log: (line: string) => void = () => undefined,
): Promise<BrowserExecutable> {
	const named = process.env.CHROME_PATH;
	if (named !== undefined && named !== '') {
		if (await works({ path: named })) return { path: named };
		throw new Error(`CHROME_PATH names ${named}, which does not run as a browser`);
	}
	const found = (await findInstalled()) ?? (await findPackaged());
	if (found !== undefined) return found;

	const reasons: string[] = [];
	for (const install of [installWithApt, installPackaged]) {
		try {
			await install(log);
		} catch (error) {
			reasons.push(error instanceof Error ? error.message : String(error));
		}
		const installed = (await findInstalled()) ?? (await findPackaged());
		if (installed !== undefined) return installed;
	}
	throw new Error(
		[
			'No Chromium or Chrome is installed, and none could be installed. Type:',
			'  sudo apt-get install --yes chromium',
			'or install Chrome in another way and set CHROME_PATH to its executable.',
			...reasons.map((reason) => `(${reason.trim().split('\n').slice(-3).join(' ')})`),
		].join('\n'),
	);
}

const open = new Set<Browser>();

/** Starts a headless browser. `closeBrowsers` closes it if the caller does not. */
export async function openBrowser(log?: (line: string) => void): Promise<Browser> {
	const { path, env } = await ensureBrowser(log);
	const inherited = Object.entries(process.env).flatMap(([key, value]) =>
		value === undefined ? [] : [[key, value] as const],
	);
	const browser = await chromium.launch({
		executablePath: path,
		headless: true,
		args: QUIET_FLAGS,
		env: { ...Object.fromEntries(inherited), ...env },
	});
	open.add(browser);
	browser.once('disconnected', () => open.delete(browser));
	return browser;
}

/** Closes the browsers that are still open. */
export async function closeBrowsers(): Promise<void> {
	await Promise.all([...open].map(async (browser) => await browser.close()));
}

async function findInstalled(): Promise<BrowserExecutable | undefined> {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const candidates = [
		...folders.flatMap((folder) => COMMANDS.map((command) => join(folder, command))),
		...PLACES,
	];
	for (const path of candidates) {
		if (existsSync(path) && (await works({ path }))) return { path };
	}
	return undefined;
}

/** Some systems have a command with the right name that only explains how to install the browser. */
async function works({ path, env }: BrowserExecutable): Promise<boolean> {
	try {
		const { stdout } = await runCommand(path, ['--version'], {
			timeout: 30_000,
			env: { ...process.env, ...env },
		});
		return /(chrom|edge).*\d+\.\d+/i.test(stdout);
	} catch {
		return false;
	}
}

async function installWithApt(log: (line: string) => void): Promise<void> {
	log('Installing Chromium from the system packages ...');
	await installPackages('chromium');
}

function packagedFolder(): string {
	return join(cacheFolder(), `chromium-${PACKAGED.version}`);
}

async function findPackaged(): Promise<BrowserExecutable | undefined> {
	const folder = packagedFolder();
	const browser = {
		path: join(folder, 'chromium'),
		env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: folder },
	};
	return existsSync(browser.path) && (await works(browser)) ? browser : undefined;
}

/** The package contains the executable, its libraries and a font, compressed with brotli, for Amazon Linux. */
async function installPackaged(log: (line: string) => void): Promise<void> {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error(`${PACKAGED.name} is made for Linux on x64.`);
	}
	log(`Installing Chromium from the package ${PACKAGED.name} ...`);
	const building = `${packagedFolder()}.${process.pid}.tmp`;
	await mkdir(building, { recursive: true });
	try {
		const spec = `${PACKAGED.name}@${PACKAGED.version}`;
		await runCommand(
			'npm',
			['install', '--prefix', building, '--ignore-scripts', '--no-save', spec],
			{
				cwd: building,
				maxBuffer: 64 * 1024 * 1024,
			},
		);
		const packed = join(building, 'node_modules', PACKAGED.name, 'bin');
		const executable = join(building, 'chromium');
		await unpack(join(packed, 'chromium.br'), executable);
		await chmod(executable, 0o755);
		for (const archive of ['al2023', 'swiftshader', 'fonts']) {
			const tar = join(building, `${archive}.tar`);
			await unpack(join(packed, `${archive}.tar.br`), tar);
			await runCommand('tar', ['-xf', tar, '-C', building]);
			await rm(tar);
		}
		// Its own settings look for fonts only in Amazon's folders.
		await writeFile(join(building, 'fonts.conf'), fontSettings(join(packagedFolder(), 'fonts')));
		await rm(join(building, 'node_modules'), { recursive: true });
		await rm(packagedFolder(), { recursive: true, force: true });
		await rename(building, packagedFolder());
	} finally {
		await rm(building, { recursive: true, force: true });
	}
}

function fontSettings(packaged: string): string {
	return [
		'<?xml version="1.0"?>',
		'<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
		'<fontconfig>',
		...['/usr/share/fonts', '/usr/local/share/fonts', packaged].map((dir) => `<dir>${dir}</dir>`),
		`<cachedir>${packaged}-cache</cachedir>`,
		'</fontconfig>',
		'',
	].join('\n');
}

async function unpack(from: string, to: string): Promise<void> {
	await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}
