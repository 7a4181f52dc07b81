import { nearestName } from '../model/nearest-name';
import { ENDPOINTS, type RecordEndpoint } from './endpoints';

/** The names of all resources that Procore sends events for, sorted. */
export const RESOURCE_NAMES: readonly string[] = Object.keys(ENDPOINTS).sort();

/** Where the records of a resource are read, or why that cannot be told. */
export type Found =
	| { readonly ok: true; readonly name: string; readonly endpoint: RecordEndpoint }
	/** A sentence for the reader. */
	| { readonly ok: false; readonly message: string };

/** The endpoint of a resource; the case of its name does not matter, as Procore writes both `BIM` and `Bim`. */
export function findEndpoint(resourceName: string): Found {
	const wanted = resourceName.toLowerCase();
	const name = RESOURCE_NAMES.find((known) => known.toLowerCase() === wanted);
	const endpoint = name === undefined ? undefined : ENDPOINTS[name];
	if (name !== undefined && endpoint !== undefined) return { ok: true, name, endpoint };
	const nearest = nearestName(resourceName, RESOURCE_NAMES);
	const advice =
		nearest === undefined
			? 'read it with an HTTP Request node, by the path in the REST reference of Procore'
			: `did you mean ${nearest}?`;
	const end = advice.endsWith('?') ? '' : '.';
	return {
		ok: false,
		message: `"${resourceName}" is no resource whose record this node can read: ${advice}${end}`,
	};
}
