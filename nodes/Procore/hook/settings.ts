import type { IHookFunctions, IPollFunctions } from 'n8n-workflow';

import type { Procore } from '../api';
import { explainInvalidId, extractId } from '../model/id';
import { payloadVersionOf, type PayloadVersion } from '../model/payload-version';
import type { Scope } from '../model/scope';
import type { Subscription } from '../model/trigger';
import { refusal } from '../api/refusal';
import { severalValues } from '../model/several-values';
import { explainNamespace, isLegalNamespace } from './namespace';
import { parseSubscriptions } from './subscriptions';

const TRIGGER_SCOPES = ['company', 'projects', 'allProjects'] as const;
type TriggerScope = (typeof TRIGGER_SCOPES)[number];

/** Where the trigger node listens, as its parameters say it. */
export interface TriggerPlace {
	/** Empty where neither the node nor the credential names a company. */
	readonly companyId: string;
	readonly scope: TriggerScope;
	readonly projectIds: readonly string[];
	/** Empty where the node makes its own. */
	readonly namespace: string;
}

/** The trigger node's parameters, checked. */
export interface TriggerSettings extends TriggerPlace {
	readonly subscriptions: readonly Subscription[];
	readonly payloadVersion: PayloadVersion;
}

type SettingsContext = IHookFunctions | IPollFunctions;

function parameter(context: SettingsContext, name: string): unknown {
	return context.getNodeParameter(name, '', { extractValue: true });
}

function projectIdsIn(value: unknown): string[] {
	return [...new Set(severalValues(value).map((typed) => extractId(typed, 'project')))];
}

/** @param defaultCompanyId the company of the credential, which counts where the node names none. */
export function readPlace(context: SettingsContext, defaultCompanyId: string): TriggerPlace {
	const scope = TRIGGER_SCOPES.find((known) => known === parameter(context, 'scope')) ?? 'company';
	return {
		companyId:
			extractId(String(parameter(context, 'companyId') ?? ''), 'company') || defaultCompanyId,
		scope,
		projectIds: scope === 'projects' ? projectIdsIn(parameter(context, 'projectIds')) : [],
		namespace: String(parameter(context, 'namespace')).trim(),
	};
}

/** @throws NodeOperationError that names the parameter to fill in. */
export function readSettings(context: SettingsContext, place: TriggerPlace): TriggerSettings {
	const refuse = (message: string) => refusal(context.getNode(), message);
	if (place.companyId === '') {
		throw refuse(
			'No company is chosen: choose one in Company, or enter a Company ID in the credential.',
		);
	}
	if (place.scope === 'projects' && place.projectIds.length === 0) {
		throw refuse(
			'No project is chosen: choose at least one in Projects, or listen to all projects.',
		);
	}
	const reasons = [
		explainInvalidId(place.companyId, 'Company'),
		...place.projectIds.map((id) => explainInvalidId(id, 'Projects')),
	];
	const reason = reasons.find((each) => each !== undefined);
	if (reason !== undefined) throw refuse(reason);
	if (place.namespace !== '' && !isLegalNamespace(place.namespace)) {
		throw refuse(explainNamespace(place.namespace));
	}
	const events = severalValues(parameter(context, 'events'));
	if (events.length === 0) throw refuse('No event is chosen: choose at least one in Trigger On.');
	return {
		...place,
		subscriptions: parseSubscriptions(events, 'Trigger On', refuse),
		payloadVersion: payloadVersionOf(parameter(context, 'options.payloadVersion')),
	};
}

/** In how many projects a test listens: each costs three requests, and a default hourly limit is soon used up. */
const TEST_SCOPES = 10;

/**
 * The scopes that need a hook: the company, each chosen project, or each active one, those that were changed last first.
 * Procore sorts by name alone, so they are put into that order here. What is not an id has none: it was refused at
 * activation, and must not enter the path of a request at deactivation either.
 */
export async function resolveScopes(
	{ directory }: Pick<Procore, 'directory'>,
	{ companyId, scope, projectIds }: TriggerPlace,
): Promise<Scope[]> {
	if (explainInvalidId(companyId, 'Company') !== undefined) return [];
	if (scope === 'company') return [{ kind: 'company', companyId }];
	const ids = scope === 'allProjects' ? await lastChangedFirst(directory, companyId) : projectIds;
	const known = ids.filter((id) => explainInvalidId(id, 'Projects') === undefined);
	return known.map((projectId) => ({ kind: 'project', companyId, projectId }));
}

async function lastChangedFirst(
	directory: Procore['directory'],
	companyId: string,
): Promise<string[]> {
	const projects = await directory.activeProjects(companyId);
	const timeOf = (changed: string) => Date.parse(changed) || 0;
	return projects
		.sort((one, other) => timeOf(other.updated_at) - timeOf(one.updated_at))
		.map(({ id }) => id);
}

/** The first of the scopes that need a hook, if it is one that listens for a test event; else all. */
export function scopesFor(isTest: boolean, scopes: readonly Scope[]): Scope[] {
	return scopes.slice(0, isTest ? TEST_SCOPES : undefined);
}
