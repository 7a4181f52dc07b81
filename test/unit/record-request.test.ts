import { findEndpoint, RESOURCE_NAMES } from '../../nodes/Procore/record/catalogue';
import { ENDPOINTS } from '../../nodes/Procore/record/endpoints';
import { planRequest, type RecordSubject } from '../../nodes/Procore/record/request';
import catalogue from '../fixtures/procore/record-endpoints.json';

/** Procore's reference, one row per resource. */
const ROWS = catalogue.map((row) => ({ ...row, query: Object.entries(row.query) }));

const EVENT_IDS = ['id', 'company_id', 'project_id'];

function subjectOf(resourceName: string, more: Partial<RecordSubject> = {}): RecordSubject {
	return {
		resourceName,
		recordId: '598134325900999001',
		companyId: '4501177',
		projectId: '902214',
		relatedResources: [],
		...more,
	};
}

function filled(template: string): string {
	return template
		.replaceAll('{id}', '598134325900999001')
		.replaceAll('{company_id}', '4501177')
		.replaceAll('{project_id}', '902214');
}

/** The request as a URL, for comparison with the reference. */
function addressOf(subject: RecordSubject): string {
	const plan = planRequest(subject);
	if (!plan.ok) throw new Error(plan.message);
	const search = Object.entries(plan.request.query).map(([name, value]) => `${name}=${value}`);
	return `${plan.request.kind} ${[plan.request.path, ...(search.length > 0 ? [search.join('&')] : [])].join('?')}`;
}

function messageOf(subject: RecordSubject): string {
	const plan = planRequest(subject);
	if (plan.ok) throw new Error(`A request is planned: ${plan.request.path}`);
	return plan.message;
}

function placeholders(template: string): string[] {
	return [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

describe('the catalogue of records', () => {
	test('contains the resources of the reference and no others', () => {
		expect([...RESOURCE_NAMES].sort()).toEqual(ROWS.map((row) => row.resource_name).sort());
		expect(ROWS).toHaveLength(121);
	});

	test.each(ROWS)('has path, query and placeholders of $resource_name', (row) => {
		const endpoint = ENDPOINTS[row.resource_name];
		if (endpoint === undefined) throw new Error('No endpoint');
		const [path, search = ''] = endpoint.show?.split('?') ?? [];
		expect(path ?? null).toBe(row.path);
		expect([...new URLSearchParams(search)]).toEqual(row.query);
		expect(endpoint.list ?? null).toBe(row.list_path);
		const needed = placeholders(endpoint.show ?? '').filter((name) => !EVENT_IDS.includes(name));
		expect([...new Set(needed)].sort()).toEqual([...row.needs].sort());
		for (const name of placeholders(endpoint.list ?? '')) expect(EVENT_IDS).toContain(name);
		// A company-level event has no project id.
		if (row.level === 'company') expect(JSON.stringify(endpoint)).not.toContain('{project_id}');
		expect(endpoint.advice === undefined).toBe(row.path !== null || row.list_path !== null);
	});

	test('reads 82 by the ids of the event, finds 18 in a list, and cannot read 21', () => {
		const kinds = RESOURCE_NAMES.map((name) => {
			const plan = planRequest(subjectOf(name));
			return plan.ok ? plan.request.kind : 'none';
		});
		const count = (kind: string) => kinds.filter((one) => one === kind).length;
		expect([count('show'), count('list'), count('none')]).toEqual([82, 18, 21]);
	});

	test('leaves no placeholder unfilled', () => {
		for (const name of RESOURCE_NAMES) {
			const plan = planRequest(subjectOf(name));
			if (plan.ok) expect(JSON.stringify(plan.request)).not.toMatch(/\{\w+\}/);
			else expect(plan.message).toMatch(/^[A-Z].+\.$/);
		}
	});

	test('finds names without regard to case', () => {
		expect(findEndpoint('Bim Models')).toMatchObject({ ok: true, name: 'BIM Models' });
	});
});

describe('the request for a record', () => {
	test.each(ROWS.filter((row) => row.path !== null && row.needs.length === 0))(
		'reads $resource_name by the ids of the event',
		({ resource_name, path, query }) => {
			const search = query.map(([name, value]) => `${name}=${value}`).join('&');
			const template = `${path}${search === '' ? '' : `?${search}`}`;
			expect(addressOf(subjectOf(resource_name))).toBe(`show ${filled(template)}`);
		},
	);

	test.each(ROWS.filter((row) => row.list_path !== null))(
		'finds $resource_name in its list',
		({ resource_name, list_path }) => {
			expect(addressOf(subjectOf(resource_name))).toBe(`list ${filled(list_path ?? '')}`);
		},
	);

	test.each([
		['Purchase Order Contract Line Items', 'Purchase Order Contracts'],
		['Work Order Contract Line Items', 'Work Order Contracts'],
		['Prime Contract Line Items', 'Prime Contracts'],
		['Direct Cost Line Items', 'Direct Costs'],
		['Potential Change Order Line Items', 'Potential Change Orders'],
	])('takes the parent of %s from the related resources', (name, parent) => {
		const related = [
			{ id: '1', name: 'Cost Codes' },
			{ id: '598134325900999013', name: parent },
		];
		const address = addressOf(subjectOf(name, { relatedResources: related }));
		expect(address).toMatch(/^show .*\/598134325900999013\/line_items\/598134325900999001/);
		expect(address).not.toContain('{');
	});

	test('names the row key of a drawing, whose list contains revisions', () => {
		const plan = planRequest(subjectOf('Drawings'));
		expect(plan.ok && plan.request.rowKey).toBe('drawing_id');
		const other = planRequest(subjectOf('Drawing Sets'));
		expect(other.ok && other.request.rowKey).toBe('id');
	});

	test('names the field of a row that contains the line items of a change event', () => {
		const plan = planRequest(subjectOf('Change Event Line Items'));
		expect(plan).toMatchObject({ request: { kind: 'list', rowsIn: 'change_items' } });
	});

	test('needs no project at company level', () => {
		expect(addressOf(subjectOf('Offices', { projectId: '' }))).toBe(
			'show /rest/v1.0/offices/598134325900999001?company_id=4501177&view=extended',
		);
	});
});

describe('a record that cannot be read', () => {
	test.each<[string, Partial<RecordSubject>, RegExp]>([
		['RFIs', { recordId: '' }, /^Record ID is missing. .*Procore Trigger/],
		['RFIs', { projectId: '' }, /^Project is missing, but RFIs belong to a project. Select/],
		[
			'RFIs',
			{ recordId: '../../me' },
			/^"\.\.\/\.\.\/me" is not a valid Procore ID for Record ID. Use /,
		],
		['RFIs', { recordId: '..' }, /is not a valid Procore ID for Record ID/],
		['RFIs', { projectId: '9 0' }, /is not a valid Procore ID for Project/],
		['RFIs', { companyId: '1?x=1' }, /is not a valid Procore ID for Company/],
		['RFI', {}, /^This node can't read records of "RFI"\. Did you mean "RFIs"\?$/],
		['submital', {}, /Did you mean "Submittals"\?$/],
		['Photos', {}, /Did you mean "Images"\?$/],
		['commitment', {}, /Did you mean "Purchase Order Contracts" or "Work Order Contracts"\?$/],
		[
			'constructor',
			{},
			/^This node can.t read records of "constructor"\. .*HTTP Request node.*\.$/,
		],
		[
			'RFI Replies',
			{},
			/^Reading RFI Replies also requires rfi_id \(the ID of its RFI\), which the event doesn't include: list the RFIs .*\/rest\/v1\.0\/projects\/902214\/rfis\/\{rfi_id\}\/replies\/598134325900999001\.$/,
		],
		['RFQs', {}, /contract_id \(the ID of its contract\).*: list the purchase order/],
		['RFQ Quotes', {}, /rfq_id \(.*\) and contract_id \(.*\), .*: list the contracts/],
		[
			'Standard Cost Codes',
			{},
			/standard_cost_code_list_id \(.*: list the standard cost code lists/,
		],
		[
			'Work Order Contract Line Items',
			{},
			/work_order_contract_id .*: select V3\.0 as Payload Version/,
		],
		[
			'Meeting Categories',
			{},
			/^Procore has no endpoint for a single record of Meeting Categories .*Select Meetings/,
		],
	])('is explained for %s %j', (name, more, message) => {
		expect(messageOf(subjectOf(name, more))).toMatch(message);
	});

	test('ignores a related resource of another kind or with an invalid id as the parent', () => {
		for (const related of [
			{ id: '5', name: 'Purchase Order Contracts' },
			{ id: '../5', name: 'Work Order Contracts' },
		]) {
			const subject = subjectOf('Work Order Contract Line Items', { relatedResources: [related] });
			expect(messageOf(subject)).toContain('work_order_contract_id');
		}
	});
});
