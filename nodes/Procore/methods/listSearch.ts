import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { openProcore } from '../api';
import { settle } from '../api/concurrency';
import { refusal } from '../api/refusal';
import { COMPANY_NAMESPACE_NEEDED, explainNoHook } from '../hook/no-hook';
import { CHANGED_RESOURCES } from '../model/changed-resources';
import { RESOURCE_NAMES } from '../record/catalogue';
import { resourceLabel } from './event-label';
import { hookOptions } from './hook-label';
import { resourceOptions } from './available-resources';
import { panelValue, requireCompany, requireScope } from './panel';
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

/**
 * Lists the hooks of the selected company or project, in the namespace of the panel or in every namespace.
 *
 * @throws NodeOperationError if there are none or a namespace is needed, because n8n then shows the message instead of the list.
 */
export async function searchHooks(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	const namespace = String(this.getCurrentNodeParameter('namespace') ?? '').trim();
	const scope = requireScope(this, procore);
	if (namespace === '' && scope.kind === 'company' && procore.webhooks.needsCompanyNamespace) {
		throw refusal(this.getNode(), COMPANY_NAMESPACE_NEEDED);
	}
	const hooks = await procore.webhooks.listHooks(scope, namespace);
	if (hooks.length === 0) {
		throw refusal(this.getNode(), await explainNoHook(procore.webhooks, scope, namespace));
	}
	const options = await hookOptions(
		procore,
		scope,
		hooks.map(({ model }) => model),
	);
	return {
		results: options.filter(({ name, value }, index) => {
			const { destination_url: url = '', namespace } = hooks[index]?.model ?? {};
			return matches(filter, name, String(value), url, namespace ?? '');
		}),
	};
}

/** Lists the resources whose records the selected operation can read. Sends no request. */
export async function searchRecordResources(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const names = panelValue(this, 'operation') === 'getChanged' ? CHANGED_RESOURCES : RESOURCE_NAMES;
	const results = names.map((value) => ({ name: resourceLabel({ name: value, tool: '' }), value }));
	return await Promise.resolve({ results: results.filter(({ name }) => matches(filter, name)) });
}

/**
 * Lists the resources that the selected scope can subscribe to.
 *
 * @throws NodeOperationError if no company is selected, because n8n then shows the message instead of the list.
 */
export async function searchResources(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	requireCompany(this, procore);
	const results = await resourceOptions(this, procore);
	return { results: results.filter(({ name }) => matches(filter, name)) };
}
