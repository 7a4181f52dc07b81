// Loaded into a server with --require: its clock follows the file that PROCORE_CLOCK_FILE names, and so do its timers.
// The file holds the real time of the last change, the clock's time then, and how many times faster it runs, as JSON.
const { readFileSync, statSync } = require('node:fs');

const file = process.env.PROCORE_CLOCK_FILE;
if (file === undefined) throw new Error('PROCORE_CLOCK_FILE is not set');

/** Real milliseconds between two looks at the file. */
const LOOK_EVERY_MS = 20;

const RealDate = Date;
const real = { now: Date.now, setTimeout, setInterval };
let setting = JSON.parse(readFileSync(file, 'utf8'));

const now = () => setting.at + (real.now() - setting.realAt) * setting.speed;

globalThis.Date = new Proxy(RealDate, {
	construct: (target, args, newTarget) =>
		Reflect.construct(target, args.length > 0 ? args : [now()], newTarget),
	apply: () => new RealDate(now()).toString(),
	get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
RealDate.prototype.constructor = globalThis.Date;

/** Pending timers, with the time when each is due by this clock. */
const pending = new Map();

function timerLike(start, isRepeated) {
	const started = (callback, delay = 1, ...args) => {
		const due = now() + delay;
		const run = () => {
			if (isRepeated) pending.set(timer, { due: now() + delay, delay, isRepeated });
			else pending.delete(timer);
			callback(...args);
		};
		const timer = start(run, delay / setting.speed);
		pending.set(timer, { due, delay, isRepeated });
		return timer;
	};
	return Object.assign(started, start);
}

globalThis.setTimeout = timerLike(real.setTimeout, false);
globalThis.setInterval = timerLike(real.setInterval, true);

/** Gives the timers the real time that is left. Node re-arms a timer with `_idleTimeout` and repeats it with `_repeat`. */
function rearm() {
	for (const [timer, { due, delay, isRepeated }] of pending) {
		if (timer._destroyed) {
			pending.delete(timer);
			continue;
		}
		timer._idleTimeout = Math.max(1, (due - now()) / setting.speed);
		timer.refresh();
		if (isRepeated) timer._repeat = Math.max(1, delay / setting.speed);
	}
}

let changedAt = statSync(file).mtimeMs;
real
	.setInterval(() => {
		const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: changedAt };
		if (mtimeMs === changedAt) return;
		changedAt = mtimeMs;
		setting = JSON.parse(readFileSync(file, 'utf8'));
		rearm();
	}, LOOK_EVERY_MS)
	.unref();
