import { isName, pickByName } from '../../nodes/Procore/actions/find-by-name';

const CLINIC = { id: '902214', names: ['Harbour Street Clinic', 'HS-014 - Harbour Street Clinic'] };
const DEPOT = { id: '902377', names: ['Dry Creek Depot', 'DC-002 - Dry Creek Depot'] };
const ANNEX = { id: '902390', names: ['Harbour Street Clinic Annex'] };

describe('a company or project that is given by name', () => {
	test.each<[string, boolean]>([
		['Harbour Street Clinic', true],
		['HS-014 - Harbour Street Clinic', true],
		['Depot', true],
		['902214', false],
		[' 902214 ', false],
		['01JNNGH4ZPX76PVYJX10A0Y5N9', false],
		['https://app.procore.com/902214/project/home', false],
		['..', false],
		['.', false],
		['4501177?x=1', false],
		['../902391', false],
		['', false],
	])('is told from an ID: %j', (typed, expected) => {
		expect(isName(typed, 'project')).toBe(expected);
	});

	test('is found by its whole name, whatever the case and the spaces', () => {
		const all = [CLINIC, DEPOT, ANNEX];
		expect(pickByName(' harbour  street CLINIC', 'project', all)).toEqual({
			ok: true,
			id: CLINIC.id,
		});
		expect(pickByName('HS-014 - Harbour Street Clinic', 'project', all)).toEqual({
			ok: true,
			id: CLINIC.id,
		});
	});

	test('is found by a part that only one name contains', () => {
		expect(pickByName('depot', 'project', [CLINIC, DEPOT])).toEqual({ ok: true, id: DEPOT.id });
	});

	test('is not guessed if several fit; the candidates are listed', () => {
		expect(pickByName('harbour', 'project', [CLINIC, DEPOT, ANNEX])).toEqual({
			ok: false,
			reason:
				'"harbour" fits several projects. Candidates: Harbour Street Clinic (ID 902214), Harbour Street Clinic Annex (ID 902390). Enter the ID.',
		});
	});

	test('is not guessed without a match; the candidates are listed', () => {
		expect(pickByName('Tower', 'company', [DEPOT])).toEqual({
			ok: false,
			reason:
				'No company is called "Tower". Candidates: Dry Creek Depot (ID 902377). Enter the ID.',
		});
		expect(pickByName('Tower', 'company', [])).toEqual({
			ok: false,
			reason: 'No company is called "Tower". Enter the ID.',
		});
	});
});
