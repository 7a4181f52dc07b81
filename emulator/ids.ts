import { randomBytes, randomInt } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Numeric ids that only grow, so that an id from before a reset is never used again. */
class Sequence {
	private last: bigint;

	constructor(
		first: bigint,
		private readonly widestStep: number,
	) {
		this.last = first;
	}

	next(): string {
		this.last += BigInt(randomInt(1, this.widestStep + 1));
		return this.last.toString();
	}
}

/** One sequence per kind of object. */
export class Ids {
	readonly hook = new Sequence(61_840_200n, 40);
	readonly trigger = new Sequence(231_900_400n, 3);
	readonly attempt = new Sequence(990_041_200n, 3);
	// Above the ids of the seed.
	readonly project = new Sequence(906_000n, 40);
	readonly resource = new Sequence(1_290_000n, 90);
	// 19 digits, far above 2^53: a parser that uses doubles changes the value [EVENT-ID-DIGITS].
	readonly event = new Sequence(6_120_447_718_830_551_043n, 2_000_000);
	readonly delivery = new Sequence(5_820_118_903_471_226_309n, 2_000_000);
}

/** A ULID of this time, in milliseconds since 1970. */
export function ulid(milliseconds: number): string {
	let time = Math.floor(milliseconds);
	let head = '';
	for (let position = 0; position < 10; position++) {
		head = (CROCKFORD[time % 32] ?? '0') + head;
		time = Math.floor(time / 32);
	}
	let tail = '';
	for (const byte of randomBytes(16)) tail += CROCKFORD[byte % 32] ?? '0';
	return head + tail;
}

/** Random bytes as hexadecimal digits. */
export function randomHex(bytes: number): string {
	return randomBytes(bytes).toString('hex');
}

/** Procore's access tokens look like JWTs, but clients should not read them. */
export function accessTokenText(): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return [
		part({ alg: 'ES512' }),
		part({ amr: [], jti: randomHex(8) }),
		randomBytes(24).toString('base64url'),
	].join('.');
}
