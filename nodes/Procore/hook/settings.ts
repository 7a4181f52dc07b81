import type { IHookFunctions, IPollFunctions, IWebhookFunctions } from 'n8n-workflow';

import { explainInvalidId, extractId } from '../model/id';
import {
	DEFAULT_PAYLOAD_VERSION,
	payloadVersionParameter,
	type PayloadVersion,
} from '../model/payload-version';
import type { Subscription } from '../model/trigger';
import { NO_COMPANY } from '../api/failure';
import { refusal } from '../api/refusal';
import { severalValues } from '../model/several-values';
import { explainNamespace, isLegalNamespace } from './namespace';
import { parseSubscriptions } from './subscriptions';

const TRIGGER_SCOPES = ['company', 'projects', 'allProjects'] as const;
type TriggerScope = (typeof TRIGGER_SCOPES)[number];

/** The labels that the panel shows for `projectIds` and `events`. */
export const PROJECTS_LABEL = 'Project Names or IDs';
const EVENTS_LABEL = 'Event Names or IDs';

/** Where the trigger node listens, according to its parameters. */
export interface TriggerPlace {
	/** Empty if neither the node nor the credential has a company. */
	readonly companyId: string;
	/** Whether the node's own parameter names the company. */
	readonly companyFrom: 'node' | 'credential';
	readonly scope: TriggerScope;
	readonly projectIds: readonly string[];
	/** Empty if the node generates one. */
	readonly namespace: string;
}

/** The validated parameters of the trigger node. */
export interface TriggerSettings extends TriggerPlace {
	readonly subscriptions: readonly Subscription[];
	readonly payloadVersion: PayloadVersion;
}

type SettingsContext = IHookFunctions | IPollFunctions | IWebhookFunctions;

function parameter(context: SettingsContext, name: string): unknown {
	return context.getNodeParameter(name, '', { extractValue: true });
}

function projectIdsIn(value: unknown): string[] {
	return [...new Set(severalValues(value).map((typed) => extractId(typed, 'project')))];
}

/**
 * Reads where the node listens. Does not validate.
 *
 * @param defaultCompanyId the company of the credential, used if the node has none.
 */
export function readPlace(context: SettingsContext, defaultCompanyId: string): TriggerPlace {
	const scope = TRIGGER_SCOPES.find((known) => known === parameter(context, 'scope')) ?? 'company';
	const ownCompanyId = extractId(String(parameter(context, 'companyId') ?? ''), 'company');
	return {
		companyId: ownCompanyId || defaultCompanyId,
		companyFrom: ownCompanyId === '' ? 'credential' : 'node',
		scope,
		projectIds: scope === 'projects' ? projectIdsIn(parameter(context, 'projectIds')) : [],
		namespace: String(parameter(context, 'namespace')).trim(),
	};
}

/**
 * Reads and validates the parameters.
 *
 * @throws NodeOperationError with the label of the parameter to change.
 */
export function readSettings(context: SettingsContext, place: TriggerPlace): TriggerSettings {
	const refuse = (message: string) => refusal(context.getNode(), message);
	if (place.companyId === '') throw refuse(NO_COMPANY);
	if (place.scope === 'projects' && place.projectIds.length === 0) {
		throw refuse(
			`No project selected. Select at least one in ${PROJECTS_LABEL}, or listen to all projects.`,
		);
	}
	const reasons = [
		explainInvalidId(place.companyId, 'Company'),
		...place.projectIds.map((id) => explainInvalidId(id, PROJECTS_LABEL)),
	];
	const reason = reasons.find((each) => each !== undefined);
	if (reason !== undefined) throw refuse(reason);
	if (place.namespace !== '' && !isLegalNamespace(place.namespace)) {
		throw refuse(explainNamespace(place.namespace));
	}
	const events = severalValues(parameter(context, 'events'));
	if (events.length === 0)
		throw refuse(`No event selected. Select at least one in ${EVENTS_LABEL}.`);
	return {
		...place,
		subscriptions: parseSubscriptions(events, EVENTS_LABEL, refuse),
		payloadVersion:
			payloadVersionParameter(String(parameter(context, 'options.payloadVersion')), refuse) ??
			DEFAULT_PAYLOAD_VERSION,
	};
}
