import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { settle, type Settled } from '../api/concurrency';
import { NO_COMPANY } from '../api/failure';
import type { ByteStream } from '../api/stream-response';
import { explainNamespace, isLegalNamespace } from '../hook/namespace';
import { readEvent, type ProcoreEvent } from '../model/event';
import type { IdKind } from '../model/id';
import { isJsonObject } from '../model/json';
import { payloadVersionParameter, type PayloadVersion } from '../model/payload-version';
import type { Read } from '../model/read';
import type { Scope } from '../model/scope';
import { findCompanyByName, findProjectByName, isName, type Found } from './find-by-name';
import { ItemParameters } from './item-parameters';

/** What the names of companies and projects stand for in this run. */
export type KnownNames = Map<string, Settled<Found>>;

/** One input item of an operation: the parameters that several operations share, its input and its output. */
export class OperationItem extends ItemParameters {
	/** The results of {@link resolveNames}, by parameter. */
	private readonly named = new Map<string, Settled<Found>>();

	constructor(
		context: IExecuteFunctions,
		readonly procore: Procore,
		itemIndex: number,
	) {
		super(context, itemIndex);
	}

	/**
	 * Finds the ids of a company and a project that are given by name, as an AI model does. Sends nothing if there are ids
	 * already. What fails is thrown by {@link id}.
	 *
	 * @param known the names that other items of the run have looked up.
	 */
	async resolveNames(known: KnownNames): Promise<void> {
		const { directory } = this.procore;
		const resolve = async (parameter: string, key: string, find: () => Promise<Found>) => {
			const found = known.get(key) ?? (await settle(find));
			known.set(key, found);
			this.named.set(parameter, found);
			return found.ok && found.value.ok;
		};
		const company = this.text('companyId');
		if (isName(company, 'company')) {
			const find = async () => await findCompanyByName(directory, company);
			if (!(await resolve('companyId', `company ${company}`, find))) return;
		}
		const project = this.text('projectId');
		if (!isName(project, 'project')) return;
		const companyId = this.companyId();
		const find = async () => await findProjectByName(directory, companyId, project);
		await resolve('projectId', `project ${companyId} ${project}`, find);
	}

	override id(parameter: string, label: string, kind?: IdKind): string {
		const named = this.named.get(parameter);
		if (named === undefined) return super.id(parameter, label, kind);
		if (!named.ok) throw named.failure;
		if (named.value.ok) return named.value.id;
		throw this.refuse(`Could not find the ${label}. ${named.value.reason}`);
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
		return { kind: 'project', companyId, projectId: this.projectId() };
	}

	/** @throws NodeOperationError if the project is missing or invalid. */
	projectId(): string {
		const projectId = this.id('projectId', 'Project', 'project');
		if (projectId === '') throw this.refuse('No project selected. Select one in Project.');
		return projectId;
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

	/** Shows a message beside the output in the editor, which does not fail the run. */
	hint(message: string): void {
		this.context.addExecutionHints({ message, location: 'outputPane' });
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

	/**
	 * Stores a file in n8n's binary storage, without holding it in memory if n8n does not.
	 *
	 * @param contentType undefined to derive it from the name.
	 */
	async storeFile(stream: ByteStream, name: string, contentType?: string): Promise<IBinaryData> {
		return await this.context.helpers.prepareBinaryData(stream, name, contentType);
	}

	/** Converts a result to JSON: the simplified version or Procore's own, depending on Simplify. */
	output<T extends object>({ model, raw }: Read<T>): IDataObject {
		return this.flag('simplify') ? Object.fromEntries(Object.entries(model)) : raw;
	}
}
