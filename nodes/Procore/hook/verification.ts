import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { messageOf } from '../api/failure';
import { CREDENTIAL_TYPE } from '../api/transport';
import { nodeKey } from './node-key';
import { authorizationOf, digestOf, isAuthorized, readSecret, type DerivedSecret } from './secret';
import type { StoredState } from './stored-state';

/** How long what was derived counts: forged requests make n8n decrypt a credential no more often than this. */
const READ_AGAIN_MS = 30_000;

const MAX_NODES = 10_000;

/** What a process has derived for one node: whose events it expects, and how to tell. */
interface Expectation {
	/** Of the Authorization value; undefined where the credential could not be read. */
	readonly digest: string | undefined;
	readonly apiUrl: string | undefined;
}

interface Entry {
	expectation: Expectation;
	readAt: number;
	/** While the credential is being read, for all requests that arrive meanwhile. */
	reading: Promise<void> | undefined;
}

const NOTHING: Expectation = { digest: undefined, apiUrl: undefined };
const entries = new Map<string, Entry>();

type Context = IHookFunctions | IPollFunctions | IWebhookFunctions;

/** Another credential, another address or a test is another entry, so that each is right from its first request on. */
function entryOf(context: Context, url: string): Entry {
	const credentialId = context.getNode().credentials?.[CREDENTIAL_TYPE]?.id ?? '';
	const key = `${nodeKey(context)} ${credentialId} ${url}`;
	const known = entries.get(key);
	if (known) return known;
	if (entries.size >= MAX_NODES) entries.clear();
	const entry: Entry = { expectation: NOTHING, readAt: -Infinity, reading: undefined };
	entries.set(key, entry);
	return entry;
}

function keep(entry: Entry, { secret, apiUrl }: DerivedSecret): void {
	entry.expectation = { digest: digestOf(authorizationOf(secret)), apiUrl };
	entry.readAt = Date.now();
}

/** Derives the secret of the hooks that deliver to a webhook URL; from then on this process accepts it there. */
export async function expectSecret(
	context: IHookFunctions | IPollFunctions,
	url: string,
): Promise<DerivedSecret> {
	const derived = await readSecret(context, url);
	keep(entryOf(context, url), derived);
	return derived;
}

async function read(context: IWebhookFunctions, url: string, entry: Entry): Promise<void> {
	try {
		keep(entry, await readSecret(context, url));
	} catch (failure) {
		// What was derived before goes on counting: an event is not to be lost because n8n's database is slow.
		entry.readAt = Date.now();
		context.logger.warn(
			`Procore Trigger: the credential could not be read to verify an event. ${messageOf(failure)}`,
		);
	} finally {
		entry.reading = undefined;
	}
}

/**
 * Whether a request comes from a hook of this node. The credential is read for the first request and then at most once in
 * {@link READ_AGAIN_MS} a node: also while requests match, since in queue mode the process that receives runs no check,
 * and would accept the hook of a Procore that the credential has left.
 *
 * @param stored what static data remembers. The hooks that it tells of may still have the secret of an earlier client
 * secret: their value counts until the safety check has replaced it, but not where it was given to another Procore, or by
 * the n8n whose database this one has a copy of.
 */
export async function isFromOwnHook(
	context: IWebhookFunctions,
	stored: StoredState | undefined,
): Promise<boolean> {
	const received = context.getHeaderData().authorization;
	// n8n gives the production URL during a test too; a test has been remembered with its own.
	const url = context.getMode() === 'manual' ? stored?.url : context.getNodeWebhookUrl('default');
	if (received === undefined || url === undefined) return false;
	const entry = entryOf(context, url);
	if (Date.now() - entry.readAt >= READ_AGAIN_MS) {
		entry.reading ??= read(context, url, entry);
		await entry.reading;
	}
	const { digest, apiUrl } = entry.expectation;
	const isElsewhere = stored?.url !== url || (apiUrl !== undefined && stored.apiUrl !== apiUrl);
	return isAuthorized(received, [
		...(digest === undefined ? [] : [digest]),
		...(stored === undefined || isElsewhere ? [] : [stored.accepted]),
	]);
}
