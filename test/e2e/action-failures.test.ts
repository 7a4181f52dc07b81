import type { Fault } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { Actions, SECRET, type OperationName } from './actions';
import { COMPANY, DEPOT, GENERATIONS, UNCONNECTED_COMPANY } from './procore';
import { Scene } from './scene';

const OPERATIONS = ['hook create', 'hook get', 'hook getAll', 'hook upsert', 'trigger create'];

/** Prepares Procore for a case. */
type Arrange = (scene: Scene) => Promise<unknown>;

interface Case {
	name: string;
	operation: OperationName;
	/** The fields of the failing item, in addition to the hook in the clinic. */
	item: JsonObject;
	arrange?: Arrange;
}

/** Faults that only affect the depot. */
const ofDepot = { path: DEPOT.id };

/** Every creation meets a fault, in any project. */
function creationsMeet(effect: Fault['effect']): Arrange {
	const withoutEnd = 0;
	return async ({ control }) =>
		await control.addFault({ method: 'POST', times: withoutEnd, effect });
}

const FAILING: Array<Case & { message: RegExp }> = [
	{
		name: 'a hook that does not exist',
		operation: 'project hook get',
		item: { hook: '77' },
		message: /^Could not get hook 77\. Procore answered 404.*It does not exist, or the account/,
	},
	{
		name: 'a hook of another project',
		operation: 'project hook get',
		item: { project: DEPOT.id },
		message:
			/^Could not get hook \d+\. Procore answered 404.*check the ID, the company and the proj/,
	},
	{
		name: 'a missing permission (403)',
		operation: 'project hook upsert',
		item: { project: DEPOT.id },
		arrange: async ({ control }) =>
			await control.setPermissions({ companyId: COMPANY.id, projectIds: [DEPOT.id] }),
		message: /project 902377\. Procore answered 403.*permission "Webhooks API" at level Standard/,
	},
	{
		name: 'a company that the app is not connected to',
		operation: 'company hook upsert',
		item: { company: UNCONNECTED_COMPANY },
		message: /App is not connected to this company.*Install the app in this company/,
	},
	{
		name: 'a project that does not exist',
		operation: 'project hook getAll',
		item: { project: '1' },
		message: /^Could not list the hooks of project 1\. Procore answered 404/,
	},
	{
		name: 'an invalid namespace',
		operation: 'project hook upsert',
		item: { namespace: 'My Flows_1' },
		message: /Procore allows only lowercase letters, digits and dashes, for example "my-flows-1"/,
	},
	{
		name: 'a rejected trigger',
		operation: 'project trigger create',
		item: { resource: 'RFI' },
		message:
			/^Could not subscribe hook \d+ to RFI create.*400.*not supported.*\(did you mean RFIs\)/,
	},
	{
		name: 'a server error that stays (500)',
		operation: 'project hook create',
		item: { project: DEPOT.id },
		arrange: creationsMeet({ kind: 'status', status: 500, body: `<h1>Oops</h1> ${SECRET}` }),
		message: /^Could not create a hook in project 902377\. Procore answered 500: Oops.*few minutes/,
	},
	{
		name: 'connections that are always dropped',
		operation: 'project hook create',
		item: { project: DEPOT.id },
		arrange: creationsMeet({ kind: 'drop', when: 'before' }),
		message:
			/^Could not create a hook in project 902377\. Procore did not respond.*Check that n8n can/,
	},
];

// A list that is empty under its namespace is followed by one request that counts the hooks of the others.
const SUCCEEDING: Array<Case & { statuses: number[] }> = [
	{
		name: 'a rate limit that resets in two seconds (429)',
		operation: 'project hook upsert',
		item: { project: DEPOT.id },
		arrange: async ({ control }) =>
			await control.addFault({ effect: { kind: 'rateLimited', resetInSeconds: 2 } }),
		statuses: [429, 200, 201],
	},
	{
		name: 'a gateway that answers 502, then 503',
		operation: 'project hook getAll',
		item: { project: DEPOT.id },
		arrange: async ({ control }) => {
			await control.addFault({ ...ofDepot, effect: { kind: 'status', status: 502 } });
			const headers = { 'Retry-After': '1' };
			const effect = { kind: 'status' as const, status: 503, headers };
			await control.addFault({ ...ofDepot, after: 1, effect });
		},
		statuses: [502, 503, 200, 200],
	},
	{
		name: 'a connection that is dropped',
		operation: 'project hook getAll',
		item: { project: DEPOT.id },
		arrange: async ({ control }) =>
			await control.addFault({ ...ofDepot, effect: { kind: 'drop', when: 'before' } }),
		statuses: [0, 200, 200],
	},
	{
		name: 'the lost answer of a creation',
		operation: 'project hook create',
		item: { project: DEPOT.id },
		arrange: async ({ control }) =>
			await control.addFault({ method: 'POST', effect: { kind: 'drop', when: 'after' } }),
		statuses: [0, 200],
	},
	{
		name: 'a token that has expired',
		operation: 'project hook getAll',
		item: { project: DEPOT.id },
		arrange: async ({ control }) => await control.expireTokens(),
		statuses: [401, 200, 200, 200],
	},
];

let stack: Stack<SharedN8n>;

beforeAll(async () => {
	stack = await startStack();
});

afterAll(async () => {
	await stack.stop();
});

describe.each(GENERATIONS)('Failures of the Procore node on Webhooks API %s', (generation) => {
	let scene: Scene;
	let strict: Actions;
	let lenient: Actions;

	beforeAll(async () => {
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		strict = await Actions.set(scene, OPERATIONS);
		lenient = await Actions.set(scene, OPERATIONS, { onError: 'continueRegularOutput' });
	});

	afterEach(async () => {
		await scene.control.reset();
	});

	/** An item that works for each operation in the clinic, and the failing variant of it for a case. */
	async function arranged({ item, arrange }: Case) {
		const hook = await strict.makeHook('project', { authorization: SECRET });
		const good = { hook, resource: 'RFIs', event: 'create' };
		await arrange?.(scene);
		await scene.control.clearRequests();
		return { good, bad: { ...good, authorization: SECRET, ...item } };
	}

	test.each(FAILING)('reports $name and continues with the other items', async (failing) => {
		const { good, bad } = await arranged(failing);
		const before = await scene.hooks();
		const { message, operation } = failing;

		const stopped = await strict.run(operation, bad);
		expect(stopped.items).toEqual([]);
		expect(stopped.error).toMatchObject({
			message: expect.stringMatching(message),
			node: operation,
		});
		expect(await scene.hooks()).toEqual(before);

		// Faults of creations affect every project.
		const others = operation === 'project hook create' ? [] : [good];
		const gone = await lenient.run(operation, bad, ...others);
		expect(gone.error).toBeUndefined();
		expect(gone.origins).toEqual([bad, ...others].map((_, index) => index));
		expect(gone.items[0]).toEqual({
			error: expect.stringMatching(message),
			details: expect.objectContaining({ code: expect.any(String) }),
		});
		for (const item of gone.items.slice(1)) expect(item).not.toHaveProperty('error');
		const { clientSecret } = await scene.control.seed();
		for (const text of [JSON.stringify(stopped.error), JSON.stringify(gone.items)]) {
			expect(text).not.toContain(SECRET);
			expect(text).not.toContain(clientSecret);
		}
	});

	test.each(SUCCEEDING)('recovers from $name', async (succeeding) => {
		const { bad } = await arranged(succeeding);
		const { operation, statuses } = succeeding;

		const { error } = await strict.run(operation, bad);

		expect(error).toBeUndefined();
		expect((await scene.control.requests()).map(({ status }) => status)).toEqual(statuses);
	});
});
