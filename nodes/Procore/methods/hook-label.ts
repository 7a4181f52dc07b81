import type { INodePropertyOptions } from 'n8n-workflow';

import type { Procore } from '../api';
import { settle, settleAll } from '../api/concurrency';
import { isGeneratedNamespace } from '../hook/namespace';
import { workflowAt } from '../hook/process-state';
import type { Hook } from '../model/hook';
import { describeScope, type Scope } from '../model/scope';
import { foldEventType, type Trigger } from '../model/trigger';
import { eventName } from './event-label';

const SHOWN_EVENTS = 3;

/** Hooks whose triggers are read; a longer list would keep the editor waiting. */
const MAX_DESCRIBED = 50;
const AT_ONCE = 5;

/** Returns `RFIs created, RFIs updated and 4 more`. */
function describeEvents(
	triggers: ReadonlyArray<Pick<Trigger, 'resource_name' | 'event_type'>>,
): string {
	if (triggers.length === 0) return 'No events';
	const names = triggers.map(({ resource_name, event_type }) =>
		eventName(resource_name, foldEventType(event_type)),
	);
	const shown = names.slice(0, SHOWN_EVENTS).join(', ');
	const more = names.length - SHOWN_EVENTS;
	return more > 0 ? `${shown} and ${more} more` : shown;
}

/**
 * Returns the label of a hook: what it listens to, whose it is, and where.
 *
 * @param events its triggers; undefined if they could not be read, then the label starts with the URL.
 * @param workflow the ID of the workflow that it starts; undefined if that is unknown.
 */
export function hookLabel(
	hook: Pick<Hook, 'destination_url' | 'namespace' | 'status'>,
	events: ReadonlyArray<Pick<Trigger, 'resource_name' | 'event_type'>> | undefined,
	place: string,
	workflow?: string,
): string {
	const { namespace, status } = hook;
	return [
		events === undefined ? hook.destination_url : describeEvents(events),
		isGeneratedNamespace(namespace ?? '') ? 'Procore Trigger' : (namespace ?? 'No namespace'),
		place,
		...(workflow === undefined ? [] : [`Workflow ${workflow}`]),
		...(status === 'disabled' ? ['Disabled'] : []),
	].join(' · ');
}

async function placeOf({ directory }: Procore, scope: Scope): Promise<string> {
	if (scope.kind === 'company') return describeScope(scope);
	const { companyId, projectId } = scope;
	const found = await settle(async () => await directory.findProject(companyId, projectId));
	const name = found.ok ? found.value?.model.name : undefined;
	return name || describeScope(scope);
}

/** Converts hooks to list entries. Sends one request for each hook and one for the project. */
export async function hookOptions(
	procore: Procore,
	scope: Scope,
	hooks: readonly Hook[],
): Promise<INodePropertyOptions[]> {
	const [place, triggers] = await Promise.all([
		placeOf(procore, scope),
		settleAll(
			hooks.slice(0, MAX_DESCRIBED),
			AT_ONCE,
			async ({ id }) => await procore.webhooks.listTriggers(scope, id),
		),
	]);
	const labels = hooks.map((hook, index) => {
		const read = triggers[index];
		const events = read?.ok ? read.value.map(({ model }) => model) : undefined;
		return hookLabel(hook, events, place, workflowAt(hook.destination_url));
	});
	return hooks.map(({ id }, index) => {
		const name = labels[index] ?? id;
		const isUnique = labels.indexOf(name) === labels.lastIndexOf(name);
		return { name: isUnique ? name : `${name} (ID ${id})`, value: id };
	});
}
