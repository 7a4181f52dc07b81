import { createHash, randomBytes, timingSafeEqual } from 'crypto';

const SECRET_BYTES = 32;

/** A fresh secret: 32 random bytes, in hexadecimal digits. */
export function newSecret(): string {
	return randomBytes(SECRET_BYTES).toString('hex');
}

/** The Authorization value that Procore is told to send. It adds the header's name itself. */
export function authorizationOf(secret: string): string {
	return `Bearer ${secret}`;
}

/**
 * Whether a request carries our secret. Takes the same time whatever was sent; false where we hold no secret.
 *
 * @param received the request's Authorization header.
 * @param secret what {@link newSecret} made, undefined where it was lost.
 */
export function isAuthorized(received: string | undefined, secret: string | undefined): boolean {
	const digest = (value: string) => createHash('sha256').update(value).digest();
	const same = timingSafeEqual(digest(received ?? ''), digest(authorizationOf(secret ?? '')));
	return same && received !== undefined && secret !== undefined && secret !== '';
}

/**
 * Whether a masked value may stand for `authorization`: Procore shows five stars and the last five characters (one
 * client saw four). Without a tail nothing is known, which counts as another secret.
 */
export function matchesMasked(masked: string | undefined, authorization: string): boolean {
	const tail = (masked ?? '').replace(/^\*+/, '');
	return tail.length >= 4 && authorization.endsWith(tail);
}
