import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import type { Read, Scope } from '../api/model';

/** What an operation works with: one input item, and Procore. */
export class OperationItem {
	constructor(
		private readonly context: IExecuteFunctions,
		readonly procore: Procore,
		readonly itemIndex: number,
	) {}

	/** A text parameter, trimmed; of a resource locator its value. */
	text(name: string): string {
		const value = this.context.getNodeParameter(name, this.itemIndex, '', { extractValue: true });
		return String(value ?? '').trim();
	}

	flag(name: string): boolean {
		return this.context.getNodeParameter(name, this.itemIndex, false) === true;
	}

	/** How many results are wanted; Infinity for all. */
	limit(): number {
		if (this.flag('returnAll')) return Infinity;
		return Number(this.context.getNodeParameter('limit', this.itemIndex, 50));
	}

	/** @throws NodeOperationError where company or project is missing. */
	scope(): Scope {
		const companyId = this.text('companyId') || this.procore.account.companyId;
		if (companyId === '') {
			throw this.refuse(
				'No company is chosen: choose one in Company, or enter a Company ID in the credential.',
			);
		}
		if (this.text('scope') === 'company') return { kind: 'company', companyId };
		const projectId = this.text('projectId');
		if (projectId === '') throw this.refuse('No project is chosen: choose one in Project.');
		return { kind: 'project', companyId, projectId };
	}

	/** @throws NodeOperationError where no hook is chosen. */
	hookId(): string {
		const hookId = this.text('hookId');
		if (hookId === '') throw this.refuse('No hook is chosen: choose one in Hook.');
		return hookId;
	}

	/** In the model's words with Simplify on, else Procore's own JSON. */
	output<T extends object>({ model, raw }: Read<T>): IDataObject {
		return this.flag('simplify') ? Object.fromEntries(Object.entries(model)) : raw;
	}

	refuse(message: string): NodeOperationError {
		return new NodeOperationError(this.context.getNode(), message, {
			itemIndex: this.itemIndex,
			level: 'warning',
		});
	}
}

/** One operation: takes an item, gives the JSON of its output items. */
export type Operation = (item: OperationItem) => Promise<IDataObject[]>;
