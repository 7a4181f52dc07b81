import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { messageOf } from '../api/failure';
import { CREDENTIAL_TYPE } from '../api/transport';
import { nodeKey } from './node-key';
import {
	authorizationOf,
	digestOf,
	isAuthorized,
	readRenewal,
	readSecret,
	type DerivedSecret,
} from './secret';
import { acceptedDigests, EARLIER_LASTS_MS, type StoredState } from './stored-state';

/**
 * How long a derived secret is cached. A request that does not match has it read again, but no more often than this, so that
 * forged requests can't make n8n decrypt a credential all the time.
 */
const CACHED_FOR_MS = 30_000;

/**
 * How long a process accepts the secret in the stored state besides another one that it derives: long enough for a daily
 * safety check to update the hooks. A process that runs no checks, such as a webhook processor, does not learn when they are
 * updated.
 */
const REPLACED_AFTER_MS = 24 * 3_600_000;

const MAX_NODES = 10_000;

/** The account of a node's credential, as this process has last read it. */
export interface CurrentAccount extends Pick<DerivedSecret, 'apiUrl' | 'companyId' | 'clientId'> {
	/** When this process first read the credential with this content, in milliseconds since 1970. */
	readonly since: number;
	/** Whether this process has read the credential with another content before. */
	readonly hasChanged: boolean;
}

interface Entry {
	/** Of the Authorization value; undefined if the credential could not be read yet. */
	digest: string | undefined;
	/** Undefined likewise. */
	account: CurrentAccount | undefined;
	/** {@link DerivedSecret.revision}; undefined likewise. */
	revision: string | undefined;
	/** Since when this process has expected this digest, in milliseconds since 1970. */
	expectedSince: number;
	/** The digest that all hooks of the node have, according to a safety check of this process. */
	confirmed: string | undefined;
	/** When it was last read, in milliseconds since 1970. */
	readAt: number;
	/** When it was last read because a request did not match. */
	readForMismatchAt: number;
	/** Set while the credential is read, and shared by all requests that arrive in the meantime. */
	reading: Promise<void> | undefined;
}

const entries = new Map<string, Entry>();

type Context = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** Returns the cache entry of a node. A test, another credential, URL or renewed secret has its own entry. */
function entryOf(context: Context, url: string): Entry {
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? '';
	const key = JSON.stringify([nodeKey(context), credentialId, url, readRenewal(context)]);
	const known = entries.get(key);
	if (known) return known;
	if (entries.size >= MAX_NODES) entries.clear();
	const entry: Entry = {
		digest: undefined,
		account: undefined,
		revision: undefined,
		expectedSince: -Infinity,
		confirmed: undefined,
		readAt: -Infinity,
		readForMismatchAt: -Infinity,
		reading: undefined,
	};
	entries.set(key, entry);
	return entry;
}

function keep(entry: Entry, { secret, revision, ...account }: DerivedSecret): void {
	const now = Date.now();
	const digest = digestOf(authorizationOf(secret));
	if (digest !== entry.digest) entry.expectedSince = now;
	entry.digest = digest;
	if (revision !== entry.revision) {
		entry.account = { ...account, since: now, hasChanged: entry.account !== undefined };
		entry.revision = revision;
	}
	entry.readAt = now;
}

/** Derives the secret of the hooks that deliver to a webhook URL. From then on, this process accepts it there. */
export async function expectSecret(
	context: IHookFunctions | IPollFunctions,
	url: string,
): Promise<DerivedSecret> {
	const derived = await readSecret(context, url);
	keep(entryOf(context, url), derived);
	return derived;
}

/**
 * Tells this process that all hooks of the node have the secret with this digest, so that it no longer accepts the one in
 * the stored state, unless that was replaced by Renew Secret: n8n doesn't save the static data of a check that hands over no
 * events.
 */
export function confirmSecret(context: IPollFunctions, url: string, digest: string): void {
	entryOf(context, url).confirmed = digest;
}

async function read(context: IWebhookFunctions, url: string, entry: Entry): Promise<void> {
	try {
		keep(entry, await readSecret(context, url));
	} catch (failure) {
		// The previous secret stays valid, so that no event is lost because n8n's database is slow.
		entry.readAt = Date.now();
		context.logger.warn(
			`Procore Trigger: Could not read the credential to verify an event. ${messageOf(failure)}`,
		);
	} finally {
		entry.reading = undefined;
	}
}

/**
 * Whether a request comes from a hook of this node. Reads the credential for the first request, for one that does not match,
 * and if the last time was {@link CACHED_FOR_MS} ago. The latter even if requests match: in queue mode, the process that
 * receives events runs no safety checks, and would continue to accept hooks of a Procore or company that the credential no
 * longer leads to.
 *
 * @param stored the stored state. Its hooks might still have the secret from an earlier client secret, which is accepted
 *   until the safety check has replaced it, or for {@link REPLACED_AFTER_MS} in a process without checks, unless they belong
 *   to another Procore, company or n8n.
 */
export async function isFromOwnHook(
	context: IWebhookFunctions,
	stored: StoredState | undefined,
): Promise<boolean> {
	const received = context.getHeaderData().authorization;
	// n8n returns the production URL during a test too, but the state of a test is stored with its own URL.
	const url = context.getMode() === 'manual' ? stored?.url : context.getNodeWebhookUrl('default');
	if (received === undefined || url === undefined) return false;
	const entry = entryOf(context, url);
	const renewal = digestOf(readRenewal(context));
	const isFresh = await readAgain(context, url, entry, 'readAt');
	const isAccepted = () => isAuthorized(received, acceptedBy(entry, stored, { url, renewal }));
	if (isFresh || isAccepted()) return isAccepted();
	// The credential might have changed. Procore would repeat the event only minutes later, and hold back the others.
	await readAgain(context, url, entry, 'readForMismatchAt');
	return isAccepted();
}

/**
 * Reads the credential again, unless that was done for the same reason within {@link CACHED_FOR_MS}.
 *
 * @returns whether it has just been read.
 */
async function readAgain(
	context: IWebhookFunctions,
	url: string,
	entry: Entry,
	reason: 'readAt' | 'readForMismatchAt',
): Promise<boolean> {
	if (entry.reading === undefined) {
		if (Date.now() - entry[reason] < CACHED_FOR_MS) return false;
		entry[reason] = Date.now();
		entry.reading = read(context, url, entry);
	}
	await entry.reading;
	return true;
}

/**
 * Returns the digests that are accepted at a webhook URL. One that was derived with another text in Renew Secret is accepted
 * for as long as a previous secret, even once a check has confirmed the new one: n8n might not have saved the state of the
 * activation yet.
 */
function acceptedBy(
	{ digest, account, expectedSince, confirmed }: Entry,
	stored: StoredState | undefined,
	{ url, renewal }: { readonly url: string; readonly renewal: string },
): string[] {
	const derived = digest === undefined ? [] : [digest];
	const place = account ?? stored;
	const isElsewhere =
		stored?.url !== url || stored.apiUrl !== place?.apiUrl || stored.companyId !== place.companyId;
	if (stored === undefined || isElsewhere) return derived;
	const now = Date.now();
	const isRenewed = stored.renewal !== undefined && stored.renewal !== renewal;
	const expectedFor = now - expectedSince;
	const isReplaced =
		digest !== undefined &&
		((confirmed === digest && (!isRenewed || expectedFor >= EARLIER_LASTS_MS)) ||
			expectedFor >= REPLACED_AFTER_MS) &&
		stored.accepted !== digest;
	const accepted = isReplaced ? '' : stored.accepted;
	return [...derived, ...acceptedDigests({ ...stored, accepted }, now)];
}

/** Returns the account of the credential as {@link isFromOwnHook} has read it for a production event. */
export function currentAccount(context: IWebhookFunctions): CurrentAccount | undefined {
	const url = context.getNodeWebhookUrl('default');
	return url === undefined ? undefined : entryOf(context, url).account;
}
