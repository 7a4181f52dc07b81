import { startScriptedModel, type ScriptedModel, type Turn } from '../harness/chat-model';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CREDENTIAL_TYPE } from './credentials';
import { importExample, runExample } from './example-workflows';
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
		model = await startScriptedModel([
			{ tool: 'Find_Projects', input: {} },
			read('Nowhere Tower'),
			read(CLINIC.name),
			{ answer: (results) => results.join('\n') },
		]);
	});

	afterAll(async () => {
		await scene.clear();
		await Promise.all([stack.stop(), model.stop()]);
	});

	test('answers with what the Procore node returns as a tool', async () => {
		await scene.fire({
			...{ companyId: COMPANY.id, projectId: CLINIC.id, resourceName: 'RFIs' },
			...{ resourceId: '338821', eventType: 'create' },
		});
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
		const execution = await runExample(
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

		const [{ output } = {}] = execution.itemsOf('Agent');
		expect(output).toMatch(/No project is called .{1,2}Nowhere Tower.* Candidates: .*Clinic/);
		expect(output).toContain(CLINIC.name);
		expect(output).toContain('Anchor bolts at grid C4');
		expect(output).toContain(`${scene.control.url}/${CLINIC.id}/project/rfi/show/338821`);
		expect([...model.tools].sort()).toEqual(['Find_Projects', 'Read_Record']);
	});
});
