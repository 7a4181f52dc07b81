import { sleep, type IWebhookFunctions } from 'n8n-workflow';

import { BRIEF_RETRIES, openProcore } from '../api';
import { settle } from '../api/concurrency';
import { messageOf } from '../api/failure';
import type { IgnoreOwnChanges, OwnIdentity } from '../model/event-filter';
import { cacheIdentity, currentIdentity, lookUpIdentity } from './identity';
import { nodeKey } from './node-key';
import type { KnownIdentity, StoredState } from './stored-state';
import { currentAccount, type CurrentAccount } from './verification';

/** How long an event waits for a look-up. Procore waits five seconds for the response. */
const LOOK_UP_MS = 2_000;

/** How soon a failed look-up is repeated. */
const REPEAT_AFTER_MS = 30_000;

interface LookUp {
	readonly startedAt: number;
	/** Never rejects; undefined if it failed. */
	readonly result: Promise<KnownIdentity | undefined>;
}

const MAX_NODES = 10_000;
const lookUps = new Map<string, LookUp>();

/** Starts a look-up, unless one has been started with the same credential within {@link REPEAT_AFTER_MS}. */
function lookUp(
	context: IWebhookFunctions,
	account: CurrentAccount,
	ignore: IgnoreOwnChanges,
): Promise<KnownIdentity | undefined> {
	const key = nodeKey(context);
	const last = lookUps.get(key);
	const startedAt = Date.now();
	if (last && last.startedAt >= account.since && startedAt - last.startedAt < REPEAT_AFTER_MS) {
		return last.result;
	}
	const run = async () => {
		const procore = await openProcore(context, { isUpkeep: true, retries: BRIEF_RETRIES });
		return await lookUpIdentity(procore, account.companyId, ignore);
	};
	const result = settle(run).then((outcome) => {
		if (outcome.ok) {
			cacheIdentity(key, outcome.value);
			return outcome.value;
		}
		context.logger.warn(
			`Procore Trigger: Could not find out whose changes are the node's own; will retry with a later event. ${messageOf(outcome.failure)}`,
		);
		return undefined;
	});
	if (lookUps.size >= MAX_NODES) lookUps.clear();
	lookUps.set(key, { startedAt, result });
	return result;
}

/**
 * Returns whose changes count as the node's own when an event arrives. The app is that of the credential as it was last read.
 * The user is looked up for the first event after this process has read a changed credential: somebody might have connected
 * another account, and in queue mode, the process that receives events runs no safety checks, which look the user up as well.
 * A renewed token is a change too, so this happens about every 90 minutes. The event waits for the result: with the previous
 * user, it might be dropped, or start the workflow, by mistake.
 *
 * @param stored the stored state. Its user is trusted if the look-up fails and this process has seen no change.
 * @returns undefined if nobody's changes are ignored, or if nobody is known.
 */
export async function identityForEvent(
	context: IWebhookFunctions,
	stored: StoredState | undefined,
	ignore: IgnoreOwnChanges,
): Promise<OwnIdentity | undefined> {
	if (ignore === 'none') return undefined;
	if (context.getMode() === 'manual') return stored?.own;
	const account = currentAccount(context);
	const isSameProcore = account === undefined || stored?.apiUrl === account.apiUrl;
	const known = currentIdentity(nodeKey(context), isSameProcore ? stored?.own : undefined);
	if (account === undefined) return known;
	const { clientId: applicationId, since, hasChanged } = account;
	if (ignore === 'application') return { userId: '', applicationId };
	if (known !== undefined && known.lookedUpAt >= since) return { ...known, applicationId };
	const found = await Promise.race([lookUp(context, account, ignore), sleep(LOOK_UP_MS)]);
	if (found !== undefined) return found;
	// An event must not be dropped as that of a user who might no longer be the credential's.
	const isDoubtful = hasChanged || known?.applicationId !== applicationId;
	return { userId: isDoubtful ? '' : known.userId, applicationId };
}
