import { byId, COMPANY, EUROPE, useN8n, TriggerBench, type Generation } from './harness';
import { runSafetyCheck } from './support/safety-check';

const FROM_CREDENTIAL = { companyId: byId(''), scope: 'company', events: ['Offices:create'] };

let nodes = 0;

describe.each<Generation>(['v2.0', 'v1.0'])('with another company on %s', (version) => {
	const n8n = useN8n();
	let trigger: TriggerBench;

	beforeEach(async () => {
		await n8n.connect({ version, companyId: COMPANY });
		nodes += 1;
		trigger = new TriggerBench(n8n, FROM_CREDENTIAL);
		trigger.nodeId = `node-${nodes}`;
		await trigger.activate();
	});

	const hooks = async () => (await n8n.control.state()).hooks;
	const inEurope = () => ({
		scope: { companyId: EUROPE, projectId: null },
		authorization: `Bearer ${trigger.secret}`,
	});
	const stays = (id: string | undefined) =>
		expect.stringMatching(
			new RegExp(`of company ${COMPANY} .*\\(${id}\\) stay there.*answered 401`),
		);

	describe('in the credential', () => {
		test('the safety check keeps the earlier hooks, names them in the log once, and creates others', async () => {
			const [before] = await hooks();
			n8n.credential.stored.companyId = EUROPE;
			const { lines } = await runSafetyCheck(n8n, trigger);
			expect(lines).toEqual([
				stays(before?.id),
				expect.stringMatching(/Repaired the hook of .* \(missing\)/),
			]);
			expect(await hooks()).toMatchObject([{ ...before }, inEurope()]);
			expect(before?.authorization).not.toBe(`Bearer ${trigger.secret}`);
			expect(trigger.memory).toMatchObject({ companyId: EUROPE });
			expect((await runSafetyCheck(n8n, trigger)).lines).toEqual([]);
		});

		test('an activation keeps the earlier hooks, names them in the log, and creates others', async () => {
			const [before] = await hooks();
			n8n.credential.stored.companyId = EUROPE;
			await trigger.activate();
			expect(trigger.warnings).toEqual([stays(before?.id)]);
			expect(await hooks()).toMatchObject([{ ...before }, inEurope()]);
		});

		test('a deactivation names the earlier hooks in the log, and keeps them', async () => {
			const before = await hooks();
			n8n.credential.stored.companyId = EUROPE;
			await trigger.delete();
			expect(trigger.warnings).toEqual([stays(before[0]?.id)]);
			expect(await hooks()).toEqual(before);
			expect(trigger.memory).toBeUndefined();
		});

		test('and back again, the first hooks are in service again', async () => {
			const [before] = await hooks();
			n8n.credential.stored.companyId = EUROPE;
			await runSafetyCheck(n8n, trigger);
			n8n.credential.stored.companyId = COMPANY;
			await runSafetyCheck(n8n, trigger);
			expect((await hooks())[0]).toEqual(before);
			expect(trigger.memory).toMatchObject({ companyId: COMPANY, hooks: [{ hookId: before?.id }] });
		});
	});

	test('in the node, an activation removes the earlier hooks, like after every edit of where it listens', async () => {
		trigger.parameters = { ...FROM_CREDENTIAL, companyId: byId(EUROPE) };
		await trigger.activate();
		expect(trigger.warnings).toEqual([]);
		expect(await hooks()).toMatchObject([inEurope()]);
	});

	test('in the credential, nothing changes for a node that names its company', async () => {
		trigger.parameters = { ...FROM_CREDENTIAL, companyId: byId(COMPANY) };
		await trigger.activate();
		const before = await hooks();
		n8n.credential.stored.companyId = EUROPE;
		expect((await runSafetyCheck(n8n, trigger)).lines).toEqual([]);
		expect(await trigger.checkExists()).toBe(true);
		expect(await hooks()).toEqual(before);
	});
});
