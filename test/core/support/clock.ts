/* eslint-disable @n8n/community-nodes/no-restricted-globals */
const RealDate = Date;
let ahead = 0;

const now = () => RealDate.now() + ahead;

/** Sets the clock of n8n and of the emulator, which run in this process, ahead by some more minutes. */
export function passMinutes(minutes: number): void {
	ahead += minutes * 60_000;
}

/** Lets a test file pass time. */
export function useClock(): void {
	beforeAll(() => {
		globalThis.Date = new Proxy(RealDate, {
			construct: (target, values: [], newTarget): object => {
				const made: unknown = Reflect.construct(
					target,
					values.length === 0 ? [now()] : values,
					newTarget,
				);
				return typeof made === 'object' && made !== null ? made : {};
			},
			get: (target, name): unknown => (name === 'now' ? now : Reflect.get(target, name)),
		});
	});
	afterAll(() => {
		globalThis.Date = RealDate;
	});
}
