// Loaded with --require: the clock of this process is ahead by the milliseconds in the file that SHIFTED_CLOCK_FILE names.
const { readFileSync } = require('node:fs');

const RealDate = Date;
// Some library assigns `Date.now` to itself, which goes through the proxy.
const realNow = Date.now;
let ahead = 0;
function read() {
	ahead = Number(readFileSync(process.env.SHIFTED_CLOCK_FILE, 'utf8')) || 0;
}
read();
setInterval(read, 100).unref();
const now = () => realNow() + ahead;
globalThis.Date = new Proxy(RealDate, {
	apply: () => new RealDate(now()).toString(),
	construct: (target, values, newTarget) =>
		Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
	get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
