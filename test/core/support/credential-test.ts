import { ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createRunExecutionData,
	type ICredentialTestRequest,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import type { N8n } from '../harness';
import { CREDENTIAL_TYPE } from './credentials';

type Rule = NonNullable<ICredentialTestRequest['rules']>[number];

/** The message that n8n shows below the credential after its connection test. */
export interface TestResult {
	readonly status: 'OK' | 'Error';
	readonly message: string;
}

// As in the harness, n8n's class and its interface differ in optional names.
class TestContext extends ExecuteContext {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

/** The node that n8n creates for the request of a connection test. */
function testNode(base: INodeTypeDescription, { request }: ICredentialTestRequest): INodeType {
	return {
		description: {
			...base,
			credentials: [{ name: CREDENTIAL_TYPE, required: true }],
			properties: [
				{ displayName: 'Temp', name: 'temp', type: 'string', routing: { request }, default: '' },
			],
		},
	};
}

/** The HTTP status behind an error of n8n, as its connection test reads it. */
function statusBehind(error: unknown): number | undefined {
	if (!(error instanceof Error)) return undefined;
	const { cause } = error;
	if (typeof cause !== 'object' || cause === null || !('response' in cause)) return undefined;
	const { response } = cause;
	if (typeof response !== 'object' || response === null || !('status' in response))
		return undefined;
	return Number(response.status);
}

/** Whether the rule rejects the body of a 2xx. */
function isBrokenBy(body: unknown, { type, properties }: Rule): boolean {
	if (type !== 'responseSuccessBody' || !('key' in properties)) return false;
	const found = properties.key
		.split('.')
		.reduce<unknown>((value, key) => Reflect.get(Object(value), key), body);
	return found === properties.value;
}

/** Runs the connection test of the credential in the same way as n8n does with a declared request. */
export async function testCredential(n8n: N8n): Promise<TestResult> {
	const { test } = n8n.loader.getCredential(CREDENTIAL_TYPE).type;
	if (test === undefined) throw new Error('The credential declares no test');
	const node = n8n.node('procore', {});
	const workflow = n8n.workflow([node]);
	node.parameters = { temp: '' };
	const context = new TestContext(
		workflow,
		node,
		n8n.additionalData(),
		'internal',
		createRunExecutionData({}),
		0,
		[],
		{ main: [[{ json: {} }]] },
		{ node, data: {}, source: null },
		[],
	);
	const { description } = n8n.nodeType('procore');
	const decrypted = { id: '1', name: 'Procore account', type: CREDENTIAL_TYPE };
	const routing = new RoutingNode(context, testNode(description, test), {
		...decrypted,
		data: n8n.credential.resolve(),
	});
	try {
		const response = await routing.runNode();
		const rule = test.rules?.find((candidate) => isBrokenBy(response?.[0]?.[0]?.json, candidate));
		return rule === undefined
			? { status: 'OK', message: 'Connection successful!' }
			: { status: 'Error', message: rule.properties.message };
	} catch (error) {
		const status = statusBehind(error);
		const rule = test.rules?.find(
			({ type, properties }) =>
				type === 'responseCode' && 'value' in properties && properties.value === status,
		);
		const message = error instanceof Error ? error.message : String(error);
		return { status: 'Error', message: rule?.properties.message ?? message };
	}
}
