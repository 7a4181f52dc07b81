/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import type { Readable } from 'node:stream';

import axios from 'axios';

import { WEB_USER } from '../../../emulator/seed';
import { readStreamResponse } from '../../../nodes/Procore/api/stream-response';
import { at, COMPANY, PROJECT, useEmulator } from './support/api';

const RFI = { companyId: COMPANY, projectId: PROJECT, resourceName: 'RFIs', resourceId: '338821' };
const RFI_PATH = `/rest/v1.0/projects/${PROJECT}/rfis/338821`;

describe('the files of the emulator', () => {
	const emulator = useEmulator();

	/** Requests an address without following redirects, as a whole URL. */
	async function fetch(url: string, headers: Record<string, string> = {}) {
		const options = { headers, maxRedirects: 0, validateStatus: () => true, proxy: false } as const;
		return await axios.get<ArrayBuffer>(url, { ...options, responseType: 'arraybuffer' });
	}

	const signed = () => ({ Authorization: `Bearer ${emulator.api.token}` });

	/** The address of a new file, as it is in a record that was just read. */
	async function addressOf(bytes: number, tellsSize = true): Promise<string> {
		const { url } = await emulator.control.addFile({ name: 'a.pdf', bytes, tellsSize });
		await emulator.control.change({ ...RFI, eventType: 'update', record: { files: [{ url }] } });
		const { json } = await emulator.api.get(RFI_PATH);
		return String(at(json, 'files', 0, 'url'));
	}

	test('get a new address at each read of their record', async () => {
		const first = await addressOf(1);
		expect(first.startsWith(`${emulator.api.url}/files/`)).toBe(true);
		const { json } = await emulator.api.get(RFI_PATH);
		expect(at(json, 'files', 0, 'url')).not.toBe(first);
	});

	test('require the token, and redirect to the storage host', async () => {
		const address = await addressOf(70_000);
		expect((await fetch(address)).status).toBe(401);
		const redirect = await fetch(address, signed());
		expect(redirect.status).toBe(302);
		const location = String(redirect.headers.location);
		expect(new URL(location).origin).not.toBe(new URL(address).origin);
		const file = await fetch(location);
		expect(file.status).toBe(200);
		expect(file.headers['content-length']).toBe('70000');
		expect(file.data.byteLength).toBe(70_000);
	});

	test('are not given to a request with a token, which the log of the storage host shows', async () => {
		const redirect = await fetch(await addressOf(10), signed());
		const location = String(redirect.headers.location);
		const refused = await fetch(location, { ...signed(), 'Procore-Company-Id': COMPANY });
		expect(refused.status).toBe(400);
		expect(await emulator.control.storageRequests()).toEqual([
			{
				path: new URL(location).pathname,
				status: 400,
				hasAuthorization: true,
				procoreHeaders: ['procore-company-id'],
			},
		]);
		await emulator.control.clearStorageRequests();
		expect(await emulator.control.storageRequests()).toEqual([]);
	});

	test('have addresses that expire', async () => {
		const address = await addressOf(10);
		const redirect = await fetch(address, signed());
		await emulator.control.advance(3601);
		const { accessToken } = await emulator.control.issueToken({
			grant: 'authorizationCode',
			userId: WEB_USER.id,
		});
		const renewed = { Authorization: `Bearer ${accessToken}` };
		expect((await fetch(address, renewed)).status).toBe(403);
		expect((await fetch(String(redirect.headers.location))).status).toBe(403);
		await emulator.control.setFileLifetime(0);
		const { json } = await emulator.api.get(RFI_PATH, { token: accessToken });
		expect((await fetch(String(at(json, 'files', 0, 'url')), renewed)).status).toBe(403);
	});

	test('can stop in the middle, which ends the download after a while', async () => {
		const { url } = await emulator.control.addFile({
			name: 'a',
			bytes: 90_000,
			stallsAfter: 70_000,
		});
		await emulator.control.change({ ...RFI, eventType: 'update', record: { url } });
		const { json } = await emulator.api.get(RFI_PATH);
		const redirect = await fetch(String(at(json, 'url')), signed());
		const { status, headers, data } = await axios.get<Readable>(String(redirect.headers.location), {
			...{ responseType: 'stream', proxy: false },
		});
		const { body } = readStreamResponse({ statusCode: status, headers, body: data }, 200);
		let bytes = 0;
		const reading = async () => {
			for await (const chunk of body ?? []) bytes += Buffer.byteLength(chunk);
		};
		await expect(reading()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		expect(bytes).toBe(70_000);
	});

	test('can be of unknown size, or deleted', async () => {
		const redirect = await fetch(await addressOf(10, false), signed());
		const file = await fetch(String(redirect.headers.location));
		expect(file.headers['content-length']).toBeUndefined();
		expect(file.data.byteLength).toBe(10);
		const address = await addressOf(10);
		await emulator.control.deleteFile(/files\/(\d+)/.exec(address)?.[1] ?? '');
		expect((await fetch(address, signed())).status).toBe(404);
	});

	test.each([
		['RFIs', RFI_PATH],
		['Submittals', `/rest/v1.1/projects/${PROJECT}/submittals/338821`],
	])('include the PDF of a record of %s', async (resourceName, path) => {
		await emulator.control.change({ ...RFI, resourceName, eventType: 'create' });
		const redirect = await fetch(`${emulator.api.url}${path}.pdf`, signed());
		expect(redirect.status).toBe(302);
		const pdf = await fetch(String(redirect.headers.location));
		expect(pdf.headers['content-type']).toMatch(/^application\/pdf/);
		expect((await fetch(`${emulator.api.url}${path}9.pdf`, signed())).status).toBe(404);
	});

	test('include the PDF of an observation, whose address expires', async () => {
		await emulator.control.change({
			...RFI,
			resourceName: 'Observation Items',
			eventType: 'create',
		});
		const path = `/rest/v1.0/observations/items/338821/pdf?project_id=${PROJECT}`;
		const { json } = await emulator.api.get(path);
		const address = String(at(json, 'url'));
		expect((await fetch(address, signed())).status).toBe(302);
		await emulator.control.setFileLifetime(0);
		const expired = await emulator.api.get(path);
		expect((await fetch(String(at(expired.json, 'url')), signed())).status).toBe(403);
		const other = await emulator.api.get(path.replace('338821', '338822'));
		expect(other.status).toBe(404);
	});

	test('have addresses in the rows of a list', async () => {
		const { url } = await emulator.control.addFile({ name: 'a.pdf', bytes: 10 });
		await emulator.control.change({
			...{ ...RFI, resourceName: 'Drawings', eventType: 'update' },
			record: { pdf_url: url },
		});
		const path = `/rest/v1.0/projects/${PROJECT}/drawing_revisions?drawing_id=338821`;
		const { json } = await emulator.api.get(path);
		expect((await fetch(String(at(json, 0, 'pdf_url')), signed())).status).toBe(302);
	});
});
