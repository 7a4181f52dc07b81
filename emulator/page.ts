/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Router } from 'express';

/** The page that shows hooks and deliveries and changes records. */
export function pageRouter(): Router {
	const file = (name: string) => readFileSync(join(__dirname, name), 'utf8');
	const scripts = ['page.tables.js', 'page.client.js'].map(
		(name) => `<script>${file(name)}</script>`,
	);
	const html = file('page.html')
		.replace('<!-- style -->', () => `<style>${file('page.css')}</style>`)
		.replace('<!-- script -->', () => scripts.join(''));
	const router = Router();
	router.get(['/', '/_emulator/page'], (_request, response) => {
		response.type('html').send(html);
	});
	return router;
}
