import type { Event } from '../../emulator/control-client';
import type { JsonObject } from '../harness/json';
import type { StoredFile } from '../harness/n8n-execution';
import { runAction } from '../harness/run-action';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { CLINIC, COMPANY, expectedItem } from './procore';
import { Scene } from './scene';
import { recordNode, RECORD } from './workflows';

const RFI = {
	companyId: COMPANY.id,
	projectId: CLINIC.id,
	resourceName: 'RFIs',
	resourceId: '338821',
} as const;

const MEGABYTE = 1024 * 1024;

describe('Procore, Record: Get Files', () => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startStack();
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		await scene.clear();
	});

	afterAll(async () => {
		await stack.stop();
	});

	/** Changes an RFI, which then has these files. */
	async function rfiWith(names: readonly string[], bytes = 1000): Promise<Event> {
		const attachments: JsonObject[] = [];
		for (const name of names) {
			const { id, url } = await scene.control.addFile({ name, bytes });
			attachments.push({ id: Number(id), name, filename: name, url });
		}
		return await scene.fire({
			...RFI,
			eventType: 'update',
			record: { questions: [{ id: 1, attachments, answers: [] }] },
		});
	}

	async function filesOf(
		event: Event,
		options: JsonObject = {},
	): Promise<{ items: JsonObject[]; files: Array<StoredFile | undefined>; error: string }> {
		const { items, error, execution } = await runAction(scene.rest, {
			node: recordNode(scene.credential, {
				operation: 'getFiles',
				options: { waitSeconds: 0, ...options },
			}),
			items: [expectedItem(event, 'v2.0')],
		});
		return { items, files: execution.filesOf(RECORD), error: error?.message ?? '' };
	}

	/** The storage host would also have refused the token. */
	async function expectNoTokenAtStorage(requests: number): Promise<void> {
		expect(await scene.control.storageRequests()).toEqual(
			Array.from({ length: requests }, () => ({
				path: expect.stringMatching(/^\/blobs\//),
				status: 200,
				hasAuthorization: false,
				procoreHeaders: [],
			})),
		);
	}

	test.each([1, 0, 30])(
		'returns the %d attachments of an RFI, without sending the token to the storage host',
		async (count) => {
			const names = Array.from({ length: count }, (_each, index) => `Photo ${index}.jpg`);

			const { items, files, error } = await filesOf(await rfiWith(names));

			expect(error).toBe('');
			expect(items.map(({ file_name }) => file_name)).toEqual(names);
			expect(files).toEqual(
				names.map((fileName) => expect.objectContaining({ fileName, fileSize: '1 kB' })),
			);
			await expectNoTokenAtStorage(count);
		},
	);

	test('returns a file of 60 MB without its content and says why, and with it if the maximum is 100 MB', async () => {
		const event = await rfiWith(['Model.pdf'], 60 * MEGABYTE);

		const small = await filesOf(event);

		expect(small.error).toBe('');
		expect(small.files).toEqual([undefined]);
		expect(small.items).toMatchObject([
			{
				file_name: 'Model.pdf',
				skipped: 'tooLarge',
				message:
					'Model.pdf is 60.0 MB, larger than the maximum of 50.0 MB. Increase Maximum Size (MB) to download it.',
			},
		]);

		const large = await filesOf(event, { maxSizeMb: 100 });

		expect(large.error).toBe('');
		expect(large.items).toMatchObject([{ file_name: 'Model.pdf', skipped: null }]);
		expect(large.files).toMatchObject([{ fileName: 'Model.pdf', fileSize: '62.9 MB' }]);
		// Not in memory: n8n's storage keeps it.
		expect(large.files[0]?.id).toMatch(/^filesystem/);
	});

	test('reads the record again for a new address if the first one has expired', async () => {
		const event = await rfiWith(['a.pdf']);
		await scene.control.addFault({
			path: '/files/\\d+\\?',
			times: 1,
			effect: { kind: 'status', status: 403 },
		});

		const { items, files } = await filesOf(event);

		expect(items).toMatchObject([{ skipped: null }]);
		expect(files).toMatchObject([{ fileSize: '1 kB' }]);
		const paths = (await scene.control.requests()).map(({ path }) => path);
		expect(paths.filter((path) => path.endsWith('/rfis/338821'))).toHaveLength(2);
	});

	test('says that a file cannot be downloaded if every address has expired', async () => {
		const event = await rfiWith(['a.pdf']);
		await scene.control.setFileLifetime(0);

		const { items, files, error } = await filesOf(event);

		expect(error).toBe('');
		expect(files).toEqual([undefined]);
		expect(items).toMatchObject([
			{ skipped: 'notFound', message: expect.stringContaining('Procore answered 403') },
		]);
	});

	test('fails or returns an empty item if the record was deleted meanwhile, and nothing for its deletion', async () => {
		const event = await rfiWith(['a.pdf']);
		const deletion = await scene.fire({ ...RFI, eventType: 'delete' });

		expect((await filesOf(event)).error).toMatch(/^RFIs 338821 was not found in project 902214/);
		expect((await filesOf(event, { missing: 'empty' })).items).toEqual([{}]);
		const deleted = await filesOf(deletion);
		expect(deleted).toEqual({ items: [], files: [], error: '' });
		expect(await scene.control.storageRequests()).toEqual([]);
	});
});
