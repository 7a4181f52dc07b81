import { jsonObject, text, textOrNull, type JsonObject, type JsonValue } from '../model/json';
import type { Read } from '../model/read';
import { hasId, isRows } from './body-check';
import { pages } from './paging';
import type { Transport } from './transport';

/** The page size that every version of the endpoint allows. */
const USERS_PER_PAGE = 100;

/** A user in the Directory tool of a company. */
export interface DirectoryUser {
	id: string;
	name: string;
	email_address: string | null;
	first_name: string | null;
	last_name: string | null;
	job_title: string | null;
	is_active: boolean;
	is_employee: boolean;
}

function readUser(raw: JsonObject): Read<DirectoryUser> {
	const [first, last] = [textOrNull(raw.first_name), textOrNull(raw.last_name)];
	const parts = [first, last].filter((part) => part !== null);
	return {
		model: {
			id: text(raw.id),
			name: textOrNull(raw.name) ?? parts.join(' '),
			email_address: textOrNull(raw.email_address),
			first_name: first,
			last_name: last,
			job_title: textOrNull(raw.job_title),
			is_active: raw.is_active !== false,
			is_employee: raw.is_employee === true,
		},
		raw,
	};
}

/** Whether a name or an email address contains the text, in case Procore ignores the filter. */
function matches({ name, email_address }: DirectoryUser, search: string): boolean {
	const wanted = search.toLowerCase();
	return `${name} ${email_address ?? ''}`.toLowerCase().includes(wanted);
}

/** The users in a company's directory, as far as the account can see it. */
export class Users {
	constructor(private readonly transport: Transport) {}

	/** @throws ProcoreFailure also if there is no such user, or the account cannot access the directory. */
	async get(companyId: string, userId: string): Promise<Read<DirectoryUser>> {
		const { body } = await this.transport.request({
			method: 'GET',
			path: `/rest/v1.3/companies/${encodeURIComponent(companyId)}/users/${encodeURIComponent(userId)}`,
			companyId,
			purpose: `get user ${userId} of company ${companyId}`,
			repeatable: true,
			expects: (answer) => text(jsonObject(answer).id) === userId,
		});
		return readUser(jsonObject(body));
	}

	/**
	 * Lists users page by page.
	 *
	 * @param search part of a name or an email address; empty for all users.
	 */
	async *list(companyId: string, search: string): AsyncGenerator<Array<Read<DirectoryUser>>> {
		const request = {
			method: 'GET',
			path: `/rest/v1.0/companies/${encodeURIComponent(companyId)}/users`,
			query: { 'filters[search]': search || undefined },
			companyId,
			purpose: `list the users of company ${companyId}`,
			repeatable: true,
			expects: (body: JsonValue) => isRows(body, hasId),
		} as const;
		for await (const { rows } of pages(this.transport, request, USERS_PER_PAGE, (body) => body)) {
			yield rows.map(readUser).filter(({ model }) => matches(model, search));
		}
	}
}
