import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { NO_COMPANY } from '../api/failure';
import { explainNamespace, isLegalNamespace } from '../hook/namespace';
import { readEvent, type ProcoreEvent } from '../model/event';
import { isJsonObject } from '../model/json';
import { payloadVersionParameter, type PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { ItemParameters } from './item-parameters';

/** One input item of an operation: the parameters that several operations share, its input and its output. */
export class OperationItem extends ItemParameters {
	constructor(
		context: IExecuteFunctions,
		readonly procore: Procore,
		itemIndex: number,
	) {
		super(context, itemIndex);
	}

	/** @throws NodeOperationError if neither the node nor the credential sets a company, or Company is invalid. */
	companyId(): string {
		const companyId = this.id('companyId', 'Company', 'company') || this.procore.account.companyId;
		if (companyId === '') throw this.refuse(NO_COMPANY);
		return companyId;
	}

	/** @throws NodeOperationError if the company or the project is missing or invalid. */
	scope(): Scope {
		const companyId = this.companyId();
		if (this.text('scope') === 'company') return { kind: 'company', companyId };
		const projectId = this.id('projectId', 'Project', 'project');
		if (projectId === '') throw this.refuse('No project selected. Select one in Project.');
		return { kind: 'project', companyId, projectId };
	}

	/** @throws NodeOperationError if the hook is missing or invalid. */
	hookId(): string {
		const hookId = this.id('hookId', 'Hook');
		if (hookId === '') throw this.refuse('No hook selected. Select one in Hook.');
		return hookId;
	}

	/** @throws NodeOperationError if the namespace is missing, or Procore would not accept it. */
	namespace(parameter = 'namespace'): string {
		const namespace = this.text(parameter);
		if (namespace === '') throw this.refuse('Namespace is empty. Enter a namespace.');
		if (!isLegalNamespace(namespace)) throw this.refuse(explainNamespace(namespace));
		return namespace;
	}

	/** Returns the namespace of existing hooks; empty for every namespace. @throws like {@link namespace}. */
	searchedNamespace(): string {
		return this.text('namespace') === '' ? '' : this.namespace();
	}

	/** Returns the namespace of a hook with a known id, which only speeds up the search; empty if there is none. */
	namespaceHint(): string {
		const namespace = this.text('namespace');
		return isLegalNamespace(namespace) ? namespace : '';
	}

	/** @throws NodeOperationError if an expression returns an unknown version. */
	payloadVersion(parameter: string): PayloadVersion | undefined {
		return payloadVersionParameter(this.text(parameter), (message) => this.refuse(message));
	}

	/** Returns the JSON of the input item. */
	input(): IDataObject {
		return this.context.getInputData()[this.itemIndex]?.json ?? {};
	}

	/** Returns the event in the input item, simplified or not; undefined if the item is not an event. */
	event(): ProcoreEvent | undefined {
		const json: unknown = this.input();
		return isJsonObject(json) ? readEvent(json) : undefined;
	}

	/** Converts a result to JSON: the simplified version or Procore's own, depending on Simplify. */
	output<T extends object>({ model, raw }: Read<T>): IDataObject {
		return this.flag('simplify') ? Object.fromEntries(Object.entries(model)) : raw;
	}
}
