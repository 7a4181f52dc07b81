import { WEB_USER } from '../../../emulator/seed';
import type { Change } from '../../../emulator/control-client';
import {
	COMPANY,
	EUROPE,
	OTHER_PROJECT,
	PROJECT,
	UNCONNECTED,
	at,
	rows,
	useEmulator,
} from './support/api';

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs', resourceId: '338821' };
const RFI_PATH = `/rest/v1.0/projects/${PROJECT}/rfis/338821`;

describe('the records of events', () => {
	const emulator = useEmulator();

	async function change(more: Partial<Change> & Pick<Change, 'resourceName'>): Promise<void> {
		await emulator.control.change({ companyId: COMPANY, eventType: 'update', ...more });
	}

	test('are created by their first event and keep what later changes do not set', async () => {
		expect((await emulator.api.get(RFI_PATH)).status).toBe(404);
		await change({ ...RFI, eventType: 'create', record: { subject: 'Slab edge' } });
		const made = await emulator.api.get(RFI_PATH);
		expect(made).toMatchObject({
			status: 200,
			json: { id: 338821, subject: 'Slab edge', status: 'open' },
		});
		await change({ ...RFI, record: { status: 'closed' } });
		const { json } = await emulator.api.get(RFI_PATH);
		expect(json).toMatchObject({ subject: 'Slab edge', status: 'closed' });
		expect(at(json, 'created_at')).toBe(at(made.json, 'created_at'));
	});

	test('have whole seconds in updated_at, at the time of the event', async () => {
		const [event] = await emulator.control.change({ ...RFI, eventType: 'update' });
		const { json } = await emulator.api.get(RFI_PATH);
		expect(at(json, 'updated_at')).toBe(event?.timestamp.replace(/\.\d+Z$/, 'Z'));
		expect(String(at(json, 'created_at')) < String(at(json, 'updated_at'))).toBe(true);
	});

	test('are changed by an update, which causes an event of the caller and its app', async () => {
		await change({ ...RFI, eventType: 'create' });
		const answer = await emulator.api.patch(RFI_PATH, { rfi: { subject: 'Slab edge' } });
		expect(answer).toMatchObject({ status: 200, json: { id: 338821, subject: 'Slab edge' } });
		expect((await emulator.api.get(RFI_PATH)).json).toMatchObject({ subject: 'Slab edge' });
		const { events } = await emulator.control.state();
		expect(events.at(-1)).toMatchObject({
			resourceName: 'RFIs',
			resourceId: RFI.resourceId,
			eventType: 'update',
			userId: WEB_USER.id,
		});
		expect((await emulator.api.patch(`${RFI_PATH}9`, {})).status).toBe(404);
	});

	test('are not changed by an update without the field that the reference names', async () => {
		await change({ ...RFI, eventType: 'create' });
		expect(await emulator.api.patch(RFI_PATH, { subject: 'Slab edge' })).toMatchObject({
			status: 400,
			json: { errors: 'param is missing: rfi' },
		});
	});

	test('disappear once they are deleted', async () => {
		await change({ ...RFI, eventType: 'create' });
		await change({ ...RFI, eventType: 'delete' });
		expect(await emulator.api.get(RFI_PATH)).toMatchObject({
			status: 404,
			json: { errors: ['Not found'] },
		});
	});

	test('lag behind their events for as long as was set, and no longer', async () => {
		await emulator.control.setReadLag(60_000);
		await change({ ...RFI, resourceId: '1', eventType: 'create' });
		await change({ ...RFI, record: { subject: 'Changed' } });
		const created = await emulator.api.get(`/rest/v1.0/projects/${PROJECT}/rfis/1`);
		expect(created.status).toBe(404);
		expect((await emulator.api.get(RFI_PATH)).json).toMatchObject({
			subject: 'Anchor bolts at grid C4',
		});
		await emulator.control.setReadLag(0);
		expect((await emulator.api.get(RFI_PATH)).json).toMatchObject({ subject: 'Changed' });
		await emulator.control.setReadLag(60_000);
		await emulator.control.reset();
		await change({ ...RFI, record: { subject: 'After the reset' } });
		expect((await emulator.api.get(RFI_PATH)).json).toMatchObject({ subject: 'After the reset' });
	});

	test('keep every digit of their ids', async () => {
		await change({ ...RFI, resourceId: '598134325900999001' });
		const { text } = await emulator.api.get(
			`/rest/v1.0/projects/${PROJECT}/rfis/598134325900999001`,
		);
		expect(text).toContain('"id":598134325900999001,');
	});

	test('are wrapped on v2.0, with ids as text', async () => {
		await change({ ...RFI, resourceName: 'Coordination Issues' });
		const { json } = await emulator.api.get(
			`/rest/v2.0/companies/${COMPANY}/projects/${PROJECT}/coordination_issues/338821`,
		);
		expect(json).toMatchObject({ data: { id: '338821', title: 'Duct meets beam' } });
	});

	test('are rows of a list if no endpoint returns a single one', async () => {
		for (const resourceId of ['11', '12', '13']) {
			await change({ resourceName: 'Change Types', resourceId });
			await change({ ...RFI, resourceName: 'Specification Areas', resourceId });
		}
		const types = await emulator.api.get(
			`/rest/v1.0/change_types?company_id=${COMPANY}&per_page=2&page=2`,
		);
		expect(types.headers.total).toBe('3');
		expect(rows(types.json)).toEqual([expect.objectContaining({ id: 13 })]);
		expect(at(types.json, 0, 'updated_at')).toBeUndefined();
		const areas = await emulator.api.get(
			`/rest/v2.1/companies/${COMPANY}/projects/${PROJECT}/specification_areas`,
		);
		expect(rows(at(areas.json, 'data'))).toHaveLength(3);
	});

	test('of a parent are only found under it', async () => {
		await change({
			...RFI,
			resourceName: 'Purchase Order Contract Line Items',
			relatedResources: [{ id: '441290', name: 'Purchase Order Contracts' }],
		});
		const read = async (parent: string) =>
			await emulator.api.get(
				`/rest/v1.0/purchase_order_contracts/${parent}/line_items/338821?project_id=${PROJECT}`,
			);
		expect((await read('441290')).status).toBe(200);
		expect((await read('441291')).status).toBe(404);
	});

	test('are visible only in their company and project, to a user who is signed in', async () => {
		await change(RFI);
		await change({ resourceName: 'Company Vendors', resourceId: '7' });
		const vendor = (company: string) => `/rest/v1.0/vendors/7?company_id=${company}`;
		const status = async (...call: Parameters<typeof emulator.api.get>) =>
			(await emulator.api.get(...call)).status;
		expect(await status(vendor(COMPANY))).toBe(200);
		expect(await status(vendor(EUROPE), { company: EUROPE })).toBe(404);
		expect(await status(vendor(COMPANY), { company: null })).toBe(400);
		expect(await status('/rest/v1.0/vendors/7')).toBe(400);
		expect(await status(vendor(UNCONNECTED), { company: UNCONNECTED })).toBe(403);
		expect(await status(RFI_PATH.replace(PROJECT, OTHER_PROJECT))).toBe(404);
		expect(await status(RFI_PATH, { company: EUROPE })).toBe(404);
		expect(await status(RFI_PATH, { token: null })).toBe(401);
		expect(await status('/rest/v1.0/projects//rfis/338821')).toBe(404);
	});
});
