import { COMPANY, PROJECTS, TriggerBench, byId, useN8n, type Generation } from './harness';
import { runSafetyCheck } from './support/safety-check';

/** More hooks than 25 requests in 10 seconds let a check inspect before its time is up. */
const ADDED = 76;

describe.each<Generation>(['v2.0', 'v1.0'])(
	'the first check of a process on %s, within 25 requests in 10 seconds',
	(version) => {
		const n8n = useN8n();
		afterEach(async () => {
			await n8n.control.setRateLimit(null);
		});

		test('starts no scope for which the time is too short to wait, so that no request is refused', async () => {
			await n8n.connect({ version });
			for (let index = 1; index <= ADDED; index += 1) {
				await n8n.control.addProject({ companyId: COMPANY, name: `Site ${index}` });
			}
			const trigger = new TriggerBench(n8n, {
				companyId: byId(COMPANY),
				scope: 'allProjects',
				events: ['RFIs:create', 'RFIs:update'],
			});
			trigger.nodeId = `node-of-an-activation-${version}`;
			await trigger.activate();
			expect((await n8n.control.state()).hooks).toHaveLength(PROJECTS.length + ADDED);

			await n8n.control.setRateLimit([
				{ limit: 25, windowSeconds: 10 },
				{ limit: 600, windowSeconds: 3600 },
			]);
			trigger.nodeId = `node-of-a-start-${version}`;
			await n8n.control.clearRequests();
			const { lines } = await runSafetyCheck(n8n, trigger);
			const requests = await n8n.control.requests();
			expect(requests.filter(({ status }) => status === 429).length).toBe(0);
			expect(requests.length).toBeGreaterThan(25);
			expect(lines).toContainEqual(
				expect.stringMatching(/^info: .*Checked \d+ of 80 hooks; the next safety check/),
			);
		}, 120_000);
	},
);
