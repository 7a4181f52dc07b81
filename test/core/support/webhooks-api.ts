import { ProcoreFailure } from '../../../nodes/Procore/api/failure';
import type { HookDraft } from '../../../nodes/Procore/model/hook';
import type { Scope } from '../../../nodes/Procore/model/scope';
import { COMPANY, PROJECT } from '../harness';

export const IN_PROJECT: Scope = { kind: 'project', companyId: COMPANY, projectId: PROJECT };
export const IN_COMPANY: Scope = { kind: 'company', companyId: COMPANY };

/** The hook that tests of the API layer create. */
export const DRAFT: HookDraft = {
	namespace: 'larkspur-test',
	destination_url: 'https://flows.larkspur.example/webhook/1/procore',
	authorization: 'Bearer 0123456789abcdefk9Qz7',
	payload_version: 'v2.0',
};

/** Returns the ProcoreFailure of work that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<ProcoreFailure> {
	const failure: unknown = await work.then(
		(value) => `nothing failed: ${JSON.stringify(value)}`,
		(thrown: unknown) => thrown,
	);
	if (failure instanceof ProcoreFailure) return failure;
	throw new Error(`Expected a ProcoreFailure, got ${String(failure)}`);
}
