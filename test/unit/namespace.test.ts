import {
	explainNamespace,
	generateNamespace,
	generateTestNamespace,
	isLegalNamespace,
	isSameNode,
	suggestNamespace,
} from '../../nodes/Procore/hook/namespace';

const URL = 'https://n8n.larkspur.example/webhook/5d0c2f7e/procore';

describe('generateNamespace', () => {
	test('contains only letters and dashes', () => {
		for (let index = 0; index < 200; index += 1) {
			expect(generateNamespace(`${URL}/${index}`, 'w')).toMatch(/^[a-z][a-z-]*[a-z]$/);
		}
	});

	test('is the same every time, in every process', () => {
		// A fixed value: if it changed, the hooks of every running workflow would be abandoned.
		expect(generateNamespace(URL, 'workflow-1')).toBe('procore-trigger-vayqlzvfalgvxowzhfst');
	});

	test.each([
		['node', URL.replace('5d0c2f7e', '5d0c2f7f'), 'w'],
		['instance', URL.replace('n8n.', 'n8n-staging.'), 'w'],
		['mode', URL.replace('/webhook/', '/webhook-test/'), 'w'],
		['workflow', URL, 'w2'],
	])('is different for a different %s', (_case, url, workflow) => {
		expect(generateNamespace(url, workflow)).not.toBe(generateNamespace(URL, 'w'));
	});

	test('depends on where the URL ends', () => {
		expect(generateNamespace('https://a/b', 'c')).not.toBe(generateNamespace('https://a/', 'bc'));
	});
});

describe('generateTestNamespace', () => {
	const TEST_URL = URL.replace('/webhook/', '/webhook-test/');

	test('is the same for the production URL and the test URL, whatever the paths are called', () => {
		const namespace = generateTestNamespace(URL, 'w');
		expect(generateTestNamespace(TEST_URL, 'w')).toBe(namespace);
		expect(generateTestNamespace(URL.replace('/webhook/', '/n8n/hooks-to-try/'), 'w')).toBe(
			namespace,
		);
		expect(namespace).toMatch(/^[a-z][a-z-]*[a-z]$/);
	});

	test.each([
		['production', generateNamespace(URL, 'w')],
		['the test URL as if it were a production URL', generateNamespace(TEST_URL, 'w')],
		['another node', generateTestNamespace(URL.replace('5d0c2f7e', '5d0c2f7f'), 'w')],
		['another instance', generateTestNamespace(URL.replace('n8n.', 'n8n-staging.'), 'w')],
		['another workflow', generateTestNamespace(URL, 'w2')],
	])('is different for %s', (_case, other) => {
		expect(generateTestNamespace(URL, 'w')).not.toBe(other);
	});

	test.each([
		['its test URL', TEST_URL, true],
		['itself', URL, true],
		['another node', URL.replace('5d0c2f7e', '5d0c2f7f'), false],
		['another instance', URL.replace('n8n.', 'n8n-staging.'), false],
		['no URL', 'procore', false],
	])('the node of a URL is recognized in %s', (_case, other, isSame) => {
		expect(isSameNode(URL, other)).toBe(isSame);
	});
});

describe('the rule for namespaces', () => {
	test.each([
		['procore', true],
		['my-app-2', true],
		['2', true],
		['', false],
		['My-App', false],
		['my_app', false],
		['my app', false],
		['my-app ', false],
		['über', false],
		['a/b', false],
		['a\n', false],
	])('says of %j that it is valid: %j', (namespace, legal) => {
		expect(isLegalNamespace(namespace)).toBe(legal);
	});

	test.each([
		['My Hook_1', 'my-hook-1'],
		['  Büro / Süd ', 'bu-ro-su-d'],
		['--a--', 'a'],
		['A.B.C', 'a-b-c'],
		['日本', ''],
	])('suggests for %j %j', (typed, suggestion) => {
		expect(suggestNamespace(typed)).toBe(suggestion);
	});

	test('is explained with the namespace, the rule and a valid form', () => {
		const message = explainNamespace('My Hook_1');
		expect(message).toContain('"My Hook_1"');
		expect(message).toContain('only lowercase letters, digits and dashes');
		expect(message).toContain('for example "my-hook-1"');
		expect(explainNamespace('日本')).not.toContain('for example');
	});
});
