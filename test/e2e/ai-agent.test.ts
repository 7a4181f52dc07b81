import { startScriptedModel, type ScriptedModel, type Turn } from '../harness/chat-model';
import type { Execution } from '../harness/n8n-execution';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CREDENTIAL_TYPE } from './credentials';
import { importExample, runToEnd } from './example-workflows';
import { CLINIC, COMPANY } from './procore';
import { Scene } from './scene';

const read = (project: string): Turn => ({
	tool: 'Read_Record',
	input: { resource: 'RFIs', record_id: '338821', project },
});

/** The model is a script; everything else, such as the tools and their parameters, is n8n's and this package's. */
describe('ai-agent.json', () => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;
	let model: ScriptedModel;

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.clear();
		await model.stop();
	});

	afterAll(async () => {
		await stack.stop();
	});

	/** Asks the agent, whose model takes these turns. */
	async function ask(turns: readonly Turn[]): Promise<Execution> {
		model = await startScriptedModel(turns);
		const { id, name } = scene.credential;
		const openAi = await scene.rest.createCredential('Scripted model', 'openAiApi', {
			apiKey: 'none',
			url: model.url,
		});
		const draft = await importExample(scene, 'ai-agent.json', {}, (node) => {
			switch (node.name) {
				case 'Find Projects':
				case 'Read Record':
					return { ...node, credentials: { [CREDENTIAL_TYPE]: { id, name } } };
				case 'Chat Model':
					return { ...node, credentials: { openAiApi: { id: openAi.id, name: openAi.name } } };
				case 'When Asked':
					return {
						name: node.name,
						...{ type: 'n8n-nodes-base.code', typeVersion: 2 },
						parameters: { jsCode: "return [{ json: { chatInput: 'What is RFI 338821?' } }];" },
					};
				default:
					return node;
			}
		});
		const start = { name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };
		return await runToEnd(
			scene,
			await scene.add({
				...draft,
				nodes: [start, ...draft.nodes],
				connections: {
					...draft.connections,
					Start: { main: [[{ node: 'When Asked', type: 'main', index: 0 }]] },
				},
			}),
		);
	}

	test('answers with what the Procore node returns as a tool', async () => {
		await scene.fire({
			...{ companyId: COMPANY.id, projectId: CLINIC.id, resourceName: 'RFIs' },
			...{ resourceId: '338821', eventType: 'create' },
		});

		const execution = await ask([
			{ tool: 'Find_Projects', input: {} },
			read('Nowhere Tower'),
			read(CLINIC.name),
			{ answer: (results) => results.join('\n') },
		]);

		expect(execution.error).toBeUndefined();
		const [{ output } = {}] = execution.itemsOf('Agent');
		expect(output).toMatch(/No project is called .{1,2}Nowhere Tower.* Candidates: .*Clinic/);
		expect(output).toContain(CLINIC.name);
		expect(output).toContain('Anchor bolts at grid C4');
		expect(output).toContain(`${scene.control.url}/${CLINIC.id}/project/rfi/show/338821`);
		expect([...model.tools].sort()).toEqual(['Find_Projects', 'Read_Record']);
	});

	test('lets the model answer although the projects cannot be listed', async () => {
		await scene.control.addFault({
			path: '/projects\\?',
			times: 0,
			effect: { kind: 'status', status: 403, body: { errors: 'No access to the Portfolio' } },
		});

		const execution = await ask([
			{ tool: 'Find_Projects', input: {} },
			{ answer: (results) => `Procore said: ${results.join()}` },
		]);

		expect(execution.error).toBeUndefined();
		expect(execution.itemsOf('Agent')).toMatchObject([
			{ output: expect.stringMatching(/^Procore said: .*No access to the Portfolio/s) },
		]);
		expect(execution.itemsOf('Not Answered')).toEqual([]);
	});

	test('says why it cannot answer if the model fails', async () => {
		const execution = await ask([{ rejects: 'Incorrect API key provided' }]);

		expect(execution.status).toBe('success');
		expect(execution.itemsOf('Agent')).toEqual([]);
		expect(execution.itemsOf('Not Answered')).toEqual([
			{
				output: expect.stringMatching(
					/^The question could not be answered: .*(Authorization|API key)/s,
				),
			},
		]);
	});
});
