/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseJson } from './api';

const FIXTURES = join(__dirname, '../../../fixtures/procore');

const FORMATS: Array<[string, RegExp]> = [
	['ulid', /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/],
	['digits', /^\d+$/],
	['time in seconds', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
	['time in microseconds', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/],
	['masked secret', /^\*{5}.{5}$/],
	['uppercase event', /^(?:CREATE|UPDATE|DELETE)$/],
	['lowercase event', /^(?:create|update|delete)$/],
	['payload version', /^v\d(?:\.0)?$/],
	['url', /^https?:/],
	['client id', /^[0-9a-f]{64}$/],
	['access token', /^[\w-]+\.[\w-]+\.[\w-]+$/],
];

/** Keys with arbitrary content: response headers contain what an endpoint sends. */
const FREE = new Set(['response_headers']);

function kind(value: unknown): string {
	if (value === null) return 'null';
	if (typeof value === 'bigint') return 'number of 19 digits';
	if (typeof value !== 'string') return typeof value;
	return FORMATS.find(([, pattern]) => pattern.test(value))?.[0] ?? 'text';
}

export type Shape = Record<string, string[]>;

function collect(value: unknown, path: string, kinds: Map<string, Set<string>>): void {
	const note = (word: string) => {
		const known = kinds.get(path) ?? new Set<string>();
		kinds.set(path, known.add(word));
	};
	if (Array.isArray(value)) {
		note('list');
		for (const entry of value) collect(entry, `${path}[]`, kinds);
	} else if (typeof value === 'object' && value !== null) {
		note(`object {${Object.keys(value).join(', ')}}`);
		for (const [name, entry] of Object.entries(value)) {
			if (FREE.has(name)) kinds.set(`${path}.${name}`, new Set([typeof entry]));
			else collect(entry, `${path}.${name}`, kinds);
		}
	} else {
		note(kind(value));
	}
}

/** The types at every place of a JSON value; the elements of a list are combined. */
export function shapeOf(value: unknown): Shape {
	const kinds = new Map<string, Set<string>>();
	collect(value, '$', kinds);
	const shape: Shape = {};
	for (const path of [...kinds.keys()].sort()) shape[path] = [...(kinds.get(path) ?? [])].sort();
	return shape;
}

export function sample(name: string): unknown {
	return parseJson(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));
}
