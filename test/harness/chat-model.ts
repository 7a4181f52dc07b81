/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import express from 'express';
import type { Server } from 'node:http';
import { listAt, textAt } from './json';

/** What the model does in a turn: it calls a tool, or answers. */
export type Turn =
	| { readonly tool: string; readonly input: Readonly<Record<string, string>> }
	/** @param results what the tools returned so far */
	| { readonly answer: (results: readonly string[]) => string }
	/** It rejects the request because of a wrong key, so a client does not retry. */
	| { readonly rejects: string };

/** A stand-in for a language model, with OpenAI's interface. It follows a script. */
export interface ScriptedModel {
	/** The base URL for a credential. */
	readonly url: string;
	/** The names of the tools that the agent offered. */
	readonly tools: ReadonlySet<string>;
	stop(): Promise<void>;
}

/** Starts a model on loopback that takes these turns, one per request. */
export async function startScriptedModel(turns: readonly Turn[]): Promise<ScriptedModel> {
	const tools = new Set<string>();
	let requests = 0;
	const app = express();
	app.use(express.json({ limit: '10mb' }));
	app.post('/v1/chat/completions', (request, response) => {
		const body: unknown = request.body;
		for (const tool of listAt(body, 'tools')) tools.add(textAt(tool, 'function', 'name') ?? '');
		const results = listAt(body, 'messages')
			.filter((message) => textAt(message, 'role') === 'tool')
			.map((message) => textAt(message, 'content') ?? '');
		const turn = turns[requests];
		requests += 1;
		if (turn === undefined) {
			response.status(500).json({ error: { message: 'The script has no further turn' } });
			return;
		}
		if ('rejects' in turn) {
			response.status(401).json({ error: { message: turn.rejects } });
			return;
		}
		const message =
			'tool' in turn
				? {
						content: null,
						tool_calls: [
							{
								id: `call_${requests}`,
								type: 'function',
								function: { name: turn.tool, arguments: JSON.stringify(turn.input) },
							},
						],
					}
				: { content: turn.answer(results) };
		response.json({
			...{ id: `chat_${requests}`, object: 'chat.completion', created: 0, model: 'scripted' },
			choices: [
				{
					index: 0,
					finish_reason: 'tool' in turn ? 'tool_calls' : 'stop',
					message: { role: 'assistant', ...message },
				},
			],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
		});
	});
	const server = await new Promise<Server>((resolve) => {
		const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
	});
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server has no port');
	return {
		url: `http://127.0.0.1:${address.port}/v1`,
		tools,
		async stop() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
