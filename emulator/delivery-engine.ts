import type { Clock } from './clock';
import { toJson } from './json';
import type { Attempt, Delivery, Hook, Outcome, ProcoreEvent } from './model';
import { payloadOf } from './payload';
import type { Sender } from './sender';
import type { Store } from './store';

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60 * 60 * 1000;
const GIVE_UP_AFTER_MS = 12 * 60 * 60 * 1000;

interface EndpointQueue {
	url: string;
	waiting: Delivery[];
	/** Those of them that are being sent. */
	sending: Set<Delivery>;
	failures: number;
	failingSince: number | null;
	busy: boolean;
	cancelNext: (() => void) | null;
}

/**
 * "Every later delivery to that endpoint pauses while the failing one is retried" (guide to webhooks), so there is
 * one queue per destination URL. Its head is retried after 1 s, doubling to 1 h. After 12 h without an accepted POST,
 * the whole queue is flushed [QUEUE-WAITS] [QUEUE-PER-URL] [RETRY-FIRST] [RETRY-GIVE-UP].
 */
export class DeliveryEngine {
	/** The number of deliveries that a queue sends at once while none fails. Procore does not document it [QUEUE-PER-URL]. */
	atOnce = 1;
	private readonly queues = new Map<string, EndpointQueue>();

	constructor(
		private readonly clock: Clock,
		private readonly store: Store,
		private readonly sender: Sender,
	) {}

	enqueue(hook: Hook, event: ProcoreEvent, copies: number): void {
		const delivery: Delivery = {
			id: this.store.deliveryId(hook, this.clock.now()),
			hookId: hook.id,
			event,
			payloadVersion: hook.payloadVersion,
			status: 'enqueued',
			attempts: [],
			copies,
		};
		hook.deliveries.push(delivery);
		const queue = this.queueOf(hook.destinationUrl);
		queue.waiting.push(delivery);
		this.kick(queue);
	}

	/** Call after a change of a hook's URL or status: waiting deliveries go where the hook now points [HOOK-CHANGE-QUEUE]. */
	hookChanged(hook: Hook): void {
		for (const queue of this.queues.values()) {
			if (queue.url === hook.destinationUrl) continue;
			const moving = this.take(queue, hook.id);
			if (moving.length > 0) this.queueOf(hook.destinationUrl).waiting.push(...moving);
		}
		this.kick(this.queueOf(hook.destinationUrl));
	}

	hookDeleted(hook: Hook): void {
		for (const queue of this.queues.values()) this.take(queue, hook.id);
	}

	/** Ends a waiting delivery as `failed`; the queue continues with the next [DELIVERY-FAILED]. */
	fail(delivery: Delivery): void {
		const hook = this.store.hook(delivery.hookId);
		if (!hook) return;
		const last = hook.outcomes.filter((row) => row.delivery === delivery).at(-1);
		if (last) last.outcome = 'failed';
		else this.logOutcome(hook, delivery, null, 'failed');
		delivery.status = 'failed';
		for (const queue of this.queues.values()) {
			const index = queue.waiting.indexOf(delivery);
			if (index < 0) continue;
			queue.waiting.splice(index, 1);
			this.settle(queue);
			this.kick(queue);
		}
	}

	reset(): void {
		for (const queue of this.queues.values()) {
			queue.waiting = [];
			this.settle(queue);
		}
		this.queues.clear();
	}

	private queueOf(url: string): EndpointQueue {
		const known = this.queues.get(url);
		if (known) return known;
		const queue: EndpointQueue = {
			url,
			waiting: [],
			sending: new Set(),
			failures: 0,
			failingSince: null,
			busy: false,
			cancelNext: null,
		};
		this.queues.set(url, queue);
		return queue;
	}

	private take(queue: EndpointQueue, hookId: string): Delivery[] {
		const taken = queue.waiting.filter((delivery) => delivery.hookId === hookId);
		if (taken.length > 0) {
			queue.waiting = queue.waiting.filter((delivery) => delivery.hookId !== hookId);
			if (queue.waiting.length === 0) this.settle(queue);
		}
		return taken;
	}

	private settle(queue: EndpointQueue): void {
		queue.cancelNext?.();
		queue.cancelNext = null;
		queue.failures = 0;
		queue.failingSince = null;
	}

	private kick(queue: EndpointQueue): void {
		if (queue.busy || queue.cancelNext) return;
		queue.cancelNext = this.clock.schedule(this.clock.now(), async () => {
			queue.cancelNext = null;
			await this.drain(queue);
		});
	}

	private async drain(queue: EndpointQueue): Promise<void> {
		if (queue.busy) return;
		queue.busy = true;
		const running = new Set<Promise<void>>();
		for (;;) {
			// A failure makes the queue wait for its retry.
			while (running.size < this.atOnce && !queue.cancelNext) {
				const next = this.nextOf(queue);
				if (!next) break;
				queue.sending.add(next.delivery);
				const run = this.deliver(queue, next.hook, next.delivery).finally(() => {
					queue.sending.delete(next.delivery);
					running.delete(run);
				});
				running.add(run);
			}
			if (running.size === 0) break;
			await Promise.race(running);
		}
		queue.busy = false;
	}

	/** The delivery to send next; undefined if there is none. */
	private nextOf(queue: EndpointQueue): { delivery: Delivery; hook: Hook } | undefined {
		for (const delivery of queue.waiting) {
			const hook = this.store.hook(delivery.hookId);
			if (hook?.status === 'active' && !queue.sending.has(delivery)) return { delivery, hook };
		}
		return undefined;
	}

	private async deliver(queue: EndpointQueue, hook: Hook, delivery: Delivery): Promise<void> {
		const attempt = await this.attempt(hook, delivery);
		delivery.attempts.push(attempt);
		const moved = !queue.waiting.includes(delivery);
		this.logOutcome(hook, delivery, attempt, attempt.success ? 'ok' : 'retried');
		if (attempt.success) {
			this.settle(queue);
			delivery.copies -= 1;
			if (delivery.copies <= 0) {
				delivery.status = 'delivered';
				this.remove(delivery);
			}
			return;
		}
		if (moved) return;
		delivery.status = 'retrying';
		// Of several that fail at once, only the first makes the pause longer.
		if (!queue.cancelNext) this.waitForRetry(queue);
	}

	private async attempt(hook: Hook, delivery: Delivery): Promise<Attempt> {
		const startedAt = this.clock.now();
		const body = toJson(payloadOf(delivery.event, delivery.payloadVersion));
		const answer = await this.sender.post(hook.destinationUrl, hook.authorization, body);
		return {
			id: this.store.ids.attempt.next(),
			success: answer.status !== null && answer.status >= 200 && answer.status < 300,
			responseStatus: answer.status,
			responseHeaders: answer.headers,
			responseBody: answer.body,
			error: answer.error,
			startedAt,
			completedAt: this.clock.now(),
		};
	}

	private remove(delivery: Delivery): void {
		for (const queue of this.queues.values()) {
			const index = queue.waiting.indexOf(delivery);
			if (index >= 0) queue.waiting.splice(index, 1);
		}
	}

	private waitForRetry(queue: EndpointQueue): void {
		const now = this.clock.now();
		queue.failingSince ??= now;
		const wait = Math.min(FIRST_BACKOFF_MS * 2 ** queue.failures, LONGEST_BACKOFF_MS);
		const giveUpAt = queue.failingSince + GIVE_UP_AFTER_MS;
		queue.failures += 1;
		const retryAt = now + wait;
		queue.cancelNext = this.clock.schedule(Math.min(retryAt, giveUpAt), async () => {
			queue.cancelNext = null;
			if (retryAt < giveUpAt) await this.drain(queue);
			else this.flush(queue);
		});
	}

	private flush(queue: EndpointQueue): void {
		for (const delivery of queue.waiting) {
			delivery.status = 'discarded';
			const hook = this.store.hook(delivery.hookId);
			if (hook) this.logOutcome(hook, delivery, null, 'discarded');
		}
		queue.waiting = [];
		this.settle(queue);
	}

	private logOutcome(
		hook: Hook,
		delivery: Delivery,
		attempt: Attempt | null,
		outcome: Outcome,
	): void {
		const id = attempt?.id ?? this.store.ids.attempt.next();
		hook.outcomes.push({ id, delivery, attempt, outcome });
	}
}
