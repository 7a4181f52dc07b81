import { isObject, requireText, textAt, valueAt, type JsonObject } from './json';
import { N8nSession } from './n8n-session';

/** A reference to a credential, as nodes store it. */
export interface CredentialReference {
	id: string;
	name: string;
}

export interface Credential extends CredentialReference {
	type: string;
	/** Only present on request; n8n blanks the secret fields. */
	data?: JsonObject;
}

export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

/** Credentials: creating, changing, testing and connecting them. */
export class N8nCredentials extends N8nSession {
	private readonly madeCredentials = new Set<string>();

	async createCredential(name: string, type: string, data: JsonObject): Promise<Credential> {
		const credential = credentialOf(
			await this.request('POST', '/credentials', { body: { name, type, data } }),
		);
		this.madeCredentials.add(credential.id);
		return credential;
	}

	/** The credential with its data, with blanked secrets. */
	async getCredential(id: string): Promise<Credential> {
		return credentialOf(
			await this.request('GET', `/credentials/${id}`, { query: { includeData: 'true' } }),
		);
	}

	/** Replaces a credential's data. A token that it already has stays. */
	async updateCredential(credential: Credential, data: JsonObject): Promise<Credential> {
		const { id, name, type } = credential;
		return credentialOf(
			await this.request('PATCH', `/credentials/${id}`, { body: { name, type, data } }),
		);
	}

	async deleteCredential(id: string): Promise<void> {
		await this.request('DELETE', `/credentials/${id}`);
		this.madeCredentials.delete(id);
	}

	/**
	 * Runs the credential's connection test, as the editor does when saving.
	 *
	 * @param credential with `data`, which is tested in place of the stored data; n8n looks up blanked secrets
	 */
	async testCredential(credential: Credential): Promise<CredentialTestResult> {
		const { id, name, type } = credential;
		// n8n only tests what it is sent: without data, it would test an empty credential.
		const data = credential.data ?? (await this.getCredential(id)).data;
		const result = await this.request('POST', '/credentials/test', {
			body: { credentials: { id, name, type, data } },
		});
		return {
			status: textAt(result, 'status') === 'OK' ? 'OK' : 'Error',
			message: textAt(result, 'message') ?? '',
		};
	}

	/** The URL at which a user grants access, for the authorization-code grant. */
	async oauthUrl(credentialId: string): Promise<string> {
		const url = await this.request('GET', '/oauth2-credential/auth', {
			query: { id: credentialId },
		});
		if (typeof url !== 'string') throw new Error(`n8n gave no address: ${JSON.stringify(url)}`);
		return url;
	}

	/** Deletes every credential that this client has created and not deleted yet. */
	async deleteMadeCredentials(): Promise<void> {
		for (const id of this.madeCredentials) await this.deleteCredential(id);
	}
}

function credentialOf(answer: unknown): Credential {
	const data = valueAt(answer, 'data');
	return {
		id: requireText('The credential', answer, 'id'),
		name: requireText('The credential', answer, 'name'),
		type: requireText('The credential', answer, 'type'),
		...(isObject(data) ? { data } : {}),
	};
}
