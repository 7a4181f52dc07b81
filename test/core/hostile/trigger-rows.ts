import { sleep, type IDataObject, type INodeParameters } from 'n8n-workflow';

import { jsonObject } from '../../../nodes/Procore/model/json';
import { positionAt } from '../../../nodes/Procore/model/event-position';
import { PROJECTS, type Generation, type TriggerBench } from '../harness';
import { executeContext } from '../support/gate';
import { isEmptyDirectory, isEmptyList, type AnswerName } from './answers';
import type { Stage } from './stage';
import { check } from './trigger-entrances';

/** A response after which an entry point may succeed. */
interface Allowance {
	readonly after: (answer: AnswerName, version: Generation) => boolean;
	readonly why: string;
	readonly value: unknown;
}

type Midway = Pick<Allowance, 'after' | 'why'>;

/** A step of the setup: `fallBehind` leaves an hour for the next check to reconcile. */
type Step = 'activate' | 'check' | 'listen' | 'fallBehind';

/** How n8n calls the trigger node, and which unexpected responses do not make it fail. */
export interface TriggerRow {
	/** Parameters that differ from those of the stage. */
	readonly parameters?: INodeParameters;
	/** The projects that are closed; by default none. */
	readonly closed?: readonly string[];
	/** The number of hooks that the node needs; by default one. */
	readonly hooks?: number;
	/** Whether n8n listens for a test event. */
	readonly isTest?: true;
	/** The setup while Procore still responded normally. */
	readonly before: readonly Step[];
	readonly enter: (stage: Stage) => Promise<unknown>;
	/** Whether n8n has lost the stored state. */
	readonly forgets?: true;
	readonly allowances?: readonly Allowance[];
	/** Responses after which it may succeed if they come after the hook was listed. */
	readonly midway?: Midway;
	/** The responses that come halfway; by default, one of each kind. */
	readonly halfway?: readonly AnswerName[];
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

/** With all projects, what fails in one of them does not stop the others; it must be logged. */
async function failingIfWarned(
	{ trigger }: Stage,
	work: (trigger: TriggerBench) => Promise<unknown>,
): Promise<unknown> {
	const before = trigger.warnings.length;
	const value = await work(trigger);
	const warnings = trigger.warnings.slice(before);
	if (warnings.length > 0) throw new Error(warnings.join('\n'));
	return value;
}

/** Moves the position from which the next check compares records with events to an hour ago. */
export function fallBehind({ trigger }: Stage): void {
	const own: IDataObject = jsonObject(trigger.staticData[`node:${trigger.name}`]);
	own.reconciliation = { floor: positionAt(Date.now() - 3_600_000), marks: {} };
	trigger.staticData[`node:${trigger.name}`] = own;
}

const CONFIRMED: Midway = {
	after: (answer, version) => answer === '404' && version === 'v1.0',
	why: 'on v1.0, a 404 is what confirms the deletion before it',
};

const CONFIRMED_OR_NOWHERE: Midway = {
	after: (answer, version) => isEmptyList(answer, version) || CONFIRMED.after(answer, version),
	why: 'the same, or no project has a hook',
};

const NEW_NODE: Allowance = {
	after: () => true,
	why: 'with nothing remembered, n8n is told to create at once, and that looks first',
	value: false,
};

/** No list has the hook, so it is gone. */
function noHook(value: unknown): Allowance {
	return { after: isEmptyList, why: 'an empty list is an answer: there is no hook', value };
}

const NEVER_DELIVERED: Midway = {
	after: (answer, version) =>
		isEmptyList(answer, version) || (answer === '404' && version === 'v2.0'),
	why: 'a hook that has never delivered has an empty list of deliveries, and on v2.0 none at all',
};

const SEARCH_FOR_REMAINS =
	'the remains of an earlier test are looked for once the hook stands, and again the next time';

const CHECK_EXISTS: TriggerRow = {
	before: ['activate'],
	midway: { after: isEmptyList, why: 'an empty list is an answer: the triggers are gone' },
	enter: async ({ trigger }) => await trigger.checkExists(),
	allowances: [noHook(false)],
};

const CREATE: TriggerRow = {
	before: [],
	essential: { requests: 3, why: SEARCH_FOR_REMAINS },
	enter: async ({ trigger }) => await trigger.create(),
};

const DELETE: TriggerRow = {
	before: ['activate'],
	midway: CONFIRMED,
	enter: async ({ trigger }) => await trigger.delete(),
	allowances: [noHook(true)],
};

const POLL: TriggerRow = {
	before: ['activate', 'check'],
	enter: failingCheck,
	midway: NEVER_DELIVERED,
};

/** One row for every way in which n8n makes the trigger node send requests to Procore. */
const USUAL_ROWS: Readonly<Record<string, TriggerRow>> = {
	'checkExists of a new node': {
		before: [],
		enter: async ({ trigger }) => await trigger.checkExists(),
		allowances: [NEW_NODE],
	},
	checkExists: CHECK_EXISTS,
	'create of a new node': CREATE,
	create: {
		before: ['activate'],
		enter: async ({ trigger }) => await trigger.create(),
	},
	delete: DELETE,
	'delete with nothing remembered': {
		...DELETE,
		forgets: true,
		enter: async ({ trigger }) => {
			trigger.staticData = {};
			return await trigger.delete();
		},
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
	poll: POLL,
	'poll with Reconcile Records': {
		...POLL,
		parameters: { options: { reconcile: 'everyCheck' } },
		before: ['activate', 'check', 'fallBehind'],
		midway: {
			after: (answer, version) =>
				NEVER_DELIVERED.after(answer, version) || isEmptyDirectory(answer),
			why: 'also, no record has changed; most of these lists are v1.x lists whatever the credential says',
		},
	},
};

/** The hook that listens for a test event. */
const TEST_ROWS: Readonly<Record<string, TriggerRow>> = {
	'create in a test': {
		isTest: true,
		before: [],
		enter: async ({ trigger }) => await trigger.listen(),
	},
	'delete in a test': {
		...DELETE,
		isTest: true,
		before: ['listen'],
		enter: async ({ trigger }) => await trigger.stopListening(),
		allowances: [noHook(undefined)],
	},
	'delete in a test with nothing remembered': {
		...DELETE,
		isTest: true,
		forgets: true,
		before: ['listen'],
		enter: async ({ trigger }) => {
			trigger.testStaticData = {};
			await trigger.stopListening();
		},
		allowances: [noHook(undefined)],
	},
	'create in a test with the latest event': {
		isTest: true,
		hooks: 0,
		parameters: { options: { testEvent: 'latest' } },
		before: [],
		enter: async ({ trigger, testRuns }) => {
			testRuns.length = 0;
			await trigger.listen();
			// One second for what takes milliseconds; the node itself waits a second, which is shortened here.
			for (let tries = 0; testRuns.length === 0 && tries < 200; tries += 1) await sleep(5);
			if (testRuns.length === 0) return 'nothing was sent';
			return testRuns.flat().map(({ json }) => json);
		},
	},
};

/** Each step of many scopes would take long with each kind of response. */
const IN_SCOPES: readonly AnswerName[] = ['an HTML page with status 200', '404'];

const PLACES: ReadonlyArray<readonly [string, Partial<TriggerRow>]> = [
	[
		'in all projects',
		{
			parameters: { scope: 'allProjects', projectIds: [] },
			closed: PROJECTS.slice(2),
			hooks: 2,
			halfway: IN_SCOPES,
		},
	],
	[
		'in the company',
		{
			parameters: {
				scope: 'company',
				projectIds: [],
				events: ['Company Vendors:create', 'Company Vendors:update'],
			},
			halfway: IN_SCOPES,
		},
	],
];

/** The scopes other than selected projects. */
const SCOPE_ROWS = Object.fromEntries(
	PLACES.flatMap(([place, scope]): Array<[string, TriggerRow]> => {
		const hooks = scope.hooks ?? 1;
		const isAll = hooks > 1;
		const nowhere: Allowance = {
			after: (answer, version) => isEmptyList(answer, version) && isEmptyDirectory(answer),
			why: 'neither the list of projects nor the list of hooks in the known projects has it',
			value: true,
		};
		const noProject: Allowance[] = isAll
			? [{ after: isEmptyDirectory, why: 'there is no project, so there is no hook', value: false }]
			: [];
		return [
			[
				`checkExists ${place}`,
				{
					...CHECK_EXISTS,
					...scope,
					...(isAll ? { allowances: noProject } : {}),
				},
			],
			[
				`create ${place}`,
				{
					...CREATE,
					...scope,
					essential: { requests: isAll ? 1 + 3 * hooks : 3, why: SEARCH_FOR_REMAINS },
					enter: async (stage) =>
						await failingIfWarned(stage, async (trigger) => await trigger.create()),
				},
			],
			[
				`delete ${place}`,
				{
					...DELETE,
					...scope,
					...(isAll ? { allowances: [nowhere], midway: CONFIRMED_OR_NOWHERE } : {}),
				},
			],
			[
				`delete ${place} with nothing remembered`,
				{
					...DELETE,
					...scope,
					forgets: true,
					enter: async (stage) =>
						await failingIfWarned(stage, async (trigger) => {
							trigger.staticData = {};
							return await trigger.delete();
						}),
					...(isAll ? { allowances: [], midway: CONFIRMED_OR_NOWHERE } : {}),
				},
			],
			[`poll ${place}`, { ...POLL, ...scope }],
		];
	}),
);

export const TRIGGER_ROWS: Readonly<Record<string, TriggerRow>> = {
	...USUAL_ROWS,
	...TEST_ROWS,
	...SCOPE_ROWS,
};
