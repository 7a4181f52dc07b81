/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { ASSUMPTIONS } from '../../contract/assumptions';
import { liveCheck, type LiveCheckResult } from '../../contract/live-check';
import { liveEnvOf, parseEnv } from '../../contract/live-env';
import { logIn } from '../../contract/login';
import { COMPANY, OtherProcore, PROJECT, RFI } from '../../contract/other-procore/server';
import { PRIVATE_VALUE, tracesOf } from '../../contract/private-values';
import { exitCode, terminalTable } from '../../contract/report';
import { contradicted, freePort } from './scene';

/** The id of the client, and what proves it. */
const [CLIENT, PROOF] = ['meridian-client-4c1f', 'meridian-proof-91ab'];

/** What this Procore does otherwise than the emulator, where the documents are silent or contradict each other. */
const DIFFERENCES = [
	'BULK-ALL-REFUSED',
	'COMPANY-HEADER-MISSING',
	'DELIVERIES-404-EMPTY',
	'DELIVERY-ANSWER',
	'DELIVERY-ORDER',
	'EVENT-TYPE-CASE',
	'NAMESPACE-TAKEN-TEXT',
	'OAUTH-REFRESH-ENDS-ACCESS',
	'PAYLOAD-VERSION-SPELLING',
	'RESOURCE-NAMES',
	'SEND-HEADERS',
	'TRIGGER-DUPLICATE',
	'V1-DELIVERIES-FILTER',
	'V1-DELIVERIES-ROW-ID',
	'V1-EVERY-NAMESPACE',
	'V1-NO-NAMESPACE',
	'V1-PAYLOAD-V4',
	'V1-RESOURCES-VERSION',
	'V2-STAR-NAMESPACE',
	'V4-ID-IS-ULID',
];

const VALUES = 5000;
/** A whole run waits for events, retries and a timeout; on a slow machine, it takes more than a minute. */
const LONGEST_RUN_MS = 240_000;

interface SecondRun extends LiveCheckResult {
	readonly server: OtherProcore;
	/** Everything that it printed and wrote. */
	readonly output: string;
}

/** A whole run with fixtures. @param noise texts of the account that responses contain. */
async function run(noise?: () => string | undefined): Promise<SecondRun> {
	const folder = mkdtempSync(join(tmpdir(), 'procore-contract-second-'));
	const server = new OtherProcore(CLIENT, noise);
	const url = await server.start();
	const [receiver, callback] = [await freePort(), await freePort()];
	const text = [
		'PROCORE_ENVIRONMENT=custom',
		`PROCORE_LOGIN_URL=${url}`,
		`PROCORE_API_URL=${url}`,
		`PROCORE_CLIENT_ID=${CLIENT}`,
		`PROCORE_CLIENT_SECRET=${PROOF}`,
		'PROCORE_GRANTS=authorizationCode,clientCredentials',
		`PROCORE_CALLBACK_PORT=${callback}`,
		`PROCORE_COMPANY_ID=${COMPANY}`,
		`PROCORE_PROJECT_ID=${PROJECT}`,
		`PROCORE_PUBLIC_URL=http://127.0.0.1:${receiver}`,
		`PROCORE_RECEIVER_PORT=${receiver}`,
		`PROCORE_CHANGE_PATH=/rest/v1.0/projects/${PROJECT}/rfis/${RFI}`,
		'PROCORE_CHANGE_BODY={"subject":"Contract test {n}"}',
		'PROCORE_WAIT_SECONDS=10',
	].join('\n');
	const env = liveEnvOf(parseEnv(text));
	const lines: string[] = [];
	try {
		const result = await liveCheck({
			env,
			folder,
			fixtures: join(folder, 'fixtures'),
			print: (line) => lines.push(line),
			logIn: async () => await logIn(env, (page) => void fetch(page)),
		});
		const written = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => `${name}\n${readFileSync(join(parentPath, name), 'utf8')}`);
		const output = [...lines, terminalTable(result.report), ...written].join('\n');
		return { ...result, server, output };
	} finally {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	}
}

describe('the live check, against another implementation of the same documents', () => {
	let result: SecondRun;

	beforeAll(async () => {
		result = await run();
	}, LONGEST_RUN_MS);

	test('comes to its end and finds exactly what differs', () => {
		expect(result.endedEarly).toEqual([]);
		expect(contradicted(result)).toEqual(DIFFERENCES);
		expect(exitCode(result)).toBe(1);
	});

	test('tells it in sentences', () => {
		const { report, output } = result;
		expect(output).toContain('contract-report.md');
		const told = [...report.verdicts.map(({ note }) => note), ...report.notes].join('\n');
		expect(told).not.toMatch(/\bat .*:\d+:\d+|undefined|\[object|NaN/);
	});

	test('tests everything that it can test against the emulator, v1.0 included', () => {
		const testable = ASSUMPTIONS.filter(({ check }) => check.possible).map(({ id }) => id);
		const open = result.report.verdicts.filter(
			({ id, state, note }) =>
				testable.some((each) => each === id) &&
				state === 'notTestable' &&
				/^(?:Could not|This run)/.test(note),
		);
		expect(open.filter(({ id }) => id !== 'ME-HEADER')).toEqual([]);
	});

	test('leaves nothing behind', () => {
		expect(result.leftOver).toEqual([]);
		expect(result.server.hooks.all).toEqual([]);
	});

	test('writes nothing of the account', () => {
		expect(result.output.length).toBeGreaterThan(10_000);
		for (const value of [CLIENT, PROOF, ...result.server.privateValues])
			expect(result.output).not.toContain(value);
	});
});

test(
	'the live check keeps none of 5,000 secrets, names, addresses and ids in anything that it prints or writes',
	async () => {
		const values = fc.sample(PRIVATE_VALUE, { numRuns: VALUES, seed: 20261127 });
		let next = 0;
		const result = await run(() => {
			next += 1;
			return values[next - 1];
		});
		expect(next).toBeGreaterThan(VALUES);
		// Every object has more fields than it should.
		expect(contradicted(result)).toEqual([...DIFFERENCES, 'PROJECTS-COMPACT'].sort());
		const output = result.output.toLowerCase();
		const kept = values.filter((value) => tracesOf(value).some((trace) => output.includes(trace)));
		expect(kept).toEqual([]);
	},
	LONGEST_RUN_MS,
);
