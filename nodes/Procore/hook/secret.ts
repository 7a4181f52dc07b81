import { createHash, createHmac, timingSafeEqual } from 'crypto';
import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { readAccount } from '../api/environment';
import { refusal } from '../api/refusal';
import { CREDENTIAL_TYPE } from '../api/transport';
import { text } from '../model/json';
import { readPlace } from './settings';

/** Part of what every secret is derived from: a change gives every hook a new secret. */
const VERSION = 'n8n-nodes-procore hook secret 1';

/** Where the hooks of a node are, and where they deliver to. */
export interface HookPlace {
	/** The base URL of the REST API, from the credential. */
	readonly apiUrl: string;
	/** The company that the node listens in. An On-Demand sandbox has the host of production and its own company. */
	readonly companyId: string;
	/** The node's webhook URL, so that a copy of n8n at another address has another secret. */
	readonly url: string;
	/** The text of the option Renew Secret: another text gives another secret. Empty by default. */
	readonly renewal?: string;
}

/** A hook's secret, and the account that it is used with. */
export interface DerivedSecret extends Pick<HookPlace, 'apiUrl' | 'companyId'> {
	/** 64 hexadecimal digits, without the word `Bearer`. */
	readonly secret: string;
	readonly clientId: string;
	/** Differs if anything in the credential does, its token included. A SHA-256, so it reveals nothing. */
	readonly revision: string;
}

/**
 * Derives the secret of a node's hooks. It is never stored: the last writer of n8n's static data wins, so an outdated copy
 * would make every later event look forged. Every process and every restored backup with the same client secret derives the
 * same value, and HMAC doesn't reveal its key.
 */
export function deriveSecret(
	clientSecret: string,
	{ apiUrl, companyId, url, renewal = '' }: HookPlace,
): string {
	// JSON keeps the parts apart, so that no two lists of parts give the same text.
	const parts = [VERSION, apiUrl, companyId, url, ...(renewal === '' ? [] : [renewal])];
	return createHmac('sha256', clientSecret).update(JSON.stringify(parts)).digest('hex');
}

/** The text of the option Renew Secret, without the spaces around it that a person does not see. */
export function readRenewal(
	context: Pick<IHookFunctions | IPollFunctions | IWebhookFunctions, 'getNodeParameter'>,
): string {
	return text(context.getNodeParameter('options.renewSecret', '')).trim();
}

/**
 * Reads the node's credential and derives the secret of its hooks. The client secret does not leave this function.
 *
 * @throws NodeOperationError if the credential has no client secret; what n8n throws if it cannot be read.
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
			"The credential has no Client Secret, from which the secret of the node's hooks is derived. Enter it in Client Secret.",
		);
	}
	const { apiUrl, clientId, companyId: defaultCompanyId } = readAccount(credential);
	const { companyId } = readPlace(context, defaultCompanyId);
	return {
		apiUrl,
		companyId,
		clientId,
		secret: deriveSecret(clientSecret, { apiUrl, companyId, url, renewal: readRenewal(context) }),
		revision: digestOf(JSON.stringify(credential)),
	};
}

/**
 * Returns the Authorization value that Procore sends unchanged [SEND-AUTHORIZATION], and the only thing that shows who sent
 * an event: it has no signature [SEND-HEADERS]. Procore adds the name of the header.
 */
export function authorizationOf(secret: string): string {
	return `Bearer ${secret}`;
}

/**
 * Returns the SHA-256 of an Authorization value in hexadecimal digits. A secret of 256 random-looking bits cannot be guessed
 * from it, so it can be stored.
 */
export function digestOf(authorization: string): string {
	return createHash('sha256').update(authorization).digest('hex');
}

/**
 * Whether the Authorization header of a request is accepted. Takes the same time for every value.
 *
 * @param accepted digests from {@link digestOf}. Anything else matches no value.
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
 * Whether a masked value could be `authorization`. Procore shows five stars and the last five characters (one client saw
 * four). A value without visible characters counts as a different secret.
 */
export function matchesMasked(masked: string | undefined, authorization: string): boolean {
	const tail = (masked ?? '').replace(/^\*+/, '');
	return tail.length >= 4 && authorization.endsWith(tail);
}
