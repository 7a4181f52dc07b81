/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a body of Procore's, as it is on the wire. */
export function fixtureText(name: string): string {
	return readFileSync(join(__dirname, '..', '..', 'fixtures', 'procore', `${name}.json`), 'utf8');
}
