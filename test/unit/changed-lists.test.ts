import { CHANGED_RESOURCES } from '../../nodes/Procore/model/changed-resources';
import { ENDPOINTS } from '../../nodes/Procore/record/endpoints';
import {
	CHANGED_LISTS,
	findChangedList,
	isProjectList,
} from '../../nodes/Procore/record/changed-lists';
import { planChanges } from '../../nodes/Procore/record/changes';
import catalogue from '../fixtures/procore/record-endpoints.json';
import reference from '../fixtures/procore/updated-at-filters.json';

/** The lists of Procore's reference with `filters[updated_at]` that need no other ids than company and project. */
const DOCUMENTED = new Map(reference.map((row) => [row.source, row]));

const ROWS = Object.entries(CHANGED_LISTS).map(([name, changed]) => ({ name, ...changed }));

describe('the catalogue of lists with changed records', () => {
	test.each(ROWS)('has the list of $name from the reference', ({ list, source }) => {
		const documented = DOCUMENTED.get(source);
		if (documented === undefined) throw new Error('Not in the reference');
		const [path = '', search = ''] = list.split('?');
		expect(path).toBe(documented.path);
		expect(documented.paged).toBe(true);
		expect(documented.filter).toMatch(/datetime range/);
		const given = [...list.matchAll(/\{(\w+)\}/g)].map(([, id]) => id);
		for (const id of documented.required) expect(given).toContain(id);
		for (const [name, value] of new URLSearchParams(search)) {
			if (value.startsWith('{')) expect(value).toBe(`{${name}}`);
		}
	});

	test.each(ROWS)('has $name at the level of its events', ({ name, list, source }) => {
		const row = catalogue.find(({ resource_name }) => resource_name === name);
		expect(isProjectList({ list, source }) ? 'project' : 'company').toBe(row?.level);
	});

	test('has every resource whose show endpoint stands beside such a list', () => {
		const paths = new Set(reference.map(({ path }) => path));
		const names = Object.entries(ENDPOINTS)
			.filter(([, { show = '' }]) => paths.has(show.replace(/\/\{id\}.*$/, '')))
			.map(([name]) => name);
		expect(names.length).toBeGreaterThan(20);
		expect(CHANGED_RESOURCES).toEqual(expect.arrayContaining(names));
		expect(CHANGED_RESOURCES).toHaveLength(29);
	});

	test('finds names without regard to case, and suggests the nearest one', () => {
		expect(findChangedList('rfis')).toMatchObject({ ok: true, name: 'RFIs' });
		expect(findChangedList('Punch Item')).toEqual({
			ok: false,
			message:
				'Procore can\'t list the changed records of "Punch Item". Did you mean "Punch Items"?',
		});
		expect(findChangedList('Weather')).toMatchObject({
			message: expect.stringMatching(/Select one from the list in Resource Name\.$/),
		});
	});
});

describe('the request for changed records', () => {
	test.each(ROWS)('leaves no placeholder unfilled for $name', ({ name, list, perPage }) => {
		const plan = planChanges(name, '4501177', '902214');
		if (!plan.ok) throw new Error(plan.message);
		expect(JSON.stringify([plan.query.path, plan.query.query])).not.toMatch(/[{}]\w+[{}]/);
		expect(plan.query.projectId).toBe(list.includes('{project_id}') ? '902214' : null);
		expect(plan.query.perPage).toBe(perPage ?? (list.startsWith('/rest/v2.') ? 100 : 1000));
	});

	test('needs a project for a resource of projects only', () => {
		expect(planChanges('RFIs', '4501177', '')).toEqual({
			ok: false,
			message: 'Project is missing, but RFIs belong to a project. Select it in Project.',
		});
		expect(planChanges('Trades', '4501177', '')).toMatchObject({ ok: true });
	});

	test('asks for inactive projects, obsolete drawings and the times of contracts', () => {
		const query = (name: string) => {
			const plan = planChanges(name, '4501177', '902214');
			return plan.ok ? plan.query.query : plan.message;
		};
		expect(query('Projects')).toEqual({ company_id: '4501177', 'filters[by_status]': 'All' });
		expect(query('Drawings')).toEqual({ with_obsolete: 'true' });
		expect(query('Work Order Contracts')).toEqual({ project_id: '902214', view: 'extended' });
	});
});
