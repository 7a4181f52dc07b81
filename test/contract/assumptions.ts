import { ACCOUNTS } from './assumptions/accounts';
import type { Assumption } from './assumptions/assumption';
import { DELIVERIES } from './assumptions/deliveries';
import { EVENTS } from './assumptions/events';
import { FILES } from './assumptions/files';
import { GENERATIONS } from './assumptions/generations';
import { HOOKS } from './assumptions/hooks';
import { LISTS } from './assumptions/lists';
import { SENDING } from './assumptions/sending';
import { TRIGGERS } from './assumptions/triggers';

/** Every assumption about Procore that the product or the emulator depends on, by topic. */
export const TOPICS = [
	{ title: 'The two generations, and every request', assumptions: GENERATIONS },
	{ title: 'Hooks and namespaces', assumptions: HOOKS },
	{ title: 'Triggers and resources', assumptions: TRIGGERS },
	{ title: 'The log of deliveries', assumptions: DELIVERIES },
	{ title: 'How events are sent', assumptions: SENDING },
	{ title: 'Events and their records', assumptions: EVENTS },
	{ title: 'Files, pages and people', assumptions: FILES },
	{ title: 'Lists of changed records', assumptions: LISTS },
	{ title: 'Accounts, paging and limits', assumptions: ACCOUNTS },
] as const;

/** The id of an assumption, for example `V1-EVERY-NAMESPACE`. */
export type AssumptionId = (typeof TOPICS)[number]['assumptions'][number]['id'];

type Listed = Assumption & { readonly id: AssumptionId };

export const ASSUMPTIONS: readonly Listed[] = TOPICS.flatMap(
	({ assumptions }): readonly Listed[] => assumptions,
);

const byId = new Map<string, Listed>(ASSUMPTIONS.map((assumption) => [assumption.id, assumption]));

/** Whether a text is the id of an assumption. */
export function isAssumptionId(text: string): text is AssumptionId {
	return byId.has(text);
}

/** @throws if there is no such assumption. */
export function assumption(id: AssumptionId): Assumption {
	const found = byId.get(id);
	if (found === undefined) throw new Error(`There is no assumption ${id}`);
	return found;
}
