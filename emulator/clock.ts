/* eslint-disable @n8n/community-nodes/no-restricted-globals */
type Task = () => Promise<void> | void;

interface Scheduled {
	at: number;
	task: Task;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Virtual time. It runs at `speed` times real time. `advance` jumps forward and runs the tasks that fall due on the
 * way in virtual order, with the clock stopped during each task.
 */
export class Clock {
	private virtualBase = Date.now();
	private realBase = Date.now();
	private factor: number;
	private pinned: number | null = null;
	private skewMs = 0;
	private timer: NodeJS.Timeout | null = null;
	private readonly scheduled: Scheduled[] = [];
	private readonly running = new Set<Promise<void>>();
	private advancing: Promise<void> = Promise.resolve();

	constructor(speed = 1) {
		this.factor = speed;
	}

	get speed(): number {
		return this.factor;
	}

	now(): number {
		return this.pinned ?? this.virtualBase + (Date.now() - this.realBase) * this.factor;
	}

	setSpeed(factor: number): void {
		this.rebase(this.now());
		this.factor = factor;
		this.arm();
	}

	/** Sets the clock ahead or back, as that of another machine is. Nothing falls due because of it. */
	setSkew(milliseconds: number): void {
		const change = milliseconds - this.skewMs;
		this.skewMs = milliseconds;
		this.rebase(this.now() + change);
		for (const entry of this.scheduled) entry.at += change;
		this.arm();
	}

	/** Runs `task` at a virtual time; the returned function cancels it. */
	schedule(at: number, task: Task): () => void {
		const entry: Scheduled = { at, task };
		let index = this.scheduled.length;
		while (index > 0 && (this.scheduled[index - 1]?.at ?? 0) > at) index--;
		this.scheduled.splice(index, 0, entry);
		this.arm();
		return () => {
			const position = this.scheduled.indexOf(entry);
			if (position >= 0) this.scheduled.splice(position, 1);
		};
	}

	async advance(milliseconds: number): Promise<void> {
		const turn = this.advancing.then(async () => await this.jump(milliseconds));
		this.advancing = turn;
		await turn;
	}

	stop(): void {
		this.scheduled.length = 0;
		if (this.timer) clearTimeout(this.timer);
		this.timer = null;
	}

	private async jump(milliseconds: number): Promise<void> {
		const target = this.now() + milliseconds;
		this.pinned = this.now();
		if (this.timer) clearTimeout(this.timer);
		this.timer = null;
		try {
			await Promise.all(this.running);
			for (let next = this.takeDue(target); next; next = this.takeDue(target)) {
				this.pinned = Math.max(this.pinned, next.at);
				await next.task();
			}
		} finally {
			this.pinned = null;
			this.rebase(target);
			this.arm();
		}
	}

	private takeDue(until: number): Scheduled | undefined {
		const first = this.scheduled[0];
		return first && first.at <= until ? this.scheduled.shift() : undefined;
	}

	private rebase(virtualNow: number): void {
		this.virtualBase = virtualNow;
		this.realBase = Date.now();
	}

	private arm(): void {
		if (this.timer) clearTimeout(this.timer);
		this.timer = null;
		const first = this.scheduled[0];
		if (!first || this.pinned !== null || this.factor <= 0) return;
		const wait = Math.max(0, Math.ceil((first.at - this.now()) / this.factor));
		this.timer = setTimeout(() => this.runDue(), Math.min(wait, LONGEST_TIMER_MS));
		// A pending delivery does not keep the process alive; the server does.
		this.timer.unref();
	}

	private runDue(): void {
		this.timer = null;
		for (let next = this.takeDue(this.now()); next; next = this.takeDue(this.now())) {
			const run = Promise.resolve(next.task()).finally(() => this.running.delete(run));
			this.running.add(run);
		}
		this.arm();
	}
}

/** Formats a time like hooks and delivery attempts do: `2026-11-17T15:42:09Z`. */
export function isoSeconds(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
