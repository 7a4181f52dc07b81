/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { eventKey, toJsonItem } from '../nodes/Procore/model/event';
import { readBody } from '../nodes/Procore/receive/body';
import { SeenEvents } from '../nodes/Procore/dedupe/seen';
import { startsWorkflow } from '../nodes/Procore/hook/selection';
import {
	authorizationOf,
	deriveSecret,
	digestOf,
	isAuthorized,
} from '../nodes/Procore/hook/secret';
import { parseJson } from '../nodes/Procore/model/json';
import { newBody, UNWANTED_USER } from './receiving/sample';
import { spread, type Spread } from './statistics';

/** One step of the trigger's own work on an event, in microseconds. */
export interface Step {
	readonly name: string;
	readonly microseconds: Spread;
}

const EVENTS_A_RUN = 2000;

const SELECTION = {
	conditions: [
		{ field: 'source_user_id', operator: 'isNoneOf', values: [UNWANTED_USER] },
		{ field: 'source_application_id', operator: 'isNoneOf', values: ['an-application'] },
	],
	ignoreOwnChanges: 'both',
	problem: undefined,
} as const;

const OWN = { userId: '1', applicationId: 'own' };

/**
 * Measures the trigger's own work on an accepted event, outside n8n: each step for many events, run by run, and all
 * of them together. The code is that of the node, without n8n's work before, between and after the steps.
 */
export function measureOwnWork(runs: number): Step[] {
	const secret = deriveSecret('client-secret', {
		apiUrl: 'https://api.procore.com',
		companyId: '4501177',
		url: 'https://n8n.example',
	});
	const authorization = authorizationOf(secret);
	const accepted = [digestOf(authorization)];
	const seen = new SeenEvents();
	const bodies = () => Array.from({ length: EVENTS_A_RUN }, () => Buffer.from(newBody()));
	const read = (body: Buffer) => {
		const result = readBody(body);
		if (result.kind !== 'event') throw new Error('The sample is not an event');
		return result.read;
	};
	const steps: Record<string, (all: readonly Buffer[]) => () => void> = {
		'verify the secret': (all) => () => {
			all.forEach(() => isAuthorized(authorization, accepted));
		},
		'parse, every digit kept': (all) => () => {
			for (const body of all) parseJson(body.toString());
		},
		'parse and normalize': (all) => () => {
			for (const body of all) read(body);
		},
		filter: (all) => {
			const events = all.map(read);
			return () => {
				for (const { event } of events) startsWorkflow(event, SELECTION, OWN);
			};
		},
		'look for a duplicate': (all) => {
			const events = all.map(read);
			return () => {
				for (const { event } of events) seen.add(eventKey(event));
			};
		},
		'all of it': (all) => () => {
			for (const body of all) {
				if (!isAuthorized(authorization, accepted)) throw new Error('The secret is wrong');
				const event = read(body);
				if (!startsWorkflow(event.event, SELECTION, OWN)) throw new Error('The sample is unwanted');
				if (!seen.add(eventKey(event.event))) throw new Error('The sample is a duplicate');
				toJsonItem(event, true);
			}
		},
	};
	const times = new Map(Object.keys(steps).map((name) => [name, new Array<number>()]));
	// The first run warms up the code.
	for (let run = 0; run <= runs; run += 1) {
		for (const [name, prepare] of Object.entries(steps)) {
			const work = prepare(bodies());
			const startedAt = process.hrtime.bigint();
			work();
			const nanoseconds = Number(process.hrtime.bigint() - startedAt);
			if (run > 0) times.get(name)?.push(nanoseconds / 1000 / EVENTS_A_RUN);
		}
	}
	return [...times].map(([name, microseconds]) => ({ name, microseconds: spread(microseconds) }));
}
