import type { EmulatorControl } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';
import type { Credential, N8nRest } from '../harness/n8n-rest';
import { COMPANY, type Generation } from './procore';

export const CREDENTIAL_TYPE = 'procoreOAuth2Api';

/** The fields of a credential for an emulator, of its service account unless told otherwise. */
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

/** Makes such a credential in n8n. */
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
