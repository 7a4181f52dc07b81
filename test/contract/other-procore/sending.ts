/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { ulid } from '../../../emulator/ids';
import { newId, type Delivery, type Hook } from './hooks';

const TIMEOUT_MS = 5000;
/** "From a second on, exponentially": shorter here, because it takes the time of a test. */
const FIRST_PAUSE_MS = 600;

/** A change of a record. */
export interface Change {
	readonly resource: string;
	readonly recordId: string;
	readonly companyId: string;
	readonly projectId: string;
	readonly userId: string;
	readonly applicationId: string;
}

function payloadOf(hook: Hook, change: Change): Record<string, unknown> {
	const { resource, recordId, companyId, projectId, userId } = change;
	if (hook.payload_version === 'v4.0') {
		return {
			...{ id: ulid(Date.now()), timestamp: new Date().toISOString(), reason: 'update' },
			...{ company_id: companyId, project_id: projectId, user_id: userId },
			...{ resource_type: resource, resource_id: recordId },
		};
	}
	return {
		...{
			id: Number(newId()),
			ulid: ulid(Date.now()),
			timestamp: new Date().toISOString(),
			event_type: 'update',
		},
		...{ company_id: Number(companyId), project_id: Number(projectId), user_id: Number(userId) },
		...{
			resource_name: resource,
			resource_id: Number(recordId),
			api_version: hook.payload_version,
		},
		metadata: {
			source_user_id: null,
			source_company_id: null,
			source_project_id: null,
			source_application_id: change.applicationId,
			source_operation_id: null,
		},
		...(hook.payload_version === 'v3.0' ? { related_resources: [] } : {}),
	};
}

/** Sends events: one after the other for each hook, again after a pause if the destination does not accept one. */
export class Sending {
	private readonly busy = new Set<Hook>();

	private readonly abort = new AbortController();

	/** Queues the event of a change for a hook. */
	enqueue(hook: Hook, change: Change): void {
		const payload = payloadOf(hook, change);
		hook.deliveries.push({ id: newId(), status: 'enqueued', payload, delivery_attempts: [] });
		if (!this.busy.has(hook)) void this.drain(hook);
	}

	/** Gives up whatever is open. */
	stop(): void {
		this.abort.abort();
	}

	private async drain(hook: Hook): Promise<void> {
		this.busy.add(hook);
		let pause = FIRST_PAUSE_MS;
		while (!this.abort.signal.aborted) {
			const next = hook.deliveries.find(
				({ status }) => !['delivered', 'discarded'].includes(status),
			);
			if (next === undefined) break;
			if (await this.attempt(hook, next)) pause = FIRST_PAUSE_MS;
			else {
				next.status = 'retrying';
				await delay(pause, undefined, { signal: this.abort.signal }).catch(() => undefined);
				pause *= 2;
			}
		}
		this.busy.delete(hook);
	}

	private async attempt(hook: Hook, delivery: Delivery): Promise<boolean> {
		const started_at = new Date().toISOString();
		const status = await fetch(hook.destination_url, {
			method: 'POST',
			headers: {
				Authorization: hook.authorization,
				'Content-Type': 'application/json; charset=utf-8',
				'User-Agent': 'Ruby',
				'X-Delivery-Token': randomUUID(),
			},
			body: JSON.stringify(delivery.payload),
			redirect: 'manual',
			signal: AbortSignal.any([this.abort.signal, AbortSignal.timeout(TIMEOUT_MS)]),
		}).then(
			(response) => response.status,
			() => 0,
		);
		const success = status >= 200 && status < 300;
		const completed_at = new Date().toISOString();
		const attempt = { id: newId(), success, response_status: status, started_at, completed_at };
		delivery.delivery_attempts.push(attempt);
		if (success) delivery.status = 'delivered';
		return success;
	}
}
