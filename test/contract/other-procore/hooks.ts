import { randomInt } from 'node:crypto';

import type { Request } from 'express';

import { param } from './replies';

/** A company, or a project of it; `project` is empty for a company. */
export interface Scope {
	readonly company: string;
	readonly project: string;
}

/** A trigger, as it is shown. */
export interface Trigger {
	readonly id: string;
	readonly webhook_hook_id: string;
	readonly resource_name: string;
	readonly event_type: string;
}

/** One attempt to deliver an event. */
export interface Attempt {
	readonly id: string;
	readonly success: boolean;
	readonly response_status: number;
	readonly started_at: string;
	readonly completed_at: string;
}

/** An event of a hook, and the state of its delivery. */
export interface Delivery {
	readonly id: string;
	status: 'enqueued' | 'retrying' | 'delivered';
	readonly payload: Record<string, unknown>;
	readonly delivery_attempts: Attempt[];
}

/** A hook with everything that belongs to it. */
export interface Hook {
	readonly id: string;
	readonly scope: Scope;
	namespace: string;
	destination_url: string;
	authorization: string;
	payload_version: string;
	status: string;
	readonly triggers: Trigger[];
	/** The oldest first. */
	readonly deliveries: Delivery[];
}

/** A number that no other object has. */
export function newId(): string {
	return String(randomInt(10 ** 10, 10 ** 11));
}

/** The hooks of this Procore. */
export class Hooks {
	readonly all: Hook[] = [];

	of({ company, project }: Scope): Hook[] {
		return this.all.filter(({ scope }) => scope.company === company && scope.project === project);
	}

	remove(hook: Hook): void {
		this.all.splice(this.all.indexOf(hook), 1);
	}
}

/** The scope in the path of a call. */
export function scopeOf(request: Request): Scope {
	return { company: param(request, 'company'), project: param(request, 'project') };
}

/** The hook in the path of a call. */
export function hookOf(hooks: Hooks, request: Request): Hook | undefined {
	return hooks.of(scopeOf(request)).find(({ id }) => id === param(request, 'hook'));
}

const COMPANY_NAMES = ['Trades', 'Departments', 'Company Users'];
const PROJECT_NAMES = [
	...['RFIs', 'Submittals', 'Images', 'Locations', 'Meetings', 'Drawings', 'Punch Items'],
	...['Observation Items', 'Incidents', 'Tasks', 'Site Registers'],
];

/** A resource, and which of the usual events it does not have. */
export interface Resource {
	readonly name: string;
	readonly except: readonly string[];
}

function namesOf({ project }: Scope, payloadVersion: string): string[] {
	if (project === '') return COMPANY_NAMES;
	return payloadVersion === 'v4.0' ? [...PROJECT_NAMES, 'Document Uploads'] : PROJECT_NAMES;
}

/** The resources that a scope offers. */
export function resourcesIn(scope: Scope, payloadVersion: string): Resource[] {
	return namesOf(scope, payloadVersion).map((name) => ({
		name,
		except: name === 'Tasks' ? ['delete'] : [],
	}));
}
