/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { isObject, listAt, objectAt, parseObject, textAt } from '../harness/json';
import type { Generation } from './live-account';
import type { Observation } from './verdicts';

/** Every namespace of a run begins with this; the run touches no other. */
export const PREFIX = 'n8n-contract-';

/** A namespace in which a hook might exist. Written down before the hook is created. */
export interface OpenNamespace {
	readonly version: Generation;
	readonly scope: 'company' | 'project';
	readonly namespace: string;
}

interface Stored {
	/** The Procore, the company and the project that the namespaces belong to. */
	readonly place: string;
	open: OpenNamespace[];
	finishedSteps: string[];
	observations: Record<string, Observation[]>;
}

function readOpen(value: unknown): OpenNamespace[] {
	const version = textAt(value, 'version');
	const scope = textAt(value, 'scope');
	const namespace = textAt(value, 'namespace') ?? '';
	if (version !== 'v1.0' && version !== 'v2.0') return [];
	if (scope !== 'company' && scope !== 'project') return [];
	return namespace.startsWith(PREFIX) ? [{ version, scope, namespace }] : [];
}

function readObservations(value: unknown): Observation[] {
	if (!Array.isArray(value)) return [];
	return value.filter(isObject).flatMap((each): Observation[] => {
		const state = textAt(each, 'state');
		if (state !== 'confirmed' && state !== 'contradicted' && state !== 'notTestable') return [];
		return [{ state, note: textAt(each, 'note') ?? '', response: each.response }];
	});
}

/**
 * What a run has to clean up, and what it has found so far. Written to files that git ignores after every change, so that
 * a run that was killed can be cleaned up and resumed.
 */
export class Journal {
	private stored: Stored;

	/** @param place what the namespaces belong to; a file about another place is not used. */
	constructor(
		private readonly file: string,
		place: string,
	) {
		this.stored = { place, open: [], finishedSteps: [], observations: {} };
		if (!existsSync(file)) return;
		const read = parseObject(readFileSync(file, 'utf8'));
		if (textAt(read, 'place') !== place) {
			throw new Error(
				`${file} is about another account, company or project. Clean up there first (--cleanup with its env file), or delete the file.`,
			);
		}
		this.stored.open = listAt(read, 'open').flatMap(readOpen);
		this.stored.finishedSteps = listAt(read, 'finishedSteps').map(String);
		this.stored.observations = Object.fromEntries(
			Object.entries(objectAt(read, 'observations')).map(([id, each]) => [
				id,
				readObservations(each),
			]),
		);
	}

	get open(): readonly OpenNamespace[] {
		return this.stored.open;
	}

	get finishedSteps(): readonly string[] {
		return this.stored.finishedSteps;
	}

	get observations(): Readonly<Record<string, Observation[]>> {
		return this.stored.observations;
	}

	/** Notes a namespace before a hook is created in it. */
	begin(open: OpenNamespace): void {
		this.stored.open.push(open);
		this.write();
	}

	/** Forgets one {@link begin} of a namespace, whose hook is deleted or was not created. */
	end({ version, scope, namespace }: OpenNamespace): void {
		const index = this.stored.open.findIndex(
			(each) => each.version === version && each.scope === scope && each.namespace === namespace,
		);
		if (index >= 0) this.stored.open.splice(index, 1);
		this.write();
	}

	finish(step: string, observations: Readonly<Record<string, Observation[]>>): void {
		this.stored.finishedSteps.push(step);
		this.stored.observations = { ...observations };
		this.write();
	}

	/** What the finished steps have found, for the report; empty if nothing was kept. */
	get found(): string {
		return existsSync(this.foundFile) ? readFileSync(this.foundFile, 'utf8') : '';
	}

	/** Keeps what the finished steps have found. @param found without anything of the account. */
	keep(found: string): void {
		this.replace(this.foundFile, found);
	}

	/** Starts a new run, which keeps what an earlier one has to clean up. */
	restart(): void {
		rmSync(this.foundFile, { force: true });
		this.stored.finishedSteps = [];
		this.stored.observations = {};
		this.write();
	}

	/** Deletes the files once there is nothing to clean up and nothing to resume. */
	remove(): void {
		for (const file of [this.file, this.foundFile]) rmSync(file, { force: true });
	}

	private get foundFile(): string {
		return join(dirname(this.file), 'found.json');
	}

	private write(): void {
		this.replace(this.file, JSON.stringify(this.stored, null, 2));
	}

	private replace(file: string, text: string): void {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(`${file}.new`, text);
		renameSync(`${file}.new`, file);
	}
}
