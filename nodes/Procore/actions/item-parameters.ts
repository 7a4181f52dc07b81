import { tryToParseDateTime, type IExecuteFunctions, type NodeOperationError } from 'n8n-workflow';

import { refusal } from '../api/refusal';
import { explainInvalidId, extractId, type IdKind } from '../model/id';
import { isJsonObject, text } from '../model/json';
import { severalValues } from '../model/several-values';

/** The default of the Limit parameter. */
const DEFAULT_LIMIT = 50;

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads and validates the parameters of one input item. Errors name the label that the panel shows. */
export class ItemParameters {
	constructor(
		protected readonly context: IExecuteFunctions,
		readonly itemIndex: number,
	) {}

	/** Creates the error of a parameter, which names the item. */
	refuse(message: string): NodeOperationError {
		return refusal(this.context.getNode(), message, this.itemIndex);
	}

	/**
	 * Returns a text parameter, trimmed, or the value of a resource locator.
	 *
	 * @param name can be a path into a collection, such as `updateFields.namespace`.
	 */
	text(name: string): string {
		// n8n's own `extractValue` throws for a field that is not set in a collection.
		const value: unknown = this.context.getNodeParameter(name, this.itemIndex, '');
		return text(isJsonObject(value) ? value.value : value).trim();
	}

	/** Returns a text parameter as a field of that name; without the field if the text is empty. */
	field<Name extends string>(name: Name, parameter: string): { readonly [key in Name]?: string } {
		const field: { [key in Name]?: string } = {};
		const value = this.text(parameter);
		if (value !== '') field[name] = value;
		return field;
	}

	/** @param fallback if the field is not set in a collection. */
	flag(name: string, fallback = false): boolean {
		return this.context.getNodeParameter(name, this.itemIndex, fallback) === true;
	}

	/** Returns a parameter with several values, which can be an array or comma-separated text. */
	list(name: string): string[] {
		return severalValues(this.context.getNodeParameter(name, this.itemIndex, []));
	}

	/**
	 * Returns a number parameter; undefined if it is not set.
	 *
	 * @throws NodeOperationError if the value is not a number in the range.
	 */
	number(parameter: string, label: string, minimum: number, maximum: number): number | undefined {
		const value = this.text(parameter);
		if (value === '') return undefined;
		const number = Number(value);
		if (number >= minimum && number <= maximum) return number;
		throw this.refuse(
			`${label} must be a number from ${minimum} to ${maximum}, but got "${value}".`,
		);
	}

	/**
	 * Returns the maximum number of results; Infinity with Return All.
	 *
	 * @throws NodeOperationError if Limit is not a whole number of at least 1.
	 */
	limit(): number {
		if (this.flag('returnAll')) return Infinity;
		const value = this.text('limit');
		const limit = value === '' ? DEFAULT_LIMIT : Number(value);
		if (Number.isSafeInteger(limit) && limit >= 1) return limit;
		throw this.refuse(`Limit must be a whole number of at least 1, but got "${value}".`);
	}

	/**
	 * Returns one of the known values; undefined if the parameter is not set.
	 *
	 * @throws NodeOperationError for another value.
	 */
	oneOf<const Known extends readonly string[]>(
		parameter: string,
		label: string,
		known: Known,
	): Known[number] | undefined {
		const value = this.text(parameter);
		if (value === '') return undefined;
		const found = known.find((word) => word === value);
		if (found !== undefined) return found;
		throw this.refuse(`${label} must be one of ${known.join(', ')}, but got "${value}".`);
	}

	/**
	 * Returns an id; empty if the parameter is not set.
	 *
	 * @param kind also accepts the URL of a Procore page of this kind.
	 * @throws NodeOperationError if the value cannot be a Procore id.
	 */
	id(parameter: string, label: string, kind?: IdKind): string {
		const typed = this.text(parameter);
		const id = kind === undefined ? typed : extractId(typed, kind);
		const reason = id === '' ? undefined : explainInvalidId(id, label);
		if (reason !== undefined) throw this.refuse(reason);
		return id;
	}

	/**
	 * Returns a time in milliseconds since 1970; undefined if the parameter is not set. Without a time zone, the workflow's
	 * applies.
	 *
	 * @param isEnd whether a date without a time means the end of that day.
	 * @throws NodeOperationError if the value is not a date.
	 */
	instant(parameter: string, label: string, isEnd = false): number | undefined {
		const value = this.context.getNodeParameter(parameter, this.itemIndex, '');
		if (value === '' || value === undefined || value === null) return undefined;
		try {
			const instant = tryToParseDateTime(value, this.context.getTimezone());
			const isDay = typeof value === 'string' && DATE_ONLY.test(value.trim());
			return (isEnd && isDay ? instant.endOf('day') : instant).toMillis();
		} catch {
			throw this.refuse(
				`"${String(value)}" is not a valid date for ${label}. Use 2026-11-20 or 2026-11-20T08:00:00Z.`,
			);
		}
	}
}
