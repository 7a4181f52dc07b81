import type { INodeProperties, NodeOperationError } from 'n8n-workflow';

import type { TriggerOwner } from '../../api/webhooks-api';
import { describeScope, type Scope } from '../../model/scope';
import {
	subscriptionKey,
	subscriptionText,
	type RefusedSubscription,
	type Subscription,
} from '../../model/trigger';
import { dryRunProperty } from '../../descriptions/dry-run';
import { eventsProperty } from '../../descriptions/subscription';
import { planTriggers } from '../../hook/plan-triggers';
import { parseSubscriptions } from '../../hook/subscriptions';
import { withSuggestions } from '../../hook/suggestions';
import { syncTriggers } from '../../hook/sync-triggers';
import { isDryRun, wouldBe } from '../dry-run';
import type { OperationItem, WriteOperation } from '../operation';
import { hookPayloadVersion, triggerOwner } from './fields';

const show = { resource: ['trigger'], operation: ['sync'] };

export const description: INodeProperties[] = [eventsProperty(show), dryRunProperty(show)];

/** Of a hook that is created without choosing one. */
const NEW_HOOK_VERSION = 'v2.0';

/** What became of the triggers, or would become of them. */
interface Outcome {
	readonly added: readonly Subscription[];
	readonly removed: readonly Subscription[];
	readonly kept: readonly Subscription[];
	readonly refused: readonly RefusedSubscription[];
}

/** @throws NodeOperationError where there is none, or one is not a `Resource:event`. */
function wantedEvents(item: OperationItem): Subscription[] {
	const entries = item.list('events');
	if (entries.length === 0) {
		throw item.refuse(
			'No event is chosen: choose at least one in Events. To hear nothing more, delete or disable the hook.',
		);
	}
	return parseSubscriptions(entries, 'Events', (message) => item.refuse(message));
}

/** The error of a sync that Procore refused a part of, with what to subscribe to instead. */
async function refusedError(
	item: OperationItem,
	scope: Scope,
	hook: TriggerOwner,
	{ refused, added }: Outcome,
): Promise<NodeOperationError> {
	const version = await hookPayloadVersion(item, scope, hook);
	const explained = await withSuggestions(item.procore.webhooks, scope, version, refused);
	const lines = explained.map((each) => `${subscriptionText(each)} (${each.reason})`);
	const left =
		added.length === 0
			? 'The triggers are as they were before.'
			: `No trigger was removed, but ${added.map(subscriptionText).join(', ')} could not be taken back.`;
	return item.refuse(
		`Could not sync the triggers of ${hook.id === '' ? 'the new hook' : `hook ${hook.id}`}. Procore does not let ${describeScope(scope)} subscribe to ${lines.join('; ')}. ${left} Choose events that are listed in Events.`,
	);
}

/** The hook that gets the triggers. In a dry run, one that does not exist yet has an empty id. */
function chosenHook(item: OperationItem, dryRun: boolean): TriggerOwner {
	if (!dryRun || item.text('hookId') !== '') return triggerOwner(item);
	return { id: '', payload_version: NEW_HOOK_VERSION };
}

async function plan(
	item: OperationItem,
	scope: Scope,
	hook: TriggerOwner,
	wanted: readonly Subscription[],
): Promise<Outcome> {
	const planned = await planTriggers(item.procore.webhooks, scope, hook, wanted);
	// Of a dry run, nothing has to be rolled back.
	return planned.refused.length > 0 ? { ...planned, added: [] } : planned;
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const dryRun = isDryRun(item);
	const hook = chosenHook(item, dryRun);
	const wanted = wantedEvents(item);
	return async () => {
		const outcome = dryRun
			? await plan(item, scope, hook, wanted)
			: await syncTriggers(item.procore.webhooks, scope, hook, wanted);
		if (outcome.refused.length > 0) throw await refusedError(item, scope, hook, outcome);
		const texts = new Map(wanted.map((each) => [subscriptionKey(each), subscriptionText(each)]));
		const events = (triggers: readonly Subscription[]) =>
			triggers.map((each) => texts.get(subscriptionKey(each)) ?? subscriptionText(each));
		const json = {
			hook_id: hook.id || null,
			added: events(outcome.added),
			removed: events(outcome.removed),
			kept: events(outcome.kept),
		};
		return [dryRun ? wouldBe(json) : json];
	};
};
