import { explainInvalidId, extractId, idPattern, type IdKind } from '../../nodes/Procore/model/id';

const COMPANY_PAGE = 'https://app.procore.com/4501177/company/home/list';
const PROJECT_PAGE = 'https://app.procore.com/902214/project/home';
const TOOL_PAGE =
	'https://us02.procore.com/webclients/host/companies/598134325874214/projects/598134325900121/tools/rfis?x=1';

describe('an id that a user pasted', () => {
	test.each<[string, IdKind, string]>([
		['4501177', 'company', '4501177'],
		[' 4501177\n', 'company', '4501177'],
		['', 'company', ''],
		['   ', 'project', ''],
		[COMPANY_PAGE, 'company', '4501177'],
		[`  ${COMPANY_PAGE} `, 'company', '4501177'],
		['app.procore.com/4501177/company/home', 'company', '4501177'],
		['https://app.procore.com/4501177/company', 'company', '4501177'],
		['https://app.procore.com/4501177', 'company', '4501177'],
		['app.procore.com/4501177/ ', 'company', '4501177'],
		['https://app.procore.com/4501177?tab=1', 'company', '4501177'],
		[PROJECT_PAGE, 'project', '902214'],
		[TOOL_PAGE, 'company', '598134325874214'],
		[TOOL_PAGE, 'project', '598134325900121'],
		['01JNNGH4ZPX76PVYJX10A0Y5N9', 'project', '01JNNGH4ZPX76PVYJX10A0Y5N9'],
	])('%j contains the %s id %s', (typed, kind, id) => {
		expect(extractId(typed, kind)).toBe(id);
	});

	test.each<[string, IdKind]>([
		[PROJECT_PAGE, 'company'],
		[COMPANY_PAGE, 'project'],
		['https://app.procore.com/4501177/companyhome', 'company'],
		['..', 'company'],
		['4501177/..', 'company'],
		['4501177?x=1', 'project'],
		[`/${'1'.repeat(65)}/company`, 'company'],
	])('%j contains no %s id and is rejected', (typed, kind) => {
		expect(extractId(typed, kind)).toBe(typed);
		expect(explainInvalidId(extractId(typed, kind), 'Company')).toMatch(
			/is not a valid Procore ID for Company/,
		);
	});

	test.each<[string, IdKind | undefined, boolean]>([
		['4501177', 'company', true],
		['01JNNGH4ZPX76PVYJX10A0Y5N9', undefined, true],
		[' 902214 ', 'project', true],
		[PROJECT_PAGE, 'project', true],
		[TOOL_PAGE, 'company', true],
		[PROJECT_PAGE, 'company', false],
		[PROJECT_PAGE, undefined, false],
		['', 'project', false],
		['..', 'project', false],
	])('%j in the panel of a %s is accepted: %s', (typed, kind, isAccepted) => {
		// n8n anchors the pattern in the same way.
		expect(new RegExp(`^${idPattern(kind)}$`).test(typed)).toBe(isAccepted);
	});

	test('may be omitted for the company', () => {
		expect(new RegExp(`^${idPattern('company', true)}$`).test('')).toBe(true);
	});

	test.each([
		'1'.repeat(200_000),
		'/'.repeat(200_000),
		'/1'.repeat(100_000),
		'/companies/'.repeat(20_000),
		`/${'1'.repeat(64)}`.repeat(3_000),
		' '.repeat(200_000),
		`${'/companies/1'.repeat(20_000)}\n`,
	])('is read from any text in linear time (%#)', (typed) => {
		// A pattern that backtracks would never finish.
		for (const kind of ['company', 'project'] as const) {
			extractId(typed, kind);
			new RegExp(`^${idPattern(kind)}$`).test(typed);
		}
	});
});
