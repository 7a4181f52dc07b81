import type { Fault } from '../../emulator/control-client';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CLINIC } from './procore';
import { Scene } from './scene';

const PARAMETERS = {
	scope: 'projects',
	projectIds: [CLINIC.id],
	events: ['RFIs:create'],
};

describe('A workflow whose deactivation gets a response from something other than Procore', () => {
	let stack: Stack<SharedN8n>;

	beforeAll(async () => {
		stack = await startStack();
	});

	afterAll(async () => {
		await stack.stop();
	});

	test.each<[string, Fault['effect']]>([
		['an HTML page', { kind: 'page' }],
		['a redirect to a login page', { kind: 'redirect' }],
	])(
		'keeps its hook despite %s and has the same hook when it is published again',
		async (_, effect) => {
			const { control } = stack.emulator;
			const scene = await Scene.set(stack.n8n.rest, control, 'v2.0');
			const workflow = await scene.activate(PARAMETERS);
			const hook = await scene.onlyHook();
			await control.addFault({ path: '^/rest', times: 0, effect });
			await control.clearRequests();

			await stack.n8n.rest.deactivate(workflow.id);

			const paths = (await control.requests()).map(({ path }) => path);
			expect(paths).not.toContain('/sign-in');
			expect(paths.some((path) => path.startsWith('/rest/'))).toBe(true);
			await control.clearFaults();
			expect(await scene.onlyHook()).toEqual(hook);
			await stack.n8n.rest.activate(workflow.id);
			expect(await scene.onlyHook()).toEqual(hook);
			await stack.n8n.rest.deactivate(workflow.id);
			expect(await scene.hooks()).toEqual([]);
			await scene.clear();
		},
	);
});
