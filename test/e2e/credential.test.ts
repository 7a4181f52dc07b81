import type { Browser, Page } from 'playwright-core';
import type { Fault } from '../../emulator/control-client';
import { openBrowser } from '../harness/browser';
import type { JsonObject } from '../harness/json';
import type { Credential, CredentialTestResult } from '../harness/n8n-rest';
import { runAction, type ActionResult } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { createCredential, credentialData, testStoredCredential } from './credentials';
import { openPage } from './pages';
import { CLINIC, COMPANY, UNCONNECTED_COMPANY } from './procore';
import { Scene } from './scene';
import { actionNode, selected } from './workflows';

type FaultEffect = Fault['effect'];

const NAMESPACE = 'larkspur-credential';

const HOOK = {
	scope: 'projects',
	projectIds: [CLINIC.id],
	namespace: NAMESPACE,
	events: ['RFIs:create'],
};

describe('Procore OAuth2 API credential', () => {
	let stack: Stack<SharedN8n>;

	beforeAll(async () => {
		stack = await startStack();
	});

	afterAll(async () => {
		await stack.stop();
	});

	/** An action node that lists the hooks in the namespace, once per item. */
	async function listHooks(credential: Credential, items = 1): Promise<ActionResult> {
		const node = actionNode(credential, {
			resource: 'hook',
			operation: 'getAll',
			scope: 'project',
			projectId: selected(CLINIC.id),
			namespace: NAMESPACE,
		});
		return await runAction(stack.n8n.rest, {
			node,
			items: Array.from({ length: items }, () => ({})),
		});
	}

	/** The token requests that Procore received. */
	async function tokenRequests(): Promise<number[]> {
		return (await stack.emulator.control.requests())
			.filter(({ path }) => path === '/oauth/token')
			.map(({ status }) => status);
	}

	describe('with client credentials', () => {
		test('serves both nodes and gets a new token when the old one has expired', async () => {
			const { rest } = stack.n8n;
			const { control } = stack.emulator;
			const scene = await Scene.set(rest, control, 'v2.0');
			const workflow = await scene.activate(HOOK);
			const hook = await scene.onlyHook();
			expect((await listHooks(scene.credential)).items).toMatchObject([{ id: hook.id }]);

			await control.expireTokens();
			await control.clearRequests();
			const { error, items } = await listHooks(scene.credential, 5);

			expect(error).toBeUndefined();
			expect(items).toHaveLength(5);
			expect(await tokenRequests()).toEqual([200]);
			await rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
		});
	});

	describe('with the authorization code', () => {
		let browser: Browser;
		let page: Page;
		let scene: Scene;

		beforeAll(async () => {
			const { rest } = stack.n8n;
			const { control } = stack.emulator;
			browser = await openBrowser();
			page = await openPage(browser, stack.n8n);
			scene = await Scene.set(rest, control, 'v2.0', { grantType: 'authorizationCode' });
		});

		afterAll(async () => {
			await browser.close();
		});

		/** Does what a user does: follows n8n to Procore, signs in there and returns. */
		async function connect(): Promise<void> {
			await page.goto(await stack.n8n.rest.oauthUrl(scene.credential.id));
			expect(new URL(page.url()).origin).toBe(new URL(stack.emulator.url).origin);
			const { login, password } = (await stack.emulator.control.seed()).webUser;
			await page.getByLabel('Email').fill(login);
			await page.getByLabel('Password').fill(password);
			await page.getByRole('button', { name: /log in/i }).click();
			await page.waitForURL(`${stack.n8n.url}/rest/oauth2-credential/callback?**`);
			await page.getByText('Connection successful').waitFor();
		}

		async function testConnection(): Promise<CredentialTestResult> {
			return await testStoredCredential(stack.n8n.rest, scene.credential);
		}

		test("is connected through Procore's login page and serves both nodes", async () => {
			expect(await testConnection()).toMatchObject({ status: 'Error' });
			const before = await listHooks(scene.credential);
			expect(before.error?.message).toMatch(/Open the Procore credential in n8n and connect it/);

			await connect();

			expect(await testConnection()).toMatchObject({ status: 'OK' });
			await scene.activate(HOOK);
			const hook = await scene.onlyHook();
			expect((await listHooks(scene.credential)).items).toMatchObject([{ id: hook.id }]);
		});

		test('renews an expired token, once for simultaneous calls and each time it expires', async () => {
			const { control } = stack.emulator;
			for (let round = 1; round <= 2; round += 1) {
				await control.expireTokens();
				await control.clearRequests();

				const { error, items } = await listHooks(scene.credential, 5);

				expect(error).toBeUndefined();
				expect(items).toHaveLength(5);
				// A refresh token works once: a second request with it would be rejected.
				expect(await tokenRequests()).toEqual([200]);
			}
		});

		test('must be connected again after its grant was revoked, and works again then', async () => {
			await stack.emulator.control.revokeGrants();

			const { error } = await listHooks(scene.credential);
			expect(error?.message).toMatch(/Could not list the hooks of project 902214/);
			expect(error?.message).toMatch(/Open the Procore credential in n8n and connect it again/);
			expect(await testConnection()).toMatchObject({ status: 'Error' });

			await connect();
			expect(await testConnection()).toMatchObject({ status: 'OK' });
			expect((await listHooks(scene.credential)).items).toHaveLength(1);
			await scene.clear();
		});
	});

	describe('connection test', () => {
		async function testConnection(changes: JsonObject): Promise<CredentialTestResult> {
			const { rest } = stack.n8n;
			const { control } = stack.emulator;
			// As in the editor, which saves, then tests: n8n 2.39 gets the token for what is stored, 2.41 for what is sent. No n8n
			// stores a service account without a company ID.
			const stored = await createCredential(rest, control, 'v2.0', {
				...changes,
				companyId: COMPANY.id,
			});
			return await rest.testCredential({
				...stored,
				data: await credentialData(control, 'v2.0', changes),
			});
		}

		test('passes for a credential that works', async () => {
			expect(await testConnection({})).toMatchObject({ status: 'OK' });
		});

		test('passes for a company without active projects', async () => {
			const { control } = stack.emulator;
			for (const { id } of (await control.seed()).companies.flatMap(({ projects }) => projects)) {
				await control.closeProject(id);
			}
			expect(await testConnection({})).toMatchObject({ status: 'OK' });
			await control.reset();
		});

		test.each<[string, FaultEffect]>([
			['an HTML page', { kind: 'page' }],
			[
				'an HTML page behind a blank line',
				{ kind: 'status', status: 200, body: '\n<html></html>' },
			],
			['an empty answer', { kind: 'status', status: 200 }],
			['an object instead of a list', { kind: 'status', status: 200, body: { ok: true } }],
			['a redirect to a login page', { kind: 'redirect' }],
		])('fails if %s comes in place of Procore', async (_, effect) => {
			const { control } = stack.emulator;
			await control.addFault({ path: '^/rest', times: 0, effect });
			await control.clearRequests();
			const result = await testConnection({});
			await control.clearFaults();
			expect(result.status).toBe('Error');
			expect(result.message).toMatch(/did not come from Procore's API/);
			expect((await control.requests()).map(({ path }) => path)).not.toContain('/sign-in');
		});

		test.each([
			[' 4501177\n', '4501177'],
			['https://app.procore.com/4501177/company/home/list', '4501177'],
			['https://us02.procore.com/webclients/host/companies/4501177/tools', '4501177'],
		])('reads the company from %j', async (companyId, company) => {
			await stack.emulator.control.clearRequests();
			expect(await testConnection({ companyId })).toMatchObject({ status: 'OK' });
			const requests = await stack.emulator.control.requests();
			expect(requests.filter(({ path }) => path.startsWith('/rest/'))).toMatchObject([
				{ path: '/rest/v1.1/projects', query: { company_id: company }, companyHeader: company },
			]);
		});

		test.each(['', '   '])('sends no empty header for the company %j', async (companyId) => {
			await stack.emulator.control.clearRequests();
			await testConnection({ companyId });
			const requests = await stack.emulator.control.requests();
			expect(requests.filter(({ path }) => path.startsWith('/rest/'))).toMatchObject([
				{ path: '/rest/v1.0/companies', query: { per_page: '1' }, companyHeader: null },
			]);
		});

		test.each([400, 403, 404])(
			'asks for the company ID if it is empty and Procore answers %d',
			async (status) => {
				const effect = { kind: 'status', status } as const;
				await stack.emulator.control.addFault({ path: '/rest/v1.0/companies', effect });
				const { message } = await testConnection({ companyId: '' });
				expect(message).toMatch(/[Ee]nter the Company ID/);
			},
		);

		test('verifies a changed client secret only for a credential without a token', async () => {
			const { rest } = stack.n8n;
			const { control } = stack.emulator;
			const credential = await createCredential(rest, control, 'v2.0');
			expect((await listHooks(credential)).error).toBeUndefined();
			const wrong = await credentialData(control, 'v2.0', { clientSecret: 'wrong' });
			await rest.updateCredential(credential, wrong);
			await control.clearRequests();
			// n8n tests with the token that it has, whatever the new secret is.
			expect(await testStoredCredential(rest, credential)).toMatchObject({ status: 'OK' });
			expect(await tokenRequests()).toEqual([]);
			expect(await testConnection({ clientSecret: 'wrong' })).toMatchObject({ status: 'Error' });
			await control.expireTokens();
			expect(await testStoredCredential(rest, credential)).toMatchObject({ status: 'Error' });
		});

		test.each([
			['a wrong secret', { clientSecret: 'wrong' }, /client authentication/i],
			[
				'an app that is not connected to the company',
				{ companyId: UNCONNECTED_COMPANY },
				/token works, but the app is not installed in this company\. Install it there/,
			],
			['a missing company ID', { companyId: '' }, /[Ee]nter the Company ID/],
			[
				'a wrong company ID',
				{ companyId: '1000' },
				/company doesn't exist.*Correct the Company ID/,
			],
			['a login that was never made', { grantType: 'authorizationCode' }, /./],
		])('says what is wrong with %s', async (_, changes, message) => {
			const result = await testConnection(changes);
			expect(result.status).toBe('Error');
			expect(result.message).toMatch(message);
		});
	});
});
