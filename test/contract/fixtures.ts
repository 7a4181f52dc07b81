/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isLosslessNumber, parse, stringify } from 'lossless-json';

import { isObject, textAt, valueAt } from '../harness/json';
import type { EndpointForm } from './forms';
import type { Sanitizer } from './sanitize';

/** A sanitized response of Procore, or an event, as `--save-fixtures` writes it. */
export interface LiveFixture {
	readonly file: string;
	readonly method: string;
	/** Ids are `{id}`. For an event, its payload version. */
	readonly path: string;
	/** Null for an event. */
	readonly status: number | null;
	readonly body: unknown;
}

/** Writes a sample of every endpoint, status and form, and of every form of an event, each to a file. */
export function writeFixtures(
	folder: string,
	endpoints: readonly EndpointForm[],
	sanitizer: Sanitizer,
): void {
	mkdirSync(folder, { recursive: true });
	const names = new Map<string, number>();
	for (const { method, path, status, sample } of endpoints) {
		const name = `${method} ${path} ${status ?? ''}`
			.toLowerCase()
			.replace(/[^a-z0-9]+/g, '-')
			.replace(/-$/, '')
			.slice(0, 120);
		const count = (names.get(name) ?? 0) + 1;
		names.set(name, count);
		const file = join(folder, `${name}${count === 1 ? '' : `-${count}`}.json`);
		const json = stringify({ method, path, status, ...sample }, undefined, 2) ?? '';
		writeFileSync(file, `${sanitizer.hideWords(json)}\n`);
	}
}

/** Reads the responses that a run has saved; none if there is no such folder. */
export function readFixtures(folder: string): LiveFixture[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => {
			const saved = parse(readFileSync(join(folder, file), 'utf8'));
			return {
				file,
				method: textAt(saved, 'method') ?? '',
				path: textAt(saved, 'path') ?? '',
				status: valueAt(saved, 'status') === null ? null : Number(valueAt(saved, 'status')),
				body: valueAt(saved, 'body'),
			};
		});
}

function kindOf(value: unknown): string {
	if (value === null) return 'null';
	if (isLosslessNumber(value) || typeof value === 'number') return 'number';
	return Array.isArray(value) ? 'list' : typeof value;
}

/**
 * Lists where an emulated body has another form than Procore's: a field that Procore does not have, or one of another kind.
 * Fields that only Procore has do not count, and null fits everything.
 */
export function differences(real: unknown, emulated: unknown, at = 'body'): string[] {
	const [kind, other] = [kindOf(real), kindOf(emulated)];
	if (kind === 'null' || other === 'null') return [];
	if (kind !== other) return [`${at} is ${kind} in Procore, and ${other} in the emulator`];
	if (Array.isArray(real) && Array.isArray(emulated)) {
		if (real.length === 0 || emulated.length === 0) return [];
		return differences(real[0], emulated[0], `${at}[0]`);
	}
	if (isLosslessNumber(real) || !isObject(real) || !isObject(emulated)) return [];
	return Object.entries(emulated).flatMap(([field, value]) =>
		field in real
			? differences(real[field], value, `${at}.${field}`)
			: [`${at}.${field} is only in the emulator`],
	);
}

/** Statuses that depend on the account of a run, or on chance. */
const INCIDENTAL: ReadonlySet<number | null> = new Set([401, 403, 408, 429, 500, 502, 503, 504]);

/**
 * Compares saved responses with those of the emulator to the same requests. Says nothing about endpoints that the emulator
 * does not have: it was not asked, or always answered 404.
 */
export function fixtureDifferences(
	fixtures: readonly LiveFixture[],
	emulated: readonly EndpointForm[],
): string[] {
	return fixtures.flatMap(({ file, method, path, status, body }) => {
		const known = emulated.filter((each) => each.method === method && each.path === path);
		if (known.every((each) => each.status === 404) && status !== 404) return [];
		const same = known.filter((each) => each.status === status);
		if (same.length === 0) {
			if (known.length === 0 || INCIDENTAL.has(status)) return [];
			const others = [...new Set(known.map((each) => each.status))].join(' and ');
			return [`${file}: the emulator never answers ${status} here, but ${others}`];
		}
		const all = same.map(({ sample }) => differences(body, sample.body));
		const fewest = all.reduce((one, other) => (other.length < one.length ? other : one));
		return fewest.map((difference) => `${file}: ${difference}`);
	});
}
