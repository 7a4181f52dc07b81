import { text, textOrNull, jsonObject, type JsonObject } from '../model/json';
import { hasId } from './body-check';
import type { ProcoreRequest } from './request';
import type { Transport } from './transport';

/** A user in Procore's Directory tool. */
export interface Person {
	readonly name: string | null;
	readonly email: string | null;
}

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

	/** @returns undefined if the company has no such user, or the account cannot access its directory. */
	async inCompany(companyId: string, userId: string): Promise<Person | undefined> {
		const path = `/rest/v1.3/companies/${encodeURIComponent(companyId)}/users/${encodeURIComponent(userId)}`;
		return await this.read(companyId, userId, path);
	}

	/** @returns undefined if the project has no such user, or the account cannot access its directory. */
	async inProject(
		companyId: string,
		projectId: string,
		userId: string,
	): Promise<Person | undefined> {
		const path = `/rest/v1.0/projects/${encodeURIComponent(projectId)}/users/${encodeURIComponent(userId)}`;
		return await this.read(companyId, userId, path);
	}

	private async read(companyId: string, userId: string, path: string): Promise<Person | undefined> {
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
		return status < 300 ? readPerson(jsonObject(body)) : undefined;
	}
}
