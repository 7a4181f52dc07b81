/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';

import express, { Router, json } from 'express';
import type { Request, Response } from 'express';

import { authenticate } from './access';
import { number, optionalNumber, text } from './control-read';
import type { Emulator } from './emulator';
import { ProcoreError, notFound } from './errors';
import type { StoredFile } from './files';
import { param, queryOf, sendJson } from './http';
import { isObject } from './json';

const CHUNK = Buffer.alloc(64 * 1024, 'procore ');

/** The content of a file, generated while it is read. */
function contentOf({ bytes, stallsAfter }: StoredFile): Readable {
	let left = stallsAfter ?? bytes;
	return new Readable({
		read() {
			if (left === 0 && stallsAfter !== undefined) return;
			const size = Math.min(left, CHUNK.length);
			left -= size;
			this.push(size === 0 ? null : CHUNK.subarray(0, size));
		},
	});
}

/** The base URL under which a client reached this emulator. */
export function hostOf(request: Request): string {
	return `http://${request.headers.host ?? 'localhost'}`;
}

function hasExpired(emulator: Emulator, request: Request): boolean {
	return Number(queryOf(request).get('expires')) <= emulator.clock.now();
}

function redirectToStorage(emulator: Emulator, response: Response, id: string): void {
	const { files, clock } = emulator;
	response.redirect(302, files.address(files.storageUrl, 'blobs', id, clock.now()));
}

/** Where a record's PDF is made on request and redirected to [FILE-PDF]. */
const PDF_PATHS: Readonly<Record<string, string>> = {
	RFIs: '/rest/v1.0/projects/:projectId/rfis/:recordId.pdf',
	Submittals: '/rest/v1.1/projects/:projectId/submittals/:recordId.pdf',
};

/**
 * The addresses of files in Procore's API. They require the token, expire, and redirect to the storage host (guide to secure
 * file access) [FILE-ADDRESS] [FILE-STORAGE] [FILE-EXPIRY]. The PDF of an
 * observation is made on request, too, and its address returned [FILE-PDF].
 */
export function filesRouter(emulator: Emulator): Router {
	const router = Router();
	const { files, store, clock } = emulator;

	router.get('/files/:fileId', (request, response) => {
		authenticate(emulator, request);
		if (hasExpired(emulator, request)) throw new ProcoreError(403, { errors: 'Link has expired' });
		const file = files.find(param(request, 'fileId'));
		if (!file) throw notFound();
		redirectToStorage(emulator, response, file.id);
	});

	/** Makes the PDF of a record. @throws ProcoreError 404 if the project has no such record. */
	const makePdf = (resourceName: string, projectId: string, id: string) => {
		const project = store.project(projectId);
		const records = project ? store.records.of(resourceName, project.companyId, project.id) : [];
		if (!records.some((record) => record.id === id && store.records.visible(record))) {
			throw notFound();
		}
		return files.add({
			name: `${id}.pdf`,
			bytes: 4321,
			contentType: 'application/pdf',
			tellsSize: true,
		});
	};

	for (const [resourceName, path] of Object.entries(PDF_PATHS)) {
		router.get(path, (request, response) => {
			authenticate(emulator, request);
			const { id } = makePdf(resourceName, param(request, 'projectId'), param(request, 'recordId'));
			redirectToStorage(emulator, response, id);
		});
	}

	router.get('/rest/v1.0/observations/items/:recordId/pdf', (request, response) => {
		authenticate(emulator, request);
		const recordId = param(request, 'recordId');
		const projectId = queryOf(request).get('project_id') ?? '';
		const pdf = makePdf('Observation Items', projectId, recordId);
		const url = files.address(hostOf(request), 'files', pdf.id, clock.now());
		sendJson(response, 200, { id: Number(recordId), url, pdf_url: url });
	});
	return router;
}

/** The storage host, which belongs to another company: it refuses any token, as its requests are signed by their address. */
export function storageApplication(emulator: Emulator): express.Express {
	const app = express();
	app.disable('x-powered-by');
	app.disable('etag');
	app.get('/blobs/:fileId', (request, response) => {
		const file = emulator.files.find(param(request, 'fileId'));
		const hasAuthorization = request.headers.authorization !== undefined;
		const procoreHeaders = Object.keys(request.headers).filter((name) =>
			name.startsWith('procore'),
		);
		let status = file === undefined ? 404 : 200;
		if (file?.leadsTo !== undefined) status = 302;
		if (hasExpired(emulator, request)) status = 403;
		if (hasAuthorization) status = 400;
		emulator.files.noteRequest({ path: request.path, status, hasAuthorization, procoreHeaders });
		if (status === 302 && file?.leadsTo !== undefined) {
			response.redirect(302, file.leadsTo);
			return;
		}
		if (status !== 200 || file === undefined) {
			response.status(status).type('application/xml');
			response.send('<Error><Code>AccessDenied</Code></Error>');
			return;
		}
		response.status(200).type(file.contentType);
		if (file.tellsSize) response.set('Content-Length', String(file.bytes));
		contentOf(file).pipe(response);
	});
	return app;
}

/** The part of the control API that is about files. */
export function filesControlRouter(emulator: Emulator): Router {
	const { files } = emulator;
	const router = Router();
	router.use(json({ limit: '10mb' }));
	router.post('/files', (request, response) => {
		const body: unknown = request.body;
		const order = isObject(body) ? body : {};
		const { id } = files.add({
			name: text(order, 'name'),
			bytes: number(order, 'bytes'),
			contentType: typeof order.contentType === 'string' ? order.contentType : 'application/pdf',
			tellsSize: order.tellsSize !== false,
			...(typeof order.stallsAfter === 'number' ? { stallsAfter: order.stallsAfter } : {}),
			...(typeof order.leadsTo === 'string' ? { leadsTo: order.leadsTo } : {}),
		});
		response.json({ id, url: `emulator-file:${id}` });
	});
	router.delete('/files/:fileId', (request, response) => {
		files.delete(param(request, 'fileId'));
		response.json({});
	});
	router.post('/file-lifetime', (request, response) => {
		const body: unknown = request.body;
		files.lifetimeMs = (optionalNumber(isObject(body) ? body : {}, 'seconds') ?? 3600) * 1000;
		response.json({});
	});
	router.get('/storage-requests', (_request, response) => {
		response.json(files.requests());
	});
	router.delete('/storage-requests', (_request, response) => {
		files.clearRequests();
		response.json({});
	});
	return router;
}
