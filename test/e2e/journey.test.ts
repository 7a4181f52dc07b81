/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { WEB_USER } from '../../emulator/seed';
import type { Change, Event, HookState } from '../../emulator/control-client';
import { openBrowser } from '../harness/browser';
import { startHttpSink, type HttpSink } from '../harness/http-sink';
import type { N8nInstance } from '../harness/n8n-instance';
import { parseObject, textAt } from '../harness/json';
import { repositoryRoot } from '../harness/paths';
import { startOwnStack, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { countClicks } from './click-count';
import type { CredentialForm } from './credential-form';
import { Editor } from './editor';
import { ExecutionsTab } from './executions-tab';
import { openPage, saveScreenshot } from './pages';
import { CLINIC, COMPANY, SCOPES } from './procore';

const MESSAGE =
	'RFI 14, Anchor bolts at grid C4, in Harbour Street Clinic was changed by Dana Okafor';

/** What a user who has just installed the package does in the editor, using only mouse and keyboard. */
describe('A user who is new to the package', () => {
	const SUBJECT = 'Anchor bolts at grid C4';
	/** The node that n8n names after its action. */
	const READER = 'Get record by ID or from event';
	const [, { change }] = SCOPES;
	let stack: Stack<N8nInstance>;
	let browser: Browser;
	let page: Page;
	let editor: Editor;
	let executions: ExecutionsTab;
	/** Stands for the team's chat. */
	let chat: HttpSink;

	beforeAll(async () => {
		// Its own n8n, in which nobody has created a credential yet.
		stack = await startOwnStack();
		chat = await startHttpSink();
		browser = await openBrowser();
		page = await openPage(browser, stack.n8n);
		editor = new Editor(page, stack.n8n.url);
		executions = new ExecutionsTab(editor);
	});

	// Shows the state of the editor when a test fails.
	afterEach(async () => {
		await saveScreenshot(page, `journey-end-of-${expect.getState().currentTestName ?? ''}`);
	});

	afterAll(async () => {
		await browser.close();
		await chat.stop();
		await stack.stop();
	});

	/** Fills in the URLs of the emulator. */
	async function fillHosts(form: CredentialForm): Promise<void> {
		await form.choose('environment', 'Custom');
		await form.fill({ loginUrl: stack.emulator.url, apiUrl: stack.emulator.url });
	}

	/** Waits until Procore has this many hooks, each with its trigger. */
	async function hooksBecome(count: number): Promise<HookState[]> {
		return await waitFor(
			`Procore to have ${count} hooks`,
			async () => {
				const { hooks } = await stack.emulator.control.state();
				const isWhole = hooks.every(({ triggers }) => triggers.length === 1);
				return hooks.length === count && isWhole ? hooks : undefined;
			},
			30_000,
		);
	}

	/** Chooses what the open trigger listens for. */
	async function chooseRfiUpdates(): Promise<void> {
		await editor.chooseIn('projectIds', CLINIC.name);
		await editor.closeChoices();
		await editor.chooseIn(
			'events',
			'RFIs updated (RFI updated, RFI changed, request for information)',
		);
		await editor.closeChoices();
	}

	async function changeRfi(more: Partial<Change> = {}): Promise<Event> {
		const [event] = await stack.emulator.control.change({ ...change, ...more });
		if (event === undefined) throw new Error('No event came of the change');
		return event;
	}

	test('creates a credential and a trigger, tests it, publishes it, and sees the executions', async () => {
		const { clientId, clientSecret } = await stack.emulator.control.seed();
		await editor.openNewWorkflow();
		await editor.addNode('Procore', 'On new Procore event');

		const form = await editor.openNewCredential();
		await form.choose('grantType', 'Client Credentials');
		await fillHosts(form);
		await form.fill({ clientId, clientSecret: 'mistyped', companyId: COMPANY.id });
		await form.save();
		await form.form.getByText('Couldn’t connect with these settings').waitFor();
		await form.form.getByText('More details').click();
		await form.form.getByText(/client authentication failed/i).waitFor();
		await saveScreenshot(page, 'journey-1-wrong-secret');
		await form.fill({ clientSecret });
		await form.save();
		await form.form.waitFor({ state: 'hidden' });

		await editor.chooseInLocator('companyId', COMPANY.name);
		await chooseRfiUpdates();
		await saveScreenshot(page, 'journey-2-filled');

		await editor.executeStep();
		await page.getByText('Listening for test event').waitFor();
		await hooksBecome(1);
		const tested = await changeRfi();
		await editor.at('output-panel').getByText(tested.id).first().waitFor();
		await saveScreenshot(page, 'journey-3-test-event');
		await hooksBecome(0);

		await editor.closePanel();
		await editor.publish();
		const [hook] = await hooksBecome(1);
		expect(hook?.triggers).toMatchObject([{ resourceName: 'RFIs', eventType: 'update' }]);
		const event = await changeRfi();

		await executions.open();
		await executions.waitForNode('Procore Trigger', 'success');
		await saveScreenshot(page, 'journey-4-execution');
		await editor.canvasNode('Procore Trigger').dblclick();
		await editor.at('output-panel').getByText(event.id).first().waitFor();
		await saveScreenshot(page, 'journey-5-event');
	});

	test('signs in to Procore and builds a report of failed deliveries', async () => {
		const { clientId, clientSecret, webUser } = await stack.emulator.control.seed();
		const [hook] = (await stack.emulator.control.state()).hooks;
		await stack.emulator.control.addDeliveries(hook?.id ?? '', {
			count: 30,
			statuses: ['succeeded', 'failed', 'discarded'],
			resourceNames: ['RFIs'],
		});
		await editor.openNewWorkflow();
		await editor.addNode('Manual Trigger');
		await editor.addNode('Procore', 'Summarize delivered and failed events');

		const form = await editor.openNewCredential();
		await form.fill({ clientId, clientSecret, companyId: COMPANY.id });
		await fillHosts(form);
		const login = await form.connect();
		await login.getByLabel('Email').fill(webUser.login);
		await login.getByLabel('Password').fill(webUser.password);
		await login.getByRole('button', { name: /log in/i }).click();
		await form.form.waitFor({ state: 'hidden' });

		await editor.chooseInLocator('companyId', COMPANY.name);
		await editor.chooseInLocator('projectId', CLINIC.name);
		await editor.fillIn('namespace', 'procore');
		await editor.clickLocator('hookId');
		const explained = /no hook in the namespace "procore".*1 hook is in another.*Clear Namespace/;
		await editor.at('rlc-error-container').getByText(explained).waitFor();
		await saveScreenshot(page, 'journey-6-no-hook');
		await editor.fillIn('namespace', '');
		await editor.chooseInLocator(
			'hookId',
			'RFIs updated · Procore Trigger · Harbour Street Clinic',
		);
		await editor.executeStep();
		await editor.at('output-panel').getByText('discarded').first().waitFor();
		await saveScreenshot(page, 'journey-7-report');
	});

	test('reads in the panel which permission is missing, gives it and runs the step again', async () => {
		const { control } = stack.emulator;
		await control.setPermissions({ companyId: COMPANY.id, projectIds: [CLINIC.id] });
		await editor.executeStep();
		await editor.errorMessage.waitFor();
		expect(await editor.errorMessage.innerText()).toMatch(
			/^Could not .+ hook \d+\. Procore answered 403: .+\. Give the app the permission "Webhooks API" at level Standard in Procore's developer portal, and update it in the company\. Check that the user who connected the credential or, with Client Credentials, the app's service account has access to the company and project\.$/,
		);
		await saveScreenshot(page, 'journey-8-permission-missing');
		await control.setPermissions({ companyId: COMPANY.id, projectIds: [] });
		await editor.executeStep();
		await editor.at('output-panel').getByText('discarded').first().waitFor();
		await saveScreenshot(page, 'journey-9-report-again');
	});

	/** The message that the README tells the reader to paste. */
	async function messageOfReadme(): Promise<string> {
		const readme = await readFile(join(repositoryRoot, 'README.md'), 'utf8');
		const [, message = ''] = /```text\n\s*(RFI .*)\n/.exec(readme) ?? [];
		return message;
	}

	/** What the team has been told. */
	function told(): Array<string | undefined> {
		return chat.requests.map(({ body }) => textAt(parseObject(body.toString()), 'text'));
	}

	// By the keystroke-level model (Card, Moran and Newell, 1980), a person needs 1.3 s to point at something and click it.
	test('tells the team who changed which RFI: from an empty canvas with at most 32 clicks, without touching Procore', async () => {
		const data = { userId: 'n8n', authKey: 'key', domain: chat.url };
		await stack.n8n.rest.createCredential('Team chat', 'rocketchatApi', data);
		const latest = await changeRfi({ userId: WEB_USER.id, record: { subject: SUBJECT } });
		await editor.openNewWorkflow();
		const clicks = await countClicks(page);
		await editor.addNode('Procore', 'On new Procore event');
		await chooseRfiUpdates();
		await editor.addOption('Test Event');
		await editor.chooseIn('testEvent', 'Use the Latest Event');
		await editor.executeStep();
		await editor.at('output-panel').getByText(latest.id).first().waitFor();
		await saveScreenshot(page, 'journey-10-latest-event');
		await editor.closePanel();

		await editor.addNode('Procore', READER);
		await editor.addOption('Add Names and Link');
		await editor.toggle('addContext');
		await editor.executeStep();
		await editor.at('output-panel').getByText(SUBJECT).first().waitFor();
		await editor.at('output-panel').getByText('Dana Okafor').first().waitFor();
		await saveScreenshot(page, 'journey-11-record-with-names');
		await editor.closePanel();

		await editor.addNode('RocketChat', 'Post a message');
		await editor.fillIn('channel', '#site');
		await editor.paste('text', await messageOfReadme());
		await saveScreenshot(page, 'journey-12-message');
		await editor.executeStep();
		await waitFor(
			'the team to be told',
			async () => (told().length > 0 ? true : undefined),
			30_000,
		);
		expect(told()).toEqual([MESSAGE]);
		await editor.closePanel();

		await editor.publish();
		expect(await clicks()).toBeLessThanOrEqual(32);
		await hooksBecome(2);
	});

	test('reads in a failed execution what to do, does it and retries', async () => {
		const { control } = stack.emulator;
		const body = { errors: ['You do not have permission'] };
		const effect = { kind: 'status', status: 403, body } as const;
		await control.addFault({ path: '/rfis/', times: 0, effect });
		const { resourceId } = await changeRfi({ userId: WEB_USER.id, record: { subject: SUBJECT } });

		await executions.open();
		await executions.select('error');
		await executions.waitForNode(READER, 'error');
		await saveScreenshot(page, 'journey-13-failed-execution');
		await editor.canvasNode(READER).dblclick();
		await editor.errorMessage.waitFor();
		expect(await editor.errorMessage.innerText()).toBe(
			`Could not read RFIs ${resourceId}. Procore answered 403: You do not have permission. In this company and project, give read access to the tool of RFIs to the user who connected the credential or, with Client Credentials, the app's service account.`,
		);
		await saveScreenshot(page, 'journey-14-tool-not-readable');

		await control.clearFaults();
		await editor.closePanel();
		await executions.retry();
		await executions.select('success', 'Retry of execution');
		await executions.waitForNode(READER, 'success');
		await editor.canvasNode(READER).dblclick();
		await editor.at('output-panel').getByText(resourceId).first().waitFor();
		await editor.at('output-panel').getByText('Dana Okafor').first().waitFor();
		await saveScreenshot(page, 'journey-15-retried');
		expect(told()).toEqual([MESSAGE, MESSAGE]);
	});

	test('reads a list with HTTP Request and the credential', async () => {
		const { resourceId } = await changeRfi({ record: { subject: SUBJECT } });
		const node = { name: 'HTTP Request', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 };
		const draft = { name: 'List of RFIs', nodes: [node] };
		await editor.openPanel(await stack.n8n.rest.createWorkflow(draft));
		const list = `/rest/v1.0/projects/${CLINIC.id}/rfis?company_id=${COMPANY.id}`;
		await editor.fillIn('url', `${stack.emulator.url}${list}`);
		await editor.chooseIn('authentication', 'Predefined Credential Type');
		await editor.searchInList('nodeCredentialType', 'Procore', 'Procore OAuth2 API');
		await saveScreenshot(page, 'journey-16-credential-type');
		await editor.choose('Procore OAuth2 API');
		await editor.chooseCredential('Procore account');
		await saveScreenshot(page, 'journey-17-http-request');

		await editor.executeStep();
		await editor
			.at('node-error-description')
			.getByText('Missing Procore-Company-Id header!')
			.waitFor();
		await saveScreenshot(page, 'journey-18-header-missing');

		await editor.toggle('sendHeaders');
		await editor.fillIn('value', COMPANY.id);
		await editor.fillIn('name', 'Procore-Company-Id');
		await editor.executeStep();
		await editor.at('output-panel').getByText(resourceId).first().waitFor();
		await editor.at('output-panel').getByText(SUBJECT).first().waitFor();
		await saveScreenshot(page, 'journey-19-list-of-rfis');
	});
});
