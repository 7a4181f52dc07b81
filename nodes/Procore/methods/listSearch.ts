import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { openProcore } from '../api';
import { settle } from '../api/concurrency';
import { describeScope, type Scope } from '../model/scope';
import { refusal } from '../api/refusal';
import { requireCompany, requireScope } from './panel';
import { findProjects } from './project-search';

function matches(filter: string | undefined, ...words: string[]): boolean {
	const wanted = (filter ?? '').trim().toLowerCase();
	return words.some((word) => word.toLowerCase().includes(wanted));
}

/** Companies of the account. One that may not list them (a service account) still finds the credential's company. */
export async function searchCompanies(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	const read = await settle(async () => await procore.directory.companies());
	const { companyId } = procore.account;
	if (!read.ok && companyId === '') throw read.failure;
	const companies = (read.ok ? read.value : []).map(({ model }) => ({
		name: model.name,
		value: model.id,
	}));
	if (companyId !== '' && !companies.some(({ value }) => value === companyId)) {
		companies.push({ name: `Company ${companyId}`, value: companyId });
	}
	return { results: companies.filter(({ name, value }) => matches(filter, name, value)) };
}

/** Active projects of the chosen company, searched by Procore, a page at a time. */
export async function searchProjects(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	const procore = await openProcore(this);
	const companyId = requireCompany(this, procore);
	return await findProjects(procore.directory, companyId, filter.trim(), paginationToken);
}

/** What to do where a list has no hook to choose. */
function explainNoHook(scope: Scope, namespace: string): string {
	const where = describeScope(scope);
	if (namespace === '') return `There is no hook in ${where} yet.`;
	const otherwise =
		scope.kind === 'project'
			? 'Empty the field Namespace to find the hooks under every other one, as those of Procore Triggers.'
			: 'Enter the namespace that it was made under.';
	return `There is no hook under the namespace "${namespace}" in ${where}. ${otherwise}`;
}

/**
 * Hooks of the chosen company or project, under the namespace in the panel.
 *
 * @throws NodeOperationError where there is none: n8n shows the message in the place of the list.
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
