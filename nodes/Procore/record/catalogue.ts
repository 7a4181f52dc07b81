import { suggestResources } from '../model/resource-words';
import { ENDPOINTS, type RecordEndpoint } from './endpoints';

/** The names of all resources that Procore sends events for, sorted. */
export const RESOURCE_NAMES: readonly string[] = Object.keys(ENDPOINTS).sort();

/** The endpoint of a resource, or why there is none. */
export type Found =
	| { readonly ok: true; readonly name: string; readonly endpoint: RecordEndpoint }
	/** For the user. */
	| { readonly ok: false; readonly message: string };

/** Finds the endpoint of a resource. Ignores case, because Procore writes both `BIM` and `Bim` [RESOURCE-NAMES]. */
export function findEndpoint(resourceName: string): Found {
	const wanted = resourceName.toLowerCase();
	const name = RESOURCE_NAMES.find((known) => known.toLowerCase() === wanted);
	const endpoint = name === undefined ? undefined : ENDPOINTS[name];
	if (name !== undefined && endpoint !== undefined) return { ok: true, name, endpoint };
	const suggested = suggestResources(resourceName, RESOURCE_NAMES);
	const advice =
		suggested === undefined
			? "Read it with an HTTP Request node, using the path in Procore's REST reference."
			: `Did you mean ${suggested}?`;
	return { ok: false, message: `This node can't read records of "${resourceName}". ${advice}` };
}
