/** The forms in which Procore delivers events; a hook has one of them. */
export const PAYLOAD_VERSIONS = ['v2.0', 'v3.0', 'v4.0'] as const;
export type PayloadVersion = (typeof PAYLOAD_VERSIONS)[number];

/** A payload version that a parameter or a hook names; v2.0, which the panel shows first, for every other word. */
export function payloadVersionOf(word: unknown): PayloadVersion {
	return PAYLOAD_VERSIONS.find((known) => known === word) ?? 'v2.0';
}

/** `v2` and `v2.0` are the same payload format; Procore's pages use both. */
export function normalizePayloadVersion(version: string): string {
	return /^v\d+$/.test(version) ? `${version}.0` : version;
}
