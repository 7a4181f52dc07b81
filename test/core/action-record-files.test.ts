/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';

import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject, INodeParameters } from 'n8n-workflow';

import type { Change } from '../../emulator/control-client';
import { expectedItem } from '../e2e/procore';
import { jsonOf, messageOf } from './action-support';
import { COMPANY, PROJECT, shape, useN8n } from './harness';

const FILES = { resource: 'record', operation: 'getFiles' };

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs', resourceId: '338821' };

const MEGABYTE = 1024 * 1024;

describe('Record: Get Files', () => {
	const n8n = useN8n();

	async function itemOf(change: Partial<Change> = {}): Promise<IDataObject> {
		const [event] = await n8n.control.change({ ...RFI, eventType: 'update', ...change });
		if (event === undefined) throw new Error('No event');
		return { ...expectedItem(event, 'v2.0') };
	}

	/** An RFI with these attachments in its question. */
	async function rfiWith(names: string[], bytes = 1000, tellsSize = true): Promise<IDataObject> {
		const attachments = [];
		for (const name of names) {
			const { id, url } = await n8n.control.addFile({ name, bytes, tellsSize });
			attachments.push({ id: Number(id), name, filename: name, url });
		}
		const item = await itemOf({ record: { questions: [{ id: 1, attachments, answers: [] }] } });
		await n8n.control.clearRequests();
		return item;
	}

	async function expectNoTokenAtStorage(requests: number): Promise<void> {
		const log = await n8n.control.storageRequests();
		expect(log).toHaveLength(requests);
		for (const request of log) {
			expect(request).toMatchObject({ hasAuthorization: false, procoreHeaders: [] });
		}
	}

	function bytesIn({ data }: Pick<IBinaryData, 'data'>): number {
		return Buffer.from(data, 'base64').length;
	}

	test('returns one item per attachment, without sending the token to the storage host', async () => {
		const item = await rfiWith(['C4 detail.pdf', 'IMG_0412.jpg']);
		const { items, error } = await n8n.run(FILES, [item]);
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json)).toEqual([
			{
				file_name: 'C4 detail.pdf',
				file_size: 1000,
				content_type: 'application/pdf',
				field: 'questions.attachments',
				attachment_id: expect.any(String),
				resource_name: 'RFIs',
				record_id: '338821',
				company_id: COMPANY,
				project_id: PROJECT,
				skipped: null,
			},
			expect.objectContaining({ file_name: 'IMG_0412.jpg' }),
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
		const [first] = items;
		expect(first?.binary?.data).toMatchObject({
			fileName: 'C4 detail.pdf',
			mimeType: 'application/pdf',
		});
		expect(bytesIn(first?.binary?.data ?? { data: '' })).toBe(1000);
		await expectNoTokenAtStorage(2);
	});

	test('gives the file a safe name in the item and in the binary data', async () => {
		const { items } = await n8n.run(FILES, [await rfiWith(['../../etc/passwd.pdf'])]);
		expect(items[0]?.json.file_name).toBe('-..-etc-passwd.pdf');
		expect(items[0]?.binary?.data?.fileName).toBe('-..-etc-passwd.pdf');
	});

	test('returns nothing for a record without files, and for a deleted one', async () => {
		const item = await rfiWith([]);
		expect((await n8n.run(FILES, [item])).items).toEqual([]);
		const deleted = await itemOf({ eventType: 'delete' });
		expect((await n8n.run(FILES, [deleted])).items).toEqual([]);
	});

	test('returns 30 attachments in order', async () => {
		const names = Array.from({ length: 30 }, (_each, index) => `photo ${index}.jpg`);
		const item = await rfiWith(names);
		expect(jsonOf(await n8n.run(FILES, [item])).map((json) => json.file_name)).toEqual(names);
		await expectNoTokenAtStorage(30);
	});

	test.each([true, false])(
		'skips a file that is too large, if the host tells its size: %j',
		async (tellsSize) => {
			const item = await rfiWith(['large.pdf'], 3 * MEGABYTE, tellsSize);
			const parameters = { ...FILES, options: { maxSizeMb: 2 } };
			const { items, error } = await n8n.run(parameters, [item]);
			expect(error).toBeUndefined();
			expect(items).toHaveLength(1);
			expect(items[0]?.binary).toBeUndefined();
			expect(items[0]?.json).toMatchObject({
				file_name: 'large.pdf',
				skipped: 'tooLarge',
				message: expect.stringMatching(/^large\.pdf is .*larger than the maximum of 2\.0 MB\./),
			});
		},
	);

	test.each([true, false])(
		'gives n8n a stream to store before the file has arrived, if the host tells the size: %j',
		async (tellsSize) => {
			// The host never sends the rest, so whoever waits for the whole file waits until the request times out.
			const { url } = await n8n.control.addFile({
				...{ name: 'a.pdf', bytes: 3 * MEGABYTE, stallsAfter: 100_000, tellsSize },
			});
			const attachments = [{ id: 1, name: 'a.pdf', url }];
			const item = await itemOf({ record: { questions: [{ id: 1, attachments, answers: [] }] } });
			const given: unknown[] = [];
			const store = jest
				.spyOn(BinaryDataService.prototype, 'store')
				.mockImplementation(async (_location, body, binary) => {
					given.push(body);
					if (body instanceof Readable) body.on('error', () => undefined).destroy();
					return await Promise.resolve(binary);
				});
			try {
				const { items, error } = await n8n.run(FILES, [item]);
				expect(error).toBeUndefined();
				expect(items).toMatchObject([{ json: { file_name: 'a.pdf', skipped: null } }]);
			} finally {
				store.mockRestore();
			}
			expect(given.map((body) => body instanceof Readable)).toEqual([true]);
		},
	);

	test('downloads a file of unknown size that is small enough', async () => {
		const item = await rfiWith(['a.pdf'], 2 * MEGABYTE, false);
		const { items } = await n8n.run({ ...FILES, options: { maxSizeMb: 2 } }, [item]);
		expect(bytesIn(items[0]?.binary?.data ?? { data: '' })).toBe(2 * MEGABYTE);
	});

	test('reads the record again if an address has expired', async () => {
		const item = await rfiWith(['a.pdf']);
		await n8n.control.addFault({
			path: '/files/\\d+\\?',
			times: 1,
			effect: { kind: 'status', status: 403 },
		});
		const { items } = await n8n.run(FILES, [item]);
		expect(items[0]?.json).toMatchObject({ file_name: 'a.pdf', skipped: null });
	});

	test('explains that a file is gone, and returns the others', async () => {
		const item = await rfiWith(['a.pdf', 'b.pdf']);
		await n8n.control.deleteFile('1');
		expect(jsonOf(await n8n.run(FILES, [item]))).toMatchObject([
			{
				file_name: 'a.pdf',
				skipped: 'notFound',
				message: expect.stringMatching(/^a\.pdf can't be downloaded: Procore answered 404\./),
			},
			{ file_name: 'b.pdf', skipped: null },
		]);
	});

	test('explains that a file is gone if its record is deleted while it is downloaded', async () => {
		const item = await rfiWith(['a.pdf', 'b.pdf']);
		await n8n.control.deleteFile('1');
		await n8n.control.addFault({
			path: '/files/1',
			times: 1,
			effect: { kind: 'changeRecord', change: { ...RFI, eventType: 'delete' } },
		});
		expect(jsonOf(await n8n.run(FILES, [item]))).toMatchObject([
			{ file_name: 'a.pdf', skipped: 'notFound' },
			{ file_name: 'b.pdf', skipped: null },
		]);
		const reads = (await n8n.requests()).filter(({ path }) => path.endsWith('/rfis/338821'));
		expect(reads.map(({ status }) => status)).toEqual([200, 404]);
	});

	test('marks the files of a record that does not include the change yet', async () => {
		const { url } = await n8n.control.addFile({ name: 'a.pdf', bytes: 10 });
		const questions = [{ id: 1, attachments: [{ id: 1, name: 'a.pdf', url }], answers: [] }];
		const outdated = await itemOf({ record: { questions, updated_at: '2020-01-01T00:00:00Z' } });
		const parameters = { ...FILES, options: { waitSeconds: 0 } };
		expect(jsonOf(await n8n.run(parameters, [outdated]))).toMatchObject([
			{ file_name: 'a.pdf', skipped: null, record_state: 'outdated' },
		]);
		const current = await itemOf({ record: { questions } });
		const [json] = jsonOf(await n8n.run(parameters, [current]));
		expect(json).toMatchObject({ file_name: 'a.pdf' });
		expect(json).not.toHaveProperty('record_state');
	});

	test('retries while Procore is unavailable', async () => {
		const item = await rfiWith(['a.pdf']);
		await n8n.control.addFault({
			path: '/files/',
			times: 1,
			effect: { kind: 'status', status: 503 },
		});
		expect(jsonOf(await n8n.run(FILES, [item]))).toMatchObject([{ skipped: null }]);
	});

	test('renews an expired token', async () => {
		const item = await rfiWith(['a.pdf']);
		await n8n.control.addFault({ path: '/files/', times: 1, effect: { kind: 'expireToken' } });
		expect(jsonOf(await n8n.run(FILES, [item]))).toMatchObject([{ skipped: null }]);
		await expectNoTokenAtStorage(1);
	});

	test('does not store a login page as the file', async () => {
		const item = await rfiWith(['a.pdf']);
		await n8n.control.addFault({ path: '/files/', times: 0, effect: { kind: 'page' } });
		expect(messageOf(await n8n.run(FILES, [item]))).toMatch(
			/^Could not download a\.pdf of RFIs 338821\. 127\.0\.0\.1:\d+ answered 200 with something other than the file\./,
		);
	});

	test.each([
		['a login page', { kind: 'page' }, 'answered 200 with something other than the file'],
		[
			'an endless redirect',
			{ kind: 'redirect', to: '/files/2' },
			'answered 302 with yet another redirect',
		],
	] as const)(
		'skips the only file for which the host sends %s, with the reason, and returns the others',
		async (_what, effect, reason) => {
			const item = await rfiWith(['a.pdf', 'b.pdf', 'c.pdf']);
			await n8n.control.addFault({ path: '/files/2', times: 0, effect });
			const { items, error } = await n8n.run(FILES, [item]);
			expect(error).toBeUndefined();
			expect(
				items.map(({ json, binary }) => [json.file_name, json.skipped, binary?.data !== undefined]),
			).toEqual([
				['a.pdf', null, true],
				['b.pdf', 'notAFile', false],
				['c.pdf', null, true],
			]);
			expect(items[1]?.json.message).toMatch(/^b\.pdf can't be downloaded: 127\.0\.0\.1:/);
			expect(items[1]?.json.message).toContain(`${reason}. Check whether it opens in Procore.`);
		},
	);

	test('fails if the host sends a login page for every file that it was asked for', async () => {
		const item = await rfiWith(['a.pdf', 'b.pdf']);
		await n8n.control.addFault({ path: '/files/', times: 0, effect: { kind: 'page' } });
		expect(messageOf(await n8n.run(FILES, [item]))).toMatch(
			/^Could not download a\.pdf of RFIs 338821\. 127\.0\.0\.1:\d+ answered 200 with something other than the file\./,
		);
	});

	test('fails after three files in place of which the host sends something else, and requests no more', async () => {
		const item = await rfiWith(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf', 'e.pdf']);
		await n8n.control.addFault({ path: '/files/', times: 0, effect: { kind: 'page' } });
		await n8n.control.clearRequests();
		expect(messageOf(await n8n.run(FILES, [item]))).toMatch(/^Could not download a\.pdf/);
		const paths = (await n8n.control.requests()).map(({ path }) => path);
		expect(paths.filter((path) => path.startsWith('/files/'))).toHaveLength(3);
	});

	test('fails if the only file that was not deleted is a login page', async () => {
		const item = await rfiWith(['a.pdf', 'b.pdf']);
		const gone = { kind: 'status', status: 404 } as const;
		await n8n.control.addFault({ path: '/files/1', times: 0, effect: gone });
		await n8n.control.addFault({ path: '/files/2', times: 0, effect: { kind: 'page' } });
		expect(messageOf(await n8n.run(FILES, [item]))).toMatch(/^Could not download b\.pdf/);
	});

	test('fails if the host sends login pages in place of all files but the PDF of the record', async () => {
		const item = await rfiWith(['a.pdf', 'b.pdf']);
		await n8n.control.addFault({ path: '/files/', times: 2, effect: { kind: 'page' } });
		const result = await n8n.run({ ...FILES, options: { includePdf: true } }, [item]);
		expect(messageOf(result)).toMatch(/^Could not download a\.pdf/);
	});

	test('downloads only the selected fields and types', async () => {
		const item = await rfiWith(['a.pdf', 'b.JPG', 'c.docx']);
		const names = async (options: INodeParameters) =>
			jsonOf(await n8n.run({ ...FILES, options }, [item])).map((json) => json.file_name);
		expect(await names({ fileTypes: '.pdf, jpg' })).toEqual(['a.pdf', 'b.JPG']);
		expect(await names({ fields: 'questions.answers.attachments' })).toEqual([]);
		expect(await names({ fields: 'questions.attachments' })).toHaveLength(3);
	});

	test.each([
		['RFIs', 'RFIs 14.pdf'],
		['Submittals', 'Submittals 7.pdf'],
		['Observation Items', 'Observation Items 31.pdf'],
	])('adds the PDF of a record of %s if requested', async (resourceName, name) => {
		const item = await itemOf({ resourceName, resourceId: '6001' });
		expect((await n8n.run(FILES, [item])).items).toEqual([]);
		const { items } = await n8n.run({ ...FILES, options: { includePdf: true } }, [item]);
		expect(items).toMatchObject([
			{
				json: { file_name: name, field: 'pdf', file_size: 4321, content_type: 'application/pdf' },
				binary: { data: { fileName: name, mimeType: 'application/pdf' } },
			},
		]);
		expect(bytesIn(items[0]?.binary?.data ?? { data: '' })).toBe(4321);
		await expectNoTokenAtStorage(1);
	});

	describe('of an observation', () => {
		const OBSERVATION = { resourceName: 'Observation Items', resourceId: '5120' };
		const WITH_PDF = { ...FILES, options: { includePdf: true } };
		const PDF_ADDRESS = 'GET /rest/v1.0/observations/items/#/pdf';

		async function observationWith(names: readonly string[]): Promise<IDataObject> {
			const attachments = [];
			for (const name of names) {
				const { id, url } = await n8n.control.addFile({ name, bytes: 1000 });
				attachments.push({ id: Number(id), name, filename: name, url });
			}
			const item = await itemOf({ ...OBSERVATION, record: { attachments } });
			await n8n.control.clearRequests();
			return item;
		}

		test('asks for the address of the PDF after the other files are downloaded', async () => {
			const item = await observationWith(['a.jpg', 'b.jpg']);
			const { items, error } = await n8n.run(WITH_PDF, [item]);
			expect(error).toBeUndefined();
			expect(items.map(({ json }) => json)).toMatchObject([
				{ file_name: 'a.jpg' },
				{ file_name: 'b.jpg' },
				{ file_name: 'Observation Items 31.pdf', field: 'pdf', file_size: 4321, skipped: null },
			]);
			expect((await n8n.control.requests()).map(shape)).toEqual([
				'GET /rest/v1.0/observations/items/#',
				...['GET /files/1', 'GET /files/2'],
				...[PDF_ADDRESS, 'GET /files/3'],
			]);
			await expectNoTokenAtStorage(3);
		});

		test.each([
			[403, /: Procore answered 403\. It was deleted, or the account can't access it\.$/],
			[404, /: Procore answered 404\. It was deleted, or the account can't access it\.$/],
			[200, /: Procore answered 200 without its address\. Try again later\.$/],
		])(
			'explains that the PDF is missing if Procore answers %d without it',
			async (status, message) => {
				const item = await observationWith(['a.jpg']);
				await n8n.control.addFault({
					path: '/observations/items/\\d+/pdf',
					times: 0,
					effect: { kind: 'status', status, body: {} },
				});
				expect(jsonOf(await n8n.run(WITH_PDF, [item]))).toMatchObject([
					{ file_name: 'a.jpg', skipped: null },
					{
						...{ file_name: 'Observation Items 31.pdf', field: 'pdf', file_size: null },
						...{ skipped: 'notFound', message: expect.stringMatching(message) },
					},
				]);
			},
		);

		test('asks for a new address of the PDF if the first one has expired', async () => {
			const item = await observationWith([]);
			await n8n.control.addFault({
				path: '/files/\\d+\\?',
				times: 1,
				effect: { kind: 'status', status: 403 },
			});
			expect(jsonOf(await n8n.run(WITH_PDF, [item]))).toMatchObject([
				{ file_name: 'Observation Items 31.pdf', field: 'pdf', skipped: null },
			]);
			const paths = (await n8n.requests()).map(shape);
			expect(paths.filter((path) => path === PDF_ADDRESS)).toHaveLength(2);
		});
	});

	describe('reads the files where each tool has them', () => {
		/** Each file is an object with `id`, `name` and `url`. */
		type Attach = (...names: readonly string[]) => Promise<IDataObject[]>;

		const attach: Attach = async (...names) => {
			const files: IDataObject[] = [];
			for (const name of names) {
				const { id, url } = await n8n.control.addFile({ name, bytes: 1000 });
				files.push({ id: Number(id), name, filename: name, url });
			}
			return files;
		};

		test.each<[string, (files: Attach) => Promise<IDataObject>, ReadonlyArray<[string, string]>]>([
			[
				'Submittals',
				async (files) => ({
					attachments: await files('a.pdf'),
					approvers: [{ id: 1, attachments: await files('b.pdf') }],
					distributed_submittals: [{ id: 2, final_attachments: await files('c.pdf') }],
				}),
				[
					['a.pdf', 'attachments'],
					['b.pdf', 'approvers.attachments'],
					['c.pdf', 'distributed_submittals.final_attachments'],
				],
			],
			[
				'Punch Items',
				async (files) => ({
					attachments: await files('a.pdf'),
					assignments: [{ id: 1, attachments: await files('b.jpg') }],
				}),
				[
					['a.pdf', 'attachments'],
					['b.jpg', 'assignments.attachments'],
				],
			],
			[
				'Observation Items',
				async (files) => ({ attachments: await files('a.pdf', 'b.jpg') }),
				[
					['a.pdf', 'attachments'],
					['b.jpg', 'attachments'],
				],
			],
			[
				'Manpower Logs',
				async (files) => ({ attachments: await files('a.pdf') }),
				[['a.pdf', 'attachments']],
			],
		])('for %s', async (resourceName, record, expected) => {
			const item = await itemOf({ resourceName, resourceId: '6001', record: await record(attach) });
			const { items, error } = await n8n.run(FILES, [item]);
			expect(error).toBeUndefined();
			expect(items.map(({ json }) => [json.file_name, json.field])).toEqual(expected);
			expect(items.map(({ binary }) => bytesIn(binary?.data ?? { data: '' }))).toEqual(
				expected.map(() => 1000),
			);
			await expectNoTokenAtStorage(expected.length);
		});

		test('for Drawings, whose current revision is a row of a list', async () => {
			const { url } = await n8n.control.addFile({ name: 'x', bytes: 2000 });
			const item = await itemOf({
				...{ resourceName: 'Drawings', resourceId: '6001' },
				record: { title: 'Ground Floor', pdf_url: url, pdf_size: 2000 },
			});
			// Another drawing in the same list.
			await itemOf({ resourceName: 'Drawings', resourceId: '6002' });
			const { items, error } = await n8n.run(FILES, [item]);
			expect(error).toBeUndefined();
			expect(items).toMatchObject([
				{
					json: {
						...{ file_name: 'A-101 Ground Floor.pdf', file_size: 2000, field: 'pdf_url' },
						...{ attachment_id: '96001', record_id: '6001' },
					},
					binary: { data: { fileName: 'A-101 Ground Floor.pdf', mimeType: 'application/pdf' } },
				},
			]);
			expect(bytesIn(items[0]?.binary?.data ?? { data: '' })).toBe(2000);
			await expectNoTokenAtStorage(1);
		});
	});

	test('downloads a photo', async () => {
		const { url } = await n8n.control.addFile({
			name: 'x',
			bytes: 5,
			contentType: 'image/jpeg',
		});
		const item = await itemOf({ resourceName: 'Images', resourceId: '42', record: { url } });
		expect((await n8n.run(FILES, [item])).items).toMatchObject([
			{
				json: { file_name: 'IMG_0412.jpg', field: 'url', content_type: 'image/jpeg' },
				binary: { data: { mimeType: 'image/jpeg' } },
			},
		]);
	});

	test('downloads the newest version of a file', async () => {
		const older = await n8n.control.addFile({ name: 'x', bytes: 5 });
		const newer = await n8n.control.addFile({ name: 'x', bytes: 6 });
		const file_versions = [
			{ id: 1, number: 1, url: older.url, size: 5 },
			{ id: 2, number: 2, url: newer.url, size: 6 },
		];
		const item = await itemOf({
			resourceName: 'Project Files',
			resourceId: '12',
			record: { file_versions },
		});
		expect(jsonOf(await n8n.run(FILES, [item]))).toMatchObject([
			{ file_name: 'Specs.pdf', file_size: 6, field: 'file_versions' },
		]);
	});

	test('downloads once for several events about a record', async () => {
		const item = await rfiWith(['a.pdf']);
		const { items } = await n8n.run(FILES, [item, item, item]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((each) => ({ item: each })),
		);
		await expectNoTokenAtStorage(1);
	});

	test('sends no token back to Procore after a redirect to another host', async () => {
		const leadsTo = `${n8n.control.url}/files/1?expires=${Number.MAX_SAFE_INTEGER}`;
		await n8n.control.addFile({ name: 'other.pdf', bytes: 10 });
		const { url } = await n8n.control.addFile({ name: 'a.pdf', bytes: 10, leadsTo });
		const item = await itemOf({
			record: { questions: [{ id: 1, attachments: [{ id: 2, name: 'a.pdf', url }], answers: [] }] },
		});
		await n8n.control.clearRequests();

		expect(jsonOf(await n8n.run(FILES, [item]))).toMatchObject([{ skipped: 'notFound' }]);

		const toFiles = (await n8n.control.requests()).filter(({ path }) => path.startsWith('/files/'));
		const withToken = toFiles.filter(({ client }) => client !== undefined);
		expect(new Set(withToken.map(({ path }) => path))).toEqual(new Set(['/files/2']));
		const without = toFiles.filter(({ client }) => client === undefined);
		expect(new Set(without.map(({ path }) => path))).toEqual(new Set(['/files/1']));
		expect(
			without.every(({ status, companyHeader }) => status === 401 && companyHeader === null),
		).toBe(true);
		expect((await n8n.control.storageRequests())[0]).toMatchObject({
			status: 302,
			hasAuthorization: false,
			procoreHeaders: [],
		});
	});

	test('follows at most five redirects', async () => {
		const item = await rfiWith(['a.pdf']);
		await n8n.control.addFault({
			path: '/files/',
			times: 0,
			effect: { kind: 'redirect', to: '/files/1' },
		});
		expect(messageOf(await n8n.run(FILES, [item]))).toMatch(
			/^Could not download a\.pdf of RFIs 338821\. 127\.0\.0\.1:\d+ answered 302 with yet another redirect\./,
		);
	});

	test('fails or returns an empty item if the record is missing', async () => {
		const item = await rfiWith(['a.pdf']);
		await itemOf({ eventType: 'delete' });
		const options = { waitSeconds: 0 };
		expect(messageOf(await n8n.run({ ...FILES, options }, [item]))).toMatch(
			/^RFIs 338821 was not found in project 902214/,
		);
		const empty = await n8n.run({ ...FILES, options: { ...options, missing: 'empty' } }, [item]);
		expect(empty.items.map(({ json }) => json)).toEqual([{}]);
	});

	test.each([-1, 'many'])('rejects a maximum size of %j', async (maxSizeMb) => {
		const item = await rfiWith([]);
		const parameters = { ...FILES, options: { maxSizeMb: `={{ ${JSON.stringify(maxSizeMb)} }}` } };
		expect(messageOf(await n8n.run(parameters, [item]))).toMatch(
			`Maximum Size (MB) must be a number from 0 to 10000, but got "${maxSizeMb}".`,
		);
	});
});
