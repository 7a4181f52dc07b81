import {
	jsonObject,
	jsonObjects,
	text,
	type JsonBody,
	type JsonObject,
} from '../../../nodes/Procore/model/json';
import type { Scope } from '../../../nodes/Procore/model/scope';
import type { Generation } from '../live-account';
import type { Answer, RawRequest } from '../raw-request';
import type { Run } from '../run';

/** The content of an answer, without the envelope of v2.0. */
export function content(version: Generation, { body }: Answer) {
	return version === 'v2.0' ? jsonObject(body).data : body;
}

/** The object in an answer; an empty one if there is none. */
export function entity(version: Generation, answer: Answer): JsonObject {
	return jsonObject(content(version, answer));
}

/** The rows in an answer. */
export function rows(version: Generation, answer: Answer): JsonObject[] {
	return jsonObjects(content(version, answer));
}

/** Gets something of the webhooks of a scope. */
export async function get(
	run: Run,
	version: Generation,
	scope: Scope,
	path: string,
	query: RawRequest['query'] = {},
): Promise<Answer> {
	return await run.send({
		path: `${run.base(version, scope)}${path}`,
		query: { ...run.scopeField(version, scope), ...query },
	});
}

/** Deletes something of the webhooks of a scope. */
export async function remove(
	run: Run,
	version: Generation,
	scope: Scope,
	path: string,
): Promise<Answer> {
	return await run.send({
		method: 'DELETE',
		path: `${run.base(version, scope)}${path}`,
		query: run.scopeField(version, scope),
	});
}

/** Ids and integers are JSON numbers on v1.0. */
function scopeBody(run: Run, version: Generation, scope: Scope): Record<string, JsonBody> {
	return Object.fromEntries(
		Object.entries(run.scopeField(version, scope)).map(([name, id]) => [
			name,
			/^\d+$/.test(id) ? BigInt(id) : id,
		]),
	);
}

function isList(body: object): body is readonly JsonBody[] {
	return Array.isArray(body);
}

/** Sends a body; on v1.0, the scope goes into it. */
export async function write(
	run: Run,
	version: Generation,
	scope: Scope,
	method: 'POST' | 'PATCH' | 'DELETE',
	path: string,
	body: Record<string, JsonBody> | readonly JsonBody[],
): Promise<Answer> {
	const fields = isList(body) ? body : { ...scopeBody(run, version, scope), ...body };
	return await run.send({ method, path: `${run.base(version, scope)}${path}`, body: fields });
}

/** The body of a hook as a generation expects it. */
export function hookBody(version: Generation, fields: Record<string, JsonBody>) {
	const { payload_version, ...rest } = fields;
	return version === 'v2.0' ? fields : { hook: { ...rest, api_version: payload_version ?? 'v2' } };
}

/**
 * Creates a hook with raw fields, looks at the answer, and deletes the hook if there is one.
 *
 * @param fields `namespace` must be one of the run.
 */
export async function tryHook(
	run: Run,
	version: Generation,
	scope: Scope,
	fields: Record<string, JsonBody> & { readonly namespace: string },
	look: (answer: Answer, hook: JsonObject) => void | Promise<void>,
): Promise<void> {
	const open = { version, scope: scope.kind, namespace: fields.namespace };
	run.parts.journal.begin(open);
	const answer = await write(run, version, scope, 'POST', '/hooks', {
		...hookBody(version, {
			destination_url: run.env.destinationUrl,
			payload_version: version === 'v2.0' ? 'v2.0' : 'v2',
			...fields,
		}),
	});
	const hook = entity(version, answer);
	const id = text(hook.id);
	try {
		await look(answer, hook);
	} finally {
		const isCreated = answer.status < 300;
		if (isCreated && id !== '') {
			const opened = await run.parts.account.open(version);
			await opened.webhooks.deleteHook(scope, id);
		}
		// A hook whose id is not in the answer is found by its namespace at the end of the run.
		if (!isCreated || id !== '') run.parts.journal.end(open);
	}
}
