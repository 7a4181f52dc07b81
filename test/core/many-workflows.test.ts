import { PROJECT, TriggerBench, byId, COMPANY, useN8n } from './harness';
import { runSafetyCheck } from './support/safety-check';

const HOUR = 3_600_000;
const LIMIT = 600;

/** Many more than ordinary checks have requests for in an hour. */
const WORKFLOWS = 70;
const HOURS = 28;

describe('seventy workflows of one account, within 600 requests an hour', () => {
	const n8n = useN8n();
	let now: number;
	beforeEach(() => {
		now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now);
	});
	afterEach(async () => {
		await n8n.control.setRateLimit(null);
		jest.restoreAllMocks();
	});

	test('spend at most a fifth of it on checks, and each has its hook checked at least once a day', async () => {
		const triggers = Array.from({ length: WORKFLOWS }, (_, index) => {
			const webhookId = `a3f1c8e2-5d0c-4f7e-9b4b-${String(index).padStart(12, '0')}`;
			const trigger = new TriggerBench(
				n8n,
				{
					companyId: byId(COMPANY),
					scope: 'projects',
					projectIds: [PROJECT],
					events: ['RFIs:create'],
				},
				webhookId,
			);
			trigger.nodeId = `node-of-an-activation-${index}`;
			return trigger;
		});
		for (const trigger of triggers) await trigger.activate();
		const { hooks } = await n8n.control.state({ deliveries: 0 });
		expect(hooks).toHaveLength(WORKFLOWS);
		await n8n.control.setRateLimit({ limit: LIMIT, windowSeconds: HOUR / 1000 });

		// n8n restarts, and then checks each node at its own minute.
		for (const [index, trigger] of triggers.entries()) trigger.nodeId = `node-${index}`;
		const start = now + HOUR;
		const dueAt = (hour: number, index: number) => start + (hour + index / WORKFLOWS) * HOUR;
		const namespaces = triggers.map(
			({ url }) => hooks.find(({ destinationUrl }) => destinationUrl === url)?.namespace,
		);
		const lastChecks = triggers.map(() => start);
		let longest = 0;
		for (let hour = 0; hour < HOURS; hour += 1) {
			await n8n.control.clearRequests();
			for (const [index, trigger] of triggers.entries()) {
				now = dueAt(hour, index);
				await runSafetyCheck(n8n, trigger);
			}
			const requests = await n8n.control.requests();
			expect(requests.filter(({ status }) => status === 429)).toHaveLength(0);
			expect(requests.length).toBeGreaterThan(0);
			expect(requests.length).toBeLessThanOrEqual(LIMIT / 5);
			const checked = new Set(requests.map(({ query }) => query.namespace));
			for (const [index, namespace] of namespaces.entries()) {
				if (namespace === undefined || !checked.has(namespace)) continue;
				longest = Math.max(longest, dueAt(hour, index) - (lastChecks[index] ?? 0));
				lastChecks[index] = dueAt(hour, index);
			}
		}
		longest = Math.max(longest, ...lastChecks.map((at) => now - at));
		expect(longest).toBeLessThanOrEqual(24 * HOUR);
	}, 300_000);
});
