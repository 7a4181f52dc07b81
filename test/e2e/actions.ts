import type { JsonObject } from '../harness/json';
import { ActionWorkflow, type ActionResult } from '../harness/run-action';
import { CLINIC, COMPANY } from './procore';
import type { Scene } from './scene';
import { actionNode } from './workflows';

/** The destination of the hooks in these suites: an address of this machine where nothing listens. */
export const URL_A = 'http://127.0.0.1:9/webhook/a';
export const URL_B = 'http://127.0.0.1:9/webhook/b';
export const SECRET = 'Bearer secret-of-the-hook-k9Qz7';

const fromItem = (expression: string) => ({
	__rl: true,
	mode: 'id',
	value: `={{ ${expression} }}`,
});

/** Every parameter of the action node that accepts an expression, filled from the item. */
const PARAMETERS = {
	companyId: fromItem(`$json.company ?? "${COMPANY.id}"`),
	projectId: fromItem(`$json.project ?? "${CLINIC.id}"`),
	namespace: '={{ $json.namespace ?? "flows" }}',
	hookId: fromItem('$json.hook'),
	triggerId: '={{ $json.trigger }}',
	destinationUrl: `={{ $json.url ?? "${URL_A}" }}`,
	resourceName: '={{ $json.resource }}',
	eventType: '={{ $json.event }}',
	events: '={{ $json.events }}',
	payloadVersion: '={{ $json.version ?? "v2.0" }}',
	additionalFields: {
		authorization: '={{ $json.authorization }}',
		payloadVersion: '={{ $json.version }}',
		hookStatus: '={{ $json.status }}',
	},
	updateFields: {
		authorization: '={{ $json.authorization }}',
		destinationUrl: '={{ $json.url }}',
		namespace: '={{ $json.rename }}',
		payloadVersion: '={{ $json.version }}',
		hookStatus: '={{ $json.status }}',
	},
	filters: {
		status: '={{ $json.status }}',
		resourceName: '={{ $json.resource }}',
		eventType: '={{ $json.event }}',
		since: '={{ $json.since }}',
		until: '={{ $json.until }}',
	},
	order: '={{ $json.order ?? "oldest" }}',
	returnAll: '={{ $json.limit === undefined }}',
	limit: '={{ $json.limit }}',
	simplify: '={{ $json.simplify ?? true }}',
};

/** For example `project hook create`; those without a scope, for example `company getAll`. */
export type OperationName = `${'company' | 'project'} ${string}`;

export const SCOPE_NAMES = ['project', 'company'] as const;

/** Operations of the action node, all in one active workflow. They read their parameters from their items. */
export class Actions {
	private constructor(private readonly workflow: ActionWorkflow) {}

	/**
	 * Sets up the operations.
	 *
	 * @param operations each as resource and operation, for example `hook create`; each is set up for both scopes
	 * @param node further fields of the nodes, for example `onError`
	 */
	static async set(scene: Scene, operations: readonly string[], node = {}): Promise<Actions> {
		const nodes = operations.flatMap((name) => {
			const [resource, operation] = name.split(' ');
			return SCOPE_NAMES.map((scope) => ({
				...actionNode(scene.credential, { ...PARAMETERS, resource, operation, scope }),
				...node,
				name: `${scope} ${name}`,
			}));
		});
		return new Actions(await ActionWorkflow.activate(scene.rest, nodes));
	}

	async run(name: OperationName, ...items: JsonObject[]): Promise<ActionResult> {
		return await this.workflow.run(name, items.length === 0 ? [{}] : items);
	}

	/** The JSON of the output items. */
	async items(name: OperationName, ...items: JsonObject[]): Promise<JsonObject[]> {
		const result = await this.run(name, ...items);
		if (result.error !== undefined) throw new Error(result.error.message);
		return result.items;
	}

	/** The JSON of the only output item for one input item. */
	async item(name: OperationName, item: JsonObject = {}): Promise<JsonObject> {
		const [first, ...others] = await this.items(name, item);
		if (first === undefined || others.length > 0) throw new Error('One item is expected');
		return first;
	}

	/** The message of the error that ends the run. */
	async failure(name: OperationName, item: JsonObject = {}): Promise<string> {
		const { error, items } = await this.run(name, item);
		if (error === undefined) throw new Error(`An error is expected, not ${JSON.stringify(items)}`);
		return error.message;
	}

	/** Creates a hook and returns its id. */
	async makeHook(scope: (typeof SCOPE_NAMES)[number], item: JsonObject = {}): Promise<string> {
		return String((await this.item(`${scope} hook create`, item)).id);
	}

	async remove(): Promise<void> {
		await this.workflow.remove();
	}
}
