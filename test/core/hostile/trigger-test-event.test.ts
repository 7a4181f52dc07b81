import { useSharedN8n } from '../harness';
import { WebhookServer } from '../support/webhook-server';
import { outcomeOf } from './outcome';
import { Stage } from './stage';
import { describeTrigger } from './trigger-suite';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

describe.each(['v2.0', 'v1.0'] as const)('an unexpected response to a test on %s', (version) => {
	describeTrigger(version, [
		'create in a test',
		'create in a test with the latest event',
		'delete in a test',
		'delete in a test with nothing remembered',
	]);
});

describe('a test with the latest event', () => {
	const n8n = useSharedN8n();
	const server = new WebhookServer(n8n);
	beforeAll(async () => await server.start());
	afterAll(async () => await server.stop());

	test.each([
		[200, /^Procore has no delivery .* and no record of them has changed/],
		[403, /^Found no delivery or record .* could not read everything\. .*Submittals/],
	])('that finds none says what it could not read, after status %i', async (status, message) => {
		const stage = await Stage.set(n8n, 'v2.0');
		n8n.webhookTestBaseUrl = `${server.url}/webhook-test`;
		stage.trigger = stage.newTrigger({
			events: ['Submittals:update'],
			options: { testEvent: 'latest' },
		});
		server.trigger = stage.trigger;
		await n8n.control.addFault({
			path: '/submittals',
			times: 0,
			effect: { kind: 'status', status, body: [] },
		});
		const outcome = await outcomeOf(async () => await stage.trigger.listen());
		expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
	});

	test('names three of the reasons why it could not read everything', async () => {
		const stage = await Stage.set(n8n, 'v2.0');
		n8n.webhookTestBaseUrl = `${server.url}/webhook-test`;
		stage.trigger = stage.newTrigger({
			events: [
				'RFIs:update',
				'Submittals:update',
				'Observation Items:update',
				'Punch Items:update',
			],
			options: { testEvent: 'latest' },
		});
		server.trigger = stage.trigger;
		await n8n.control.addFault({
			path: '/(rfis|submittals|observations|punch_items)',
			times: 0,
			effect: { kind: 'status', status: 403 },
		});
		const outcome = await outcomeOf(async () => await stage.trigger.listen());
		const message = outcome.kind === 'failed' ? outcome.message : '';
		const named = message.match(/\b(RFIs|Submittals|Observation Items|Punch Items)\b/g);
		expect(new Set(named).size).toBe(3);
		expect(message).toContain('And 1 more.');
	});
});
