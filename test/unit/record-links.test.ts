import { findEndpoint } from '../../nodes/Procore/record/catalogue';
import {
	COMPANY_HOME,
	LINK_FIELDS,
	LINK_SOURCES,
	PROJECT_HOME,
	RECORD_PAGES,
	recordUrl,
	webAddress,
	type LinkedRecord,
} from '../../nodes/Procore/record/links';
import catalogue from '../fixtures/procore/record-endpoints.json';
import webPages from '../fixtures/procore/web-pages.json';

const HOST = 'https://us02.procore.com';

const PAGES = Object.entries(RECORD_PAGES).map(([name, page]) => ({ name, ...page }));

/** A path in which every placeholder looks the same, as the reference and this package write it. */
function shape(path: string): string {
	return path.replace(/:\w+|\{\w+\}/g, '*');
}

const DOCUMENTED = new Set(webPages.rows.map(({ path }) => shape(path)));

function linked(resourceName: string, more: Partial<LinkedRecord> = {}): LinkedRecord {
	return { resourceName, recordId: '338821', companyId: '4501177', projectId: '902214', ...more };
}

describe('the table of web pages', () => {
	test.each(PAGES)('links $name to a page that its source documents', ({ path, source }) => {
		if (source === 'viewKeys') expect(DOCUMENTED).toContain(shape(path));
		else expect(shape(path)).toBe(shape(PROJECT_HOME.path));
		expect(LINK_SOURCES[source]).toMatch(/^https:\/\/\w+\.procore\.com\//);
	});

	test.each([...PAGES.map(({ name }) => name), ...Object.keys(LINK_FIELDS)])(
		'spells %s as the catalogue does',
		(name) => {
			expect(findEndpoint(name)).toMatchObject({ ok: true, name });
		},
	);

	test.each(PAGES)('shows the record of $name exactly if its address has its ID', (page) => {
		expect(page.path.includes('{id}')).toBe(page.shows === 'record');
	});

	test.each(PAGES)('needs only IDs that the event or record of $name contains', (page) => {
		const { name, path, parents = {} } = page;
		const level = catalogue.find(({ resource_name }) => resource_name === name)?.level;
		const ofEvent = ['id', 'company_id', ...(level === 'project' ? ['project_id'] : [])];
		const ids = [...ofEvent, ...Object.keys(parents)].map((id) => `{${id}}`);
		for (const placeholder of path.match(/\{\w+\}/g) ?? []) expect(ids).toContain(placeholder);
	});

	test('uses an undocumented address for the home page of a project only', () => {
		const undocumented = PAGES.filter(({ source }) => source === 'publicCode');
		expect(undocumented.map(({ name }) => name)).toEqual(['Projects']);
		expect(PROJECT_HOME.source).toBe('publicCode');
		expect(COMPANY_HOME.source).toBe('serviceAccounts');
	});
});

describe('the web address of a record', () => {
	test.each([
		['RFIs', '/902214/project/rfi/show/338821'],
		['Submittals', '/902214/project/submittal_logs/338821'],
		['Change Events', '/902214/project/change_events/events/338821'],
		['Observation Items', '/902214/project/observations/items/338821/edit'],
		['Inspection Checklists', '/902214/project/checklists/lists/338821'],
		['Generic Tool Items', '/902214/project/generic_tool/show/338821'],
		['Incidents', '/902214/project/incidents/338821'],
		['Tasks', '/902214/project/calendar/tasks/338821'],
		['Prime Contracts', '/902214/project/prime_contracts/338821'],
		['Work Order Contracts', '/902214/project/commitments/work_order_contracts/338821'],
		['Budget Changes', '/companies/4501177/projects/902214/tools/budget_changes'],
		['RFQs', '/902214/project/change_events/events'],
		['Meetings', '/902214/project/home'],
		['Images', '/902214/project/home'],
	])('of %s is %s', (resourceName, path) => {
		expect(recordUrl(linked(resourceName), HOST)).toBe(`${HOST}${path}`);
	});

	test('of a record of the company is the home page of the company', () => {
		const address = recordUrl(linked('Company Vendors', { projectId: '' }), HOST);
		expect(address).toBe(`${HOST}/4501177/company/home/list`);
	});

	test('of a project is its home page', () => {
		const project = linked('Projects', { recordId: '902214', projectId: '' });
		expect(recordUrl(project, HOST)).toBe(`${HOST}/902214/project/home`);
	});

	test('ignores case and falls back to the home page for an unknown resource', () => {
		expect(recordUrl(linked('rfis'), HOST)).toBe(`${HOST}/902214/project/rfi/show/338821`);
		for (const unknown of ['Widgets', 'constructor', '']) {
			expect(recordUrl(linked(unknown), HOST)).toBe(`${HOST}/902214/project/home`);
		}
	});

	test('is null without a web host or without any ID', () => {
		expect(recordUrl(linked('RFIs'), null)).toBeNull();
		const nowhere = linked('RFIs', { recordId: '', companyId: '', projectId: '' });
		expect(recordUrl(nowhere, HOST)).toBeNull();
	});

	test('leads to the project if the ID of the record is unknown', () => {
		const address = recordUrl(linked('RFIs', { recordId: '' }), HOST);
		expect(address).toBe(`${HOST}/902214/project/home`);
	});

	test('encodes an ID that is not a number', () => {
		const address = recordUrl(linked('RFIs', { recordId: '../1?x=2' }), HOST);
		expect(address).toBe(`${HOST}/902214/project/rfi/show/..%2F1%3Fx%3D2`);
	});

	test('of an owner invoice needs the contract in the record', () => {
		const record = { id: 338821, contract: { id: 133745, type: 'PrimeContract' } };
		expect(recordUrl(linked('Payment Applications', { record }), HOST)).toBe(
			`${HOST}/902214/project/prime_contracts/133745/payment_applications/338821`,
		);
		for (const other of [undefined, null, { id: 338821 }, { id: 338821, contract: 133745 }]) {
			const more = other === undefined ? {} : { record: other };
			const address = recordUrl(linked('Payment Applications', more), HOST);
			expect(address).toBe(`${HOST}/902214/project/home`);
		}
	});

	test('of an RFI is the link in it, if Procore gives one', () => {
		const link = 'https://app.procore.com/902214/project/rfi/show/338821';
		expect(recordUrl(linked('RFIs', { record: { id: 338821, link } }), HOST)).toBe(link);
	});

	test('is the link in the record if it has one', () => {
		const record = { id: 338821, web_url: 'https://app.procore.com/webclients/models/338821' };
		const model = linked('BIM Models', { record });
		expect(recordUrl(model, HOST)).toBe(record.web_url);
		expect(recordUrl(model, null)).toBe(record.web_url);
	});

	test.each([null, '', 7, 'javascript:alert(1)', '/relative', { href: 'https://x.test' }])(
		'does not take %j for the link in a record',
		(web_url) => {
			const model = linked('BIM Models', { record: { id: 338821, web_url } });
			expect(recordUrl(model, HOST)).toBe(`${HOST}/902214/project/home`);
		},
	);
});

describe('the web host', () => {
	test.each([
		['https://us02.procore.com', 'https://us02.procore.com'],
		['https://us02.procore.com//', 'https://us02.procore.com'],
		[' http://localhost:8787 ', 'http://localhost:8787'],
		['us02.procore.com', null],
		['ftp://us02.procore.com', null],
		['https://user:secret@us02.procore.com', null],
		['', null],
		[null, null],
		[undefined, null],
		[['https://us02.procore.com'], null],
	])('%j is read as %j', (value, address) => {
		expect(webAddress(value)).toBe(address);
	});
});
