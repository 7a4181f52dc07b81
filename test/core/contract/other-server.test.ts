/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { liveCheck } from '../../contract/live-check';
import { liveEnvOf, parseEnv } from '../../contract/live-env';

type Reply = (path: string, response: ServerResponse) => void;

/** Servers that answer the request for a token, and everything else in a way that Procore never would. */
const SERVERS: ReadonlyArray<[string, Reply]> = [
	['an empty list', (_path, response) => response.end('{"data":[]}')],
	['an empty object', (_path, response) => response.end('{}')],
	[
		'a page',
		(_path, response) =>
			response.setHeader('Content-Type', 'text/html').end('<html><title>Hello</title></html>'),
	],
	[
		'404 and a page',
		(_path, response) => void response.writeHead(404).end('<html>Not here</html>'),
	],
	[
		'403',
		(_path, response) =>
			void response.writeHead(403).end('{"errors":["App is not connected to this company."]}'),
	],
	[
		'what was asked for, with other fields',
		(path, response) => {
			const isList = !/\/\d+$/.test(path);
			response.end(JSON.stringify(isList ? { items: [{ uid: 'a' }] } : { item: { uid: 'a' } }));
		},
	],
];

describe('the live check, against a server that is not the emulator', () => {
	const folder = mkdtempSync(join(tmpdir(), 'procore-contract-other-'));
	let server: Server;
	let reply: Reply = () => undefined;
	let url = '';

	beforeAll(async () => {
		server = createServer((request, response) => {
			request.resume();
			const path = request.url ?? '';
			if (path.startsWith('/oauth/token')) {
				response.setHeader('Content-Type', 'application/json');
				response.end('{"access_token":"abc","token_type":"Bearer","expires_in":7200}');
			} else reply(path.split('?')[0] ?? '', response);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port');
		url = `http://127.0.0.1:${address.port}`;
	});

	afterAll(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		rmSync(folder, { recursive: true, force: true });
	});

	test.each(SERVERS)('runs to its end if every answer is %s', async (_what, answer) => {
		reply = answer;
		const text = `PROCORE_ENVIRONMENT=custom\nPROCORE_LOGIN_URL=${url}\nPROCORE_API_URL=${url}\nPROCORE_CLIENT_ID=a\nPROCORE_CLIENT_SECRET=b\nPROCORE_COMPANY_ID=11\nPROCORE_PROJECT_ID=22`;
		const lines: string[] = [];
		const { report } = await liveCheck({
			env: liveEnvOf(parseEnv(text)),
			folder,
			print: (line) => lines.push(line),
		});
		const states = report.verdicts.map(({ state }) => state);
		expect(states).toContain('contradicted');
		expect(report.verdicts.find(({ id }) => id === 'OAUTH-BODY')?.state).toBe('contradicted');
		const everything = [...lines, ...report.verdicts.map(({ note }) => note), ...report.notes].join(
			'\n',
		);
		expect(everything).not.toMatch(/\n\s+at |undefined|\[object/);
	});
});
