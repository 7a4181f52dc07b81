import { runCommand } from '../harness/processes.cjs';

/** The memory of the machine that a process uses, in megabytes. */
export async function residentMegabytes(pid: number): Promise<number> {
	const { stdout } = await runCommand('ps', ['-o', 'rss=', '-p', String(pid)]);
	return Math.round(Number(stdout) / 1024);
}
