import type { Request } from 'express';

import type { Emulator } from './emulator';
import {
	ProcoreError,
	badRequest,
	forbidden,
	invalidToken,
	notConnected,
	notFound,
	unauthorized,
} from './errors';
import { contextOf } from './http';
import type { Company, Scope } from './model';
import { CLIENT_ID } from './seed';
import type { AccessToken } from './tokens';

/** The token of a request, valid or not. */
export function bearerOf(request: Request): string | undefined {
	return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Finds the token of a call and remembers it for the rest of the call.
 *
 * @throws ProcoreError 401 if it is missing, unknown or expired.
 */
export function authenticate(emulator: Emulator, request: Request): AccessToken {
	const bearer = bearerOf(request);
	if (bearer === undefined) throw unauthorized();
	const token = emulator.tokens.find(bearer);
	if (!token) throw invalidToken();
	const context = contextOf(request);
	context.token = token;
	context.client = CLIENT_ID;
	return token;
}

/**
 * The token that {@link authenticate} has found.
 *
 * @throws ProcoreError 401 if the call was not authenticated.
 */
export function callerOf(request: Request): AccessToken {
	const { token } = contextOf(request);
	if (!token) throw unauthorized();
	return token;
}

/** The beginning of the text is documented (multiple Procore regions); the status is not [COMPANY-HEADER-MISSING]. */
export function companyHeader(request: Request): string {
	const value = request.headers['procore-company-id'];
	if (typeof value !== 'string' || !/^\d+$/.test(value)) {
		throw new ProcoreError(400, 'Missing Procore-Company-Id header!');
	}
	return value;
}

/** @throws ProcoreError 404 for a company that does not exist, 403 for one that the app is not connected to. */
export function connectedCompany(emulator: Emulator, id: string): Company {
	const company = emulator.store.company(id);
	if (!company) throw notFound();
	if (!company.connected) throw notConnected();
	return company;
}

/** The company of the header, which must be the one that the path or query names [COMPANY-HEADER-OTHER]. */
export function companyOfCall(emulator: Emulator, request: Request, named: string): Company {
	const header = companyHeader(request);
	const company = connectedCompany(emulator, named);
	if (header !== named) throw badRequest('Procore-Company-Id names another company');
	return company;
}

/**
 * Changing hooks requires "Webhooks API" at level Standard, and reading them at least Read Only; an app's default is
 * None (guide to webhooks). Hooks that the account cannot read answer 404 [ERROR-403-PERMISSION].
 */
export function webhookScope(
	emulator: Emulator,
	request: Request,
	companyId: string,
	projectId: string | null,
): Scope {
	const company = companyOfCall(emulator, request, companyId);
	if (projectId !== null && emulator.store.accessibleProject(projectId)?.companyId !== companyId) {
		throw notFound();
	}
	const writes = request.method !== 'GET';
	const missing =
		company.webhooks === 'none' ||
		(writes && company.webhooks === 'read_only') ||
		(projectId !== null && company.projectsWithoutWebhooks.has(projectId));
	if (missing) throw forbidden('Your app needs the Webhooks API permission');
	return { companyId, projectId };
}
