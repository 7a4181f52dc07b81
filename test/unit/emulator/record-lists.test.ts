import type { Change } from '../../../emulator/control-client';
import { LISTED } from '../../../emulator/listed-resources';
import { resourceNamed } from '../../../emulator/resources';
import updatedAtFilters from '../../fixtures/procore/updated-at-filters.json';
import {
	COMPANY,
	COMPANY_WEBHOOKS,
	PROJECT,
	PROJECT_WEBHOOKS,
	at,
	idAt,
	rows,
	useEmulator,
} from './support/api';

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs' } as const;
const RFIS = `/rest/v1.0/projects/${PROJECT}/rfis`;
const HOUR_MS = 3_600_000;

function iso(time: number): string {
	return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The path of a list in Procore's notation. */
function documentedPath(path: string): string {
	return path.replace(':companyId', '{company_id}').replace(':projectId', '{project_id}');
}

describe('lists of changed records', () => {
	const emulator = useEmulator();

	async function change(more: Partial<Change>): Promise<string> {
		const [event] = await emulator.control.change({ ...RFI, eventType: 'update', ...more });
		if (event === undefined) throw new Error('No event');
		return event.timestamp;
	}

	async function now(): Promise<number> {
		return Date.parse((await emulator.control.state({ deliveries: 0 })).now);
	}

	async function changed(range: string, path = RFIS): Promise<string[]> {
		const mark = path.includes('?') ? '&' : '?';
		const answer = await emulator.api.get(
			`${path}${mark}filters[updated_at]=${encodeURIComponent(range)}`,
		);
		if (answer.status !== 200) throw new Error(answer.text);
		return rows(at(answer.json, 'data') ?? answer.json).map((row) => idAt(row, 'id'));
	}

	test.each(Object.entries(LISTED))(
		'exist for %s, where the reference has the filter',
		async (name, list) => {
			const path = documentedPath(list.path);
			expect(updatedAtFilters.map((each) => each.path)).toContain(path);
			const ofProject = resourceNamed(name)?.level === 'project';
			// Some have no update events.
			await change({
				resourceName: name,
				resourceId: '71',
				eventType: 'create',
				projectId: ofProject ? PROJECT : null,
			});
			const called = list.path.replace(':companyId', COMPANY).replace(':projectId', PROJECT);
			const query = ofProject ? `project_id=${PROJECT}` : `company_id=${COMPANY}`;
			const time = await now();
			const range = `${iso(time - HOUR_MS)}...${iso(time + HOUR_MS)}`;
			expect(await changed(range, `${called}?${query}`)).toEqual([list.rowKey ? '971' : '71']);
			const before = `${iso(time - 3 * HOUR_MS)}...${iso(time - 2 * HOUR_MS)}`;
			expect(await changed(before, `${called}?${query}`)).toEqual([]);
		},
	);

	test('take the range with or without quotation marks, in times or whole days', async () => {
		const day = (await change({ resourceId: '1' })).slice(0, 10);
		const from = iso((await now()) - HOUR_MS);
		const to = iso((await now()) + HOUR_MS);
		expect(await changed(`${from}...${to}`)).toEqual(['1']);
		expect(await changed(`"${from}...${to}"`)).toEqual(['1']);
		expect(await changed(`${day}...${day}`)).toEqual(['1']);
		const invalid = await emulator.api.get(`${RFIS}?filters[updated_at]=${from}`);
		expect(invalid.status).toBe(400);
	});

	test('compare fractions of a second that updated_at does not show', async () => {
		let timestamp = await change({ resourceId: '1' });
		// A change right on the second would be in both ranges.
		while (/\.000/.test(timestamp)) timestamp = await change({ resourceId: '1' });
		const second = Date.parse(`${timestamp.slice(0, 19)}Z`);
		expect(await changed(`${iso(second - HOUR_MS)}...${iso(second)}`)).toEqual([]);
		expect(await changed(`${iso(second)}...${iso(second + 1000)}`)).toEqual(['1']);
	});

	test('move a record that changes to the end, even while the list is read', async () => {
		for (const resourceId of ['1', '2', '3', '4']) {
			await change({ resourceId });
			await emulator.control.advance(1);
		}
		const range = `${iso((await now()) - HOUR_MS)}...${iso((await now()) + HOUR_MS)}`;
		await emulator.control.addFault({
			path: '[?&]page=2',
			effect: { kind: 'changeRecord', change: { ...RFI, eventType: 'update', resourceId: '1' } },
		});
		const page = async (number: number) =>
			(await emulator.api.get(`${RFIS}?per_page=2&page=${number}&filters[updated_at]=${range}`))
				.json;
		expect(rows(await page(1)).map((row) => idAt(row, 'id'))).toEqual(['1', '2']);
		// Number 3 has moved to the page that was read already.
		expect(rows(await page(2)).map((row) => idAt(row, 'id'))).toEqual(['4', '1']);
	});

	test('have the revisions of drawings, without created_at', async () => {
		await change({ resourceName: 'Drawings', resourceId: '71' });
		const list = `/rest/v1.0/projects/${PROJECT}/drawing_revisions`;
		const range = `${iso((await now()) - HOUR_MS)}...${iso((await now()) + HOUR_MS)}`;
		const { json } = await emulator.api.get(`${list}?filters[updated_at]=${range}`);
		expect(json).toMatchObject([{ id: 971, drawing_id: 71 }]);
		expect(at(json, 0, 'created_at')).toBeUndefined();
	});

	test('have the projects that changed, active or not', async () => {
		await change({ resourceName: 'Projects', resourceId: PROJECT, projectId: null });
		const range = `${iso((await now()) - 60_000)}...${iso((await now()) + HOUR_MS)}`;
		const path = `/rest/v1.1/projects?company_id=${COMPANY}&filters[by_status]=All`;
		expect(await changed(range, path)).toEqual([PROJECT]);
	});

	test('do not contain deleted records', async () => {
		await change({ resourceId: '1' });
		await change({ resourceId: '1', eventType: 'delete' });
		expect(
			await changed(`${iso((await now()) - HOUR_MS)}...${iso((await now()) + HOUR_MS)}`),
		).toEqual([]);
	});
});

describe('events that Procore does not record', () => {
	const emulator = useEmulator();

	test('are missing during an outage, while records change', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS, { events: ['RFIs:update'] });
		await emulator.control.setWebhooksOutage(true);
		await emulator.control.change({ ...RFI, eventType: 'update', resourceId: '1' });
		expect((await emulator.api.get(`${RFIS}/1`)).status).toBe(200);
		const { events, deliveries } = await emulator.control.state();
		expect([events, deliveries]).toEqual([[], []]);
		await emulator.control.setWebhooksOutage(false);
		await emulator.control.change({ ...RFI, eventType: 'update', resourceId: '1' });
		const after = await emulator.control.state();
		expect(after.deliveries.map(({ hookId }) => hookId)).toEqual([hook]);
		await emulator.control.setWebhooksOutage(true);
		await emulator.control.reset();
		await emulator.control.change({ ...RFI, eventType: 'update', resourceId: '1' });
		expect((await emulator.control.state()).events).toHaveLength(1);
	});

	test('are missing for a change that is silent', async () => {
		await emulator.control.change({ ...RFI, eventType: 'update', resourceId: '1', silent: true });
		expect((await emulator.control.state()).events).toEqual([]);
		expect((await emulator.api.get(`${RFIS}/1`)).status).toBe(200);
	});

	test('have no delivery if the hook is gone, disabled or without the trigger', async () => {
		const hook = await emulator.hook(PROJECT_WEBHOOKS, { events: ['RFIs:create'] });
		const happen = async () =>
			await emulator.control.change({ ...RFI, eventType: 'update', resourceId: '1' });
		await happen();
		await emulator.control.editHook(hook, {
			status: 'disabled',
			triggers: [{ resourceName: 'RFIs', eventType: 'update' }],
		});
		await happen();
		await emulator.control.deleteHook(hook);
		await happen();
		const { events, deliveries } = await emulator.control.state();
		expect(events.map((event) => event.deliveries)).toEqual([0, 0, 0]);
		expect(deliveries).toEqual([]);
	});
});

describe('the skew of the clock', () => {
	const emulator = useEmulator();

	test('moves every time by it, until it is reset', async () => {
		/** How far Procore is ahead, in tens of seconds: a busy machine takes a while to answer. */
		const ahead = async () => {
			const [event] = await emulator.control.change({ ...RFI, eventType: 'update' });
			return Math.round((Date.parse(event?.timestamp ?? '') - Date.now() - start) / 10_000);
		};
		const start = Date.parse((await emulator.control.state()).now) - Date.now();
		await emulator.control.setClockSkew(90);
		expect(await ahead()).toBe(9);
		await emulator.control.setClockSkew(-90);
		expect(await ahead()).toBe(-9);
		await emulator.control.reset();
		expect(Math.abs(await ahead())).toBe(0);
	});

	test('does not bring a retry forward', async () => {
		await emulator.hook(COMPANY_WEBHOOKS, {
			url: 'http://127.0.0.1:9/refuses',
			events: ['Departments:update'],
		});
		await emulator.control.change({
			companyId: COMPANY,
			resourceName: 'Departments',
			eventType: 'update',
		});
		// The waits before the third attempt are 1 and 2 seconds.
		await emulator.control.advance(2);
		const attempts = async () =>
			(await emulator.control.state()).deliveries.map((delivery) => delivery.attempts.length);
		const made = await attempts();
		await emulator.control.setClockSkew(90);
		expect(await attempts()).toEqual(made);
		await emulator.control.advance(2);
		expect(await attempts()).toEqual(made.map((count) => count + 1));
	});
});
