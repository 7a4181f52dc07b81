/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A clock for server processes that runs faster than real time and jumps. Every process that is started with its `env`
 * follows it, with its timers, within some 20 real milliseconds. Timeouts inside of Node, such as those of sockets, stay
 * in real time.
 */
export class FastClock {
	private readonly folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-procore-clock-'));
	private readonly file = join(this.folder, 'clock.json');
	private realAt = Date.now();
	private at = Date.now();
	private speed = 1;

	constructor() {
		this.write();
	}

	/** For a process that is to follow this clock. */
	get env(): Record<string, string> {
		return {
			PROCORE_CLOCK_FILE: this.file,
			NODE_OPTIONS: `--require ${join(__dirname, 'follow-clock.cjs')}`,
		};
	}

	/** Milliseconds since 1970. */
	now(): number {
		return this.at + (Date.now() - this.realAt) * this.speed;
	}

	/** @param speed how many times faster than real time it runs from now on. */
	run(speed: number): void {
		this.set(this.now(), speed);
	}

	/** Jumps forward, at normal speed from then on. Timers that fall due on the way run at once. */
	jumpTo(time: number): void {
		this.set(Math.max(time, this.now()), 1);
	}

	dispose(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	private set(at: number, speed: number): void {
		this.at = at;
		this.realAt = Date.now();
		this.speed = speed;
		this.write();
	}

	/** A process might read the file at any moment, so it is replaced as a whole. */
	private write(): void {
		const draft = `${this.file}.new`;
		const { realAt, at, speed } = this;
		writeFileSync(draft, JSON.stringify({ realAt, at, speed }));
		renameSync(draft, this.file);
	}
}
