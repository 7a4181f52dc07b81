/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Fault } from '../../../emulator/control-client';
import { ASSUMPTIONS, type AssumptionId } from '../../contract/assumptions';
import { fixtureDifferences, readFixtures } from '../../contract/fixtures';
import { STEPS } from '../../contract/steps';
import { repositoryRoot } from '../../harness/paths';
import { COMPANY, ContractScene, PROJECT, contradicted } from './scene';

const scene = new ContractScene();
beforeAll(async () => await scene.start());
beforeEach(async () => await scene.reset());
afterAll(async () => await scene.stop());

const HOOKS = '/projects/\\d+/webhooks/hooks';

/** Faults of the emulator, the step that meets each, and what it must contradict. */
const FAULTS: ReadonlyArray<[what: string, step: string, fault: Fault, id: AssumptionId]> = [
	[
		'a taken namespace is refused with other words',
		'taken-namespaces',
		{
			method: 'POST',
			path: `${HOOKS}$`,
			after: 1,
			effect: { kind: 'status', status: 400, body: { errors: ['In use'] } },
		},
		'NAMESPACE-TAKEN-TEXT',
	],
	[
		'a taken namespace is a 409',
		'taken-namespaces',
		{
			method: 'POST',
			path: `${HOOKS}$`,
			after: 1,
			effect: { kind: 'status', status: 409, body: { errors: ['Taken'] } },
		},
		'NAMESPACE-UNIQUE',
	],
	[
		'a new hook has an empty list of deliveries on v2.0',
		'deliveries-of-a-new-hook',
		{
			path: `${HOOKS}/\\d+/deliveries`,
			effect: { kind: 'status', status: 200, body: { data: [] } },
		},
		'DELIVERIES-404-EMPTY',
	],
	[
		'a bulk call of which nothing is accepted is a 400',
		'triggers-in-bulk',
		{
			method: 'POST',
			path: 'rest/v2.0.*/triggers/bulk',
			after: 1,
			effect: { kind: 'status', status: 400, body: { errors: ['None'] } },
		},
		'BULK-ALL-REFUSED',
	],
	[
		'a bulk call takes more than 500 entries',
		'triggers-in-bulk',
		{
			method: 'POST',
			path: 'rest/v2.0.*/triggers/bulk',
			after: 3,
			effect: { kind: 'status', status: 207, body: { data: [] } },
		},
		'BULK-LIMIT',
	],
	[
		'company hooks are listed without a namespace',
		'lists-of-hooks',
		{
			method: 'GET',
			path: 'companies/\\d+/webhooks/hooks(\\?(?!.*namespace).*)?$',
			effect: { kind: 'status', status: 200, body: { data: [] } },
		},
		'V2-COMPANY-NAMESPACE',
	],
	[
		'pages are shorter',
		'resources',
		{ path: 'webhooks/resources', times: 0, effect: { kind: 'capPages', rows: 5 } },
		'V2-PAGE-SIZE',
	],
	[
		'/me has no login',
		'account',
		{ path: '/rest/v1.0/me', effect: { kind: 'status', status: 200, body: { id: 1 } } },
		'ME-FORM',
	],
	[
		'an unknown hook is a 403',
		'refusals',
		{
			path: `${HOOKS}/1$`,
			effect: { kind: 'status', status: 403, body: { errors: ['Forbidden'] } },
		},
		'ERROR-404-INVISIBLE',
	],
	[
		'a missing company header is a 403',
		'refusals',
		{
			path: `rest/v2.0.*${HOOKS}\\?.*unused`,
			after: 1,
			effect: { kind: 'status', status: 403, body: { errors: ['Forbidden'] } },
		},
		'COMPANY-HEADER-MISSING',
	],
	[
		'http destinations are refused with a 422',
		'destinations',
		{
			method: 'POST',
			path: `${HOOKS}$`,
			effect: { kind: 'status', status: 422, body: { errors: ['Not https'] } },
		},
		'DESTINATION-HTTPS',
	],
];

describe('the live check, against the emulator', () => {
	test('confirms every assumption that it can test, and leaves nothing behind', async () => {
		const { report, leftOver } = await scene.check({ isWhole: true });
		const open = report.verdicts.filter(({ id, state }) => {
			const isTestable = ASSUMPTIONS.find((each) => each.id === id)?.check.possible === true;
			// It can only be tested once v1.0 is gone.
			return isTestable && state !== 'confirmed' && id !== 'V1-GONE-404';
		});
		expect(open).toEqual([]);
		expect(leftOver).toEqual([]);
		expect((await scene.control.state()).hooks).toEqual([]);
		const fixtures = readFixtures(join(repositoryRoot, 'test', 'fixtures', 'live'));
		expect(fixtureDifferences(fixtures, report.endpoints)).toEqual([]);
	});

	test('writes reports that contain nothing of the account', async () => {
		await scene.check({
			isWhole: true,
			only: ['account', 'projects', 'forms-v2', 'taken-namespaces', 'event'],
		});
		const { companies, clientId, clientSecret, webUser } = await scene.control.seed();
		const secrets = [clientId, clientSecret, webUser.login, COMPANY, PROJECT, '338821'];
		const names = companies.flatMap(({ name, projects }) => [
			name,
			...projects.map((each) => each.name),
		]);
		for (const file of ['contract-report.md', 'contract-report.json']) {
			const text = readFileSync(join(scene.folder, file), 'utf8');
			expect(text).toContain('NAMESPACE-UNIQUE');
			for (const secret of [...secrets, ...names]) expect(text).not.toContain(secret);
		}
		const page = readFileSync(join(scene.folder, 'contract-report.md'), 'utf8');
		expect(page).toContain('`/rest/v2.0/companies/{id}/projects/{id}/webhooks/hooks`');
	});

	test.each(FAULTS)('finds that %s', async (_what, step, fault, id) => {
		await scene.control.addFault(fault);
		const result = await scene.check({ only: [step] });
		expect(contradicted(result)).toEqual([id]);
		expect((await scene.control.state()).hooks).toEqual([]);
	});

	test.each([
		[404, ['V1-STILL-ANSWERS']],
		[410, ['V1-GONE-404', 'V1-STILL-ANSWERS']],
	] as const)('finds that v1.0 is gone (%d), and checks the rest on v2.0', async (status, ids) => {
		await scene.control.setV1Removed(status);
		const result = await scene.check({ only: ['taken-namespaces', 'lists-of-hooks-v1'] });
		expect(contradicted(result)).toEqual([...ids]);
		expect(result.report.verdicts.find(({ id }) => id === 'NAMESPACE-UNIQUE')?.state).toBe(
			'confirmed',
		);
	});

	test('deletes what it made when it is interrupted, and can be resumed', async () => {
		const held = scene.control.addFault({
			method: 'POST',
			path: 'triggers',
			effect: { kind: 'delay', ms: 300 },
		});
		await held;
		let interrupt = () => undefined as void;
		const running = scene.check({
			only: ['forms-v2', 'triggers'],
			onStart: (stop) => (interrupt = stop),
		});
		while (!(await scene.control.requests()).some(({ path }) => path.includes('/triggers')))
			continue;
		interrupt();
		const first = await running;
		expect(first.isInterrupted).toBe(true);
		expect((await scene.control.state()).hooks).toEqual([]);
		await scene.control.clearRequests();
		const second = await scene.check({ only: ['forms-v2', 'triggers'], resume: true });
		const states = new Map(second.report.verdicts.map(({ id, state }) => [id, state]));
		expect([states.get('V2-FORMS'), states.get('TRIGGER-DUPLICATE')]).toEqual([
			'confirmed',
			'confirmed',
		]);
		expect(contradicted(second)).toEqual([]);
	});
});

describe('the steps of the live check', () => {
	test('check every assumption that can be tested, and no other', () => {
		const checked = new Set(STEPS.flatMap(({ checks }) => checks));
		const testable = ASSUMPTIONS.filter(({ check }) => check.possible).map(({ id }) => id);
		expect([...checked].sort()).toEqual([...testable].sort());
	});

	test('have different names', () => {
		const names = STEPS.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});
});
