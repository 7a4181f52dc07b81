import {
	tryToParseDateTime,
	type IDataObject,
	type IExecuteFunctions,
	type NodeOperationError,
} from 'n8n-workflow';

import type { Procore } from '../api';
import type { Settled } from '../api/concurrency';
import { explainInvalidId, extractId, type IdKind } from '../model/id';
import { PAYLOAD_VERSIONS, type PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { STATUS_FILTERS, type DeliveryFilter } from '../delivery/filter';
import { readEvent, type ProcoreEvent } from '../model/event';
import { explainNamespace, isLegalNamespace } from '../hook/namespace';
import { isJsonObject, text } from '../model/json';
import { refusal } from '../api/refusal';
import { severalValues } from '../model/several-values';
import type { PickRequest } from '../dedupe/pick-new';

/** As the panel shows it. */
const DEFAULT_LIMIT = 50;

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** What an operation works with: one input item, and Procore. */
export class OperationItem {
	constructor(
		private readonly context: IExecuteFunctions,
		readonly procore: Procore,
		readonly itemIndex: number,
	) {}

	/** A text parameter, trimmed; of a resource locator its value. `updateFields.namespace` looks into a collection. */
	text(name: string): string {
		// n8n's own `extractValue` throws for what the shown collection does not have.
		const value: unknown = this.context.getNodeParameter(name, this.itemIndex, '');
		return text(isJsonObject(value) ? value.value : value).trim();
	}

	/** {@link text}, as a field that is left out where it is empty. */
	field<Name extends string>(name: Name, parameter: string): { readonly [key in Name]?: string } {
		const field: { [key in Name]?: string } = {};
		const value = this.text(parameter);
		if (value !== '') field[name] = value;
		return field;
	}

	/** @param standard what holds where a collection does not show it. */
	flag(name: string, standard = false): boolean {
		return this.context.getNodeParameter(name, this.itemIndex, standard) === true;
	}

	/** A parameter that takes several values: a list, or comma-separated text. */
	list(name: string): string[] {
		return severalValues(this.context.getNodeParameter(name, this.itemIndex, []));
	}

	/**
	 * How many results are wanted: a whole number, or Infinity for all.
	 *
	 * @throws NodeOperationError where an expression gives anything else.
	 */
	limit(): number {
		if (this.flag('returnAll')) return Infinity;
		const limit = this.number('limit', 'Limit', 1, Number.MAX_SAFE_INTEGER) ?? DEFAULT_LIMIT;
		if (Number.isInteger(limit)) return limit;
		throw this.refuse(`"${limit}" in Limit is no whole number.`);
	}

	/**
	 * The id in a parameter, empty where there is none.
	 *
	 * @param kind of what Procore's web pages have in their addresses; then such an address will do.
	 * @throws NodeOperationError if an expression returns something that is not a valid Procore ID.
	 */
	id(parameter: string, displayName: string, kind?: IdKind): string {
		const typed = this.text(parameter);
		const id = kind === undefined ? typed : extractId(typed, kind);
		const reason = id === '' ? undefined : explainInvalidId(id, displayName);
		if (reason !== undefined) throw this.refuse(reason);
		return id;
	}

	/** @throws NodeOperationError where neither the panel nor the credential names a company, or by no id. */
	companyId(): string {
		const companyId = this.id('companyId', 'Company', 'company') || this.procore.account.companyId;
		if (companyId !== '') return companyId;
		throw this.refuse(
			'No company is chosen: choose one in Company, or enter a Company ID in the credential.',
		);
	}

	/** @throws NodeOperationError where company or project is missing or no id. */
	scope(): Scope {
		const companyId = this.companyId();
		if (this.text('scope') === 'company') return { kind: 'company', companyId };
		const projectId = this.id('projectId', 'Project', 'project');
		if (projectId === '') throw this.refuse('No project is chosen: choose one in Project.');
		return { kind: 'project', companyId, projectId };
	}

	/** @throws NodeOperationError where no hook is chosen, or by no id. */
	hookId(): string {
		const hookId = this.id('hookId', 'Hook');
		if (hookId === '') throw this.refuse('No hook is chosen: choose one in Hook.');
		return hookId;
	}

	/** @throws NodeOperationError where it is missing, or Procore would not take it. */
	namespace(parameter = 'namespace'): string {
		const namespace = this.text(parameter);
		if (namespace === '') throw this.refuse('No namespace is given: enter one in Namespace.');
		if (!isLegalNamespace(namespace)) throw this.refuse(explainNamespace(namespace));
		return namespace;
	}

	/** The namespace of hooks that are there; empty for every one. @throws as {@link namespace}. */
	searchedNamespace(): string {
		return this.text('namespace') === '' ? '' : this.namespace();
	}

	/** The namespace of a hook that is given by its id, which is found under any other one too; empty if there is none. */
	namespaceHint(): string {
		const namespace = this.text('namespace');
		return isLegalNamespace(namespace) ? namespace : '';
	}

	/** @throws NodeOperationError where an expression gives another word than Procore's. */
	payloadVersion(parameter: string): PayloadVersion | undefined {
		return this.oneOf(parameter, 'Payload Version', PAYLOAD_VERSIONS);
	}

	/** @throws NodeOperationError where a date is none, or a word is not one that is offered. */
	deliveryFilter(): DeliveryFilter {
		const status = this.oneOf('filters.status', 'Status', STATUS_FILTERS);
		const since = this.instant('filters.since', 'Since');
		const until = this.instant('filters.until', 'Until', true);
		return {
			...(status === undefined ? {} : { status }),
			...this.field('resourceName', 'filters.resourceName'),
			...this.field('eventType', 'filters.eventType'),
			...(since === undefined ? {} : { since }),
			...(until === undefined ? {} : { until }),
		};
	}

	/** In the model's words with Simplify on, else Procore's own JSON. */
	output<T extends object>({ model, raw }: Read<T>): IDataObject {
		return this.flag('simplify') ? Object.fromEntries(Object.entries(model)) : raw;
	}

	/** The JSON of the input item. */
	input(): IDataObject {
		return this.context.getInputData()[this.itemIndex]?.json ?? {};
	}

	/** The event that the input item is, as a trigger node gives it, simplified or not; undefined where it is none. */
	event(): ProcoreEvent | undefined {
		const json: unknown = this.input();
		return isJsonObject(json) ? readEvent(json) : undefined;
	}

	/** @throws NodeOperationError where the value is no number between these two. */
	number(parameter: string, displayName: string, least: number, most: number): number | undefined {
		const value = this.text(parameter);
		if (value === '') return undefined;
		const number = Number(value);
		if (number >= least && number <= most) return number;
		throw this.refuse(`"${value}" in ${displayName} is no number from ${least} to ${most}.`);
	}

	refuse(message: string): NodeOperationError {
		return refusal(this.context.getNode(), message, this.itemIndex);
	}

	/** @throws NodeOperationError where the value is none of `known`; undefined where there is no value. */
	oneOf<const Known extends readonly string[]>(
		parameter: string,
		displayName: string,
		known: Known,
	): Known[number] | undefined {
		const value = this.text(parameter);
		if (value === '') return undefined;
		const found = known.find((word) => word === value);
		if (found !== undefined) return found;
		throw this.refuse(`"${value}" in ${displayName} is not one of ${known.join(', ')}.`);
	}

	/** Milliseconds since 1970. A date without a time zone is in the workflow's; one without a time is the whole day. */
	private instant(parameter: string, displayName: string, isEnd = false): number | undefined {
		const value = this.context.getNodeParameter(parameter, this.itemIndex, '');
		if (value === '' || value === undefined || value === null) return undefined;
		try {
			const instant = tryToParseDateTime(value, this.context.getTimezone());
			const isDay = typeof value === 'string' && DATE_ONLY.test(value.trim());
			return (isEnd && isDay ? instant.endOf('day') : instant).toMillis();
		} catch {
			throw this.refuse(
				`"${String(value)}" in ${displayName} is no date: write it as 2026-11-20 or 2026-11-20T08:00:00Z.`,
			);
		}
	}
}

/** An operation that only reads: takes an item, gives the JSON of its output items. */
export type Operation = (item: OperationItem) => Promise<IDataObject[]>;

/** An operation that changes something in Procore. */
export interface WriteOperation {
	/**
	 * Checks all that can be known of an item without asking Procore. Unless the node continues on fail, nothing is written
	 * for any item before every item has passed.
	 *
	 * @returns the work itself.
	 * @throws NodeOperationError for a parameter that is missing or not valid.
	 */
	readonly prepare: (item: OperationItem) => () => Promise<IDataObject[]>;
}

/**
 * Works on several things at the same time, as many as Procore's rate limit bears. Where a failure ends the run, what has
 * not begun by then is not begun.
 */
export type RunConcurrently = <Thing, T>(
	things: readonly Thing[],
	work: (thing: Thing) => Promise<T>,
) => Promise<Array<Settled<T>>>;

/** The run that a joint operation is part of. */
export interface OperationRun {
	/** Whether items that succeed come out although another one fails. */
	readonly continuesOnFail: boolean;
	/**
	 * Gives of each list what this node has not given before, and takes note of it, as the last thing before the output. A
	 * run by hand sees everything and takes note of nothing, so that trying a workflow out costs it no event.
	 */
	readonly takeNew: <T>(lists: ReadonlyArray<PickRequest<T>>) => Promise<T[][]>;
}

/** An operation that sees all items at once, and gives what became of each, in their order. */
export interface BatchOperation {
	readonly executeAll: (
		items: readonly OperationItem[],
		runConcurrently: RunConcurrently,
		run: OperationRun,
	) => Promise<Array<Settled<IDataObject[]>>>;
}
