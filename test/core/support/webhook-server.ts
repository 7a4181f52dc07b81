/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createServer } from 'node:http';

import express, { type Request, type Response } from 'express';
import { WebhookContext } from 'n8n-core';
import type { INodeExecutionData, IWebhookFunctions } from 'n8n-workflow';

import type { N8n, TriggerBench } from '../harness';

// As in the harness, n8n's class and its interface differ in optional names.
class NodeWebhookContext extends WebhookContext implements Pick<IWebhookFunctions, 'getWorkflow'> {
	override getWorkflow() {
		const { id, name = '', active } = super.getWorkflow();
		return { id, name, active };
	}
}

function parsed(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		return {};
	}
}

/**
 * The webhook endpoint of an n8n with one active trigger node: real requests over HTTP, with the bytes of the body
 * next to n8n's parsed body, and n8n's own response unless the node responds.
 */
export class WebhookServer {
	url = '';

	/** The items of each run that was started, in order. */
	readonly runs: INodeExecutionData[][] = [];

	/** The number of requests that have reached the node. */
	received = 0;

	/** The number of requests that n8n or the node is done with, whether or not the sender still waits. */
	done = 0;

	/** The number of connections that the sender has closed before the response. */
	abandoned = 0;

	/** The error that webhook() threw, to which n8n responds with 500. */
	readonly errors: unknown[] = [];

	/** The warnings that the node wrote to n8n's log. */
	readonly warnings: string[] = [];

	/** Starts a run, like n8n before it responds. Returns the status of n8n's response. */
	handOver: (items: INodeExecutionData[]) => Promise<number> = async () =>
		await Promise.resolve(200);

	/** The node whose webhook is registered; without one, n8n has no such webhook. */
	trigger: TriggerBench | undefined;

	private readonly server = createServer(this.application());

	constructor(private readonly n8n: N8n) {}

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		const address = this.server.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		this.url = `http://127.0.0.1:${port}`;
	}

	async stop(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.server.close(() => resolve());
			this.server.closeAllConnections();
		});
	}

	private application() {
		const app = express();
		app.use(express.raw({ type: () => true, limit: '16mb' }));
		app.post('/webhook/:webhookId/procore', async (request, response) => {
			await this.answer(request, response, false);
		});
		app.post('/webhook-test/:webhookId/procore', async (request, response) => {
			await this.answer(request, response, true);
		});
		return app;
	}

	private async answer(request: Request, response: Response, isTest: boolean): Promise<void> {
		const { trigger } = this;
		if (trigger === undefined || request.params.webhookId !== trigger.webhookId) {
			response.status(404).json({ code: 404, message: 'The requested webhook is not registered.' });
			return;
		}
		response.once('close', () => {
			if (!response.writableEnded) this.abandoned += 1;
		});
		const bytes: unknown = request.body;
		request.rawBody = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
		request.body = parsed(request.rawBody);
		const node = trigger.node();
		const additionalData = this.n8n.additionalData();
		additionalData.httpRequest = request;
		additionalData.httpResponse = response;
		const context = new NodeWebhookContext(
			trigger.workflow(isTest),
			node,
			additionalData,
			isTest ? 'manual' : 'webhook',
			trigger.webhookData(additionalData, isTest),
			[],
			null,
		);
		const warn = jest.spyOn(context.logger, 'warn').mockImplementation((message: string) => {
			this.warnings.push(message);
		});
		try {
			const answered = this.n8n.nodeType(node.type).webhook?.call(context);
			this.received += 1;
			const result = await answered;
			let status = 200;
			for (const items of result?.workflowData ?? []) {
				this.runs.push(items);
				status = await this.handOver(items);
			}
			if (result?.noWebhookResponse !== true) response.status(status).end();
		} catch (error) {
			this.errors.push(error);
			response.status(500).json({ message: 'Workflow Webhook Error' });
		} finally {
			this.done += 1;
			warn.mockRestore();
		}
	}
}
