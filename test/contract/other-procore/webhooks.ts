import { Router, type Request } from 'express';

import { textAt } from '../../harness/json';
import { hookOf, newId, resourcesIn, scopeOf, type Hook, type Hooks } from './hooks';
import { refuse, sendPage } from './replies';
import { addTriggerRoutes } from './triggers';

const LONGEST_NAMESPACE = 60;

/** The header of a hook, with the end of its value. */
export function maskedHeaders(authorization: string): object {
	return { Authorization: `*****${authorization.slice(-5)}` };
}

function shown(hook: Hook, isCounted = false): object {
	const { id, namespace, destination_url, payload_version, status, scope } = hook;
	return {
		...{ id, status, payload_version, namespace, destination_url },
		destination_headers: maskedHeaders(hook.authorization),
		company_id: scope.project === '' ? scope.company : null,
		project_id: scope.project === '' ? null : scope.project,
		hook_type: 'classic',
		...(isCounted ? { trigger_count: hook.triggers.length } : {}),
	};
}

/** Why a hook cannot have these fields; undefined if it can. */
export function problemOf(fields: unknown, others: readonly Hook[]): string | undefined {
	const namespace = textAt(fields, 'namespace') ?? '';
	const url = textAt(fields, 'destination_url') ?? '';
	if (!/^[a-z0-9-]*$/.test(namespace)) return 'Namespace is malformed';
	if (namespace.length > LONGEST_NAMESPACE) return 'Namespace is too long';
	if (others.some((hook) => hook.namespace === namespace)) return 'Namespace is in use';
	const isAllowed = url === '' || /^https:\/\/|^http:\/\/127\.0\.0\.1:/.test(url);
	return isAllowed ? undefined : 'URL is not https';
}

/** Both spellings are one version, which is shown as v2.0. */
function versionOf(fields: unknown, otherwise: string): string {
	const version = textAt(fields, 'payload_version') ?? otherwise;
	return version.includes('.') ? version : `${version}.0`;
}

function deliveriesOf(hook: Hook, { query }: Request): object[] {
	const filter = (name: string) => textAt(query, 'filter', name) ?? '';
	const status = filter('status').replace('succeeded', 'delivered');
	return hook.deliveries
		.filter((delivery) => {
			const day = (textAt(delivery.payload, 'timestamp') ?? '').slice(0, 10);
			const type = textAt(delivery.payload, 'event_type') ?? textAt(delivery.payload, 'reason');
			return (
				['', delivery.status].includes(status) &&
				['', type].includes(filter('event_type')) &&
				(filter('start') === '' || day >= filter('start')) &&
				(filter('end') === '' || day <= filter('end'))
			);
		})
		.reverse();
}

function resourcesOf(request: Request): object[] {
	const payload_version = versionOf(
		{ payload_version: textAt(request.query, 'payload_version') },
		'v2.0',
	);
	const usual = ['create', 'update', 'delete'];
	return resourcesIn(scopeOf(request), payload_version).map(({ name, except }) => ({
		...{ category: 'Tools', tool: name, name, payload_version },
		actions: usual.filter((action) => !except.includes(action)),
	}));
}

/** Webhooks API v2.0 of a company or a project. */
export function webhooksRouter(hooks: Hooks): Router {
	const router = Router({ mergeParams: true });
	router.get('/hooks', (request, response) => {
		const scope = scopeOf(request);
		const namespace = textAt(request.query, 'namespace') ?? '*';
		if (namespace === '*' && scope.project === '') {
			return refuse(response, 400, 'namespace is required');
		}
		const isCounted = textAt(request.query, 'include_trigger_count') === 'true';
		const rows = hooks.of(scope).filter((hook) => ['*', hook.namespace].includes(namespace));
		return sendPage(
			request,
			response,
			rows.map((hook) => shown(hook, isCounted)),
		);
	});
	router.post('/hooks', (request, response) => {
		const scope = scopeOf(request);
		const fields: unknown = request.body;
		const isComplete = textAt(fields, 'destination_url') !== '';
		const problem = isComplete ? problemOf(fields, hooks.of(scope)) : 'URL is missing';
		if (problem !== undefined) return refuse(response, 400, problem);
		const hook: Hook = {
			...{ id: newId(), scope, status: 'active', triggers: [], deliveries: [] },
			namespace: textAt(fields, 'namespace') ?? '',
			destination_url: textAt(fields, 'destination_url') ?? '',
			authorization: textAt(fields, 'destination_headers', 'Authorization') ?? '',
			payload_version: versionOf(fields, 'v2.0'),
		};
		hooks.all.push(hook);
		return response.status(201).json({ data: shown(hook) });
	});
	router.get('/hooks/:hook', (request, response) => {
		const hook = hookOf(hooks, request);
		return hook === undefined
			? refuse(response, 404, 'Hook does not exist')
			: response.json({ data: shown(hook) });
	});
	router.patch('/hooks/:hook', (request, response) => {
		const hook = hookOf(hooks, request);
		if (hook === undefined) return refuse(response, 404, 'Hook does not exist');
		const fields: unknown = request.body;
		const problem = problemOf(fields, []);
		if (problem !== undefined) return refuse(response, 400, problem);
		if (!['active', 'disabled'].includes(textAt(fields, 'status') ?? 'active'))
			return response.status(422).json({ errors: { status: ['is not a status'] } });
		hook.namespace = textAt(fields, 'namespace') ?? hook.namespace;
		hook.destination_url = textAt(fields, 'destination_url') ?? hook.destination_url;
		hook.status = textAt(fields, 'status') ?? hook.status;
		hook.authorization =
			textAt(fields, 'destination_headers', 'Authorization') ?? hook.authorization;
		hook.payload_version = versionOf(fields, hook.payload_version);
		return response.json({ data: shown(hook) });
	});
	router.delete('/hooks/:hook', (request, response) => {
		const hook = hookOf(hooks, request);
		if (hook === undefined) return refuse(response, 404, 'Hook does not exist');
		hooks.remove(hook);
		return response.status(204).end();
	});
	router.get('/hooks/:hook/deliveries', (request, response) => {
		const hook = hookOf(hooks, request);
		return hook === undefined
			? refuse(response, 404, 'Hook does not exist')
			: sendPage(request, response, deliveriesOf(hook, request));
	});
	router.get('/resources', (request, response) =>
		sendPage(request, response, resourcesOf(request)),
	);
	addTriggerRoutes(router, hooks);
	return router;
}
