import { NodeOperationError, type ILoadOptionsFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import type { Scope } from '../api/model';
import { severalValues } from '../hook/settings';

function parameter(context: ILoadOptionsFunctions, name: string): unknown {
	return context.getCurrentNodeParameter(name, { extractValue: true });
}

/** The company in the open panel, else the credential's. */
export function chosenCompany(context: ILoadOptionsFunctions, { account }: Procore): string {
	const companyId = String(parameter(context, 'companyId') ?? '') || account.companyId;
	if (companyId !== '') return companyId;
	throw new NodeOperationError(
		context.getNode(),
		'Choose a company first, or enter a Company ID in the credential.',
		{ level: 'warning' },
	);
}

/** The scope in the open panel; of several projects the first. */
export function chosenScope(context: ILoadOptionsFunctions, procore: Procore): Scope {
	const companyId = chosenCompany(context, procore);
	if (parameter(context, 'scope') === 'company') return { kind: 'company', companyId };
	const [projectId] = severalValues(
		parameter(context, 'projectIds') ?? parameter(context, 'projectId'),
	);
	if (projectId !== undefined) return { kind: 'project', companyId, projectId };
	throw new NodeOperationError(context.getNode(), 'Choose a project first.', { level: 'warning' });
}
