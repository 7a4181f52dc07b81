import { randomInt } from 'node:crypto';

import type { WebhooksApi } from '../../nodes/Procore/api/webhooks-api';
import type { Scope } from '../../nodes/Procore/model/scope';
import { PREFIX } from './journal';
import { StepProblem } from './problems';

/**
 * The namespaces of company hooks on v2.0, which lists them by namespace only. They are always the same, so that a clean-up
 * without a journal finds them; several, so that one that is left does not stop the next run.
 */
export const COMPANY_NAMESPACES = [...'abcdefgh'].map((letter) => `${PREFIX}company-${letter}`);

/** One of these namespaces that has no hook. @throws StepProblem if all have one. */
export async function freeCompanyNamespace(webhooks: WebhooksApi, scope: Scope): Promise<string> {
	const start = randomInt(COMPANY_NAMESPACES.length);
	const order = [...COMPANY_NAMESPACES.slice(start), ...COMPANY_NAMESPACES.slice(0, start)];
	for (const namespace of order) {
		if ((await webhooks.listHooks(scope, namespace)).length === 0) return namespace;
	}
	throw new StepProblem('Earlier runs have left hooks in the company, which --cleanup deletes.');
}
