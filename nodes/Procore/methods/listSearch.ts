import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { openProcore } from '../api';
import { settle } from '../api/concurrency';
import { describeScope, type Scope } from '../model/scope';
import { refusal } from '../api/refusal';
import { requireCompany, requireScope } from './panel';
import { findProjects } from './project-search';

function matches(filter: string | undefined, ...texts: string[]): boolean {
	const wanted = (filter ?? '').trim().toLowerCase();
	return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** Lists the companies of the account. If Procore refuses the list to a service account, returns the credential's company. */
export async function searchCompanies(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	const listed = await settle(async () => await procore.directory.companies());
	const { companyId } = procore.account;
	if (!listed.ok && companyId === '') throw listed.failure;
	const companies = (listed.ok ? listed.value : []).map(({ model }) => ({
		name: model.name,
		value: model.id,
	}));
	if (companyId !== '' && !companies.some(({ value }) => value === companyId)) {
		companies.push({ name: `Company ${companyId}`, value: companyId });
	}
	return { results: companies.filter(({ name, value }) => matches(filter, name, value)) };
}

/** Searches the active projects of the selected company, page by page. */
export async function searchProjects(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	const companyId = requireCompany(this, procore);
	return await findProjects(procore.directory, companyId, filter.trim(), paginationToken);
}

/** Explains an empty list of hooks. */
function explainNoHook(scope: Scope, namespace: string): string {
	const where = describeScope(scope);
	if (namespace === '') return `There is no hook in ${where} yet.`;
	const advice =
		scope.kind === 'project'
			? 'Clear Namespace to search all namespaces, including those of Procore Trigger nodes.'
			: 'Enter the namespace of the hook in Namespace.';
	return `There is no hook in the namespace "${namespace}" in ${where}. ${advice}`;
}

/**
 * Lists the hooks of the selected company or project in the namespace of the panel.
 *
 * @throws NodeOperationError if there are none, because n8n then shows the message instead of the list.
 */
export async function searchHooks(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	const namespace = String(this.getCurrentNodeParameter('namespace') ?? '');
	const scope = requireScope(this, procore);
	const hooks = await procore.webhooks.listHooks(scope, namespace);
	if (hooks.length === 0) {
		throw refusal(this.getNode(), explainNoHook(scope, namespace));
	}
	return {
		results: hooks
			.map(({ model }) => ({
				name: `${model.destination_url} (${model.namespace ?? 'no namespace'})`,
				value: model.id,
			}))
			.filter(({ name, value }) => matches(filter, name, value)),
	};
}
