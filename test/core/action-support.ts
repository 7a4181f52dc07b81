import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { HookState } from '../../emulator/control-client';
import { byId, COMPANY, PROJECT, type ActionResult, type Generation, type N8n } from './harness';

export const GENERATIONS: Generation[] = ['v2.0', 'v1.0'];

export const URL_A = 'https://flows.larkspur.example/webhook/a';
export const URL_B = 'https://flows.larkspur.example/webhook/b';
export const SECRET = 'Bearer secret-of-the-hook-k9Qz7';

/** An expression that returns nothing, which n8n only evaluates during the run. */
export const NOTHING = '={{ "" }}';

/** Parameters for one project, with the namespace `flows`. */
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

/** Parameters for the company itself, with the namespace `flows`. */
export function inCompany(
	resource: string,
	operation: string,
	more: INodeParameters = {},
): INodeParameters {
	return inProject(resource, operation, { scope: 'company', projectId: byId(''), ...more });
}

/** Returns the JSON of the items. @throws the error of the run, if any. */
export function jsonOf({ items, error }: ActionResult): IDataObject[] {
	if (error) throw error;
	return items.map(({ json }) => json);
}

/** The JSON of the only item. @throws if there is not exactly one. */
export function onlyJson(result: ActionResult): IDataObject {
	const [json, ...others] = jsonOf(result);
	if (json === undefined || others.length > 0) throw new Error('One item is expected');
	return json;
}

/** The message of the error. @throws if the run succeeded. */
export function messageOf({ error, items }: ActionResult): string {
	if (error === undefined) throw new Error(`An error is expected, not ${JSON.stringify(items)}`);
	return error.message;
}

/** The only hook in the emulator. @throws if there is not exactly one. */
export async function onlyHook(n8n: N8n): Promise<HookState> {
	const { hooks } = await n8n.control.state({ deliveries: 0 });
	const [hook, ...others] = hooks;
	if (hook === undefined || others.length > 0) throw new Error('One hook is expected');
	return hook;
}

/** The number of hooks in the emulator. */
export async function hookCount(n8n: N8n): Promise<number> {
	return (await n8n.control.state({ deliveries: 0 })).hooks.length;
}

/** Creates a hook with the node and returns its id. */
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
