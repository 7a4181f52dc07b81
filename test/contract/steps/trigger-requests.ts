import { jsonObject, jsonObjects, type JsonBody } from '../../../nodes/Procore/model/json';
import type { Subscription } from '../../../nodes/Procore/model/trigger';
import type { Generation } from '../live-account';
import type { Answer } from '../raw-request';
import { StepProblem } from '../problems';
import type { Run } from '../run';
import { content, get, rows, write } from './requests';

/** An event that no project offers. */
export const UNKNOWN: Subscription = { resource_name: 'Contract Test Items', event_type: 'create' };

/** Two events that the project offers, in the usual spelling. @throws Error if it offers fewer. */
export async function twoEvents(run: Run): Promise<[Subscription, Subscription]> {
	const { webhooks } = await run.procore('v2.0');
	const resources = await webhooks.listResources(run.project, 'v2.0');
	const usual = resources.filter(({ model }) => model.events.includes('create'));
	const [first, second] = usual.map(({ model }) => ({
		resource_name: model.name,
		event_type: 'create',
	}));
	if (first === undefined || second === undefined) {
		throw new StepProblem('The project offers fewer than two resources with create events.');
	}
	return [first, second];
}

/** The fields of a subscription. */
export function plain({ resource_name, event_type }: Subscription): Record<string, JsonBody> {
	return { resource_name, event_type };
}

/** Adds a trigger to a hook of the project. */
export async function createTrigger(
	run: Run,
	version: Generation,
	hookId: string,
	event: Subscription,
): Promise<Answer> {
	const body = version === 'v2.0' ? plain(event) : { api_version: 'v2', trigger: plain(event) };
	return await write(run, version, run.project, 'POST', `/hooks/${hookId}/triggers`, body);
}

/** Adds or removes triggers of a hook of the project in bulk. */
export async function bulk(
	run: Run,
	version: Generation,
	method: 'POST' | 'DELETE',
	hookId: string,
	entries: readonly JsonBody[],
): Promise<Answer> {
	const body = version === 'v2.0' ? entries : { api_version: 'v2', triggers: entries };
	return await write(run, version, run.project, method, `/hooks/${hookId}/triggers/bulk`, body);
}

/** The created triggers and the refusals in the answer to a bulk call. */
export function partsOf(version: Generation, answer: Answer) {
	if (version === 'v1.0') {
		const { success, failed } = jsonObject(answer.body);
		return { created: jsonObjects(success), refused: jsonObjects(failed) };
	}
	const all = jsonObjects(content(version, answer));
	return {
		created: all.filter(({ id }) => id !== undefined),
		refused: all.filter(({ id }) => id === undefined),
	};
}

/** How many triggers a hook of the project has; none if it is gone. */
export async function countTriggers(
	run: Run,
	version: Generation,
	hookId: string,
): Promise<number> {
	const answer = await get(run, version, run.project, `/hooks/${hookId}/triggers`);
	return rows(version, answer).length;
}
