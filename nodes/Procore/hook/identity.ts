import type { IPollFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { messageOf } from '../api/failure';
import type { IgnoreOwnChanges, OwnIdentity } from '../model/event-filter';
import type { KnownIdentity } from './stored-state';

const MAX_NODES = 10_000;
const identities = new Map<string, KnownIdentity>();

/**
 * Looks up whose changes count as the node's own, with at most one request. This is done in advance, because an event must
 * be answered without a request to Procore.
 *
 * @returns undefined if no own changes are ignored.
 * @throws ProcoreFailure if the user cannot be looked up.
 */
export async function lookUpIdentity(
	{ account, directory }: Procore,
	companyId: string,
	ignore: IgnoreOwnChanges,
): Promise<KnownIdentity | undefined> {
	if (ignore === 'none') return undefined;
	return {
		userId: ignore === 'application' ? '' : (await directory.me(companyId)).id,
		applicationId: account.clientId,
		lookedUpAt: Date.now(),
	};
}

/**
 * Repeats {@link lookUpIdentity} in a safety check, since another user or app might be connected now. If it fails, the
 * known identity is kept and the check continues.
 */
export async function renewIdentity(
	{ logger }: IPollFunctions,
	procore: Procore,
	companyId: string,
	ignore: IgnoreOwnChanges,
	known: KnownIdentity | undefined,
): Promise<KnownIdentity | undefined> {
	try {
		return await lookUpIdentity(procore, companyId, ignore);
	} catch (failure) {
		logger.warn(
			`Procore Trigger: Could not find out whose changes are the node's own; will retry at the next safety check. ${messageOf(failure)}`,
		);
		return known;
	}
}

/** Whether the known identity is not enough to tell which changes to ignore. */
export function lacksIdentity(known: OwnIdentity | undefined, ignore: IgnoreOwnChanges): boolean {
	if (ignore === 'none') return false;
	return known === undefined || (ignore !== 'application' && known.userId === '');
}

/**
 * Caches the identity in this process: n8n doesn't save the static data of a check that hands over no events.
 *
 * @param key from `nodeKey`.
 */
export function cacheIdentity(key: string, identity: KnownIdentity | undefined): void {
	if (identity === undefined) {
		identities.delete(key);
		return;
	}
	if (identities.size >= MAX_NODES) identities.clear();
	identities.set(key, identity);
}

/** Returns the cached or the stored identity of a node, whichever was looked up last. */
export function currentIdentity(
	key: string,
	stored: KnownIdentity | undefined,
): KnownIdentity | undefined {
	const cached = identities.get(key);
	if (cached === undefined || stored === undefined) return cached ?? stored;
	return cached.lookedUpAt > stored.lookedUpAt ? cached : stored;
}
