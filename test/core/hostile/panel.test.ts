import { useSharedN8n, type Generation, type N8n } from '../harness';
import { testCredential } from '../support/credential-test';
import { HOSTILE_ANSWERS } from './answers';
import { outcomeOf, textOf } from './outcome';
import { openList, PANEL_ROWS } from './panel-rows';
import { Stage } from './stage';
import type { workflowWithoutWaits } from './without-waits';

jest.mock('n8n-workflow', () =>
	jest
		.requireActual<{ workflowWithoutWaits: typeof workflowWithoutWaits }>('./without-waits')
		.workflowWithoutWaits(),
);

/** `node method` of every list in the panels of both nodes. */
function lists(n8n: N8n): string[] {
	return (['procore', 'procoreTrigger'] as const).flatMap((type) => {
		const { listSearch, loadOptions } = n8n.nodeType(type).methods ?? {};
		return Object.keys({ ...listSearch, ...loadOptions }).map((method) => `${type} ${method}`);
	});
}

describe.each<Generation>(['v2.0', 'v1.0'])('an unexpected response to a list on %s', (version) => {
	const n8n = useSharedN8n();
	let stage: Stage;
	// Lists change nothing, so all of them share one stage.
	beforeAll(async () => {
		stage = await Stage.set(n8n, version);
	});
	afterEach(async () => await n8n.control.clearFaults());

	test('cover every list of the panels', () => {
		const rows = Object.keys(PANEL_ROWS).map((name) => name.replace(/ \(.*/, ''));
		expect([...new Set(rows)].sort()).toEqual(lists(n8n).sort());
	});

	describe.each(Object.entries(PANEL_ROWS))('%s', (name, row) => {
		const { allowances = [] } = row;
		const open = async () => {
			const outcome = await outcomeOf(async () => await openList(stage, name, row));
			stage.said.push(textOf(outcome));
			return outcome;
		};

		test('returns entries while Procore responds normally', async () => {
			expect(await open()).toMatchObject({ kind: 'succeeded' });
		});

		test.each(HOSTILE_ANSWERS)('reports $name', async (answer) => {
			const allowance = allowances.find(({ after }) => after(answer.name, version));
			await stage.turnHostile(answer);
			const outcome = await open();
			if (allowance === undefined) expect(outcome).toMatchObject({ kind: 'failed' });
			else expect(outcome).toEqual({ kind: 'succeeded', value: allowance.shown });
			await n8n.control.clearFaults();
			await stage.expectUnharmed();
		});
	});
});

/** With a company, the test reads its projects; without one, it reads the user. */
describe.each([
	['without a company', ''],
	['with a company', '4501177'],
])('an unexpected response to the connection test %s', (_name, companyId) => {
	const n8n = useSharedN8n();
	let stage: Stage;
	beforeAll(async () => {
		stage = await Stage.set(n8n, 'v2.0');
		n8n.credential.stored.companyId = companyId;
	});
	afterEach(async () => await n8n.control.clearFaults());

	const connect = async () => {
		const result = await testCredential(n8n);
		stage.said.push(result.message);
		return result;
	};

	test('succeeds while Procore responds normally', async () => {
		expect(await connect()).toEqual({ status: 'OK', message: expect.any(String) });
	});

	test.each(HOSTILE_ANSWERS)('fails after $name', async (answer) => {
		await stage.turnHostile(answer);
		// n8n compares a response with values: it can detect a list, but not what the list contains.
		const isList = ['an empty list', 'a list of rows without an ID'].includes(answer.name);
		expect(await connect()).toEqual({
			status: isList ? 'OK' : 'Error',
			message: expect.stringMatching(/.{10}/),
		});
		await n8n.control.clearFaults();
		await stage.expectUnharmed();
	});
});
