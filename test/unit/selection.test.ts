import { NodeHelpers, type INodeParameters } from 'n8n-workflow';

import { filters } from '../../nodes/Procore/descriptions/filters';
import { startsWorkflow, selectionOf } from '../../nodes/Procore/hook/selection';
import { FIELD_LABELS } from '../../nodes/Procore/model/event-filter';
import { readEvent } from '../../nodes/Procore/model/event';
import { ProcoreTrigger } from '../../nodes/Procore/ProcoreTrigger.node';
import { NODE } from './support/node';

const EVENT = readEvent({
	id: '1',
	event_type: 'create',
	resource_name: 'RFIs',
	resource_id: '2',
	user_id: '7',
});

describe('the filters of the trigger', () => {
	test.each<[string, unknown, RegExp]>([
		[
			'an unknown field',
			[{ field: 'source_usr_id', operator: 'isSet' }],
			/^Filters, condition 1: Field is "source_usr_id", .* Select a field/,
		],
		[
			'an unknown operator',
			[
				{ field: 'source_user_id', operator: 'isSet' },
				{ field: 'source_user_id', operator: 'equals', value: '7' },
			],
			/^Filters, condition 2 \(User\): Operator is "equals", .* Select an operator/,
		],
		[
			'an empty value',
			[{ field: 'source_application_id', operator: 'isOneOf', value: ' , ' }],
			/^Filters, condition 1 \(Application \(Client ID\)\): Value is empty/,
		],
		[
			'a value that an expression made undefined',
			[{ field: 'source_project_id', operator: 'isNoneOf', value: undefined }],
			/^Filters, condition 1 \(Project ID\): Value is empty/,
		],
		[
			'no user',
			[{ field: 'source_user_id', operator: 'isOneOf', users: [], value: '' }],
			/^Filters, condition 1 \(User\): No user is selected.*in User Names or IDs.*in Users Not Listed \(IDs\)/,
		],
		['a condition that is not one', ['x'], /Field is ""/],
		['conditions that are not a list', 'all', /^Filters is not a list/],
		[
			'a field of many lines',
			[{ field: `a\nb${'x'.repeat(500)}`, operator: 'isSet' }],
			/^Filters, condition 1: Field is "a\\nbx{37}", /,
		],
	])('report %s and drop no event because of it', (_case, conditions, problem) => {
		const selection = selectionOf(conditions, 'none');
		expect(selection.problem).toMatch(problem);
		if (EVENT === undefined) throw new Error('No event');
		expect(startsWorkflow(EVENT, selection, undefined)).toBe(true);
	});

	test('compare with the selected users and with the entered IDs', () => {
		const condition = { field: 'source_user_id', operator: 'isOneOf', users: ['8'], value: '7, 8' };
		expect(selectionOf([condition], 'none').conditions).toMatchObject([{ values: ['8', '7'] }]);
		const other = { ...condition, field: 'source_project_id' };
		expect(selectionOf([other], 'none').conditions).toMatchObject([{ values: ['7', '8'] }]);
	});

	test('report an unknown value of Ignore Own Changes', () => {
		expect(selectionOf([], 'me').problem).toMatch(
			/^Ignore Own Changes is "me", which is not one of/,
		);
	});

	test('are valid as the panel returns them', () => {
		const conditions = [
			{ field: 'source_user_id', operator: 'isNoneOf', value: '7, 8' },
			{ field: 'source_operation_id', operator: 'isNotSet', value: '' },
		];
		const selection = selectionOf(conditions, 'both');
		expect(selection.problem).toBeUndefined();
		expect(selection.conditions).toHaveLength(2);
		if (EVENT === undefined) throw new Error('No event');
		expect(startsWorkflow(EVENT, selection, undefined)).toBe(false);
	});

	test.each([
		['source_user_id', 'isOneOf', ['User Names or IDs', 'Users Not Listed (IDs)']],
		['source_project_id', 'isNoneOf', ['Value']],
		['source_user_id', 'isSet', []],
		['source_application_id', 'isNotSet', []],
	])('show for %s %s only what can be filled in', (field, operator, labels) => {
		const [conditions] = filters.options ?? [];
		if (conditions === undefined || !('values' in conditions)) throw new Error('No conditions');
		const shown = conditions.values
			.filter(({ name }) => !['field', 'operator'].includes(name))
			.filter((property) =>
				NodeHelpers.displayParameter({ field, operator }, property, null, null),
			);
		expect(shown.map(({ displayName }) => displayName)).toEqual(labels);
	});

	test('keep what is entered for a user and for another field', () => {
		const conditions = [
			{ field: 'source_user_id', operator: 'isOneOf', users: ['8'], value: '7' },
			{ field: 'source_project_id', operator: 'isNoneOf', value: '902214' },
		];
		const stored: INodeParameters = { filters: { conditions } };
		const { description } = new ProcoreTrigger();
		const node = { ...NODE, parameters: stored };
		const read = NodeHelpers.getNodeParameters(
			description.properties,
			stored,
			true,
			false,
			node,
			description,
		);
		expect(read?.filters).toEqual({ conditions });
	});

	test('have the same names in messages as in the panel', () => {
		const text = JSON.stringify(filters);
		for (const [value, name] of Object.entries(FIELD_LABELS)) {
			expect(text).toContain(`"name":"${name}","value":"${value}"`);
		}
	});
});
