import type { IPollFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { messageOf } from '../api/failure';
import type { IgnoreOwnChanges, OwnIdentity } from '../model/event-filter';
import type { KnownIdentity } from './stored-state';

const MAX_NODES = 10_000;
const identities = new Map<string, KnownIdentity>();

/**
 * Looks up whose changes count as the node's own, in at most one request: an event has to be answered without asking
 * Procore.
 *
 * @returns undefined if no own changes are to be ignored.
 * @throws ProcoreFailure if Procore does not say who the user is.
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
 * {@link lookUpIdentity} for a safety check: another person may have connected the credential, or it may have another
 * app. If Procore does not say, what was known stays, and the check goes on.
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

/** Whether what is known is too little for what has to be ignored. */
export function lacksIdentity(known: OwnIdentity | undefined, ignore: IgnoreOwnChanges): boolean {
	if (ignore === 'none') return false;
	return known === undefined || (ignore !== 'application' && known.userId === '');
}

/**
 * Keeps in this process who the node is: n8n does not save the static data of a check that hands over no events.
 *
 * @param key as `nodeKey` gives it.
 */
export function cacheIdentity(key: string, identity: KnownIdentity | undefined): void {
	if (identity === undefined) {
		identities.delete(key);
		return;
	}
	if (identities.size >= MAX_NODES) identities.clear();
	identities.set(key, identity);
}

/** What this process or the static data knows of a node, whichever was looked up last. */
export function currentIdentity(
	key: string,
	stored: KnownIdentity | undefined,
): KnownIdentity | undefined {
	const noted = identities.get(key);
	if (noted === undefined || stored === undefined) return noted ?? stored;
	return noted.lookedUpAt > stored.lookedUpAt ? noted : stored;
}
