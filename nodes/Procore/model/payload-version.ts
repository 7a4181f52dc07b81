/** The payload formats of events. A hook has one of them. */
export const PAYLOAD_VERSIONS = ['v2.0', 'v3.0', 'v4.0'] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];

/** The default of the Payload Version parameter. */
export const DEFAULT_PAYLOAD_VERSION: PayloadVersion = 'v2.0';

/**
 * Adds the minor version: Procore's pages use both `v2` and `v2.0` for the same payload format
 * [PAYLOAD-VERSION-SPELLING].
 */
export function normalizePayloadVersion(version: string): string {
	return /^v\d+$/.test(version) ? `${version}.0` : version;
}

function parsePayloadVersion(word: unknown): PayloadVersion | undefined {
	const version = normalizePayloadVersion(String(word));
	return PAYLOAD_VERSIONS.find((known) => known === version);
}

/** Reads a payload version that Procore returned; an unknown one becomes the default [PAYLOAD-VERSION-SPELLING]. */
export function payloadVersionOf(word: unknown): PayloadVersion {
	return parsePayloadVersion(word) ?? DEFAULT_PAYLOAD_VERSION;
}

/**
 * Reads the Payload Version parameter; undefined if it is empty.
 *
 * @param refuse creates the error of a message.
 * @throws that error if an expression returns an unknown version.
 */
export function payloadVersionParameter(
	value: string,
	refuse: (message: string) => Error,
): PayloadVersion | undefined {
	if (value === '') return undefined;
	const version = parsePayloadVersion(value);
	if (version !== undefined) return version;
	throw refuse(
		`Payload Version must be one of ${PAYLOAD_VERSIONS.join(', ')}, but got "${value}".`,
	);
}
