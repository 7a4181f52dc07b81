/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { setTimeout as wait } from 'node:timers/promises';

import type { NextFunction, Request, RequestHandler, Response } from 'express';

import { bearerOf } from './access';
import { makeChange } from './changes';
import type { Emulator } from './emulator';
import { notFound } from './errors';
import type { FaultEffect } from './faults';
import { contextOf, queryOf, sendJson } from './http';
import { grantOf } from './oauth';
import { RATE_LIMITED } from './rate-limit';

/** Writes a line to the request log when the call ends, whatever its result. */
export function logRequests(emulator: Emulator): RequestHandler {
	return (request, response, next) => {
		const header = request.headers['procore-company-id'];
		const { method, path } = request;
		const query = path.startsWith('/oauth') ? {} : Object.fromEntries(queryOf(request));
		const at = new Date().toISOString();
		response.on('close', () => {
			const { client } = contextOf(request);
			emulator.requests.add({
				method,
				path,
				query,
				status: response.writableFinished ? response.statusCode : 0,
				companyHeader: typeof header === 'string' ? header : null,
				at,
				...(client === null ? {} : { client }),
			});
		});
		next();
	};
}

/** Runs the handlers and closes the connection in place of the response. */
function loseAnswer(request: Request, response: Response): void {
	response.end = () => {
		request.socket.destroy();
		return response;
	};
}

/** Runs the handlers and keeps the response back. */
function answerLate(response: Response, ms: number): void {
	const end = response.end;
	response.end = (...args: unknown[]) => {
		void wait(ms).then(() => Reflect.apply(end, response, args));
		return response;
	};
}

function answerWith(response: Response, effect: Extract<FaultEffect, { kind: 'status' }>): void {
	response.status(effect.status);
	if (effect.body === undefined) {
		response.set(effect.headers ?? {}).end();
	} else if (typeof effect.body === 'string') {
		response
			.type('text/plain')
			.set(effect.headers ?? {})
			.send(effect.body);
	} else {
		response.type('application/json').set(effect.headers ?? {});
		response.send(JSON.stringify(effect.body));
	}
}

/** The target of the `redirect` fault. */
export const SIGN_IN_PATH = '/sign-in';

/** A page that has nothing to do with the API, such as a login page. */
export function sendPage(response: Response, title = 'Sign in'): void {
	response
		.status(200)
		.type('text/html')
		.send(
			`<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
		);
}

/** Returns true if the effect has ended the call. */
async function apply(
	emulator: Emulator,
	effect: FaultEffect,
	request: Request,
	response: Response,
): Promise<boolean> {
	switch (effect.kind) {
		case 'status':
			answerWith(response, effect);
			return true;
		case 'page':
			sendPage(response, effect.title);
			return true;
		case 'redirect':
			response.redirect(302, effect.to ?? SIGN_IN_PATH);
			return true;
		case 'pageTooLarge':
			sendJson(response, effect.status, { errors: 'The request took too long' });
			return true;
		case 'drop':
			if (effect.when === 'after') {
				loseAnswer(request, response);
				return false;
			}
			request.socket.destroy();
			return true;
		case 'delay':
			if (effect.when === 'after') answerLate(response, effect.ms);
			else await wait(effect.ms);
			return false;
		case 'hold':
			await emulator.faults.hold();
			return false;
		case 'rateLimited':
			emulator.rateLimit.blockFor(effect.resetInSeconds);
			return false;
		case 'expireToken':
			emulator.tokens.expire(bearerOf(request) ?? '');
			return false;
		case 'refuseTriggers':
			for (const name of effect.resources) contextOf(request).refusedResources.add(name);
			return false;
		case 'ignoreFilters':
			contextOf(request).ignoredFilters = effect.names ?? 'all';
			return false;
		case 'capPages':
			contextOf(request).mostRows = effect.rows;
			return false;
		case 'changeProject':
			emulator.store.changeProject(effect.projectId, effect, emulator.clock.now());
			return false;
		case 'changeRecord':
			makeChange(emulator.store, emulator.engine, emulator.clock, effect.change);
			return false;
	}
}

/** Applies latency, the matching faults and the rate limit before Procore's own work begins. */
export function intake(emulator: Emulator): RequestHandler {
	return async (request: Request, response: Response, next: NextFunction) => {
		if (emulator.latencyMs > 0) await wait(emulator.latencyMs);
		const call = {
			method: request.method,
			url: request.originalUrl,
			grant: grantOf(request),
		};
		for (const effect of emulator.faults.firing(call)) {
			if (await apply(emulator, effect, request, response)) return;
		}
		if (request.path.startsWith('/rest/') && !emulator.rateLimit.admit(response)) {
			sendJson(response, 429, RATE_LIMITED);
			return;
		}
		next();
	};
}

/** Handles every unknown path. @throws ProcoreError 404. */
export function unknownPath(): never {
	throw notFound();
}
