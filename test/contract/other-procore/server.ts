/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer, type Server } from 'node:http';

import express, { type Express, type Request, type Response } from 'express';

import { textAt } from '../../harness/json';
import { Hooks, newId } from './hooks';
import { noisy, type Noise } from './noise';
import { param, rangeOf, refuse } from './replies';
import { Sending } from './sending';
import { v1Router } from './v1';
import { webhooksRouter } from './webhooks';

export const COMPANY = '73000011';
export const PROJECT = '73000022';
export const RFI = '73000033';
const USER = '73000044';
const LOGIN = 'wren.okafor@meridian.test';
const PROJECT_NAME = 'Quarry Lane Library';
const COMPANY_NAME = 'Meridian Builders';
const SECONDS_OF_A_TOKEN = 5400;
/** With a login, these need no company header (Procore, "Client Credentials"). */
const OF_NO_COMPANY: ReadonlySet<string> = new Set(['/v1.0/me', '/v1.0/companies']);

/**
 * Procore a second time, from the same documents as the emulator and independent of it. Where the documents are silent, it
 * does something else than the emulator, so that the live check cannot depend on what only the emulator does.
 */
export class OtherProcore {
	readonly hooks = new Hooks();

	private readonly sending = new Sending();

	private readonly startedAt = new Date().toISOString();

	private readonly tokens = new Map<string, string>();

	private readonly rfi = { id: Number(RFI), subject: 'Anchor bolts', updated_at: '' };

	private server: Server | undefined;

	/** What nothing that the live check writes may contain. */
	readonly privateValues = [COMPANY, PROJECT, RFI, USER, LOGIN, PROJECT_NAME, COMPANY_NAME];

	/**
	 * @param clientId the one client id that it knows; any secret is right.
	 * @param noise returns texts that every response contains beside what it should, until it returns undefined.
	 */
	constructor(
		readonly clientId: string,
		private readonly noise: Noise = () => undefined,
	) {
		this.touch();
	}

	/** @returns its address. */
	async start(): Promise<string> {
		const server = createServer(this.application());
		this.server = server;
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = server.address();
		if (address === null || typeof address === 'string') throw new Error('No port');
		return `http://127.0.0.1:${address.port}`;
	}

	async stop(): Promise<void> {
		this.sending.stop();
		this.server?.closeAllConnections();
		await new Promise((resolve) => this.server?.close(resolve));
	}

	private application(): Express {
		const app = express();
		app.set('query parser', 'extended');
		app.use(noisy(this.noise));
		app.use(express.urlencoded({ extended: false }));
		app.use(express.json({ strict: false }));
		app.get('/oauth/authorize', this.authorize.bind(this));
		app.post('/oauth/token', this.token.bind(this));
		app.use('/rest', this.admit.bind(this));
		this.addDirectory(app);
		this.addRecords(app);
		const company = '/rest/v2.0/companies/:company';
		app.use(
			[`${company}/webhooks`, `${company}/projects/:project/webhooks`],
			webhooksRouter(this.hooks),
		);
		app.use('/rest/v1.0/webhooks', v1Router(this.hooks));
		app.use((_request, response) => void refuse(response, 404, 'There is nothing here'));
		return app;
	}

	/** Whoever opens the page has logged in. */
	private authorize(request: Request, response: Response): void {
		const target = new URL(textAt(request.query, 'redirect_uri') ?? '');
		target.searchParams.set('code', newId());
		target.searchParams.set('state', textAt(request.query, 'state') ?? '');
		response.redirect(target.href);
	}

	/** A refresh token works once, and does not end the access token: the documents do not say that it does. */
	private token(request: Request, response: Response): Response {
		const body: unknown = request.body;
		const grant = textAt(body, 'grant_type') ?? '';
		const old = textAt(body, 'refresh_token') ?? '';
		if (textAt(body, 'client_id') !== this.clientId)
			return response.status(401).json({ error: 'invalid_client' });
		if (grant === 'refresh_token' && this.tokens.get(old) !== 'refresh')
			return response.status(400).json({ error: 'invalid_grant' });
		this.tokens.delete(old);
		const [access_token, refresh_token] = [`access-${newId()}`, `refresh-${newId()}`];
		this.tokens.set(access_token, 'access');
		this.tokens.set(refresh_token, 'refresh');
		return response.json({
			...{ access_token, token_type: 'Bearer', expires_in: SECONDS_OF_A_TOKEN },
			...(grant === 'client_credentials' ? {} : { refresh_token }),
		});
	}

	private admit(request: Request, response: Response, next: () => void): void {
		const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
		const reset = Math.floor(Date.now() / 1000) + 10;
		response.setHeader('X-Rate-Limit-Limit', 1000);
		response.setHeader('X-Rate-Limit-Remaining', 900);
		response.setHeader('X-Rate-Limit-Reset', reset);
		const company = request.headers['procore-company-id'];
		if (this.tokens.get(token) !== 'access') response.status(401).json({ error: 'Invalid Token' });
		else if (company === undefined && !OF_NO_COMPANY.has(request.path))
			refuse(response, 403, 'Missing Procore-Company-Id header!');
		else if (company !== undefined && company !== COMPANY)
			refuse(response, 403, 'App is not connected to this company.');
		else next();
	}

	private addDirectory(app: Express): void {
		app.get('/rest/v1.0/me', (_request, response) =>
			response.json({ id: Number(USER), login: LOGIN, name: 'Wren Okafor' }),
		);
		app.get('/rest/v1.0/company_base_url', (_request, response) =>
			response.json({ zone: 'us01', web_base_url: 'https://app.procore.example' }),
		);
		app.get('/rest/v1.0/companies', (_request, response) =>
			response.json([{ id: Number(COMPANY), name: COMPANY_NAME, is_active: true }]),
		);
		app.get('/rest/v1.0/companies/:company/users', (_request, response) => response.json([]));
		app.get('/rest/v1.1/projects', (request, response) => {
			const part = (textAt(request.query, 'filters', 'name') ?? '').toLowerCase();
			const compact = { id: Number(PROJECT), name: PROJECT_NAME };
			const updated_at = this.startedAt;
			const whole = { ...compact, project_number: 'QL-7', active: true, updated_at };
			const range = rangeOf(request);
			if (range === undefined) return refuse(response, 422, 'updated_at is not a range');
			const isMeant = PROJECT_NAME.toLowerCase().includes(part) && range(updated_at);
			const row = textAt(request.query, 'view') === 'compact' ? compact : whole;
			response.setHeader('Total', 1);
			response.setHeader(
				'Per-Page',
				Math.min(Number(textAt(request.query, 'per_page')) || 100, 300),
			);
			return response.json(isMeant ? [row] : []);
		});
		app.get('/rest/v1.0/projects/:project', (_request, response) =>
			response.json({ id: Number(PROJECT), name: PROJECT_NAME, active: true }),
		);
	}

	private addRecords(app: Express): void {
		const record = '/rest/v1.0/projects/:project/rfis/:id';
		app.get('/rest/v1.0/projects/:project/rfis', (request, response) => {
			const range = rangeOf(request);
			if (range === undefined) return refuse(response, 422, 'updated_at is not a range');
			return response.json(range(this.rfi.updated_at) ? [this.rfi] : []);
		});
		app.get('/rest/v1.0/projects/:project/drawing_revisions', (request, response) =>
			rangeOf(request) === undefined
				? refuse(response, 422, 'updated_at is not a range')
				: response.json([]),
		);
		app.get(record, (_request, response) => response.json(this.rfi));
		app.patch(record, (request, response) => {
			this.rfi.subject = textAt(request.body, 'subject') ?? '';
			this.touch();
			this.send(param(request, 'project'));
			return response.json(this.rfi);
		});
	}

	private touch(): void {
		this.rfi.updated_at = new Date().toISOString();
	}

	private send(project: string): void {
		const subscribed = this.hooks
			.of({ company: COMPANY, project })
			.filter(
				({ status, triggers }) =>
					status === 'active' && triggers.some((each) => each.resource_name === 'RFIs'),
			);
		for (const hook of subscribed) {
			this.sending.enqueue(hook, {
				...{ resource: 'RFIs', recordId: RFI, companyId: COMPANY, projectId: project },
				...{ userId: USER, applicationId: this.clientId },
			});
		}
	}
}
