/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds after which a holder that has not updated the lock counts as dead. */
const STALE_AFTER = 60_000;

/**
 * Runs a task while holding a lock in the form of a folder: other processes wait. The lock of a process that died is
 * taken over. Two processes that take over at the same moment can both run, so the task must tolerate that.
 *
 * @param onWait called once with the process id of the holder if there is a wait
 */
export async function withLockFolder<T>(
	folder: string,
	task: () => Promise<T>,
	onWait: (holder: number) => void,
): Promise<T> {
	let told = false;
	while (!(await take(folder))) {
		const holder = await holderOf(folder);
		if (holder === undefined) {
			await discard(folder);
			continue;
		}
		if (!told) onWait(holder);
		told = true;
		await delay(1_000);
	}
	const heartbeat = setInterval(() => {
		const now = new Date();
		utimes(folder, now, now).catch(() => undefined);
	}, STALE_AFTER / 6);
	try {
		return await task();
	} finally {
		clearInterval(heartbeat);
		await rm(folder, { recursive: true, force: true });
	}
}

async function take(folder: string): Promise<boolean> {
	try {
		await mkdir(folder);
	} catch {
		return false;
	}
	await writeFile(join(folder, 'pid'), String(process.pid));
	return true;
}

/** The process that holds the lock; undefined if it is gone, or the lock is gone or stale. */
async function holderOf(folder: string): Promise<number | undefined> {
	try {
		const { mtimeMs } = await stat(folder);
		if (Date.now() - mtimeMs > STALE_AFTER) return undefined;
		const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'));
		// Between making the folder and writing the file there is no process id yet.
		if (pid === 0) return 0;
		return isAlive(pid) ? pid : undefined;
	} catch {
		return undefined;
	}
}

/** Whether a process with this id runs on this machine. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

async function discard(folder: string): Promise<void> {
	const aside = `${folder}.stale-${process.pid}`;
	try {
		await rename(folder, aside);
	} catch {
		return;
	}
	await rm(aside, { recursive: true, force: true });
}
