import { EmulatorControl, type HookState, type LoggedRequest } from '../../emulator/control-client';
import { startEmulator, type RunningEmulator } from '../../emulator/server';
import type { JsonObject } from '../harness/json';
import type { N8nRest, Workflow } from '../harness/n8n-rest';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import {
	CLINIC,
	COMPANY,
	DEPOT,
	expectedItem,
	GENERATIONS,
	subscriptionsOf,
	type Generation,
} from './procore';
import { Scene } from './scene';

interface Fault {
	name: string;
	/** Parameters of the trigger node, in addition to `PARAMETERS`. */
	parameters?: JsonObject;
	/** Prepares Procore, and returns text that the message must also contain. */
	arrange: (scene: Scene) => Promise<string[] | void>;
}

const PARAMETERS = {
	scope: 'projects',
	projectIds: [CLINIC.id],
	events: ['RFIs:create', 'RFIs:update', 'Submittals:create'],
};

const HOOKS = '/hooks$';
const TRIGGERS = '/triggers/bulk$';
const TIMES_WITHOUT_END = 0;

const FAILING: Array<Fault & { message: RegExp[] }> = [
	{
		name: 'some triggers are rejected (entries of a 207)',
		parameters: { events: ['RFI:update', 'RFIs:create', 'Submittals:create'] },
		arrange: async ({ control }) => {
			await control.addFault({
				path: TRIGGERS,
				times: TIMES_WITHOUT_END,
				effect: { kind: 'refuseTriggers', resources: ['Submittals'] },
			});
		},
		message: [
			/rejected these events for project 902214: /,
			/Submittals create \([^,]*is not supported\)/,
			/RFI update \(.*is not supported, did you mean RFIs\)/,
			/Select events from the list in Event Names or IDs/,
			/^(?!.*RFIs create)/,
		],
	},
	{
		name: 'all triggers are rejected (400)',
		arrange: async ({ control }) => {
			await control.addFault({
				method: 'POST',
				path: TRIGGERS,
				times: TIMES_WITHOUT_END,
				effect: {
					kind: 'status',
					status: 400,
					body: { errors: { resource_name: ['is not supported'] } },
				},
			});
		},
		message: [
			/Could not add subscriptions to hook \d+ of project 902214/,
			/400: resource_name is not supported/,
			/Correct the values named above and try again/,
		],
	},
	{
		name: 'the permission is missing (403)',
		arrange: async ({ control }) => {
			await control.setPermissions({ companyId: COMPANY.id, webhooks: 'none' });
		},
		message: [
			/project 902214/,
			/403.*Your app needs the Webhooks API permission/,
			/permission "Webhooks API" at level Standard/,
		],
	},
	{
		name: 'the permission is missing in one of two projects',
		parameters: { projectIds: [CLINIC.id, DEPOT.id] },
		arrange: async ({ control }) => {
			await control.setPermissions({ companyId: COMPANY.id, projectIds: [DEPOT.id] });
		},
		message: [
			/Could not set up 1 of 2 projects; changes were rolled back/,
			/project 902377: /,
			/permission "Webhooks API" at level Standard/,
		],
	},
	{
		name: 'the app is not connected to the company',
		arrange: async ({ control }) => {
			await control.setPermissions({ companyId: COMPANY.id, connected: false });
		},
		message: [/App is not connected to this company/, /Install the app in this company/],
	},
	{
		name: 'the given namespace is taken by another URL',
		parameters: { namespace: 'larkspur-field' },
		arrange: async (scene) => {
			const other = await scene.activate({ ...PARAMETERS, namespace: 'larkspur-field' });
			return [scene.url(other)];
		},
		message: [
			/namespace "larkspur-field" in project 902214 is already used by hook /,
			/Leave Namespace empty, choose another, or delete that hook/,
		],
	},
	{
		name: 'Procore answers 500 to every creation',
		arrange: async ({ control }) => {
			await control.addFault({
				method: 'POST',
				path: HOOKS,
				times: TIMES_WITHOUT_END,
				effect: { kind: 'status', status: 500, body: '<html><h1>Oops</h1></html>' },
			});
		},
		message: [
			/Could not create a hook in project 902214/,
			/500: Oops/,
			/Try again in a few minutes/,
		],
	},
];

const SUCCEEDING: Array<Fault & { requests: RegExp[] }> = [
	{
		name: 'the hook is created and the response is lost',
		arrange: async ({ control }) => {
			await control.addFault({
				method: 'POST',
				path: HOOKS,
				effect: { kind: 'drop', when: 'after' },
			});
		},
		requests: [/POST \S+\/hooks 0/],
	},
	{
		name: 'the request to create the hook is lost',
		arrange: async ({ control }) => {
			await control.addFault({
				method: 'POST',
				path: HOOKS,
				effect: { kind: 'drop', when: 'before' },
			});
		},
		requests: [/POST \S+\/hooks 0/, /POST \S+\/hooks 201/],
	},
	{
		name: 'the triggers are added and the response is lost',
		arrange: async ({ control }) => {
			await control.addFault({
				method: 'POST',
				path: TRIGGERS,
				effect: { kind: 'drop', when: 'after' },
			});
		},
		requests: [/POST \S+\/triggers\/bulk 0/],
	},
	{
		name: 'the rate limit is reached midway and resets after three seconds (429)',
		arrange: async ({ control }) => {
			await control.addFault({
				path: '/rest/',
				after: 1,
				effect: { kind: 'rateLimited', resetInSeconds: 3 },
			});
		},
		requests: [/ 429$/],
	},
	{
		name: 'the token expires midway',
		arrange: async ({ control }) => {
			await control.addFault({ path: TRIGGERS, effect: { kind: 'expireToken' } });
		},
		requests: [/POST \S+\/triggers\/bulk 401/, /POST \/oauth\/token 200/],
	},
	{
		name: 'a gateway answers 502, then 503',
		arrange: async ({ control }) => {
			await control.addFault({ path: '/hooks', effect: { kind: 'status', status: 502 } });
			await control.addFault({
				path: '/hooks',
				after: 1,
				effect: { kind: 'status', status: 503, headers: { 'Retry-After': '1' } },
			});
		},
		requests: [/ 502$/, / 503$/],
	},
];

/** An activation against its own Procore with a fault. */
interface Trial {
	scene: Scene;
	workflow: Workflow;
	/** The message that n8n reports; undefined if the activation succeeded. */
	message: string | undefined;
	/** Further text that the message must contain. */
	words: string[];
	hooksBefore: HookState[];
	hooksAfter: HookState[];
	requests: LoggedRequest[];
}

/** Activations that n8n works on at the same time. */
const AT_ONCE = 6;

/** A failing activation takes at least 15 seconds. */
const ACTIVATION_TIMEOUT = 170_000;

const emulators: RunningEmulator[] = [];

async function tryOut(
	rest: N8nRest,
	generation: Generation,
	{ arrange, parameters }: Fault,
): Promise<Trial> {
	const emulator = await startEmulator();
	emulators.push(emulator);
	const control = new EmulatorControl(emulator.url);
	const scene = await Scene.set(rest, control, generation);
	const words = await arrange(scene);
	const workflow = await scene.draft({ ...PARAMETERS, ...parameters });
	const hooksBefore = await scene.hooks();
	await control.clearRequests();
	const message = await rest.activate(workflow.id, ACTIVATION_TIMEOUT).then(
		() => undefined,
		(error: unknown) => String(error),
	);
	return {
		scene,
		workflow,
		message,
		words: words ?? [],
		hooksBefore,
		hooksAfter: await scene.hooks(),
		requests: await control.requests(),
	};
}

describe('Faults during the activation of a Procore Trigger', () => {
	let stack: Stack<SharedN8n>;
	const trials = new Map<string, Promise<Trial>>();

	// n8n tries a failing activation five times within 15 seconds, so several of them run at the same time.
	beforeAll(async () => {
		stack = await startStack();
		const lanes = Array.from({ length: AT_ONCE }, async () => await Promise.resolve());
		for (const generation of GENERATIONS) {
			for (const fault of [...SUCCEEDING, ...FAILING]) {
				const lane = trials.size % AT_ONCE;
				const trial = (lanes[lane] ?? Promise.resolve()).then(
					async () => await tryOut(stack.n8n.rest, generation, fault),
				);
				lanes[lane] = trial.then(
					() => undefined,
					() => undefined,
				);
				trials.set(`${generation} ${fault.name}`, trial);
			}
		}
	});

	afterAll(async () => {
		// Without the faults, so that n8n can unpublish the workflows at once.
		for (const trial of await Promise.allSettled(trials.values())) {
			if (trial.status === 'rejected') continue;
			await trial.value.scene.control.reset();
		}
		await stack.stop();
		await Promise.all(emulators.map(async (emulator) => await emulator.stop()));
	});

	async function trialOf(generation: Generation, { name }: Fault): Promise<Trial> {
		const trial = trials.get(`${generation} ${name}`);
		if (trial === undefined) throw new Error(`${name} was not tried`);
		return await trial;
	}

	describe.each(GENERATIONS)('Webhooks API %s', (generation) => {
		test.each(FAILING)('fail and leave nothing behind: $name', async (fault) => {
			const { message, words, hooksBefore, hooksAfter, scene } = await trialOf(generation, fault);

			for (const part of fault.message) expect(message).toMatch(part);
			for (const word of words) expect(message).toContain(word);
			const { clientSecret } = await scene.control.seed();
			expect(message).not.toContain(clientSecret);
			expect(message).not.toMatch(/Bearer/);
			expect(hooksAfter).toEqual(hooksBefore);
		});

		test.each(SUCCEEDING)('end with exactly one correct hook: $name', async (fault) => {
			const { message, requests, scene, workflow } = await trialOf(generation, fault);

			expect(message).toBeUndefined();
			const lines = requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
			for (const line of fault.requests) {
				expect(lines).toContainEqual(expect.stringMatching(line));
			}
			const hook = await scene.onlyHook();
			expect(hook).toMatchObject({ destinationUrl: scene.url(workflow), status: 'active' });
			expect(subscriptionsOf(hook)).toEqual([...PARAMETERS.events].sort());

			// The secret that n8n expects is that of the hook.
			const event = await scene.fire({
				companyId: COMPANY.id,
				projectId: CLINIC.id,
				resourceName: 'RFIs',
				eventType: 'create',
			});
			expect(await scene.received(workflow, 1)).toEqual([[expectedItem(event, 'v2.0')]]);
			await scene.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
		});
	});
});
