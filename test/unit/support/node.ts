import type { INode } from 'n8n-workflow';

import { ProcoreFailure, type FailureOutcome } from '../../../nodes/Procore/api/failure';

/** The node that errors name as the failed one. */
export const NODE: INode = {
	id: 'node',
	name: 'Procore Trigger',
	type: 'n8n-nodes-procore.procoreTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

export function failure(answer: FailureOutcome, words = ''): ProcoreFailure {
	return new ProcoreFailure(NODE, 'do what was asked', answer, words);
}

/** A lost response: the request might have been carried out. */
export const LOST = () => failure({ kind: 'unknown', status: null }, 'ECONNRESET');

export const refused = (status: number, words: string) =>
	failure({ kind: 'refused', status }, words);
