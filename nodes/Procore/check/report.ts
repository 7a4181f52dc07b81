import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import {
	judgeProblems,
	problemItem,
	recallProblems,
	rememberProblems,
	reportsOf,
	type StandingProblems,
} from './problem';
import { checkFailed, type CheckVerdict } from './problems-found';

const MAX_NODES = 10_000;

/** What this process last knew: n8n saves static data only when a check starts an execution. */
const standingOfNodes = new Map<string, StandingProblems>();

/**
 * Reports what a check could not repair to the people who rely on the workflow. What is due becomes an execution that the
 * gate fails, so that n8n lists it and starts the error workflow. A `poll` that throws would do the same, but n8n then
 * saves no static data, and every problem would be reported again after a restart.
 *
 * @param key of the node.
 */
export function reportProblems(
	context: IPollFunctions,
	staticData: IDataObject,
	key: string,
	{ problems, isJudged }: CheckVerdict,
): void {
	const before = standingOfNodes.get(key) ?? recallProblems(staticData);
	const { standing, due, over } = judgeProblems(before, problems, isJudged, Date.now());
	if (standingOfNodes.size >= MAX_NODES) standingOfNodes.clear();
	standingOfNodes.set(key, standing);
	rememberProblems(staticData, standing);
	for (const sentence of over) context.logger.info(`Procore Trigger: Resolved: ${sentence}`);
	const isOn = context.getNodeParameter('options.reportProblems', true) !== false;
	const reports = isOn ? reportsOf(due) : [];
	for (const { sentence } of due) {
		if (!reports.includes(sentence)) context.logger.warn(`Procore Trigger: ${sentence}`);
	}
	for (const sentence of reports) context.__emit([[problemItem(sentence)]]);
}

/** {@link reportProblems} for a check that failed as a whole. */
export function reportFailedCheck(
	context: IPollFunctions,
	staticData: IDataObject,
	key: string,
	failure: unknown,
): void {
	reportProblems(context, staticData, key, checkFailed(failure));
}
