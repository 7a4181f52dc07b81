import type { ILoadOptionsFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { explainInvalidId, extractId, type IdKind } from '../model/id';
import type { Scope } from '../model/scope';
import { isJsonObject } from '../model/json';
import { NO_COMPANY } from '../api/failure';
import { refusal } from '../api/refusal';
import { severalValues } from '../model/several-values';

/**
 * Returns a parameter of the open panel, or the value of a resource locator. Undefined if the node has no such parameter
 * (n8n's own `extractValue` throws then).
 */
export function panelValue(context: ILoadOptionsFunctions, name: string): unknown {
	const value: unknown = context.getCurrentNodeParameter(name);
	return isJsonObject(value) ? value.value : value;
}

/**
 * Returns the id in a parameter of the open panel, which can also be a pasted URL; empty if there is none.
 *
 * @throws NodeOperationError if the value cannot be a Procore id.
 */
export function panelId(
	context: ILoadOptionsFunctions,
	typed: unknown,
	displayName: string,
	kind?: IdKind,
): string {
	const given = String(typed ?? '').trim();
	const id = kind === undefined ? given : extractId(given, kind);
	const reason = id === '' ? undefined : explainInvalidId(id, displayName);
	if (reason !== undefined) throw refusal(context.getNode(), reason);
	return id;
}

/** Returns the company of the open panel, else of the credential; undefined if neither sets one. */
function findCompany(context: ILoadOptionsFunctions, { account }: Procore): string | undefined {
	const companyId = panelId(context, panelValue(context, 'companyId'), 'Company', 'company');
	return companyId || account.companyId || undefined;
}

/** @throws NodeOperationError if neither the panel nor the credential sets a company. */
export function requireCompany(context: ILoadOptionsFunctions, procore: Procore): string {
	const companyId = findCompany(context, procore);
	if (companyId !== undefined) return companyId;
	throw refusal(context.getNode(), NO_COMPANY);
}

/** Returns the scope of the open panel, with the first of several projects; undefined if no project is selected yet. */
export function findScope(context: ILoadOptionsFunctions, procore: Procore): Scope | undefined {
	const companyId = requireCompany(context, procore);
	const scope = panelValue(context, 'scope');
	if (scope === 'company') return { kind: 'company', companyId };
	if (scope === 'allProjects') return undefined;
	const several = panelValue(context, 'projectIds');
	const [first] = severalValues(several ?? panelValue(context, 'projectId'));
	const label = several === undefined ? 'Project' : 'Project Names or IDs';
	const projectId = panelId(context, first, label, 'project');
	return projectId === '' ? undefined : { kind: 'project', companyId, projectId };
}

/** @throws NodeOperationError if no company or no project is selected. */
export function requireScope(context: ILoadOptionsFunctions, procore: Procore): Scope {
	const scope = findScope(context, procore);
	if (scope !== undefined) return scope;
	throw refusal(context.getNode(), 'No project selected. Select one in Project.');
}
