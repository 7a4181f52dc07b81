import { Router, type Request, type Response } from 'express';

import { listAt, textAt, valueAt } from '../../harness/json';
import { newId, resourcesIn, type Hook, type Hooks, type Scope, type Trigger } from './hooks';
import { param } from './replies';
import { add, remove } from './triggers';
import { maskedHeaders, problemOf } from './webhooks';

/** What a list of hooks without a namespace is about, according to older guides. */
const DEFAULT_NAMESPACE = 'procore';
const LARGEST_PAGE = 100;
const MOST = 500;
/** v4.0 came with v2.0 of the API; whether v1.0 takes it is not documented. */
const VERSIONS = ['v2', 'v3'];

/** Refuses a call, in the form that the reference of v1.0 shows. */
function refuse(response: Response, status: number, message: string): Response {
	return response.status(status).json({ code: String(status), message });
}

/** The scope of a call: one of two fields, in the query or the body. Undefined unless there is exactly one. */
function scopeIn(request: Request): Scope | undefined {
	const source: unknown = ['POST', 'PATCH'].includes(request.method) ? request.body : request.query;
	// A deletion in bulk is the only one with a body.
	const fields: unknown = request.path.endsWith('/bulk') ? request.body : source;
	const [company = '', project = ''] = ['company_id', 'project_id'].map((name) =>
		textAt(fields, name),
	);
	if ((company === '') === (project === '')) return undefined;
	const ofHeader = request.headers['procore-company-id'];
	return { company: company === '' ? String(ofHeader) : company, project };
}

function shown({ id, scope, ...hook }: Hook): object {
	const isOfCompany = scope.project === '';
	return {
		...{ id: Number(id), namespace: hook.namespace, destination_url: hook.destination_url },
		api_version: hook.payload_version.replace(/\.0$/, ''),
		destination_headers: maskedHeaders(hook.authorization),
		owned_by_company_id: isOfCompany ? Number(scope.company) : null,
		owned_by_project_id: isOfCompany ? null : Number(scope.project),
		owned_by_user_id: null,
	};
}

function shownTrigger(trigger: Trigger, { scope }: Hook): object {
	return {
		...{ id: Number(trigger.id), webhook_hook_id: Number(trigger.webhook_hook_id) },
		...{ resource_name: trigger.resource_name, resource_id: null, user_id: null },
		event_type: trigger.event_type,
		company_id: scope.project === '' ? Number(scope.company) : null,
		project_id: scope.project === '' ? null : Number(scope.project),
	};
}

/** A row for each attempt, the oldest first, without an id: the schema of the reference has none. */
function attemptsOf(hook: Hook): Array<{ readonly event_id: unknown; readonly outcome: string }> {
	return hook.deliveries.flatMap(({ payload, delivery_attempts }) =>
		delivery_attempts.map(({ success, response_status, started_at, completed_at }) => ({
			...{ event: payload, event_id: payload.id, outcome: success ? 'ok' : 'retried' },
			...{ response_status, response_headers: {}, response_body: null, response_error: null },
			...{ started_at, completed_at },
		})),
	);
}

/** The outcomes behind a value of `filters[status]`; undefined for every outcome. */
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
	successful: ['ok'],
	failing: ['retried', 'failed'],
	discarded: ['discarded'],
};

function sendAttempts(hook: Hook, { query }: Request, response: Response): Response {
	const wanted = OUTCOMES[textAt(query, 'filters', 'status') ?? ''];
	const rows = attemptsOf(hook).filter(({ outcome }) => wanted?.includes(outcome) ?? true);
	const size = Math.min(Number(textAt(query, 'page_size')) || LARGEST_PAGE, LARGEST_PAGE);
	const start = textAt(query, 'page_start');
	const from = rows.map(({ event_id }) => String(event_id)).lastIndexOf(start ?? '') + 1;
	return response.json(rows.slice(from, from + size));
}

function createHook(hooks: Hooks, scope: Scope, request: Request, response: Response): Response {
	const body: unknown = request.body;
	const at = (...path: string[]) => textAt(body, 'hook', ...path);
	const version = (at('api_version') ?? '').replace(/\.0$/, '');
	const hook: Hook = {
		...{ id: newId(), scope, status: 'active', triggers: [], deliveries: [] },
		namespace: at('namespace') ?? DEFAULT_NAMESPACE,
		destination_url: at('destination_url') ?? '',
		authorization: at('destination_headers', 'Authorization') ?? '',
		payload_version: `${version}.0`,
	};
	const problem = hook.destination_url === '' ? 'URL is missing' : problemOf(hook, hooks.of(scope));
	if (!VERSIONS.includes(version)) return refuse(response, 400, 'api_version is not supported');
	if (problem !== undefined) return refuse(response, 400, problem);
	hooks.all.push(hook);
	return response.status(201).json(shown(hook));
}

function updateHook(hook: Hook, request: Request, response: Response): Response {
	const body: unknown = request.body;
	const at = (...path: string[]) => textAt(body, 'hook', ...path);
	const problem = problemOf({ destination_url: at('destination_url') }, []);
	if (problem !== undefined) return refuse(response, 400, problem);
	hook.namespace = at('namespace') ?? hook.namespace;
	hook.destination_url = at('destination_url') ?? hook.destination_url;
	hook.authorization = at('destination_headers', 'Authorization') ?? hook.authorization;
	return response.json(shown(hook));
}

function addTrigger(hook: Hook, request: Request, response: Response): Response {
	const body: unknown = request.body;
	const version = (textAt(body, 'api_version') ?? '').replace(/\.0$/, '');
	if (`${version}.0` !== hook.payload_version)
		return refuse(response, 400, 'api_version is not that of the hook');
	const result = add(hook, valueAt(body, 'trigger'));
	return typeof result === 'string'
		? refuse(response, 400, result)
		: response.status(201).json(shownTrigger(result, hook));
}

function addInBulk(hook: Hook, { body }: Request, response: Response): Response {
	const entries = listAt(body, 'triggers');
	if (entries.length > MOST) return response.status(413).json({ errors: 'Too many triggers' });
	const results = entries.map((trigger) => ({ trigger, result: add(hook, trigger) }));
	const success = results.flatMap(({ result }) =>
		typeof result === 'string' ? [] : [shownTrigger(result, hook)],
	);
	const failed = results.flatMap(({ trigger, result }) =>
		typeof result === 'string' ? [{ code: '400', message: result, trigger, errors: [result] }] : [],
	);
	if (failed.length === 0) return response.json({ success });
	return response.status(207).json({ success, failed });
}

function removeInBulk(hook: Hook, { body }: Request, response: Response): Response {
	const ids = listAt(body, 'triggers').map(Number);
	const success = ids.filter((id) => remove(hook, String(id)));
	const failed = ids
		.filter((id) => !success.includes(id))
		.map((trigger) => ({ code: '404', trigger }));
	if (failed.length === 0) return response.json({ success });
	return response.status(207).json({ success, failed });
}

/** What every version of payload offers: the reference has no parameter for one. */
function sendResources(scope: Scope, response: Response): Response {
	const rows = [...VERSIONS, 'v4'].flatMap((version) =>
		resourcesIn(scope, `${version}.0`).map(({ name, except }) => ({
			...{ api_version: version, product_category: 'Tools', tools: name, except },
			...{ create: null, update: null, delete: null },
		})),
	);
	return response.json(rows);
}

/** Webhooks API v1.0 of the companies and projects. */
export function v1Router(hooks: Hooks): Router {
	const router = Router();
	type Handle = (scope: Scope, request: Request, response: Response) => Response;
	const scoped = (handle: Handle) => (request: Request, response: Response) => {
		const scope = scopeIn(request);
		return scope === undefined
			? refuse(response, 400, 'Either company_id or project_id is required')
			: handle(scope, request, response);
	};
	const hooked = (handle: (hook: Hook, request: Request, response: Response) => Response) =>
		scoped((scope, request, response) => {
			const hook = hooks.of(scope).find(({ id }) => id === param(request, 'hook'));
			return hook === undefined
				? refuse(response, 404, 'Hook does not exist')
				: handle(hook, request, response);
		});
	const listHooks: Handle = (scope, { query }, response) => {
		const namespace = textAt(query, 'namespace') ?? DEFAULT_NAMESPACE;
		const rows = hooks.of(scope).filter((hook) => hook.namespace === namespace);
		return response.json(rows.map(shown));
	};
	router.get('/hooks', scoped(listHooks));
	router.post(
		'/hooks',
		scoped((scope, request, response) => createHook(hooks, scope, request, response)),
	);
	router.patch('/hooks/:hook', hooked(updateHook));
	router.delete(
		'/hooks/:hook',
		hooked((hook, _request, response) => {
			hooks.remove(hook);
			return response.status(200).end();
		}),
	);
	const listTriggers = (hook: Hook, _request: Request, response: Response) =>
		response.json(hook.triggers.map((trigger) => shownTrigger(trigger, hook)));
	router.get('/hooks/:hook/triggers', hooked(listTriggers));
	router.post('/hooks/:hook/triggers', hooked(addTrigger));
	router.post('/hooks/:hook/triggers/bulk', hooked(addInBulk));
	router.delete('/hooks/:hook/triggers/bulk', hooked(removeInBulk));
	router.delete(
		'/hooks/:hook/triggers/:id',
		hooked((hook, request, response) =>
			remove(hook, param(request, 'id'))
				? response.status(200).end()
				: refuse(response, 404, 'Trigger does not exist'),
		),
	);
	router.get('/hooks/:hook/deliveries', hooked(sendAttempts));
	router.get(
		'/resources',
		scoped((scope, _request, response) => sendResources(scope, response)),
	);
	router.get('/resources/api_versions', (_request, response) => response.json([...VERSIONS, 'v4']));
	return router;
}
