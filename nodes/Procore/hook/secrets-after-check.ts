import { acceptedFrom, type AcceptedSecrets } from './stored-state';

/**
 * Returns the secrets to accept once a safety check has looked at the hooks. The value that it replaces after a change of the
 * client secret is not accepted any longer, because that client secret might have leaked. With another text in Renew Secret
 * it is: n8n runs a check beside the activation that is to bring the new secret, so the check can be the one that does.
 *
 * @param current the SHA-256 of the current Authorization value and of the text in Renew Secret.
 * @param allHave whether every hook has that value. One that doesn't might still have the previous one.
 * @param now milliseconds since 1970.
 */
export function acceptedAfterCheck(
	stored: AcceptedSecrets | undefined,
	current: { readonly digest: string; readonly renewal: string },
	allHave: boolean,
	now: number,
): AcceptedSecrets {
	const { digest, renewal } = current;
	if (stored === undefined) return { accepted: digest, renewal };
	if (stored.renewal !== undefined && stored.renewal !== renewal && allHave) {
		return { ...acceptedFrom(stored, digest, now), renewal };
	}
	const { accepted, earlier } = stored;
	const known = allHave ? { accepted: digest, renewal } : { accepted, renewal: stored.renewal };
	return {
		accepted: known.accepted,
		...(known.renewal === undefined ? {} : { renewal: known.renewal }),
		...(earlier === undefined ? {} : { earlier }),
	};
}
