/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { Event } from '../../emulator/control-client';
import { WEB_USER } from '../../emulator/seed';
import { parseObject, textAt, type JsonObject } from '../harness/json';
import { startHttpSink, type HttpSink, type SunkRequest } from '../harness/http-sink';
import type { Execution } from '../harness/n8n-execution';
import type { Workflow, WorkflowNode } from '../harness/n8n-rest';
import { startStack, type SharedN8n, type Stack } from '../harness/stack';
import { waitFor } from '../harness/wait';
import { importExample, runExample, startingWith } from './example-workflows';
import { CLINIC, COMPANY, DEPOT, expectedItem } from './procore';
import { Scene } from './scene';
import { TRIGGER } from './workflows';

const IN_CLINIC = { companyId: COMPANY.id, projectId: CLINIC.id } as const;
const RFI = { ...IN_CLINIC, resourceName: 'RFIs' } as const;
/** Procore lists at most 100 on a page. */
const MANY_LOGS = 101;
const LISTEN = { projectIds: [CLINIC.id] };
const IS_N8N_1 = process.env.PROCORE_N8N === 'n8n-1.123';
/** The Data Table node of n8n 1.123 has version 1 only, which cannot create a table. */
const describeWithTables = IS_N8N_1 ? describe.skip : describe;
/** In n8n 1.123, an expression does not find the item of the Code node that is there in place of the trigger. */
const testWithItems = IS_N8N_1 ? test.skip : test;

/** Recipes that send something to another service, for which a server on this machine stands in. */
describe('Recipes', () => {
	let stack: Stack<SharedN8n>;
	let scene: Scene;
	let sink: HttpSink;

	beforeAll(async () => {
		[stack, sink] = await Promise.all([startStack(), startHttpSink()]);
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, 'v2.0');
	});

	afterEach(async () => {
		sink.clear();
		await scene.clear();
	});

	afterAll(async () => {
		await Promise.all([stack.stop(), sink.stop()]);
	});

	/** A node that sends to the stand-in, on the path of its own service. */
	function toSink(node: WorkflowNode): WorkflowNode {
		const url = textAt(node.parameters, 'url');
		if (url === undefined || url.includes('//api.procore.com')) return node;
		const stand = url.replace(/https:\/\/[^/]+/, sink.url);
		return { ...node, disabled: false, parameters: { ...node.parameters, url: stand } };
	}

	async function active(file: string, finish = toSink, settings: JsonObject = {}) {
		const { id } = await importExample(scene, file, { ...LISTEN, ...settings }, finish);
		return await scene.rest.activate(id);
	}

	async function onlyExecution({ id }: Workflow): Promise<Execution> {
		const [execution] = await scene.executions(id, 1);
		if (execution === undefined) throw new Error('The event started nothing');
		return execution;
	}

	/** Runs an example for several events in one execution. */
	async function runFor(
		file: string,
		events: readonly Event[],
		finish: (node: WorkflowNode) => WorkflowNode = toSink,
	): Promise<Execution> {
		const draft = await importExample(scene, file, {}, finish);
		const items = events.map((event) => expectedItem(event, 'v2.0'));
		return await runExample(scene, await scene.add(startingWith(draft, items)));
	}

	function sent(path: string): SunkRequest[] {
		return sink.requests.filter((request) => request.path.startsWith(path));
	}

	function bodyOf(request: SunkRequest | undefined): JsonObject {
		return parseObject(request?.body.toString() ?? '{}');
	}

	describe('rfi-event.json', () => {
		const message = 'RFI 14, Beam <b> & bolt, in Harbour Street Clinic was changed by Dana Okafor';
		const change = {
			...RFI,
			eventType: 'update',
			userId: WEB_USER.id,
			record: { subject: 'Beam <b> & bolt' },
		} as const;

		test('sends the message and the link to Slack and to Teams', async () => {
			const workflow = await active('rfi-event.json');
			const { resourceId } = await scene.fire(change);
			const url = `${scene.control.url}/${CLINIC.id}/project/rfi/show/${resourceId}`;

			const execution = await onlyExecution(workflow);

			expect(execution.error).toBeUndefined();
			expect(sent('/services/').map(bodyOf)).toEqual([
				{
					text: `RFI 14, Beam &lt;b&gt; &amp; bolt, in Harbour Street Clinic was changed by Dana Okafor\n${url}`,
				},
			]);
			expect(sent('/replace-with').map(bodyOf)).toEqual([
				{
					type: 'message',
					attachments: [
						{
							contentType: 'application/vnd.microsoft.card.adaptive',
							content: {
								type: 'AdaptiveCard',
								version: '1.4',
								body: [{ type: 'TextBlock', text: message, wrap: true }],
								actions: [{ type: 'Action.OpenUrl', title: 'Open in Procore', url }],
							},
						},
					],
				},
			]);
		});

		testWithItems('sends the message without a link if none is known', async () => {
			// n8n keeps the web host of a credential for ten minutes.
			const other = await Scene.set(scene.rest, scene.control, 'v2.0');
			await scene.control.addFault({
				path: '/company_base_url',
				times: 0,
				effect: { kind: 'status', status: 404 },
			});
			const draft = await importExample(other, 'rfi-event.json', {}, toSink);
			const item = expectedItem(await scene.fire(change), 'v2.0');
			const execution = await runExample(other, await other.add(startingWith(draft, [item])));
			await other.clear();

			expect(execution.itemsOf('Write Message')).toMatchObject([{ url: null }]);
			expect(sent('/services/').map(bodyOf)).toEqual([
				{
					text: 'RFI 14, Beam &lt;b&gt; &amp; bolt, in Harbour Street Clinic was changed by Dana Okafor',
				},
			]);
			expect(sent('/replace-with').map(bodyOf)).toMatchObject([
				{ attachments: [{ content: { body: [{ text: message }], actions: [] } }] },
			]);
		});

		test('lists a message that the service rejects, with the reason', async () => {
			sink.respondWith(410);
			const workflow = await active('rfi-event.json', (node) =>
				node.name === 'Send to Slack' ? toSink(node) : node,
			);
			await scene.fire(change);

			const execution = await onlyExecution(workflow);

			expect(execution.status).toBe('success');
			expect(execution.itemsOf('Not Sent')).toEqual([
				{ message, reason: expect.stringMatching(/410|gone/i) },
			]);
		});
	});

	describe('new-photos-to-folder.json', () => {
		async function upload(): Promise<(node: WorkflowNode) => WorkflowNode> {
			const { id, name } = await scene.rest.createCredential('Folder', 'httpBasicAuth', {
				user: 'me',
				password: 'folder-password',
			});
			return (node) =>
				node.name === 'Upload'
					? { ...toSink(node), credentials: { httpBasicAuth: { id, name } } }
					: node;
		}

		/** Adds a photo in Procore. */
		async function addPhoto(resourceId: string, bytes: number): Promise<Event> {
			const filename = 'Slab & door.jpg';
			const { url } = await scene.control.addFile({
				...{ name: filename, bytes, contentType: 'image/jpeg' },
			});
			return await scene.fire({
				...IN_CLINIC,
				...{ resourceName: 'Images', resourceId, eventType: 'create' },
				record: { filename, url, size: bytes },
			});
		}

		test('puts a new photo into the folder', async () => {
			const workflow = await active('new-photos-to-folder.json', await upload());
			await addPhoto('5501', 250_000);

			const execution = await onlyExecution(workflow);

			expect(execution.error).toBeUndefined();
			expect(sink.requests).toMatchObject([
				{
					method: 'PUT',
					path: '/remote.php/dav/files/me/Photos/5501 Slab & door.jpg',
					headers: {
						authorization: `Basic ${Buffer.from('me:folder-password').toString('base64')}`,
						'content-type': 'image/jpeg',
					},
				},
			]);
			expect(sink.requests[0]?.body).toHaveLength(250_000);
		});

		testWithItems(
			'lists photos that are gone, too large or rejected, and stores the others',
			async () => {
				const stored = await addPhoto('5501', 1000);
				const gone = await addPhoto('5502', 1000);
				const large = await addPhoto('5503', 101 * 1024 * 1024);
				await scene.fire({
					...IN_CLINIC,
					...{ resourceName: 'Images', resourceId: '5502', eventType: 'delete' },
				});
				const finish = await upload();
				const noWait = (node: WorkflowNode) =>
					node.name === 'Photo' ? withOption(node, 'waitForChange', false) : finish(node);

				const execution = await runFor('new-photos-to-folder.json', [stored, gone, large], noWait);

				expect(sink.requests.map(({ path }) => path)).toEqual([
					'/remote.php/dav/files/me/Photos/5501 Slab & door.jpg',
				]);
				expect(reasons(execution, 'Not Stored', 'photo')).toEqual([
					['5502', expect.stringContaining('was not found in project 902214')],
					['5503', expect.stringContaining('is 101.0 MB, larger than the maximum of 100.0 MB')],
				]);

				sink.respondWith(507);
				const rejected = await runFor('new-photos-to-folder.json', [stored], noWait);

				expect(reasons(rejected, 'Not Stored', 'photo')).toEqual([
					['5501', expect.stringMatching(/507|storage/i)],
				]);
			},
		);
	});

	describeWithTables('rfi-status-changed.json', () => {
		const CHANGED = 'Status Changed';

		async function status(resourceId: string, value: string): Promise<Event> {
			return await scene.fire({
				...RFI,
				...{ resourceId, eventType: 'update', userId: WEB_USER.id },
				record: { status: value },
			});
		}

		test('goes on only if the status changed since the last event, with the old and the new one', async () => {
			const workflow = await active('rfi-status-changed.json');
			const after = async (count: number) => {
				const executions = await scene.executions(workflow.id, count);
				expect(executions.map(({ error }) => error?.message)).toEqual(
					executions.map(() => undefined),
				);
				return executions.flatMap((execution) => execution.itemsOf(CHANGED));
			};

			await status('338001', 'draft');
			expect(await after(1)).toEqual([]);
			await scene.fire({ ...RFI, resourceId: '338001', eventType: 'update', record: { due: 1 } });
			expect(await after(2)).toEqual([]);
			await status('338001', 'open');
			expect(await after(3)).toEqual([
				{
					from: 'draft',
					to: 'open',
					message:
						'RFI 14, Anchor bolts at grid C4, in Harbour Street Clinic: draft → open, by Dana Okafor',
					url: `${scene.control.url}/${CLINIC.id}/project/rfi/show/338001`,
				},
			]);
		});

		test('compares each of many RFIs in one execution, also if one has several events', async () => {
			const ids = Array.from({ length: 20 }, (_each, index) => String(338_100 + index));
			const first: Event[] = [];
			for (const id of ids) first.push(await status(id, 'open'));
			expect((await runFor('rfi-status-changed.json', first)).itemsOf(CHANGED)).toEqual([]);

			const second: Event[] = [];
			for (const [index, id] of ids.entries()) {
				second.push(await status(id, index % 2 === 0 ? 'closed' : 'open'));
				second.push(await status(id, index % 2 === 0 ? 'closed' : 'open'));
			}
			const changed = (await runFor('rfi-status-changed.json', second)).itemsOf(CHANGED);

			expect(changed.map(({ from, to }) => `${String(from)} ${String(to)}`)).toEqual(
				Array.from({ length: 10 }, () => 'open closed'),
			);
			expect(changed.map(({ url }) => String(url).slice(-6))).toEqual(
				ids.filter((_id, index) => index % 2 === 0),
			);
			expect((await runFor('rfi-status-changed.json', second)).itemsOf(CHANGED)).toEqual([]);
		});

		test('lists an RFI that has since been deleted, and compares the others', async () => {
			const gone = await status('338300', 'open');
			const stays = await status('338301', 'open');
			await scene.fire({ ...RFI, resourceId: '338300', eventType: 'delete' });

			const execution = await runFor('rfi-status-changed.json', [gone, stays], (node) =>
				node.name === 'Changed RFI' ? withOption(node, 'waitForChange', false) : node,
			);

			expect(reasons(execution, 'Not Read', 'rfi')).toEqual([
				['338300', expect.stringContaining('was not found in project 902214')],
			]);
			expect(execution.itemsOf('Status Now')).toMatchObject([{ record: 'RFIs 338301' }]);
		});

		test('tells a change once if several executions see it at the same time', async () => {
			const workflow = await active('rfi-status-changed.json');
			await status('338201', 'open');
			await scene.executions(workflow.id, 1);

			await scene.control.change({
				...RFI,
				...{ resourceId: '338201', eventType: 'update', count: 6 },
				record: { status: 'closed' },
			});

			const executions = await scene.executions(workflow.id, 7);
			expect(executions.flatMap((execution) => execution.itemsOf(CHANGED))).toMatchObject([
				{ from: 'open', to: 'closed' },
			]);
		});
	});

	const toEmulator = (node: WorkflowNode): WorkflowNode => {
		const url = textAt(node.parameters, 'url')?.replace(
			'https://api.procore.com',
			scene.control.url,
		);
		return url === undefined ? node : { ...node, parameters: { ...node.parameters, url } };
	};

	test('daily-log-digest.json sends one mail about all projects, and none on a day without entries', async () => {
		const workflow = await importExample(scene, 'daily-log-digest.json', {}, (node) => {
			if (node.name === 'Send Mail') {
				// The same subject and text as the mail, over HTTP.
				const body = '={{ JSON.stringify({ subject: $json.subject, text: $json.text }) }}';
				return {
					...{ ...node, type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2 },
					parameters: {
						...{ method: 'POST', url: `${sink.url}/mail`, sendBody: true },
						...{ specifyBody: 'json', jsonBody: body, options: {} },
					},
				};
			}
			const header = [{ name: 'Procore-Company-Id', value: COMPANY.id }];
			return node.name === 'Manpower Logs'
				? {
						...toEmulator(node),
						parameters: {
							...toEmulator(node).parameters,
							headerParameters: { parameters: header },
						},
					}
				: node;
		});

		const quiet = await runExample(scene, workflow);

		expect(quiet.nodes).toContain('Manpower Logs');
		expect(sink.requests).toEqual([]);

		const today = new Date().toISOString().slice(0, 10);
		const log = async (projectId: string, record: JsonObject) =>
			await scene.fire({
				...{ companyId: COMPANY.id, projectId, resourceName: 'Manpower Logs' },
				...{ eventType: 'create', record },
			});
		await log(CLINIC.id, { date: today });
		await log(DEPOT.id, { date: today, num_workers: 2, man_hours: '9.5', notes: null });
		await log(DEPOT.id, { date: '2026-11-16' });
		// More than a page.
		for (let index = 0; index < MANY_LOGS; index += 1) {
			await log('902402', { date: today, notes: `Crew ${index}` });
		}
		await scene.control.addFault({
			path: '/projects/902391/manpower_logs',
			times: 0,
			effect: { kind: 'status', status: 403, body: { errors: 'No access to the Daily Log' } },
		});

		const execution = await runExample(scene, workflow);

		const [mail, ...others] = sent('/mail').map(bodyOf);
		expect(others).toEqual([]);
		expect(mail?.subject).toBe(`Daily log of ${today}: ${MANY_LOGS + 2} entries`);
		const lines = String(mail?.text).split('\n');
		expect(new Set(lines).size).toBe(MANY_LOGS + 2);
		const few = lines.filter((line) => !line.includes('Crew'));
		expect(few).toEqual([
			'Dry Creek Depot: Brightwater Electric, 2 workers, 9.5 hours',
			'Harbour Street Clinic: Brightwater Electric, 4 workers, 32.0 hours. Formwork on level 2',
		]);
		expect(reasons(execution, 'Not Read', 'project')).toEqual([
			['Mill Lane School', expect.stringMatching(/403|Forbidden|Daily Log/)],
		]);
	});

	describe('write-back-to-procore.json', () => {
		test('changes the RFI in Procore, and does not start again for its own change', async () => {
			const workflow = await active('write-back-to-procore.json', toEmulator);
			const { resourceId } = await scene.fire({ ...RFI, eventType: 'update', userId: WEB_USER.id });

			const execution = await onlyExecution(workflow);

			expect(execution.error).toBeUndefined();
			expect(execution.itemsOf('Update RFI')).toMatchObject([
				{ id: Number(resourceId), subject: '[14] Anchor bolts at grid C4' },
			]);
			const write = (await scene.control.requests()).filter(({ method }) => method === 'PATCH');
			expect(write).toMatchObject([{ status: 200, companyHeader: COMPANY.id }]);
			await waitFor(
				'Procore to deliver the event of the change',
				async () => {
					const { deliveries } = await scene.control.state();
					const done = deliveries.filter(({ attempts }) =>
						attempts.some(({ responseStatus }) => responseStatus === 200),
					);
					return done.length >= 2 ? done : undefined;
				},
				15_000,
			);
			expect(await scene.rest.executions(workflow.id)).toHaveLength(1);
		});

		test('lists an RFI that Procore does not let it change, with the reason', async () => {
			await scene.control.addFault({
				method: 'PATCH',
				effect: { kind: 'status', status: 403, body: { errors: 'You may only read RFIs' } },
			});
			const workflow = await active('write-back-to-procore.json', toEmulator);
			const { resourceId } = await scene.fire({ ...RFI, eventType: 'update', userId: WEB_USER.id });

			const execution = await onlyExecution(workflow);

			expect(execution.status).toBe('success');
			expect(reasons(execution, 'Not Updated', 'rfi')).toEqual([
				[resourceId, expect.stringMatching(/403|Forbidden|may only read/)],
			]);
			expect(execution.nodes).toContain(TRIGGER);
		});
	});
});

/** The ids and reasons in the list of what did not work, by id. */
function reasons(execution: Execution, node: string, id: string): unknown[][] {
	return execution
		.itemsOf(node)
		.map((item) => [item[id], item.reason])
		.sort(([a], [b]) => String(a).localeCompare(String(b)));
}

function withOption(node: WorkflowNode, name: string, value: unknown): WorkflowNode {
	const parameters = node.parameters ?? {};
	const options: unknown = parameters.options;
	const others = typeof options === 'object' ? options : {};
	return { ...node, parameters: { ...parameters, options: { ...others, [name]: value } } };
}
