import { text, textOrNull, jsonObject, type JsonObject } from '../model/json';
import { hasId } from './body-check';
import type { ProcoreRequest } from './request';
import type { Transport } from './transport';

/** A user in Procore's Directory tool. */
export interface Person {
	readonly name: string | null;
	readonly email: string | null;
}

/** What a directory says about a user. */
export type PersonAnswer =
	| { readonly kind: 'found'; readonly person: Person }
	/** The directory has no such user, or the account cannot access the directory or this user. */
	| { readonly kind: 'missing' }
	/** The account cannot access the directory. */
	| { readonly kind: 'hidden' };

function readPerson({ name, first_name, last_name, email_address }: JsonObject): Person {
	const parts = [text(first_name), text(last_name)].filter((part) => part !== '');
	return {
		name: textOrNull(name) ?? textOrNull(parts.join(' ')),
		email: textOrNull(email_address),
	};
}

/** The users in the Directory tool of a company or project. An account can have access to either, both or none [PERSON-FORM]. */
export class People {
	constructor(private readonly transport: Transport) {}

	/** @throws ProcoreFailure if Procore does not respond. */
	async inCompany(companyId: string, userId: string): Promise<PersonAnswer> {
		const path = `/rest/v1.3/companies/${encodeURIComponent(companyId)}/users/${encodeURIComponent(userId)}`;
		return await this.read(companyId, userId, path);
	}

	/** @throws ProcoreFailure if Procore does not respond. */
	async inProject(companyId: string, projectId: string, userId: string): Promise<PersonAnswer> {
		const path = `/rest/v1.0/projects/${encodeURIComponent(projectId)}/users/${encodeURIComponent(userId)}`;
		return await this.read(companyId, userId, path);
	}

	private async read(companyId: string, userId: string, path: string): Promise<PersonAnswer> {
		const request: ProcoreRequest = {
			method: 'GET',
			path,
			companyId,
			purpose: `look up user ${userId}`,
			repeatable: true,
			accept: [403, 404],
			expects: hasId,
		};
		const { status, body } = await this.transport.request(request);
		if (status === 403) return { kind: 'hidden' };
		if (status === 404) return { kind: 'missing' };
		return { kind: 'found', person: readPerson(jsonObject(body)) };
	}
}
