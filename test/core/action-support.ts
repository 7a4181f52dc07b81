import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { HookState } from '../../emulator/control-client';
import { byId, COMPANY, PROJECT, type ActionResult, type Generation, type N8n } from './harness';

export const GENERATIONS: Generation[] = ['v2.0', 'v1.0'];

export const URL_A = 'https://flows.larkspur.example/webhook/a';
export const URL_B = 'https://flows.larkspur.example/webhook/b';
export const SECRET = 'Bearer secret-of-the-hook-k9Qz7';

/** An expression that gives nothing, which n8n does not see before the run. */
export const NOTHING = '={{ "" }}';

/** Parameters for one project, under the namespace `flows`. */
export function inProject(
	resource: string,
	operation: string,
	more: INodeParameters = {},
): INodeParameters {
	return {
		resource,
		operation,
		companyId: byId(COMPANY),
		scope: 'project',
		projectId: byId(PROJECT),
		namespace: 'flows',
		...more,
	};
}

/** Parameters for the company itself, under the namespace `flows`. */
export function inCompany(
	resource: string,
	operation: string,
	more: INodeParameters = {},
): INodeParameters {
	return inProject(resource, operation, { scope: 'company', projectId: byId(''), ...more });
}

/** The JSON of the items, or the error that came in their place. */
export function jsonOf({ items, error }: ActionResult): IDataObject[] {
	if (error) throw error;
	return items.map(({ json }) => json);
}

/** The JSON of the one item that is expected. */
export function onlyJson(result: ActionResult): IDataObject {
	const [json, ...others] = jsonOf(result);
	if (json === undefined || others.length > 0) throw new Error('One item is expected');
	return json;
}

/** The message of the error that is expected. */
export function messageOf({ error, items }: ActionResult): string {
	if (error === undefined) throw new Error(`An error is expected, not ${JSON.stringify(items)}`);
	return error.message;
}

/** The one hook that the emulator holds. */
export async function onlyHook(n8n: N8n): Promise<HookState> {
	const { hooks } = await n8n.control.state({ deliveries: 0 });
	const [hook, ...others] = hooks;
	if (hook === undefined || others.length > 0) throw new Error('One hook is expected');
	return hook;
}

/** How many hooks the emulator holds. */
export async function hookCount(n8n: N8n): Promise<number> {
	return (await n8n.control.state({ deliveries: 0 })).hooks.length;
}

/** Makes a hook with the node, and gives its id. */
export async function makeHook(n8n: N8n, more: INodeParameters = {}): Promise<string> {
	const parameters = inProject('hook', 'create', {
		destinationUrl: URL_A,
		additionalFields: { authorization: SECRET },
		...more,
	});
	const { id } = onlyJson(await n8n.run(parameters));
	await n8n.control.clearRequests();
	return String(id);
}
