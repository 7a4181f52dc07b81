import {
	jsonObject,
	parseJson,
	type JsonObject,
	type JsonValue,
} from '../../nodes/Procore/model/json';
import { findEndpoint } from '../../nodes/Procore/record/catalogue';
import { ENDPOINTS } from '../../nodes/Procore/record/endpoints';
import { FILE_FIELDS, PDF_ENDPOINTS } from '../../nodes/Procore/record/file-fields';
import { fileFieldNames, fileReferences } from '../../nodes/Procore/record/file-references';
import reference from '../fixtures/procore/record-files.json';

const STORAGE = 'https://storage.procore.com/api/v5/files/us-east-1/companies';

/** An attachment in the form of most tools. */
function attachment(id: number, name: string, more: JsonObject = {}): JsonObject {
	return { id, name, filename: name, url: `${STORAGE}/${id}?sig=e947`, ...more };
}

function namesOf(resourceName: string, record: JsonObject): string[] {
	return fileReferences(resourceName, record).map(({ name }) => name);
}

function fieldsOf(resourceName: string, record: JsonObject): Array<[string, string]> {
	return fileReferences(resourceName, record).map(({ field, name }) => [field, name]);
}

describe('the catalogue of file fields', () => {
	test.each(Object.keys(FILE_FIELDS))("has the fields of %s in Procore's reference", (name) => {
		const rows = reference.filter(({ resource_name }) => resource_name === name);
		expect(fileFieldNames(name)).toEqual(rows.map(({ field }) => field));
		expect(FILE_FIELDS[name]?.map(({ source }) => source)).toEqual(
			rows.map((row) => row.reference),
		);
	});

	test('contains every resource of the reference', () => {
		const documented = new Set(reference.map(({ resource_name }) => resource_name));
		expect(Object.keys(FILE_FIELDS).sort()).toEqual([...documented].sort());
	});

	test.each(reference)('has seen $field of $resource_name in an edition', ({ editions }) => {
		expect(editions.length).toBeGreaterThan(0);
		for (const edition of editions) expect(['2024-10', '2026-03', '2026-09']).toContain(edition);
	});

	test.each([...Object.keys(FILE_FIELDS), ...Object.keys(PDF_ENDPOINTS)])(
		'spells %s as the catalogue of records does, which can read it',
		(name) => {
			expect(findEndpoint(name)).toMatchObject({ ok: true, name });
			expect(ENDPOINTS[name]?.show ?? ENDPOINTS[name]?.list).toBeDefined();
		},
	);

	test.each(Object.entries(PDF_ENDPOINTS))(
		'makes the PDF of %s by IDs of the event',
		(_, { path }) => {
			expect(path).toMatch(/^\/rest\/v1\.\d\//);
			const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
			expect(placeholders.sort()).toEqual(['id', 'project_id']);
		},
	);

	test('finds the fields without regard to case, and none for other resources', () => {
		expect(fileFieldNames('rfis')).toEqual(fileFieldNames('RFIs'));
		for (const name of ['Departments', 'Widgets', 'constructor', '']) {
			expect(fileFieldNames(name)).toEqual([]);
			expect(fileReferences(name, { id: 1, attachments: [attachment(1, 'a.pdf')] })).toEqual([]);
		}
	});
});

describe('the files of a record', () => {
	test('are the attachments of the questions and answers of an RFI', () => {
		const rfi = {
			id: 338821,
			subject: 'Anchor bolts at grid C4',
			questions: [
				{
					id: 51,
					body: 'Which bolts?',
					attachments: [attachment(11, 'C4 detail.pdf'), attachment(12, 'IMG_0412.jpg')],
					answers: [
						{ id: 61, body: 'M24', attachments: [attachment(13, 'Response.pdf')] },
						{ id: 62, body: 'Noted', attachments: [] },
					],
				},
			],
		};
		expect(fileReferences('RFIs', rfi)).toEqual([
			{
				url: `${STORAGE}/11?sig=e947`,
				name: 'C4 detail.pdf',
				size: null,
				contentType: null,
				field: 'questions.attachments',
				id: '11',
			},
			expect.objectContaining({ name: 'IMG_0412.jpg', field: 'questions.attachments' }),
			expect.objectContaining({ name: 'Response.pdf', field: 'questions.answers.attachments' }),
		]);
	});

	test('list an attachment of a submittal once, although its approver repeats it', () => {
		const shop = attachment(21, 'Shop drawings.pdf');
		const repeated = { ...shop, url: `${STORAGE}/21?sig=other` };
		const submittal = {
			id: 7,
			attachments: [shop],
			approvers: [{ id: 1, attachments: [repeated, attachment(22, 'Stamped.pdf')] }],
			distributed_submittals: [{ final_attachments: [{ ...shop }] }],
		};
		expect(fieldsOf('Submittals', submittal)).toEqual([
			['attachments', 'Shop drawings.pdf'],
			['approvers.attachments', 'Stamped.pdf'],
		]);
	});

	test('are the image itself for a photo', () => {
		const image = {
			id: 42,
			url: `${STORAGE}/42?sig=1`,
			size: 2_481_152,
			filename: 'image.png',
			thumbnail_url: `${STORAGE}/43?sig=1`,
			uploader: { id: 160586, name: 'API User' },
			location: { id: 15504, name: '1 space' },
		};
		expect(fileReferences('Images', image)).toEqual([
			{
				url: image.url,
				name: 'image.png',
				size: 2_481_152,
				contentType: null,
				field: 'url',
				id: '42',
			},
		]);
	});

	test.each<[string, JsonObject, JsonObject]>([
		['the highest number', { number: 2 }, { number: 10 }],
		['the latest time without numbers', { created_at: '2026-01-02' }, { created_at: '2026-02-01' }],
		['the latest time with equal numbers', { number: 1 }, { number: 1, created_at: '2026-02-01' }],
	])('are the version of a file with %s', (_case, older, newer) => {
		const old = { id: 1, url: `${STORAGE}/1`, size: 1, ...older };
		const recent = { id: 2, url: `${STORAGE}/2`, size: 734_003_200, ...newer };
		for (const file_versions of [
			[old, recent],
			[recent, old],
		]) {
			const file = { id: 12, name: 'Specs.pdf', size: 5, file_versions };
			expect(fileReferences('Project Files', file)).toEqual([
				expect.objectContaining({
					url: recent.url,
					name: 'Specs.pdf',
					size: 734_003_200,
					field: 'file_versions',
				}),
			]);
		}
	});

	test('do not fall back to an older version whose successor has no address yet', () => {
		const file_versions = [
			{ id: 1, number: 1, url: `${STORAGE}/1` },
			{ id: 2, number: 2, url: null },
		];
		expect(fileReferences('Company Files', { id: 12, name: 'a.pdf', file_versions })).toEqual([]);
	});

	test('take the name of a file version from its file in storage', () => {
		const version = {
			id: 3,
			url: `${STORAGE}/3`,
			number: 4,
			size: 10,
			prostore_file: { id: 9, name: 'Plan.dwg', filename: 'old.dwg', url: `${STORAGE}/9` },
		};
		expect(fieldsOf('File Versions', version)).toEqual([['url', 'Plan.dwg']]);
	});

	test('are the PDF of the current revision for a drawing', () => {
		const revision = {
			id: 5,
			drawing_id: 8,
			number: 'A-101',
			title: 'Ground Floor',
			current: true,
			pdf_url: `${STORAGE}/5.pdf?sig=1`,
			pdf_size: 1200,
			png_url: `${STORAGE}/5.png`,
			zip_url: `${STORAGE}/5.zip`,
		};
		expect(fileReferences('Drawings', revision)).toEqual([
			expect.objectContaining({
				url: revision.pdf_url,
				name: 'A-101 Ground Floor.pdf',
				size: 1200,
				field: 'pdf_url',
			}),
		]);
	});

	test('include the signatures of an inspection', () => {
		const signature = { id: 21, attachment: attachment(31, 'signature.png') };
		const checklist = {
			id: 42,
			attachments: [attachment(32, 'foo.pdf', { content_type: 'application/pdf' })],
			signature_requests: [
				{ id: 21, signature },
				{ id: 22, signature: null },
			],
		};
		expect(fileReferences('Inspection Checklists', checklist)).toEqual([
			expect.objectContaining({ name: 'foo.pdf', contentType: 'application/pdf' }),
			expect.objectContaining({
				name: 'signature.png',
				field: 'signature_requests.signature.attachment',
			}),
		]);
	});

	test('are found in an object where the reference shows one instead of a list', () => {
		const contract = { id: 1, attachments: attachment(1, 'Contract.pdf') };
		expect(namesOf('Purchase Order Contracts', contract)).toEqual(['Contract.pdf']);
		const listed = { id: 1, attachments: [attachment(1, 'Contract.pdf')] };
		expect(namesOf('Purchase Order Contracts', listed)).toEqual(['Contract.pdf']);
	});

	test('include those of the topics of a meeting', () => {
		const topic = { id: 4, attachments: [attachment(41, 'Crane.pdf')] };
		const meeting = { id: 1, attachments: [], meeting_categories: [{ meeting_topic: [topic] }] };
		expect(namesOf('Meetings', meeting)).toEqual(['Crane.pdf']);
		expect(namesOf('Meeting Topics', topic)).toEqual(['Crane.pdf']);
	});

	test('number equal names, also if they differ only in case', () => {
		const attachments = [
			attachment(1, 'photo.jpg'),
			attachment(2, 'Photo.JPG'),
			attachment(3, 'photo.jpg'),
		];
		expect(namesOf('Notes Logs', { id: 1, attachments })).toEqual([
			'photo.jpg',
			'Photo (2).JPG',
			'photo (3).jpg',
		]);
	});

	test('get their name from the address if Procore gives none', () => {
		const url = 'https://storage.procore.com/files/North%20wall.jpg?sig=1';
		expect(namesOf('Work Logs', { id: 1, attachments: [{ id: 5, url }] })).toEqual([
			'North wall.jpg',
		]);
		const broken = 'https://storage.procore.com/files/%E0%A4%A';
		expect(namesOf('Work Logs', { id: 1, attachments: [{ id: 5, url: broken }] })).toEqual([
			'%E0%A4%A',
		]);
		const bare = 'https://storage.procore.com/';
		expect(namesOf('Work Logs', { id: 1, attachments: [{ id: 5, url: bare }] })).toEqual([
			'file-5',
		]);
	});

	test('keep every digit of an ID', () => {
		const body = parseJson(
			`{"id":1,"attachments":[{"id":5981343259009990011,"name":"a.pdf","url":"${STORAGE}/1"}]}`,
		);
		expect(fileReferences('Bids', jsonObject(body))).toEqual([
			expect.objectContaining({ id: '5981343259009990011' }),
		]);
	});
});

describe('the names of the files of a record', () => {
	test('are made safe, wherever Procore gives them', () => {
		const attachments = [
			attachment(1, '../../etc/passwd.pdf'),
			attachment(2, 'C:\\plans\\a.pdf'),
			attachment(3, '///'),
		];
		expect(namesOf('Bids', { id: 1, attachments })).toEqual([
			'-..-etc-passwd.pdf',
			'C--plans-a.pdf',
			'file-3',
		]);
		const url = `${STORAGE}/${encodeURIComponent('../../boot.ini')}`;
		expect(namesOf('Bids', { id: 1, attachments: [{ id: 4, url }] })).toEqual(['-..-boot.ini']);
	});
});

describe('what does not look like a file', () => {
	const good = attachment(1, 'good.pdf');

	test.each<[string, JsonValue]>([
		['null', null],
		['text', 'https://storage.procore.com/1'],
		['a number', 7],
		['a list in a list', [[attachment(2, 'x.pdf')]]],
		['an object without an address', { id: 2, name: 'x.pdf' }],
		['an empty address', { id: 2, name: 'x.pdf', url: '' }],
		['a relative address', { id: 2, name: 'x.pdf', url: '/webclients/host/x' }],
		['an address without a scheme', { id: 2, name: 'x.pdf', url: 'www.file.com' }],
		['another scheme', { id: 2, name: 'x.pdf', url: 'file:///etc/passwd' }],
		['an address that is an object', { id: 2, name: 'x.pdf', url: { url: `${STORAGE}/2` } }],
	])('is skipped if it is %s, and the other files stay', (_case, entry) => {
		expect(namesOf('Bids', { id: 1, attachments: [entry, good] })).toEqual(['good.pdf']);
		expect(namesOf('Bids', { id: 1, attachments: entry })).toEqual([]);
	});

	test.each<[JsonValue, number | null]>([
		[12, 12],
		['12', 12],
		[0, 0],
		[-1, null],
		[1.5, null],
		['many', null],
		[null, null],
		[{}, null],
	])('has no size if it is %j', (size, bytes) => {
		const [file] = fileReferences('Images', { id: 1, url: `${STORAGE}/1`, size });
		expect(file?.size).toBe(bytes);
	});

	test.each<[JsonValue, string | null]>([
		['image/png', 'image/png'],
		['application/vnd.ms-excel', 'application/vnd.ms-excel'],
		['pdf', null],
		['text/html\r\nX: y', null],
		[7, null],
	])('has no type if it is %j', (content_type, contentType) => {
		const attachments = [attachment(1, 'a', { content_type })];
		expect(fileReferences('Bids', { id: 1, attachments })[0]?.contentType).toBe(contentType);
	});

	test.each(Object.keys(FILE_FIELDS))('never throws for %s', (name) => {
		const values: JsonValue[] = [null, [], {}, '', 'x', 0, true, [null], [[]], [{ url: null }]];
		for (const value of values) {
			const record: JsonObject = {};
			for (const field of fileFieldNames(name)) record[field.split('.')[0] ?? ''] = value;
			expect(fileReferences(name, record)).toEqual([]);
		}
	});
});
