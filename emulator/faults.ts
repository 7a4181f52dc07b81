import type { Change } from './changes';

export type FaultEffect =
	| { kind: 'status'; status: number; headers?: Record<string, string>; body?: unknown }
	/**
	 * An HTML page with status 200 in place of the response, such as a captive portal or a maintenance window returns.
	 */
	| { kind: 'page'; title?: string }
	/** 302 to a login page: the emulator's own, which answers 200, unless `to` names another. */
	| { kind: 'redirect'; to?: string }
	/** Lists fail with this status if more rows per page than `above` are requested (`per_page`, `page_size`). */
	| { kind: 'pageTooLarge'; above: number; status: 408 | 500 }
	/** `after`: the work is done and the response is lost. */
	| { kind: 'drop'; when: 'before' | 'after' }
	/** `after`: the work is done before the wait, by default after it. */
	| { kind: 'delay'; ms: number; when?: 'before' | 'after' }
	/** The call waits, before any work is done, until the control API releases it. */
	| { kind: 'hold' }
	/** 429 for this request and every one until the reset, in real seconds from now. */
	| { kind: 'rateLimited'; resetInSeconds: number }
	/** The request's token becomes invalid before it is checked. */
	| { kind: 'expireToken' }
	/** Triggers for these resources are rejected. */
	| { kind: 'refuseTriggers'; resources: string[] }
	/**
	 * The list comes back unfiltered, for example from a gateway that drops query parameters; `names`: only these
	 * filters are ignored.
	 */
	| { kind: 'ignoreFilters'; names?: string[] }
	/** At most this many rows per page, which the response says in its headers. */
	| { kind: 'capPages'; rows: number }
	/** Changes a project just before the response, so that a list shifts while it is read. */
	| { kind: 'changeProject'; projectId: string; active?: boolean; name?: string }
	/** Makes a change just before the response, so that a list of records shifts while it is read. */
	| { kind: 'changeRecord'; change: Change };

export interface Fault {
	method?: string;
	/** Source of a regular expression, tested against path and query. */
	path?: string;
	/** For `/oauth/token`: the `grant_type` of the request. */
	grant?: string;
	/** 1 by default; 0 until cleared. */
	times?: number;
	/** Lets this many matching requests pass first. */
	after?: number;
	effect: FaultEffect;
}

interface ArmedFault {
	id: string;
	matches: (call: FaultableCall) => boolean;
	letPass: number;
	left: number;
	effect: FaultEffect;
}

export interface FaultableCall {
	method: string;
	url: string;
	/** The `grant_type` of a token request, null for every other call. */
	grant: string | null;
}

/** Whether the effect applies to the call; an effect on pages does not count other calls. */
function isAbout(effect: FaultEffect, url: string): boolean {
	if (effect.kind !== 'pageTooLarge') return true;
	const { searchParams } = new URL(url, 'http://procore.invalid');
	const asked = searchParams.get('per_page') ?? searchParams.get('page_size');
	return asked !== null && Number(asked) > effect.above;
}

/** The active faults: each fires for the calls that it matches, until it is used up. */
export class Faults {
	private armed: ArmedFault[] = [];
	private count = 0;
	private held: Array<() => void> = [];

	add(fault: Fault): string {
		const path = fault.path === undefined ? null : new RegExp(fault.path);
		const method = fault.method?.toUpperCase();
		const id = String(++this.count);
		this.armed.push({
			id,
			matches: (call) =>
				(method === undefined || method === call.method) &&
				(path === null || path.test(call.url)) &&
				isAbout(fault.effect, call.url) &&
				(fault.grant === undefined || fault.grant === call.grant),
			letPass: fault.after ?? 0,
			left: fault.times === 0 ? Infinity : (fault.times ?? 1),
			effect: fault.effect,
		});
		return id;
	}

	clear(): void {
		this.armed = [];
		this.release();
	}

	/** The number of calls that a `hold` keeps waiting. */
	get heldCalls(): number {
		return this.held.length;
	}

	/** Resolves when {@link release} is called. */
	async hold(): Promise<void> {
		await new Promise<void>((resolve) => this.held.push(resolve));
	}

	/** Lets every held call continue. */
	release(): void {
		for (const resolve of this.held.splice(0)) resolve();
	}

	firing(call: FaultableCall): FaultEffect[] {
		const effects: FaultEffect[] = [];
		for (const fault of this.armed) {
			if (!fault.matches(call)) continue;
			if (fault.letPass > 0) {
				fault.letPass -= 1;
				continue;
			}
			fault.left -= 1;
			effects.push(fault.effect);
		}
		this.armed = this.armed.filter((fault) => fault.left > 0);
		return effects;
	}
}
