import type { Step } from '../step';
import { ACCOUNT_STEPS } from './accounts';
import { API_STEPS } from './api-layer';
import { CHANGED_LIST_STEPS } from './changed-lists';
import { DELIVERY_STEPS } from './deliveries';
import { DESTINATION_STEPS } from './destinations';
import { EVENT_STEPS } from './events';
import { CONTEXT_STEPS } from './files';
import { GENERATION_STEPS } from './generations';
import { HOOK_STEPS } from './hooks';
import { OAUTH_STEPS } from './oauth';
import { RECORD_STEPS } from './records';
import { REFUSAL_STEPS } from './refusals';
import { RESOURCE_STEPS } from './resources';
import { SENDING_STEPS } from './sending';
import { TRIGGER_STEPS } from './triggers';
import { WHOLE_RUN_STEPS } from './whole-run';

/** Everything that a run does, in this order. */
export const STEPS: readonly Step[] = [
	...GENERATION_STEPS,
	...REFUSAL_STEPS,
	...OAUTH_STEPS,
	...ACCOUNT_STEPS,
	...RESOURCE_STEPS,
	...HOOK_STEPS,
	...DESTINATION_STEPS,
	...TRIGGER_STEPS,
	...API_STEPS,
	...DELIVERY_STEPS,
	...EVENT_STEPS,
	...SENDING_STEPS,
	...CONTEXT_STEPS,
	...RECORD_STEPS,
	...CHANGED_LIST_STEPS,
	...WHOLE_RUN_STEPS,
];
