import axios from 'axios';
import type { EmulatorControl } from '../../emulator/control-client';
import { requireText, textAt, type JsonObject } from '../harness/json';
import type { Credential, CredentialTestResult, N8nRest } from '../harness/n8n-rest';
import { COMPANY, type Generation } from './procore';

export const CREDENTIAL_TYPE = 'procoreOAuth2Api';

/** The fields of a credential for an emulator, for its service account unless told otherwise. */
export async function credentialData(
	control: EmulatorControl,
	generation: Generation,
	changes: JsonObject = {},
): Promise<JsonObject> {
	const { clientId, clientSecret } = await control.seed();
	return {
		environment: 'custom',
		loginUrl: control.url,
		apiUrl: control.url,
		grantType: 'clientCredentials',
		companyId: COMPANY.id,
		webhooksApiVersion: generation,
		clientId,
		clientSecret,
		...changes,
	};
}

/** Creates such a credential in n8n. */
export async function createCredential(
	rest: N8nRest,
	control: EmulatorControl,
	generation: Generation,
	changes: JsonObject = {},
): Promise<Credential> {
	const data = await credentialData(control, generation, changes);
	return await rest.createCredential(
		`Procore ${generation} at ${control.url}`,
		CREDENTIAL_TYPE,
		data,
	);
}

/**
 * Runs the connection test on a stored credential, with the tokens that n8n has. The editor does not do that for a
 * credential that a user has signed in to; n8n's public API does.
 */
export async function testStoredCredential(
	rest: N8nRest,
	{ id }: Credential,
): Promise<CredentialTestResult> {
	const key = await rest.request('POST', '/api-keys', {
		body: {
			label: `Test of ${id}`,
			scopes: ['credential:read', 'credential:update'],
			expiresAt: null,
		},
	});
	try {
		const { data } = await axios.post<unknown>(
			`${rest.url}/api/v1/credentials/${id}/test`,
			{},
			{ headers: { 'X-N8N-API-KEY': requireText('The API key', key, 'rawApiKey') }, proxy: false },
		);
		return {
			status: textAt(data, 'status') === 'OK' ? 'OK' : 'Error',
			message: textAt(data, 'message') ?? '',
		};
	} finally {
		await rest.request('DELETE', `/api-keys/${requireText('The API key', key, 'id')}`);
	}
}
