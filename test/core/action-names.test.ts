import { GENERATIONS, inProject, jsonOf, makeHook, messageOf, onlyJson } from './action-support';
import { byId, useN8n } from './harness';

describe.each(GENERATIONS)('companies and projects by name on %s', (version) => {
	const n8n = useN8n();

	beforeEach(async () => {
		await n8n.connect({ version });
	});

	/** A value that the editor does not check, as that of an AI model. */
	const given = (value: string) => byId(`={{ ${JSON.stringify(value)} }}`);
	const hooksOf = (company: string, project: string) =>
		inProject('hook', 'getAll', { companyId: given(company), projectId: given(project) });

	test('are found if exactly one has the name, as an AI model gives it', async () => {
		const id = await makeHook(n8n);
		expect(
			onlyJson(await n8n.run(hooksOf('larkspur build co', 'Harbour Street Clinic'))),
		).toMatchObject({ id });
		expect(
			onlyJson(await n8n.run(hooksOf('4501177', 'HS-014 - Harbour Street Clinic'))),
		).toMatchObject({ id });
	});

	test('are listed if several have it, or none', async () => {
		const several = messageOf(await n8n.run(hooksOf('larkspur', 'Harbour Street Clinic')));
		expect(several).toMatch(
			/"larkspur" fits several companies\. Candidates: Larkspur Build Co \(ID 4501177\), .*Enter the ID/,
		);
		const none = messageOf(await n8n.run(hooksOf('4501177', 'Hospital of Nowhere')));
		expect(none).toMatch(/No project is called "Hospital of Nowhere"\. Candidates: .*Clinic/);
	});

	test('cost no request if the IDs are given', async () => {
		await makeHook(n8n);
		await n8n.requests();
		expect(jsonOf(await n8n.run(inProject('hook', 'getAll')))).toHaveLength(1);
		expect(await n8n.requests()).toHaveLength(1);
	});

	test('fail for their item only if the node continues on fail', async () => {
		const id = await makeHook(n8n);
		const parameters = { ...hooksOf('4501177', ''), projectId: byId('={{ $json.project }}') };
		const { items } = await n8n.run(
			parameters,
			[{ project: 'Nowhere Tower' }, { project: 'Harbour Street Clinic' }],
			{ onError: 'continueRegularOutput' },
		);
		expect(items[0]?.json.error).toMatch(/No project is called "Nowhere Tower"/);
		expect(items[1]?.json).toMatchObject({ id });
	});
});
