import type { IDataObject } from 'n8n-workflow';

import { acceptedAfterCheck } from '../../nodes/Procore/hook/secrets-after-check';
import {
	acceptedDigests,
	acceptedFrom,
	clearStoredState,
	readStoredState,
	secretsOfRemovedHooks,
	sinceWithoutState,
	writeStoredState,
	type StoredState,
} from '../../nodes/Procore/hook/stored-state';

const MEMORY: StoredState = {
	accepted: 'c0ffee',
	namespace: 'procore-trigger-abc',
	url: 'https://n8n.larkspur.example/webhook/1/procore',
	instance: 'https://n8n.larkspur.example/',
	apiUrl: 'https://api.procore.com',
	companyId: '4501177',
	hooks: [
		{ hookId: '1', scope: { kind: 'company', companyId: '4501177' } },
		{
			hookId: '2',
			scope: { kind: 'project', companyId: '598134325874214', projectId: '598134325900121' },
		},
	],
	since: '2026-11-17T15:42:08.317Z',
};

describe('the stored state of a hook', () => {
	test('is read back from a database unchanged', () => {
		const staticData: IDataObject = {};
		writeStoredState(staticData, MEMORY);
		const restored: IDataObject = JSON.parse(JSON.stringify(staticData));
		expect(readStoredState(restored)).toStrictEqual(MEMORY);
	});

	test('includes the identity of the node if it was stored', () => {
		const staticData: IDataObject = {};
		const own = { userId: '7710345', applicationId: 'app', lookedUpAt: 1_795_000_000_000 };
		writeStoredState(staticData, { ...MEMORY, own });
		expect(readStoredState(staticData)).toStrictEqual({ ...MEMORY, own });
	});

	test('keeps what others store in the static data', () => {
		const staticData: IDataObject = { cursor: 'x' };
		writeStoredState(staticData, MEMORY);
		expect(staticData.cursor).toBe('x');
		clearStoredState(staticData, 0);
		expect(staticData.cursor).toBe('x');
		expect(readStoredState(staticData)).toBeUndefined();
	});

	test.each([
		['a project', { hookId: '3', companyId: '4501177', projectId: '..' }],
		['a company', { hookId: '3', companyId: '4501177/..' }],
		['a hook', { hookId: '../triggers', companyId: '4501177' }],
	])('skips a hook with an ID of %s that cannot be one', (_case, hook) => {
		const staticData: IDataObject = {};
		writeStoredState(staticData, MEMORY);
		const { hook: saved } = staticData;
		if (typeof saved !== 'object' || saved === null || !('hooks' in saved)) throw new Error();
		const hooks = Array.isArray(saved.hooks) ? saved.hooks : [];
		const edited: IDataObject = JSON.parse(
			JSON.stringify({ hook: { ...saved, hooks: [...hooks, hook] } }),
		);
		expect(readStoredState(edited)).toStrictEqual(MEMORY);
	});

	test('replaces an older state', () => {
		const staticData: IDataObject = {};
		writeStoredState(staticData, MEMORY);
		writeStoredState(staticData, { ...MEMORY, hooks: [] });
		expect(readStoredState(staticData)).toEqual({ ...MEMORY, hooks: [] });
	});

	test.each([
		['nothing', {}],
		['text', { hook: 'x' }],
		['null', { hook: null }],
		['a list', { hook: [] }],
		['no namespace', { hook: { url: 'https://n8n.example/webhook/1/procore', hooks: [] } }],
		['no URL', { hook: { namespace: 'a', hooks: [] } }],
		['an empty URL', { hook: { namespace: 'a', url: '', hooks: [] } }],
	])('is undefined for %s', (_case, staticData) => {
		expect(readStoredState(staticData)).toBeUndefined();
	});

	test('skips invalid hooks', () => {
		const hooks = [
			null,
			'x',
			{},
			{ hookId: '1', projectId: '1' },
			{ companyId: '2' },
			{ hookId: 1, companyId: '2' },
			{ hookId: '2', companyId: 3, projectId: 4 },
		];
		expect(readStoredState({ hook: { url: 'a', namespace: 'b', hooks } })?.hooks).toEqual([
			{ hookId: '1', scope: { kind: 'company', companyId: '2' } },
			{ hookId: '2', scope: { kind: 'project', companyId: '3', projectId: '4' } },
		]);
	});
});

describe('the secrets that are accepted', () => {
	const HOUR = 3_600_000;

	test('are the new one, and for 12 hours the one before', () => {
		const renewed = { ...MEMORY, ...acceptedFrom(MEMORY, 'beef', 0) };
		expect(acceptedDigests(renewed, 12 * HOUR - 1)).toEqual(['beef', 'c0ffee']);
		expect(acceptedDigests(renewed, 12 * HOUR)).toEqual(['beef']);
	});

	test('stay the same when an activation changes nothing', () => {
		expect(acceptedFrom(MEMORY, 'c0ffee', 0)).toEqual({ accepted: 'c0ffee' });
		expect(acceptedFrom(undefined, 'c0ffee', 0)).toEqual({ accepted: 'c0ffee' });
	});

	test('count once when a secret comes back, and are bounded', () => {
		let state: StoredState = MEMORY;
		for (let renewal = 0; renewal < 20; renewal += 1) {
			state = { ...state, ...acceptedFrom(state, `0${renewal}`, renewal) };
		}
		expect(acceptedDigests(state, 20)).toEqual(['019', '018', '017', '016', '015', '014']);
		state = { ...state, ...acceptedFrom(state, '017', 20) };
		expect(acceptedDigests(state, 21)).toEqual(['017', '019', '018', '016', '015', '014']);
	});

	test('outlast the hooks, for those that replace them at the same URL, in the same Procore and company', () => {
		const staticData: IDataObject = {};
		writeStoredState(staticData, { ...MEMORY, ...acceptedFrom(MEMORY, 'beef', 0) });
		clearStoredState(staticData, HOUR);
		const kept: IDataObject = JSON.parse(JSON.stringify(staticData));
		const { url, apiUrl, companyId } = MEMORY;
		const here = { url, apiUrl, companyId };
		const next = acceptedFrom(secretsOfRemovedHooks(kept, here), 'cafe', 2 * HOUR);
		expect(acceptedDigests({ ...MEMORY, ...next }, 2 * HOUR)).toEqual(['cafe', 'beef', 'c0ffee']);
		expect(acceptedDigests({ ...MEMORY, ...next }, 12 * HOUR)).toEqual(['cafe', 'beef']);
		expect(acceptedDigests({ ...MEMORY, ...next }, 13 * HOUR)).toEqual(['cafe']);
		const sandbox = 'https://sandbox.procore.com';
		expect(secretsOfRemovedHooks(kept, { ...here, apiUrl: sandbox })).toBeUndefined();
		expect(secretsOfRemovedHooks(kept, { ...here, url: `${url}2` })).toBeUndefined();
		expect(secretsOfRemovedHooks(kept, { ...here, companyId: '9' })).toBeUndefined();
		writeStoredState(kept, MEMORY);
		expect(secretsOfRemovedHooks(kept, here)).toBeUndefined();
	});

	describe('after a safety check', () => {
		const state = { ...MEMORY, renewal: 'first' };
		const after = (renewal: string, allHave: boolean) => {
			const secrets = acceptedAfterCheck(state, { digest: 'beef', renewal }, allHave, 0);
			return acceptedDigests({ ...MEMORY, ...secrets }, 1);
		};

		test.each([
			['the new one alone, after a change of the client secret', 'first', true, ['beef']],
			['both, after a change of the text in Renew Secret', 'second', true, ['beef', 'c0ffee']],
			['the previous one, while a hook might have it', 'second', false, ['c0ffee']],
		])('are %s', (_title, renewal, allHave, expected) => {
			expect(after(renewal, allHave)).toEqual(expected);
		});

		test('are the current one if there is no stored state', () => {
			const current = { digest: 'beef', renewal: 'first' };
			const expected = { accepted: 'beef', renewal: 'first' };
			expect(acceptedAfterCheck(undefined, current, false, 0)).toEqual(expected);
		});
	});

	test('survive a database', () => {
		const staticData: IDataObject = {};
		const renewed = { ...MEMORY, ...acceptedFrom(MEMORY, 'beef', 0), renewal: 'second' };
		writeStoredState(staticData, renewed);
		expect(readStoredState(JSON.parse(JSON.stringify(staticData)))).toStrictEqual(renewed);
	});
});

describe('the time since which a node without stored state answers for its events', () => {
	const NOW = Date.parse('2026-11-17T15:42:08.317Z');
	const since = (...created: Array<string | null>) => sinceWithoutState(created, NOW);

	test.each([
		['now, if there was no hook', since(), '2026-11-17T15:42:08.317Z'],
		[
			'the creation of the first hook',
			since('2026-11-17T09:00:00Z', '2026-11-16T09:00:00Z'),
			'2026-11-16T09:00:00.000Z',
		],
		[
			'three days ago, if the hook is older',
			since('2026-01-01T00:00:00Z'),
			'2026-11-14T15:42:08.317Z',
		],
		['three days ago, if nobody knows', since(null), '2026-11-14T15:42:08.317Z'],
		['three days ago, if the time is unreadable', since('soon'), '2026-11-14T15:42:08.317Z'],
		[
			'now, if the clock of Procore is ahead',
			since('2026-11-17T15:50:00Z'),
			'2026-11-17T15:42:08.317Z',
		],
	])('is %s', (_title, actual, expected) => {
		expect(actual).toBe(expected);
	});
});
