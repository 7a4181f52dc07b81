import { jsonObject } from '../../../nodes/Procore/model/json';
import { PROJECT, useSharedN8n, type Generation, type N8n, type TriggerBench } from '../harness';
import { executeContext } from '../support/gate';
import { HOSTILE_ANSWERS, MIDWAY_ANSWERS, isEmptyList, type AnswerName } from './answers';
import { outcomeOf, textOf, type Outcome } from './outcome';
import { Stage } from './stage';
import { check } from './trigger-entrances';

/** A response after which an entry point may succeed. */
interface Allowance {
	readonly after: (answer: AnswerName, version: Generation) => boolean;
	readonly why: string;
	readonly value: unknown;
}

/** How n8n calls the trigger node, and which unexpected responses do not make it fail. */
interface TriggerRow {
	/** The setup while Procore still responded normally. */
	readonly before: ReadonlyArray<'activate' | 'check'>;
	readonly enter: (stage: Stage) => Promise<unknown>;
	/** Whether n8n has lost the stored state. */
	readonly forgets?: true;
	readonly allowances?: readonly Allowance[];
	/** Responses after which it may succeed if they come after the hook was listed. */
	readonly midway?: Pick<Allowance, 'after' | 'why'>;
	/** The number of relevant requests, if there are others. */
	readonly essential?: { readonly requests: number; readonly why: string };
}

/** A safety check that fails throws nothing, because live events continue; it must log the failure. */
async function failingCheck(stage: Stage): Promise<unknown> {
	const { items, warnings } = await check(stage);
	if (items.length > 0) return items;
	if (warnings.length > 0) throw new Error(warnings.join('\n'));
	return 'nothing was said';
}

const CONFIRMED: TriggerRow['midway'] = {
	after: (answer, version) => answer === '404' && version === 'v1.0',
	why: 'on v1.0, a 404 is what confirms the deletion before it',
};

/** One row for every way in which n8n makes the trigger node send requests to Procore. */
export const TRIGGER_ROWS: Readonly<Record<string, TriggerRow>> = {
	'checkExists of a new node': {
		before: [],
		enter: async ({ trigger }) => await trigger.checkExists(),
		allowances: [
			{
				after: () => true,
				why: 'with nothing remembered, n8n is told to create at once, and that looks first',
				value: false,
			},
		],
	},
	checkExists: {
		before: ['activate'],
		midway: { after: isEmptyList, why: 'an empty list is an answer: the triggers are gone' },
		enter: async ({ trigger }) => await trigger.checkExists(),
		allowances: [
			{
				after: isEmptyList,
				why: 'an empty list is an answer: the hook is gone',
				value: false,
			},
		],
	},
	'create of a new node': {
		before: [],
		essential: {
			requests: 3,
			why: 'the remains of an earlier test are looked for once the hook stands, and again the next time',
		},
		enter: async ({ trigger }) => await trigger.create(),
	},
	create: {
		before: ['activate'],
		enter: async ({ trigger }) => await trigger.create(),
	},
	delete: {
		before: ['activate'],
		midway: CONFIRMED,
		enter: async ({ trigger }) => await trigger.delete(),
		allowances: [
			{
				after: isEmptyList,
				why: 'an empty list is an answer: the hook is gone',
				value: true,
			},
		],
	},
	'delete with nothing remembered': {
		before: ['activate'],
		midway: CONFIRMED,
		forgets: true,
		enter: async ({ trigger }) => {
			trigger.staticData = {};
			return await trigger.delete();
		},
		allowances: [
			{
				after: isEmptyList,
				why: 'an empty list is an answer: there is no hook',
				value: true,
			},
		],
	},
	execute: {
		before: [],
		enter: async ({ n8n, trigger }) => {
			const json = { id: '1', event_type: 'create', resource_name: 'RFIs', resource_id: '7' };
			const context = executeContext(n8n, trigger, [{ json }]);
			const output = await n8n.nodeType('procoreTrigger').execute?.call(context);
			return Array.isArray(output) ? output[0] : output;
		},
		allowances: [
			{
				after: () => true,
				why: 'the gate asks Procore nothing',
				value: [expect.objectContaining({ json: expect.objectContaining({ id: '1' }) })],
			},
		],
	},
	poll: {
		before: ['activate', 'check'],
		enter: failingCheck,
		midway: {
			after: (answer, version) =>
				isEmptyList(answer, version) || (answer === '404' && version === 'v2.0'),
			why: 'a hook that has never delivered has an empty list of deliveries, and on v2.0 none at all',
		},
	},
};

function allowanceFor({ allowances = [] }: TriggerRow, name: AnswerName, version: Generation) {
	return allowances.find(({ after }) => after(name, version));
}

/**
 * What n8n stores for the node, with the position from which the next check recovers. After a check that could not
 * read the deliveries, the same position is stored in another form. Without the problems that a check reports.
 */
function stored({ staticData, name }: TriggerBench): unknown {
	const { recovery, ...own } = jsonObject(staticData[`node:${name}`]);
	const { marks, floor } = jsonObject(recovery);
	return {
		...own,
		problems: undefined,
		recoverFrom: jsonObject(marks)[`project:${PROJECT}`] ?? floor,
	};
}

async function setStage(n8n: N8n, version: Generation, { before }: TriggerRow): Promise<Stage> {
	const stage = await Stage.set(n8n, version);
	for (const step of before) {
		if (step === 'activate') await stage.trigger.activate();
		else await check(stage);
	}
	await n8n.control.clearRequests();
	return stage;
}

async function enter(stage: Stage, row: TriggerRow): Promise<Outcome> {
	const outcome = await outcomeOf(async () => await row.enter(stage));
	stage.said.push(textOf(outcome));
	return outcome;
}

/** Expects that everything of ours is found, set up and removed once Procore responds again. */
async function expectRecovery(stage: Stage): Promise<void> {
	await stage.n8n.control.clearFaults();
	await stage.expectUnharmed();
	await stage.trigger.activate();
	expect(await stage.triggerHooks()).toMatchObject([
		{ status: 'active', triggers: [{ resourceName: 'RFIs' }, { resourceName: 'RFIs' }] },
	]);
	await stage.trigger.delete();
	expect(await stage.triggerHooks()).toEqual([]);
	await stage.expectUnharmed();
}

/** The method that n8n calls on the trigger node, by the first word of a row. */
export function entrances(n8n: N8n): string[] {
	const { webhookMethods, poll, webhook, execute } = n8n.nodeType('procoreTrigger');
	const others = Object.entries({ poll, webhook, execute }).filter(([, method]) => method);
	return [...Object.keys(webhookMethods?.default ?? {}), ...others.map(([name]) => name)];
}

/** Every entry point of the trigger node on one generation, each with every unexpected response. */
export function describeTrigger(version: Generation, names: readonly string[]): void {
	const n8n = useSharedN8n();
	const rows = Object.entries(TRIGGER_ROWS).filter(([name]) => names.includes(name));

	describe.each(rows)('%s', (_entrance, row) => {
		test('succeeds while Procore responds normally', async () => {
			const stage = await setStage(n8n, version, row);
			await row.enter(stage);
			await expectRecovery(stage);
		});

		test.each(HOSTILE_ANSWERS)('does not report success after $name', async (answer) => {
			const stage = await setStage(n8n, version, row);
			const remembered = stored(stage.trigger);
			const hooks = await stage.triggerHooks();
			const allowance = allowanceFor(row, answer.name, version);
			await stage.turnHostile(answer);
			const outcome = await enter(stage, row);
			if (allowance === undefined) {
				expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringMatching(/.{20}/) });
				expect(stored(stage.trigger)).toEqual(row.forgets ? {} : remembered);
			} else {
				expect(outcome).toEqual({ kind: 'succeeded', value: allowance.value });
			}
			expect(await stage.triggerHooks()).toEqual(hooks);
			await expectRecovery(stage);
		});

		test('does not report success after an unexpected response halfway', async () => {
			const clean = await setStage(n8n, version, row);
			await row.enter(clean);
			const { length } = await n8n.requests();
			for (let after = 1; after < (row.essential?.requests ?? length); after += 1) {
				for (const answer of MIDWAY_ANSWERS) {
					const stage = await setStage(n8n, version, row);
					await stage.turnHostile(answer, after);
					const outcome = await enter(stage, row);
					if (row.midway?.after(answer.name, version) !== true) {
						expect([answer.name, after, outcome]).toMatchObject([
							answer.name,
							after,
							{ kind: 'failed' },
						]);
					}
					await expectRecovery(stage);
				}
			}
		});
	});
}
