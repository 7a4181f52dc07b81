import type { IDataObject } from 'n8n-workflow';

import { forget, recall, remember, type HookMemory } from '../../nodes/Procore/hook/memory';

const MEMORY: HookMemory = {
	secret: 'c0ffee',
	namespace: 'procore-trigger-abc',
	scopes: [
		{ kind: 'company', companyId: '4501177' },
		{ kind: 'project', companyId: '598134325874214', projectId: '598134325900121' },
	],
};

describe("the hook's memory", () => {
	test('comes back from a database as it was', () => {
		const staticData: IDataObject = {};
		remember(staticData, MEMORY);
		const restored: IDataObject = JSON.parse(JSON.stringify(staticData));
		expect(recall(restored)).toStrictEqual(MEMORY);
	});

	test('leaves what others keep in the static data', () => {
		const staticData: IDataObject = { cursor: 'x' };
		remember(staticData, MEMORY);
		expect(staticData.cursor).toBe('x');
		forget(staticData);
		expect(staticData).toEqual({ cursor: 'x' });
		expect(recall(staticData)).toBeUndefined();
	});

	test('replaces an older one', () => {
		const staticData: IDataObject = {};
		remember(staticData, MEMORY);
		remember(staticData, { ...MEMORY, scopes: [] });
		expect(recall(staticData)).toEqual({ ...MEMORY, scopes: [] });
	});

	test.each([
		['nothing', {}],
		['text', { hook: 'x' }],
		['null', { hook: null }],
		['a list', { hook: [] }],
		['no secret', { hook: { namespace: 'a', scopes: [] } }],
		['an empty secret', { hook: { secret: '', namespace: 'a', scopes: [] } }],
		['no namespace', { hook: { secret: 'a', scopes: [] } }],
	])('is undefined where there is %s', (_case, staticData) => {
		expect(recall(staticData)).toBeUndefined();
	});

	test('leaves out scopes that are none', () => {
		const scopes = [
			null,
			'x',
			{},
			{ projectId: '1' },
			{ companyId: '2' },
			{ companyId: 3, projectId: 4 },
		];
		expect(recall({ hook: { secret: 'a', namespace: 'b', scopes } })?.scopes).toEqual([
			{ kind: 'company', companyId: '2' },
			{ kind: 'project', companyId: '3', projectId: '4' },
		]);
	});
});
