import { parse, stringify } from 'lossless-json';

import { listAt, objectAt, textAt, valueAt } from '../harness/json';
import type { Exchanges } from './exchanges';
import {
	addEvents,
	addExchanges,
	ErrorBodies,
	Forms,
	type EndpointForm,
	type ErrorBody,
} from './forms';
import type { Received } from './receiver';
import type { Sanitizer } from './sanitize';
import { NOTHING, type Tally } from './tally';

function numberAt(value: unknown, ...path: string[]): number {
	return Number(valueAt(value, ...path) ?? 0);
}

function textsOf(value: object): Record<string, string> {
	return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

function readForm(value: unknown): EndpointForm {
	return {
		method: textAt(value, 'method') ?? '',
		path: textAt(value, 'path') ?? '',
		status: valueAt(value, 'status') === null ? null : numberAt(value, 'status'),
		count: numberAt(value, 'count'),
		form: textAt(value, 'form') ?? '',
		sample: {
			headers: textsOf(objectAt(value, 'sample', 'headers')),
			body: valueAt(value, 'sample', 'body'),
		},
	};
}

function readError(value: unknown): ErrorBody {
	const [status, count] = [numberAt(value, 'status'), numberAt(value, 'count')];
	return { status, count, body: valueAt(value, 'body') };
}

function readTally(value: unknown): Tally {
	const count = (name: keyof typeof NOTHING) => numberAt(value, name);
	const resets = Object.entries(objectAt(value, 'resets'));
	return {
		...{ answered: count('answered'), redirects: count('redirects'), broken: count('broken') },
		...{ refused: count('refused'), mute: count('mute'), limited: count('limited') },
		...{ inSeconds: count('inSeconds'), ids: count('ids'), oddIds: count('oddIds') },
		resets: Object.fromEntries(resets.map(([limit, seconds]) => [limit, Number(seconds)])),
	};
}

/**
 * What a report tells besides its verdicts, without anything of the account. It grows step by step, and can be stored for
 * the run that resumes this one.
 */
export class Findings {
	private readonly endpointForms: Forms;

	private readonly eventForms: Forms;

	private readonly errorBodies: ErrorBodies;

	private taken = { exchanges: 0, events: 0 };

	/** @param events what has arrived so far. */
	constructor(
		private readonly exchanges: Exchanges,
		private readonly sanitizer: Sanitizer,
		private readonly events: () => readonly Received[],
	) {
		this.endpointForms = new Forms(sanitizer);
		this.eventForms = new Forms(sanitizer);
		this.errorBodies = new ErrorBodies(sanitizer);
	}

	/** Takes in what has come since the last time. */
	take(): void {
		const { all } = this.exchanges;
		const events = this.events();
		const latest = all.slice(this.taken.exchanges);
		addExchanges(this.endpointForms, latest, this.sanitizer);
		this.errorBodies.add(latest);
		addEvents(this.eventForms, events.slice(this.taken.events));
		this.taken = { exchanges: all.length, events: events.length };
	}

	/** Every endpoint, status and form of a run once, and then every form of its events. */
	get endpoints(): EndpointForm[] {
		return [...this.endpointForms.all, ...this.eventForms.all];
	}

	/** Every body that came with an error status once, by status. */
	get errors(): ErrorBody[] {
		return this.errorBodies.all;
	}

	/** What {@link restore} reads. Takes in what has come. */
	toJson(): string {
		this.take();
		const { count: requests, notes, tally } = this.exchanges;
		const stored = {
			...{ requests, notes, tally, errors: this.errors },
			...{ endpoints: this.endpointForms.all, events: this.eventForms.all },
			aliases: this.sanitizer.aliases.toJson(),
		};
		return this.sanitizer.hideWords(stringify(stored, undefined, 2) ?? '');
	}

	/** @param json from {@link toJson}. */
	restore(json: string): void {
		const stored = parse(json);
		const notes = listAt(stored, 'notes').map(String);
		const tally = readTally(valueAt(stored, 'tally'));
		this.exchanges.restore(numberAt(stored, 'requests'), notes, tally);
		this.endpointForms.restore(listAt(stored, 'endpoints').map(readForm));
		this.eventForms.restore(listAt(stored, 'events').map(readForm));
		this.errorBodies.restore(listAt(stored, 'errors').map(readError));
		this.sanitizer.aliases.restore(valueAt(stored, 'aliases'));
	}
}
