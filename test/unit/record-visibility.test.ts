import { Visibility } from '../../nodes/Procore/record/visibility';

describe('the visibility of a tool', () => {
	test('becomes doubtful after three of its records are missing, without affecting other tools', () => {
		const visibility = new Visibility();
		visibility.noteMissing('RFIs');
		visibility.noteMissing('RFIs');
		expect(visibility.isHidden('RFIs')).toBe(false);
		visibility.noteMissing('RFIs');
		expect(visibility.isHidden('RFIs')).toBe(true);
		expect(visibility.isHidden('Submittals')).toBe(false);
	});

	test('is proven by a single record', () => {
		const visibility = new Visibility();
		for (let record = 0; record < 5; record += 1) visibility.noteMissing('RFIs');
		visibility.noteShown('RFIs');
		expect(visibility.isHidden('RFIs')).toBe(false);
		visibility.noteMissing('RFIs');
		expect(visibility.isHidden('RFIs')).toBe(false);
	});
});
