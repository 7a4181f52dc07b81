import { readEvent, type ProcoreEvent } from '../../nodes/Procore/model/event';
import {
	explainUnservable,
	fieldOf,
	isOwnChange,
	passesFilters,
	type FilterCondition,
	type FilterField,
} from '../../nodes/Procore/model/event-filter';

function event(over: object = {}, metadata: object | null = {}): ProcoreEvent {
	const read = readEvent({
		id: 7,
		ulid: '01M7N2RDDYB8Y9Y5Z2PKB80492',
		timestamp: '2026-11-17T15:42:08.317904Z',
		event_type: 'update',
		resource_name: 'RFIs',
		resource_id: 338821,
		company_id: 4501177,
		project_id: 902214,
		user_id: 7710345,
		api_version: 'v2.0',
		metadata: {
			source_user_id: 7710345,
			source_company_id: 4501177,
			source_project_id: 902214,
			source_application_id: 'app',
			source_operation_id: 'op',
			...metadata,
		},
		...over,
	});
	if (read === undefined) throw new Error('not an event');
	return read;
}

const ofV4 = () =>
	event({ event_type: undefined, reason: 'update', resource_type: 'RFIs', metadata: undefined });

function condition(
	field: FilterField,
	operator: FilterCondition['operator'],
	...values: string[]
): FilterCondition {
	return { field, operator, values };
}

describe('fieldOf', () => {
	test.each([
		['source_user_id', '7710345'],
		['source_company_id', '4501177'],
		['source_project_id', '902214'],
	] as const)('takes %s from the event if the metadata has none', (field, value) => {
		expect(fieldOf(event({}, { [field]: null }), field)).toBe(value);
		expect(fieldOf(ofV4(), field)).toBe(value);
	});

	test('prefers the metadata', () => {
		expect(fieldOf(event({}, { source_user_id: 1 }), 'source_user_id')).toBe('1');
	});

	test.each(['source_application_id', 'source_operation_id'] as const)(
		'returns null for a missing %s',
		(field) => {
			expect(fieldOf(event({}, { [field]: null }), field)).toBeNull();
			expect(fieldOf(ofV4(), field)).toBeNull();
		},
	);
});

describe('passesFilters', () => {
	const nobody = event({ user_id: null }, { source_user_id: null, source_application_id: null });
	test.each<[string, ProcoreEvent, FilterCondition[], boolean]>([
		['no condition', event(), [], true],
		['one of, there', event(), [condition('source_user_id', 'isOneOf', '1', '7710345')], true],
		['one of, not there', event(), [condition('source_user_id', 'isOneOf', '1')], false],
		['one of nothing', event(), [condition('source_user_id', 'isOneOf')], false],
		['one of, null', nobody, [condition('source_user_id', 'isOneOf', '')], false],
		['none of, there', event(), [condition('source_user_id', 'isNoneOf', '7710345')], false],
		['none of, not there', event(), [condition('source_user_id', 'isNoneOf', '1')], true],
		['none of, null', nobody, [condition('source_application_id', 'isNoneOf', 'app')], true],
		['set', event(), [condition('source_application_id', 'isSet')], true],
		['set, null', nobody, [condition('source_application_id', 'isSet')], false],
		[
			'set through the event',
			event({}, { source_user_id: null }),
			[condition('source_user_id', 'isSet')],
			true,
		],
		['not set', event(), [condition('source_operation_id', 'isNotSet')], false],
		['not set, null', nobody, [condition('source_user_id', 'isNotSet')], true],
		[
			'all must hold',
			event(),
			[condition('source_user_id', 'isSet'), condition('source_project_id', 'isOneOf', '1')],
			false,
		],
	])('%s', (_name, subject, conditions, expected) => {
		expect(passesFilters(subject, conditions)).toBe(expected);
	});
});

describe('isOwnChange', () => {
	const own = { userId: '7710345', applicationId: 'app' };
	const byBoth = event();
	const byUser = event({}, { source_application_id: null });
	const byApp = event({ user_id: 1 }, { source_user_id: null });
	const byOthers = event({ user_id: 1 }, { source_user_id: 1, source_application_id: 'other' });
	test.each([
		['none', byBoth, false],
		['user', byBoth, true],
		['user', byUser, true],
		['user', byApp, false],
		['application', byUser, false],
		['application', byApp, true],
		['both', byUser, true],
		['both', byApp, true],
		['both', byOthers, false],
	] as const)('%s', (ignore, subject, expected) => {
		expect(isOwnChange(subject, ignore, own)).toBe(expected);
	});

	test('recognizes the user on payload v4.0, which has no metadata', () => {
		expect(isOwnChange(ofV4(), 'user', own)).toBe(true);
	});

	test('treats nothing as its own if it cannot tell', () => {
		expect(isOwnChange(byBoth, 'both', undefined)).toBe(false);
		expect(
			isOwnChange(event({}, { source_application_id: '' }), 'application', {
				...own,
				applicationId: '',
			}),
		).toBe(false);
	});
});

describe('explainUnservable', () => {
	const byApp = [condition('source_application_id', 'isSet')];
	test('names the field and the versions that support it', () => {
		expect(explainUnservable('v4.0', byApp, 'none')).toMatch(
			/source_application_id.*v2\.0 and v3\.0/,
		);
		expect(explainUnservable('v4.0', [], 'application')).toMatch(/source_application_id/);
		expect(explainUnservable('v4.0', [], 'both')).toMatch(/source_application_id/);
	});

	test.each(['v2.0', 'v3.0'] as const)('accepts everything on %s', (version) => {
		expect(explainUnservable(version, byApp, 'both')).toBeUndefined();
	});

	test('accepts on v4.0 what the event itself contains', () => {
		const byUser = [condition('source_user_id', 'isOneOf', '1')];
		expect(explainUnservable('v4.0', byUser, 'user')).toBeUndefined();
	});
});
