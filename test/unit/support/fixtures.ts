/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a sample body, as Procore sends it. */
export function fixtureText(name: string): string {
	return readFileSync(join(__dirname, '..', '..', 'fixtures', 'procore', `${name}.json`), 'utf8');
}
