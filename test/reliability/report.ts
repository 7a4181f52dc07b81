/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { plainTable } from '../harness/table';
import type { Tally } from './ledger';

const COLUMNS = ['sent', 'started', 'doubled', 'lost', 'cutOff'] as const;

/** Collects the counts of a suite and prints them as a table. */
export class Report {
	private readonly rows: string[][] = [];

	constructor(private readonly title: string) {}

	/** @param remark a further observation, as a figure and its unit */
	add(fault: string, tally: Tally, remark = ''): void {
		this.rows.push([fault, ...COLUMNS.map((column) => String(tally[column])), remark]);
	}

	print(): void {
		const head = [this.title, 'Sent', 'Started', 'Doubled', 'Lost', 'Cut off', ''];
		process.stdout.write(`\n${plainTable([head, ...this.rows])}\n\n`);
	}
}
