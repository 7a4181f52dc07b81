import { readEvent, type ProcoreEvent } from '../../../nodes/Procore/model/event';
import { isJsonObject, parseJson, type JsonObject } from '../../../nodes/Procore/model/json';
import type { PayloadVersion } from '../../../nodes/Procore/model/payload-version';
import type { Generation } from '../live-account';
import { StepProblem } from '../problems';
import type { Seen } from '../raw-request';
import type { Received, Respond } from '../receiver';
import type { Run } from '../run';

/** A hook of the run that receives changes of the record. */
export interface Listening {
	readonly hookId: string;
	readonly authorization: string;
	/** Where its events arrive. */
	readonly path: string;
}

/** Waits for so many requests. @throws Error if fewer arrive. */
export async function arrivals(run: Run, path: string, count: number): Promise<Received[]> {
	const received = await run.receiver.wait(path, count, run.env.waitSeconds * 1000);
	if (received.length >= count) return received;
	throw new StepProblem(
		`${received.length} of ${count} events arrived within ${run.env.waitSeconds} seconds.`,
	);
}

/** An event as something that an observation is about. */
export function seen({ body }: Received): Seen {
	return { exchange: { body } };
}

/** The JSON of a request; an empty object if it is not one. */
export function jsonOf({ body }: Received): JsonObject {
	const parsed = parseJson(body);
	return isJsonObject(parsed) ? parsed : {};
}

/** The event of a request. @throws Error if it is not one that the product understands. */
export function eventOf(received: Received): ProcoreEvent {
	const event = readEvent(jsonOf(received));
	if (event === undefined) throw new StepProblem('What arrived is not an event.');
	return event;
}

/** The public address for a purpose, and its path. */
export function address(
	run: Run,
	purpose: string,
): { readonly url: string; readonly path: string } {
	const url = `${run.receiver.url}/${run.namespacePrefix}/${purpose}`;
	return { url, path: new URL(url).pathname };
}

/** Creates a hook that receives updates of the record, and deletes it after `work`. */
export async function listening<T>(
	run: Run,
	purpose: string,
	options: {
		readonly version?: Generation;
		readonly payload?: PayloadVersion;
		readonly respond?: Respond;
	},
	work: (hook: Listening) => Promise<T>,
): Promise<T> {
	const { version = 'v2.0', payload = 'v2.0', respond } = options;
	const { url, path } = address(run, purpose);
	if (respond !== undefined) run.receiver.answer(path, respond);
	return await run.withHook(
		version,
		run.project,
		async ({ id, draft }) => {
			const { webhooks } = await run.procore(version);
			const wanted = { resource_name: run.env.changeResource, event_type: 'update' };
			const owner = { id, payload_version: draft.payload_version, namespace: draft.namespace };
			const { refused } = await webhooks.addTriggers(run.project, owner, [wanted]);
			if (refused.length > 0) throw new StepProblem('Procore refused the trigger for the record.');
			return await work({ hookId: id, authorization: draft.authorization ?? '', path });
		},
		{ destination_url: url, payload_version: payload },
	);
}
