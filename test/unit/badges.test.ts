/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from '../harness/paths';
import { BADGES, badges, drawBadge, README, withBadges } from './support/badges';

const fileOf = (name: string) => join(repositoryRoot, BADGES, `${name}.svg`);

// Set by `npm run badges`.
if (process.env.WRITE_BADGES === '1') {
	for (const badge of badges()) writeFileSync(fileOf(badge.name), drawBadge(badge));
	writeFileSync(README, withBadges(readFileSync(README, 'utf8')));
}

describe('the badges of the README', () => {
	test.each(badges())(
		'say "$label: $value", as the package does ("npm run badges" draws them)',
		(badge) => {
			expect(readFileSync(fileOf(badge.name), 'utf8')).toBe(drawBadge(badge));
		},
	);

	test('are all in the README, with their values in words', () => {
		const readme = readFileSync(README, 'utf8');
		expect(withBadges(readme)).toBe(readme);
	});

	test('have no file that nothing shows', () => {
		const files = readdirSync(join(repositoryRoot, BADGES));
		expect(files.sort()).toEqual(
			badges()
				.map(({ name }) => `${name}.svg`)
				.sort(),
		);
	});

	test('load nothing from elsewhere', () => {
		for (const badge of badges()) {
			const drawn = drawBadge(badge).replace('xmlns="http://www.w3.org/2000/svg"', '');
			expect(drawn).not.toMatch(/https?:|<image|<script|@import/);
		}
	});
});
