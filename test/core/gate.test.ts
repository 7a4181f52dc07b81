import { DataDeduplicationService } from 'n8n-core';
import type {
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { problemItem } from '../../nodes/Procore/check/problem';
import type * as Gate from '../../nodes/Procore/dedupe/gate';
import { byId, COMPANY, N8n, PROJECT, TriggerBench } from './harness';
import { Deduplicator } from './support/deduplicator';
import { runEmitted } from './support/engine';
import { executeContext } from './support/gate';

const n8n = new N8n();
const deduplicator = new Deduplicator();
let trigger: TriggerBench;
let executions = 0;

beforeAll(async () => {
	await n8n.loader.loadAll();
	await DataDeduplicationService.init(deduplicator);
});

beforeEach(() => {
	deduplicator.lists.clear();
	deduplicator.calls = 0;
	trigger = new TriggerBench(n8n, {
		companyId: byId(COMPANY),
		scope: 'projects',
		projectIds: [PROJECT],
		events: ['RFIs:create'],
	});
});

type Process = Pick<typeof Gate, 'passNewEvents'>;

/** The gate as in a separate process, with its own memory. */
function newProcess(): Process {
	let gate: Process | undefined;
	jest.isolateModules(() => {
		gate = jest.requireActual<typeof Gate>('../../nodes/Procore/dedupe/gate');
	});
	if (gate === undefined) throw new Error('The gate did not load');
	return gate;
}

function itemOf(ulid: string): INodeExecutionData {
	return {
		json: { id: '1', ulid, event_type: 'create', resource_name: 'RFIs', resource_id: '7' },
	};
}

function execution(ulids: string[], mode: WorkflowExecuteMode = 'webhook'): IExecuteFunctions {
	executions += 1;
	return executeContext(n8n, trigger, ulids.map(itemOf), {
		mode,
		executionId: String(executions),
	});
}

async function pass(gate: Process, ulids: string[], mode?: WorkflowExecuteMode): Promise<string[]> {
	const [items = []] = await gate.passNewEvents(execution(ulids, mode));
	return items.map(({ json }) => String(json.ulid));
}

describe('the gate', () => {
	test('passes an event once, whichever process receives it again', async () => {
		expect(await pass(newProcess(), ['A', 'B', 'A'])).toEqual(['A', 'B']);
		expect(await pass(newProcess(), ['B', 'C'])).toEqual(['C']);
	});

	test.each<WorkflowExecuteMode>(['manual', 'retry'])(
		'passes everything in mode %s',
		async (mode) => {
			const gate = newProcess();
			await pass(gate, ['A']);
			expect(await pass(gate, ['A', 'A'], mode)).toEqual(['A', 'A']);
		},
	);

	test.each<WorkflowExecuteMode>(['trigger', 'retry'])(
		'fails an execution in mode %s that reports a problem, with its sentence',
		async (mode) => {
			const sentence = 'The workflow is published but has no hook in Procore (ECONNREFUSED).';
			const context = executeContext(n8n, trigger, [problemItem(sentence)], { mode });
			await expect(newProcess().passNewEvents(context)).rejects.toThrow(
				expect.objectContaining({ message: sentence }),
			);
		},
	);

	test.each<Partial<INode>>([
		{},
		{ onError: 'stopWorkflow' },
		{ onError: 'continueRegularOutput' },
		{ onError: 'continueErrorOutput' },
		{ continueOnFail: true },
	])(
		'fails an execution that reports a problem in a node with the setting %j',
		async (settings) => {
			const sentence = 'The workflow is published but has no hook in Procore.';
			const { failure, runData } = await runEmitted(
				n8n,
				trigger,
				[problemItem(sentence)],
				settings,
			);
			expect(failure).toBe(sentence);
			expect(runData[trigger.name]?.[0]?.data).toBeUndefined();
		},
	);

	test('passes an event that several workers hold to one of them', async () => {
		const workers = [newProcess(), newProcess(), newProcess()];
		const ulids = Array.from({ length: 20 }, (_, index) => `at once ${index}`);
		const passed = await Promise.all(
			ulids.flatMap((ulid) => workers.map(async (worker) => await pass(worker, [ulid]))),
		);
		expect(passed.flat().sort()).toEqual([...ulids].sort());
	});

	test('records what several workers write at once', async () => {
		const workers = [newProcess(), newProcess()];
		const ulids = Array.from({ length: 20 }, (_, index) => `one each ${index}`);
		const first = await Promise.all(
			ulids.map(async (ulid, index) => await pass(workers[index % 2] ?? newProcess(), [ulid])),
		);
		expect(first.flat()).toHaveLength(ulids.length);
		expect(await pass(newProcess(), ulids)).toEqual([]);
	});

	test('records waiting events in one call', async () => {
		const gate = newProcess();
		const ulids = Array.from({ length: 50 }, (_, index) => `burst ${index}`);
		const passed = await Promise.all(ulids.map(async (ulid) => await pass(gate, [ulid])));
		expect(passed.flat()).toEqual(ulids);
		expect(deduplicator.calls).toBeLessThan(10);
	});

	test('passes an event whose record other writes overwrite repeatedly', async () => {
		const wipe = jest.spyOn(deduplicator, 'checkProcessedAndRecord');
		wipe.mockImplementation(async (items) => await Promise.resolve({ new: items, processed: [] }));
		try {
			expect(await pass(newProcess(), ['A'])).toEqual(['A']);
		} finally {
			wipe.mockRestore();
		}
	});

	test('stops after a duplicate delivery, even with Always Output Data', async () => {
		const gate = newProcess();
		await pass(gate, ['A']);
		const context = execution(['A']);
		const { node } = context.getExecuteData();
		node.alwaysOutputData = true;
		expect(await gate.passNewEvents(context)).toEqual([[]]);
		expect(node.alwaysOutputData).toBe(false);
	});

	describe('in a node that reconciles records', () => {
		const change = { resource_name: 'RFIs', resource_id: '7', event_type: 'update' };

		function itemAt(time: string, ulid: string | null = null): INodeExecutionData {
			const source = ulid === null ? { id: null, source: 'reconciliation' } : { id: ulid };
			return { json: { ...change, ...source, ulid, timestamp: `2026-11-20T09:00:${time}Z` } };
		}

		async function passItems(...items: INodeExecutionData[]): Promise<number> {
			executions += 1;
			const context = executeContext(n8n, trigger, items, { executionId: String(executions) });
			const [passed = []] = await newProcess().passNewEvents(context);
			return passed.length;
		}

		beforeEach(() => {
			trigger.parameters = { ...trigger.parameters, options: { reconcile: 'everyCheck' } };
		});

		test('passes a reconciled event once', async () => {
			expect(await passItems(itemAt('10'), itemAt('10'))).toBe(1);
			expect(await passItems(itemAt('10'))).toBe(0);
			expect(await passItems(itemAt('11'))).toBe(1);
		});

		test('passes no reconciled event about a change whose event has passed, up to two seconds later', async () => {
			expect(await passItems(itemAt('10.750', 'A'))).toBe(1);
			expect(await passItems(itemAt('10'), itemAt('09'), itemAt('08'))).toBe(0);
			expect(await passItems(itemAt('07'), itemAt('11'))).toBe(2);
		});

		test('passes every event, even two about a record in the same second', async () => {
			expect(await passItems(itemAt('10.1', 'A'), itemAt('10.2', 'B'))).toBe(2);
			expect(await passItems(itemAt('10.3', 'C'))).toBe(1);
		});

		test('remembers at least 2,300 events, among several processes too', async () => {
			const first = itemAt('10.1', 'first');
			expect(await passItems(first)).toBe(1);
			const others = Array.from({ length: 2300 }, (_, index) => {
				const { json } = itemAt('10.1', `other ${index}`);
				return { json: { ...json, resource_id: `other ${index}` } };
			});
			expect(await passItems(...others)).toBe(2300);
			expect(await passItems(first)).toBe(0);
		});
	});

	test('fails and records nothing while the filters are invalid', async () => {
		const gate = newProcess();
		const conditions = [{ field: 'source_usr_id', operator: 'isOneOf', value: '7' }];
		const { parameters } = trigger;
		trigger.parameters = { ...parameters, filters: { conditions } };
		await expect(pass(gate, ['A'])).rejects.toThrow(
			'Filters, condition 1: Field is "source_usr_id", which is not one of source_user_id',
		);
		trigger.parameters = parameters;
		expect(await pass(gate, ['A'])).toEqual(['A']);
	});

	test('passes events unchecked and logs it if the database does not respond', async () => {
		const broken = jest.spyOn(deduplicator, 'checkProcessedAndRecord');
		broken.mockRejectedValue(new Error('no database'));
		const context = execution(['A']);
		const warn = jest.spyOn(context.logger, 'warn').mockImplementation(() => undefined);
		try {
			expect(await newProcess().passNewEvents(context)).toEqual([[itemOf('A')]]);
			expect(warn).toHaveBeenCalledWith(expect.stringContaining('not checked for duplicates'));
		} finally {
			broken.mockRestore();
			warn.mockRestore();
		}
	});
});
