import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CREDENTIAL_TYPE } from './credentials';
import { CLINIC, COMPANY, GENERATIONS, subscriptionsOf } from './procore';
import { Scene } from './scene';
import { selected, TRIGGER_TYPE } from './workflows';

describe.each(GENERATIONS)('Requests of an activation on Webhooks API %s', (generation) => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;
	let offered: string[];

	const place = { companyId: selected(COMPANY.id), scope: 'projects', projectIds: [CLINIC.id] };

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
		// Also fetches the first token, so that it is not counted below.
		const choices = await scene.rest.loadOptions({
			method: 'getEvents',
			path: 'events',
			nodeType: TRIGGER_TYPE,
			parameters: place,
			credentials: { [CREDENTIAL_TYPE]: scene.credential },
		});
		offered = choices.map(({ value }) => value);
	});

	afterAll(async () => {
		await scene.clear();
		await stack.stop();
	});

	/** Runs some work and returns the requests that it sends to Procore. */
	async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
		await scene.control.clearRequests();
		await work();
		return (await scene.control.requests()).map(({ method, path, status }) =>
			[method, path.replace(/\/hooks\/\d+/, '/hooks/:id'), status].join(' '),
		);
	}

	/**
	 * The requests of the activation itself. A safety check that n8n runs beside it or after it only reads, and depending on which of
	 * them begins first, it has nothing left to read.
	 */
	function upToLastWrite(requests: readonly string[]): string[] {
		const writes = requests.map((request, index) => (request.startsWith('GET') ? -1 : index));
		return requests.slice(0, Math.max(...writes) + 1);
	}

	test('are as many for 60 events as for one', async () => {
		const life = async (events: string[]) => {
			const { id } = await scene.draft({ ...place, events });
			const activation = await requestsOf(async () => await scene.rest.activate(id));
			expect(subscriptionsOf(await scene.onlyHook())).toEqual([...events].sort());
			const deactivation = await requestsOf(async () => await scene.rest.deactivate(id));
			expect(await scene.hooks()).toEqual([]);
			return { activation, deactivation };
		};

		const one = await life(offered.slice(0, 1));
		const sixty = await life(offered.slice(0, 60));

		expect(sixty.deactivation).toEqual(one.deactivation);
		expect(upToLastWrite(sixty.activation)).toEqual(upToLastWrite(one.activation));
		expect(upToLastWrite(one.activation).length).toBeLessThanOrEqual(3);
		for (const { activation } of [one, sixty]) {
			expect(activation.length - upToLastWrite(activation).length).toBeLessThanOrEqual(5);
		}
		// On v1.0, a deletion is confirmed by a second one.
		expect(one.deactivation.length).toBeLessThanOrEqual(generation === 'v1.0' ? 3 : 2);
	});

	test('are as many for 60 changed events as for one', async () => {
		const change = async (from: string[], to: string[]) => {
			const workflow = await scene.activate({ ...place, events: from });
			const requests = await requestsOf(
				async () =>
					await scene.republish(workflow, (trigger) => ({
						...trigger,
						parameters: { ...trigger.parameters, events: to },
					})),
			);
			expect(subscriptionsOf(await scene.onlyHook())).toEqual([...to].sort());
			await scene.rest.deactivate(workflow.id);
			return requests;
		};

		const one = await change(offered.slice(0, 1), offered.slice(1, 2));
		const sixty = await change(offered.slice(0, 60), offered.slice(60, 120));

		expect(upToLastWrite(sixty)).toEqual(upToLastWrite(one));
	});
});
