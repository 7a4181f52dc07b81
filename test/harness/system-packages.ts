/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { runCommand } from './processes.cjs';

/**
 * Installs packages of a Debian-like system if that needs no password.
 *
 * @throws if the system has no apt-get, or the caller is not allowed to install packages
 */
export async function installPackages(...names: string[]): Promise<void> {
	if (process.platform !== 'linux') throw new Error('This system has no apt-get.');
	const root = process.getuid?.() === 0;
	const apt = async (...args: string[]) =>
		await runCommand(
			root ? 'apt-get' : 'sudo',
			root ? args : ['--non-interactive', 'apt-get', ...args],
			{
				env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
				maxBuffer: 64 * 1024 * 1024,
			},
		);
	const install = ['install', '--yes', '--no-install-recommends', ...names];
	try {
		await apt(...install);
	} catch {
		// A fresh system knows no packages until it has fetched its lists.
		await apt('update');
		await apt(...install);
	}
}
