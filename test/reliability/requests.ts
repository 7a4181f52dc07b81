import { post } from '../e2e/scene';
import { toJson } from '../../emulator/json';
import { payloadOf } from '../../emulator/payload';
import { ulid } from '../../emulator/ids';
import { COMPANY, CLINIC } from '../e2e/procore';

/** An event as Procore would send it, created here so that a test can send it at any time and as often as needed. */
export interface MadeEvent {
	readonly ulid: string;
	readonly body: string;
}

export function makeEvents(count: number): MadeEvent[] {
	return Array.from({ length: count }, (_each, index) => {
		const time = Date.now();
		const id = ulid(time);
		const event = {
			id: `61204477188305${String(10_000 + index)}`,
			ulid: id,
			time,
			timestamp: new Date(time).toISOString(),
			resourceName: 'RFIs',
			resourceId: String(338_000 + index),
			eventType: 'update' as const,
			companyId: COMPANY.id,
			projectId: CLINIC.id,
			userId: '7710345',
			applicationId: null,
			operationId: null,
			nullSources: false,
			relatedResources: [],
			deliveries: 0,
		};
		return { ulid: id, body: toJson(payloadOf(event, 'v2.0')) };
	});
}

export interface Request {
	readonly body: string;
	/** Null to send none. */
	readonly authorization: string | null;
}

/**
 * Sends requests, several at a time, in the given order.
 *
 * @returns how often each status was returned
 */
export async function sendAll(
	url: string,
	requests: readonly Request[],
	atOnce: number,
): Promise<Record<number, number>> {
	const statuses: Record<number, number> = {};
	const waiting = requests.values();
	const sender = async () => {
		for (const { body, authorization } of waiting) {
			const status = await post(url, body, authorization);
			statuses[status] = (statuses[status] ?? 0) + 1;
		}
	};
	await Promise.all(Array.from({ length: atOnce }, sender));
	return statuses;
}
