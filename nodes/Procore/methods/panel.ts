import type { ILoadOptionsFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { explainInvalidId, extractId, type IdKind } from '../model/id';
import type { Scope } from '../model/scope';
import { isJsonObject } from '../model/json';
import { refusal } from '../api/refusal';
import { severalValues } from '../model/several-values';

/**
 * A parameter of the open panel, of a resource locator its value; undefined where the node has none of this name (n8n's
 * own `extractValue` throws then).
 */
export function panelValue(context: ILoadOptionsFunctions, name: string): unknown {
	const value: unknown = context.getCurrentNodeParameter(name);
	return isJsonObject(value) ? value.value : value;
}

/** What an editor call says that cannot go on without a company. */
export const COMPANY_MISSING = 'Choose a company first, or enter a Company ID in the credential.';

/**
 * An id in the open panel, or in an address of Procore's that was pasted there; empty if there is none.
 *
 * @throws NodeOperationError if it is not an id.
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

/** The company in the open panel, else the credential's; undefined where neither names one. */
export function findCompany(
	context: ILoadOptionsFunctions,
	{ account }: Procore,
): string | undefined {
	const chosen = panelId(context, panelValue(context, 'companyId'), 'Company', 'company');
	return chosen || account.companyId || undefined;
}

/** The same, for what a company alone can tell. */
export function requireCompany(context: ILoadOptionsFunctions, procore: Procore): string {
	const companyId = findCompany(context, procore);
	if (companyId !== undefined) return companyId;
	throw refusal(context.getNode(), COMPANY_MISSING);
}

/** The scope in the open panel, of several projects the first; undefined where none is chosen yet. */
export function findScope(context: ILoadOptionsFunctions, procore: Procore): Scope | undefined {
	const companyId = requireCompany(context, procore);
	const scope = panelValue(context, 'scope');
	if (scope === 'company') return { kind: 'company', companyId };
	if (scope === 'allProjects') return undefined;
	const several = panelValue(context, 'projectIds');
	const [first] = severalValues(several ?? panelValue(context, 'projectId'));
	const label = several === undefined ? 'Project' : 'Projects';
	const projectId = panelId(context, first, label, 'project');
	return projectId === '' ? undefined : { kind: 'project', companyId, projectId };
}

/** The same, for what one project alone can tell. */
export function requireScope(context: ILoadOptionsFunctions, procore: Procore): Scope {
	const scope = findScope(context, procore);
	if (scope !== undefined) return scope;
	throw refusal(context.getNode(), 'Choose a project first.');
}
