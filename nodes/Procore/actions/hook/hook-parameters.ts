import type { INodeProperties } from 'n8n-workflow';

import { payloadVersionProperty } from '../../descriptions/shared';
import { explainDestination } from '../../hook/destination';
import { COMPANY_NAMESPACE_NEEDED, explainNoHook } from '../../hook/no-hook';
import type { HookTarget } from '../../hook/upsert';
import type { Hook, HookStatus } from '../../model/hook';
import type { Read } from '../../model/read';
import type { Scope } from '../../model/scope';
import { shown, type Show } from '../list-parameters';
import type { OperationItem } from '../operation-item';

const authorizationProperty: INodeProperties = {
	displayName: 'Authorization',
	name: 'authorization',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	placeholder: 'e.g. Bearer 3f9c…',
	description:
		'Value of the Authorization header that Procore sends with each event. Procore only reveals its last characters, so a value with the same ending is treated as unchanged.',
};

const statusProperty: INodeProperties = {
	displayName: 'Status',
	name: 'hookStatus',
	type: 'options',
	default: 'active',
	options: [
		{ name: 'Active', value: 'active', description: 'Deliver events' },
		{
			name: 'Disabled',
			value: 'disabled',
			description: 'Keep the hook but stop deliveries',
		},
	],
	description: 'Whether Procore delivers events. Requires Webhooks API v2.0.',
};

const urlProperty: INodeProperties = {
	displayName: 'Destination URL',
	name: 'destinationUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://flows.example.com/webhook/procore',
	description: 'Public https URL that Procore delivers events to',
};

/** The URL of a hook to create. */
export function destinationUrlProperty(show: Show): INodeProperties {
	return shown({ ...urlProperty, required: true }, show);
}

/** The optional fields of a new hook. */
export function additionalFields(show: Show): INodeProperties {
	return {
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { ...show } },
		options: [authorizationProperty, payloadVersionProperty, statusProperty],
	};
}

/** The fields of a hook that can be changed. */
export function updateFields(show: Show): INodeProperties {
	return {
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { ...show } },
		options: [
			{
				...authorizationProperty,
				description:
					'New value of the Authorization header that Procore sends with each event. If not set, the current value is kept.',
			},
			urlProperty,
			{
				displayName: 'Namespace',
				name: 'namespace',
				type: 'string',
				default: '',
				placeholder: 'e.g. my-app-rfis',
				description: 'New namespace. Lowercase letters, digits and dashes.',
			},
			payloadVersionProperty,
			statusProperty,
		],
	};
}

/** Procore returns an Authorization value as asterisks and its last characters. */
const MASKED = /^\*{4,}/;

/** @throws NodeOperationError if Procore cannot deliver to the URL. */
export function destinationUrl(item: OperationItem, parameter = 'destinationUrl'): string {
	const url = item.text(parameter);
	const reason = explainDestination(url, item.procore.account.environment !== 'custom');
	if (reason !== undefined) throw item.refuse(reason);
	return url;
}

/** @throws NodeOperationError for a masked value from Procore, which would replace the actual secret. */
export function authorization(
	item: OperationItem,
	parameter: string,
): { readonly authorization?: string } {
	const field = item.field('authorization', parameter);
	if (MASKED.test(field.authorization ?? '')) {
		throw item.refuse(
			"Authorization contains Procore's masked value (*****) instead of the secret. Enter the whole value, or remove the field to keep the current one.",
		);
	}
	return field;
}

/** @throws NodeOperationError if the Webhooks API version of the credential does not support this status. */
export function hookStatus(
	item: OperationItem,
	parameter: string,
): { readonly status?: HookStatus } {
	const status = item.oneOf(parameter, 'Status', ['active', 'disabled']);
	if (status === undefined) return {};
	// Hooks of v1.0 are always active, so `active` needs no change.
	if (item.procore.webhooks.hasHookStatus) return { status };
	if (status === 'active') return {};
	throw item.refuse(
		'Hooks of Webhooks API v1.0 have no status, so this one cannot be disabled. Delete it instead, or select V2.0 as Webhooks API Version in the credential.',
	);
}

/**
 * Returns the scope whose hooks are listed, in the namespace of the item or in all namespaces.
 *
 * @throws NodeOperationError if Namespace is empty although Procore requires it.
 */
export function searchableScope(item: OperationItem): Scope {
	const scope = item.scope();
	const isUnnamed = item.searchedNamespace() === '' && scope.kind === 'company';
	if (isUnnamed && item.procore.webhooks.needsCompanyNamespace) {
		throw item.refuse(COMPANY_NAMESPACE_NEEDED);
	}
	return scope;
}

/**
 * Lists the hooks of the scope in a namespace, or in all namespaces if Namespace is empty.
 *
 * @param ifNone receives why there are none. Shows a hint by default.
 * @throws NodeOperationError if Namespace is invalid, or is empty although Procore requires it.
 */
export async function hooksInNamespace(
	item: OperationItem,
	ifNone: (explanation: string) => void = (explanation) => item.hint(explanation),
): Promise<Array<Read<Hook>>> {
	const { webhooks } = item.procore;
	const scope = searchableScope(item);
	const namespace = item.searchedNamespace();
	const hooks = await webhooks.listHooks(scope, namespace);
	if (hooks.length === 0) ifNone(await explainNoHook(webhooks, scope, namespace));
	return hooks;
}

/**
 * Like {@link hooksInNamespace}, for an operation whose empty output would read as "nothing failed".
 *
 * @throws NodeOperationError also if the given namespace has no hook.
 */
export async function hooksToInspect(item: OperationItem): Promise<Array<Read<Hook>>> {
	return await hooksInNamespace(item, (explanation) => {
		if (item.searchedNamespace() !== '') throw item.refuse(explanation);
		item.hint(explanation);
	});
}

/** Reads the hook to create or update, and validates it before anything is sent. */
export function hookTarget(item: OperationItem): HookTarget {
	const payloadVersion = item.payloadVersion('additionalFields.payloadVersion');
	return {
		namespace: item.namespace(),
		destination_url: destinationUrl(item),
		...authorization(item, 'additionalFields.authorization'),
		...hookStatus(item, 'additionalFields.hookStatus'),
		...(payloadVersion === undefined ? {} : { payload_version: payloadVersion }),
	};
}
