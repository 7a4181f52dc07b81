import { currentIdentity, lacksIdentity, cacheIdentity } from '../../nodes/Procore/hook/identity';

const OLD = { userId: '7710345', applicationId: 'app', lookedUpAt: 1000 };
const NEW = { userId: '7713880', applicationId: 'app', lookedUpAt: 2000 };

describe('the identity of a node', () => {
	afterEach(() => cacheIdentity('node', undefined));

	test('is unknown if neither the process nor the static data has it', () => {
		expect(currentIdentity('node', undefined)).toBeUndefined();
	});

	test('is read from the static data in a process that has not looked it up', () => {
		expect(currentIdentity('node', OLD)).toEqual(OLD);
	});

	test.each([
		[OLD, NEW],
		[NEW, OLD],
	])('is the one that was looked up last, wherever it is stored', (noted, stored) => {
		cacheIdentity('node', noted);
		expect(currentIdentity('node', stored)).toEqual(NEW);
		expect(currentIdentity('another', stored)).toEqual(stored);
	});

	test('is compared with what has to be ignored', () => {
		expect(lacksIdentity(undefined, 'none')).toBe(false);
		expect(lacksIdentity(undefined, 'application')).toBe(true);
		const app = { userId: '', applicationId: 'app' };
		expect(lacksIdentity(app, 'application')).toBe(false);
		expect([lacksIdentity(app, 'user'), lacksIdentity(app, 'both')]).toEqual([true, true]);
	});
});
