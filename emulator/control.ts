import { Router, json } from 'express';
import type { NextFunction, Request, Response } from 'express';

import { UnknownChange, addLoggedDeliveries, defaultResourceNames, makeChange } from './changes';
import {
	number,
	optionalNumber,
	optionalText,
	readChange,
	readFault,
	readHookEdit,
	readPermissions,
	readRateLimits,
	readStatus,
	text,
	textList,
} from './control-read';
import type { HookEdit } from './control-types';
import { eventView, hookView, projectView, seedView, stateView } from './control-views';
import type { Emulator } from './emulator';
import { badRequest, notFound } from './errors';
import { param, queryOf } from './http';
import { deleteHook } from './hooks';
import { isObject } from './json';
import type { JsonObject } from './json';
import type { Hook, Project } from './model';
import { RESOURCES } from './resources';
import { WEB_USER } from './seed';

function bodyOf(request: Request): JsonObject {
	const body: unknown = request.body;
	return isObject(body) ? body : {};
}

function editHook(emulator: Emulator, hook: Hook, edit: HookEdit): void {
	if (edit.createdAt !== undefined) hook.createdAt = Date.parse(edit.createdAt);
	if (edit.status !== undefined) hook.status = edit.status;
	if (edit.destinationUrl !== undefined) hook.destinationUrl = edit.destinationUrl;
	if (edit.authorization !== undefined) hook.authorization = edit.authorization;
	if (edit.triggers !== undefined) {
		hook.triggers = edit.triggers.map(({ resourceName, eventType }) => ({
			id: emulator.store.ids.trigger.next(),
			resourceName,
			eventType,
			userId: WEB_USER.id,
		}));
	}
	hook.updatedAt = emulator.clock.now();
	emulator.engine.hookChanged(hook);
}

function clockView(emulator: Emulator): { now: string; speed: number } {
	const { clock } = emulator;
	return { now: new Date(clock.now()).toISOString(), speed: clock.speed };
}

/** The control API of the emulator; not part of Procore. */
export function controlRouter(emulator: Emulator): Router {
	const { clock, engine, store, tokens } = emulator;
	const router = Router();
	router.use(json({ limit: '10mb' }));

	const hookNamed = (id: string): Hook => {
		const hook = store.hook(id);
		if (!hook) throw notFound();
		return hook;
	};

	router.get('/seed', (_request, response) => {
		response.json(seedView(emulator));
	});
	router.get('/catalogue', (_request, response) => {
		response.json(RESOURCES.map(({ name, level, events }) => ({ name, level, events })));
	});
	router.get('/state', (request, response) => {
		const latest = queryOf(request).get('deliveries');
		response.json(stateView(emulator, latest === null ? Infinity : Number(latest)));
	});

	router.post('/changes', (request, response) => {
		const events = makeChange(store, engine, clock, readChange(bodyOf(request)));
		response.json(events.map(eventView));
	});
	router.post('/clock', async (request, response) => {
		const body = bodyOf(request);
		const speed = optionalNumber(body, 'speed');
		const advance = optionalNumber(body, 'advanceSeconds');
		if (typeof body.skewSeconds === 'number') clock.setSkew(body.skewSeconds * 1000);
		if (speed !== undefined) clock.setSpeed(speed);
		if (advance !== undefined) await clock.advance(advance * 1000);
		response.json(clockView(emulator));
	});
	router.post('/delivery-timeout', (request, response) => {
		emulator.sender.timeoutMs = number(bodyOf(request), 'milliseconds');
		response.json({});
	});
	router.post('/deliveries-at-once', (request, response) => {
		emulator.engine.atOnce = number(bodyOf(request), 'count');
		response.json({});
	});
	router.post('/read-lag', (request, response) => {
		store.records.lagMs = number(bodyOf(request), 'milliseconds');
		response.json({});
	});
	router.post('/webhooks-outage', (request, response) => {
		store.webhooksOutage = bodyOf(request).on === true;
		response.json({});
	});
	router.post('/v1-removed', (request, response) => {
		const { status } = bodyOf(request);
		emulator.v1Removed = status === 404 || status === 410 ? status : null;
		response.json({});
	});
	router.post('/latency', (request, response) => {
		emulator.latencyMs = number(bodyOf(request), 'milliseconds');
		response.json({});
	});

	router.post('/faults', (request, response) => {
		response.json({ id: emulator.faults.add(readFault(bodyOf(request))) });
	});
	router.delete('/faults', (_request, response) => {
		emulator.faults.clear();
		response.json({});
	});
	router.get('/held', (_request, response) => {
		response.json({ count: emulator.faults.heldCalls });
	});
	router.post('/held/release', (_request, response) => {
		emulator.faults.release();
		response.json({});
	});
	router.post('/rate-limit', (request, response) => {
		emulator.rateLimit.set(readRateLimits(bodyOf(request)));
		response.json({});
	});
	router.post('/permissions', (request, response) => {
		const change = readPermissions(bodyOf(request));
		const company = store.company(change.companyId);
		if (!company) throw notFound();
		if (change.connected !== undefined) company.connected = change.connected;
		if (change.webhooks !== undefined) company.webhooks = change.webhooks;
		if (change.projectIds) company.projectsWithoutWebhooks = new Set(change.projectIds);
		if (change.hiddenProjectIds) company.hiddenProjects = new Set(change.hiddenProjectIds);
		response.json({});
	});

	router.post('/tokens', (request, response) => {
		const body = bodyOf(request);
		const service = text(body, 'grant') === 'clientCredentials';
		const token = service
			? tokens.issue('clientCredentials', store.serviceAccountId)
			: tokens.issue('authorizationCode', optionalText(body, 'userId') ?? WEB_USER.id);
		const { accessToken, refreshToken } = token;
		response.json({ accessToken, ...(refreshToken === null ? {} : { refreshToken }) });
	});
	router.post('/service-account', (request, response) => {
		store.serviceAccountId = text(bodyOf(request), 'userId');
		response.json({});
	});
	router.post('/tokens/expire', (_request, response) => {
		tokens.expireAll();
		response.json({});
	});
	router.post('/tokens/revoke', (_request, response) => {
		tokens.revokeAll();
		response.json({});
	});

	router.patch('/hooks/:hookId', (request, response) => {
		const hook = hookNamed(param(request, 'hookId'));
		editHook(emulator, hook, readHookEdit(bodyOf(request)));
		response.json(hookView(hook));
	});
	router.delete('/hooks/:hookId', (request, response) => {
		deleteHook(emulator, hookNamed(param(request, 'hookId')));
		response.json({});
	});
	router.post('/deliveries', (request, response) => {
		const body = bodyOf(request);
		const hook = hookNamed(text(body, 'hookId'));
		const count = number(body, 'count');
		const last = clock.now() - (optionalNumber(body, 'secondsAgo') ?? 0) * 1000;
		const attemptedAgo = optionalNumber(body, 'attemptedSecondsAgo');
		addLoggedDeliveries(store, last, hook, {
			count,
			attemptedAt: attemptedAgo === undefined ? undefined : clock.now() - attemptedAgo * 1000,
			statuses: (textList(body, 'statuses') ?? ['delivered']).map(readStatus),
			resourceNames: textList(body, 'resourceNames') ?? defaultResourceNames(hook),
		});
		response.json({ count });
	});
	router.post('/deliveries/:deliveryId/fail', (request, response) => {
		const delivery = store.delivery(param(request, 'deliveryId'));
		if (!delivery) throw notFound();
		engine.fail(delivery);
		response.json({});
	});

	router.post('/projects', (request, response) => {
		const body = bodyOf(request);
		const companyId = text(body, 'companyId');
		if (!store.company(companyId)) throw notFound();
		const id = store.ids.project.next();
		const project: Project = {
			id,
			companyId,
			name: text(body, 'name'),
			number: typeof body.number === 'string' ? body.number : `NP-${id.slice(-3)}`,
			active: body.active !== false,
			updatedAt: clock.now(),
		};
		store.projects.push(project);
		response.json(projectView(project));
	});
	router.post('/projects/:projectId/close', (request, response) => {
		const projectId = param(request, 'projectId');
		if (!store.project(projectId)) throw notFound();
		store.changeProject(projectId, { active: false }, clock.now());
		response.json({});
	});
	router.delete('/projects/:projectId', (request, response) => {
		store.removeProject(param(request, 'projectId'));
		response.json({});
	});

	router.get('/requests', (_request, response) => {
		response.json(emulator.requests.all());
	});
	router.delete('/requests', (_request, response) => {
		emulator.requests.clear();
		response.json({});
	});
	router.post('/reset', (request, response) => {
		emulator.reset();
		if (bodyOf(request).tokens === true) tokens.revokeAll();
		response.json({});
	});

	router.use((error: unknown, _request: Request, _response: Response, next: NextFunction) => {
		next(error instanceof UnknownChange ? badRequest(error.message) : error);
	});
	return router;
}
