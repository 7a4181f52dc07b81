import { createHash, createHmac, timingSafeEqual } from 'crypto';
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { readAccount } from '../api/environment';
import { refusal } from '../api/refusal';
import { CREDENTIAL_TYPE } from '../api/transport';

/** Part of what every secret is derived from: another word here gives every hook another secret. */
const VERSION = 'n8n-nodes-procore hook secret 1';

/** A hook's secret, and the Procore that it is for. */
export interface DerivedSecret {
	/** 64 hexadecimal digits, without the word `Bearer`. */
	readonly secret: string;
	/** The host of the REST API, as the credential has it. */
	readonly apiUrl: string;
}

/**
 * The secret of the hooks that deliver to one webhook URL. It is derived and never stored: n8n's static data is one blob
 * that the last writer wins, so a copy of it from the past would make every later event a forgery. Everybody who knows
 * the client secret agrees on it: another process, a restored backup. HMAC does not lead back to its key.
 *
 * @param url the node's webhook URL: a copy of n8n at another address has another secret.
 */
export function deriveSecret(clientSecret: string, apiUrl: string, url: string): string {
	// As JSON, so that no two lists of parts are written alike.
	const parts = JSON.stringify([VERSION, apiUrl, url]);
	return createHmac('sha256', clientSecret).update(parts).digest('hex');
}

/**
 * Reads the node's credential and derives the secret of its hooks. The client secret goes no further than this.
 *
 * @throws NodeOperationError where the credential has no client secret; what n8n throws where it cannot be read.
 */
export async function readSecret(
	context: IHookFunctions | IPollFunctions | IWebhookFunctions,
	url: string,
): Promise<DerivedSecret> {
	const credential = await context.getCredentials(CREDENTIAL_TYPE);
	const { clientSecret } = credential;
	if (typeof clientSecret !== 'string' || clientSecret === '') {
		throw refusal(
			context.getNode(),
			"The credential has no client secret, from which the secret of the node's hooks is derived: enter it in Client Secret.",
		);
	}
	const { apiUrl } = readAccount(credential);
	return { apiUrl, secret: deriveSecret(clientSecret, apiUrl, url) };
}

/** The Authorization value that Procore is told to send. It adds the header's name itself. */
export function authorizationOf(secret: string): string {
	return `Bearer ${secret}`;
}

/**
 * What tells whether a request carries an Authorization value, without being one: its SHA-256 in hexadecimal digits.
 * From 256 bits that nobody can guess it gives nothing away, so it may be stored.
 */
export function digestOf(authorization: string): string {
	return createHash('sha256').update(authorization).digest('hex');
}

/**
 * Whether a request carries a value that is accepted. Takes the same time whatever was sent.
 *
 * @param received the request's Authorization header.
 * @param accepted as {@link digestOf} gives them; what is no digest accepts nothing.
 */
export function isAuthorized(received: string | undefined, accepted: readonly string[]): boolean {
	const digest = createHash('sha256')
		.update(received ?? '')
		.digest();
	const matches = accepted.filter((each) => {
		const expected = Buffer.from(each, 'hex');
		return expected.length === digest.length && timingSafeEqual(digest, expected);
	});
	return matches.length > 0 && received !== undefined && received !== '';
}

/**
 * Whether a masked value may stand for `authorization`: Procore shows five stars and the last five characters (one
 * client saw four). Without a tail nothing is known, which counts as another secret.
 */
export function matchesMasked(masked: string | undefined, authorization: string): boolean {
	const tail = (masked ?? '').replace(/^\*+/, '');
	return tail.length >= 4 && authorization.endsWith(tail);
}
