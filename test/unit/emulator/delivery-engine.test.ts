import {
	COMPANY,
	COMPANY_WEBHOOKS,
	OTHER_PROJECT,
	PROJECT,
	PROJECT_WEBHOOKS,
	at,
	parseJson,
	useEmulator,
} from './support/api';
import { until, useReceiver } from './support/receiver';

const RFI_UPDATE = {
	companyId: COMPANY,
	projectId: PROJECT,
	resourceName: 'RFIs',
	eventType: 'update',
} as const;
const HOUR = 3600;

describe('delivery', () => {
	const emulator = useEmulator();
	const receiver = useReceiver();
	const other = useReceiver();
	const deliveries = async () => (await emulator.control.state()).deliveries;
	const statuses = async () => (await deliveries()).map((row) => row.status);
	const settled = async (...expected: string[]) =>
		await until(async () => (await statuses()).join() === expected.join());
	const hook = async (url = receiver.url) =>
		await emulator.hook(PROJECT_WEBHOOKS, { url, events: ['RFIs:update', 'RFIs:create'] });

	test('sends one POST with the event, the authorization and little else', async () => {
		await hook();
		const [event] = await emulator.control.change(RFI_UPDATE);
		await settled('delivered');
		const [request] = receiver.received;
		expect(request?.headers.authorization).toBe('Bearer secret-k9Qz7');
		expect(request?.headers['content-type']).toBe('application/json');
		expect(Object.keys(request?.headers ?? {}).sort()).toEqual([
			'authorization',
			'connection',
			'content-length',
			'content-type',
			'host',
		]);
		expect(event?.id).toMatch(/^\d{19}$/);
		expect(request?.body).toContain(`{"id":${event?.id},"ulid":"${event?.ulid}",`);
		expect(BigInt(Number(event?.id))).not.toBe(BigInt(event?.id ?? ''));
	});

	test('reaches active hooks of the scope that have the trigger, and no others', async () => {
		await hook();
		await emulator.hook(COMPANY_WEBHOOKS, { url: other.url, events: ['Projects:create'] });
		const count = async (change: object) =>
			(await emulator.control.change({ ...RFI_UPDATE, ...change }))[0]?.deliveries;
		expect(await count({})).toBe(1);
		expect(await count({ eventType: 'delete' })).toBe(0);
		expect(await count({ projectId: OTHER_PROJECT })).toBe(0);
		expect(await count({ resourceName: 'Submittals' })).toBe(0);
		expect(await count({ resourceName: 'Projects', eventType: 'create' })).toBe(1);
		await until(() => other.received.length === 1);
		const body = parseJson(other.received[0]?.body ?? '');
		expect(at(body, 'project_id')).toBeNull();
	});

	test('stops while the hook is disabled', async () => {
		const id = await hook();
		await emulator.control.editHook(id, { status: 'disabled' });
		expect((await emulator.control.change(RFI_UPDATE))[0]?.deliveries).toBe(0);
		await emulator.control.editHook(id, { status: 'active' });
		expect((await emulator.control.change(RFI_UPDATE))[0]?.deliveries).toBe(1);
	});

	test.each([200, 204, 299])('succeeds with %i', async (status) => {
		receiver.answer = status;
		await hook();
		await emulator.control.change(RFI_UPDATE);
		await settled('delivered');
	});

	test.each([302, 400, 404, 500])('fails with %i and is retried', async (status) => {
		receiver.answer = status;
		await hook();
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		expect((await deliveries())[0]?.attempts).toMatchObject([
			{ success: false, responseStatus: status },
		]);
	});

	test('fails if nobody listens and if the response takes too long', async () => {
		await hook('http://127.0.0.1:9/hook');
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		expect((await deliveries())[0]?.attempts[0]?.error).toMatch(/ECONNREFUSED/);

		await emulator.control.reset();
		await emulator.control.setDeliveryTimeout(40);
		receiver.answer = 'hang';
		await hook();
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		expect((await deliveries())[0]?.attempts).toMatchObject([
			{ responseStatus: null, error: 'execution expired' },
		]);
	});

	test('is retried after 1, 2, 4 … seconds, at most an hour apart, with the same body', async () => {
		receiver.answer = 500;
		await hook();
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		await emulator.control.advance(6 * HOUR);
		const attempts = (await deliveries())[0]?.attempts ?? [];
		const waits = attempts
			.slice(1)
			.map((attempt, index) =>
				Math.round(
					(Date.parse(attempt.startedAt) - Date.parse(attempts[index]?.completedAt ?? '')) / 1000,
				),
			);
		expect(waits.slice(0, 13)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600]);
		expect(new Set(waits.slice(12))).toEqual(new Set([3600]));
		expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
	});

	test('sends several to an endpoint at once if it is told to, and retries them all after a pause', async () => {
		await emulator.control.setDeliveriesAtOnce(3);
		receiver.answer = 'hang';
		await emulator.control.setDeliveryTimeout(300);
		await hook();
		await emulator.control.change({ ...RFI_UPDATE, count: 5 });
		await until(() => receiver.received.length === 3);
		await settled('retrying', 'retrying', 'retrying', 'enqueued', 'enqueued');
		expect(receiver.received).toHaveLength(3);
		receiver.answer = 200;
		await emulator.control.advance(1);
		await settled('delivered', 'delivered', 'delivered', 'delivered', 'delivered');
		expect(receiver.received).toHaveLength(8);
	});

	test('to an endpoint pauses while its head is retried, and continues after a success', async () => {
		receiver.answer = 500;
		await hook();
		await emulator.control.change({ ...RFI_UPDATE, count: 3 });
		await settled('retrying', 'enqueued', 'enqueued');
		await emulator.control.advance(20);
		const heads = new Set(receiver.received.map(({ body }) => body));
		expect(heads.size).toBe(1);
		expect(receiver.received.length).toBeGreaterThan(3);

		receiver.answer = 200;
		await emulator.control.advance(30);
		expect(await statuses()).toEqual(['delivered', 'delivered', 'delivered']);
		// The backoff starts again at one second.
		receiver.answer = 500;
		await emulator.control.change(RFI_UPDATE);
		await settled('delivered', 'delivered', 'delivered', 'retrying');
		receiver.answer = 200;
		await emulator.control.advance(1.5);
		expect((await statuses())[3]).toBe('delivered');
	});

	test('to a paused endpoint is not hurried by a newer event', async () => {
		receiver.answer = 500;
		await hook();
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		await emulator.control.advance(20);
		const before = receiver.received.length;
		await emulator.control.change({ ...RFI_UPDATE, count: 2 });
		await emulator.control.advance(1);
		expect(receiver.received).toHaveLength(before);
		expect(await statuses()).toEqual(['retrying', 'enqueued', 'enqueued']);
	});

	test('to one endpoint does not delay another, and hooks with the same URL share a queue', async () => {
		receiver.answer = 500;
		await hook();
		await emulator.hook(COMPANY_WEBHOOKS, {
			url: other.url,
			events: ['Company Vendors:create'],
		});
		const shared = PROJECT_WEBHOOKS.replace(PROJECT, OTHER_PROJECT);
		await emulator.hook(shared, { url: receiver.url, events: ['RFIs:update'] });
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		await emulator.control.change({ ...RFI_UPDATE, projectId: OTHER_PROJECT });
		await emulator.control.change({
			companyId: COMPANY,
			resourceName: 'Company Vendors',
			eventType: 'create',
		});
		await settled('retrying', 'enqueued', 'delivered');
	});

	test('is given up for the whole queue after 12 hours, and a newer event starts over', async () => {
		receiver.answer = 503;
		await hook();
		await emulator.control.change({ ...RFI_UPDATE, count: 3 });
		await settled('retrying', 'enqueued', 'enqueued');
		await emulator.control.advance(12 * HOUR - 60);
		expect(await statuses()).toEqual(['retrying', 'enqueued', 'enqueued']);
		await emulator.control.advance(120);
		expect(await statuses()).toEqual(['discarded', 'discarded', 'discarded']);
		const before = receiver.received.length;
		await emulator.control.advance(24 * HOUR);
		expect(receiver.received).toHaveLength(before);

		receiver.answer = 200;
		await emulator.control.change(RFI_UPDATE);
		await settled('discarded', 'discarded', 'discarded', 'delivered');
	});

	test('is listed on v1.0 attempt by attempt', async () => {
		receiver.answer = 500;
		const id = await hook();
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		receiver.answer = 200;
		await emulator.control.advance(2);
		await emulator.renewToken();
		const list = await emulator.api.get(
			`/rest/v1.0/webhooks/hooks/${id}/deliveries?project_id=${PROJECT}`,
		);
		expect(list.json).toMatchObject([
			{ outcome: 'retried', response_status: 500 },
			{ outcome: 'ok', response_status: 200, response_body: '{"message":"noted"}' },
		]);
	});

	test('can repeat one that was accepted: at least once', async () => {
		await hook();
		await emulator.control.change({ ...RFI_UPDATE, deliverTimes: 3 });
		await settled('delivered');
		expect(receiver.received).toHaveLength(3);
		expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
	});

	test('follows the hook to a new URL', async () => {
		const id = await hook('http://127.0.0.1:9/hook');
		await emulator.control.change(RFI_UPDATE);
		await settled('retrying');
		await emulator.api.patch(`${PROJECT_WEBHOOKS}/hooks/${id}`, { destination_url: receiver.url });
		await settled('delivered');
	});

	test('ends with its hook', async () => {
		receiver.answer = 500;
		const id = await hook();
		await emulator.control.change({ ...RFI_UPDATE, count: 2 });
		await settled('retrying', 'enqueued');
		await emulator.api.delete(`${PROJECT_WEBHOOKS}/hooks/${id}`);
		const before = receiver.received.length;
		await emulator.control.advance(HOUR);
		expect(receiver.received).toHaveLength(before);
	});

	test('can be marked as failed, and the queue continues', async () => {
		receiver.answer = 500;
		const id = await hook();
		await emulator.control.change({ ...RFI_UPDATE, count: 2 });
		await settled('retrying', 'enqueued');
		receiver.answer = 200;
		await emulator.control.failDelivery((await deliveries())[0]?.id ?? '');
		await settled('failed', 'delivered');
		const list = await emulator.api.get(
			`/rest/v1.0/webhooks/hooks/${id}/deliveries?project_id=${PROJECT}`,
		);
		expect(list.json).toMatchObject([{ outcome: 'failed' }, { outcome: 'ok' }]);
	});

	test('retries without help when the clock runs fast', async () => {
		receiver.answer = 500;
		await hook();
		await emulator.control.setSpeed(1000);
		await emulator.control.change(RFI_UPDATE);
		await until(() => receiver.received.length >= 5);
		await emulator.control.setSpeed(1);
		expect(await statuses()).toEqual(['retrying']);
	});

	test('rejects impossible commands', async () => {
		const change = async (part: object) =>
			await emulator.control.change({ ...RFI_UPDATE, ...part });
		await expect(change({ resourceName: 'RFI' })).rejects.toThrow('No such resource: RFI');
		await expect(change({ projectId: null })).rejects.toThrow('needs a project');
		await expect(change({ companyId: '1' })).rejects.toThrow('No such company');
		await expect(change({ resourceName: 'Weather Logs', eventType: 'delete' })).rejects.toThrow(
			'has no delete event',
		);
	});
});
