import { sleep } from 'n8n-workflow';

/** The bounds of a group, and how long an event waits for one. */
export interface GroupLimits {
	readonly events: number;
	/** Of all bodies in a group. An event that is larger starts alone. */
	readonly bytes: number;
	readonly waitMs: number;
}

/** Procore waits five seconds for a response, and starting an execution takes a part of them [SEND-TIMEOUT]. */
const LIMITS: GroupLimits = { events: 100, bytes: 1_048_576, waitMs: 4000 };

/** What an event has to do: start an execution, or respond like the event that started one for it. */
export type Turn<Value, Answer> =
	/** Start one execution with these values, which are in order of arrival and include the event's own. */
	| { readonly kind: 'start'; readonly values: readonly Value[] }
	/** Another event has started the execution. `answer` is how its request ended. */
	| { readonly kind: 'answered'; readonly answer: Answer };

/** An event that takes part in the groups of its node. */
export interface Member<Value, Answer> {
	readonly turn: Promise<Turn<Value, Answer>>;
	/** Must be called when the request of the event has ended, whether or not it was answered. Only the first call counts. */
	readonly end: (answer: Answer) => void;
}

/** The state behind a {@link Member}. */
class Participant<Value, Answer> {
	readonly turn: Promise<Turn<Value, Answer>>;

	take: (turn: Turn<Value, Answer>) => void = () => undefined;

	/** How its request ended. */
	ended: { readonly answer: Answer } | undefined;

	/** Called when its request ends; set if others wait for that. */
	whenEnded: (answer: Answer) => void = () => undefined;

	constructor(
		readonly value: Value,
		readonly bytes: number,
	) {
		this.turn = new Promise((resolve) => {
			this.take = resolve;
		});
	}

	end(answer: Answer): void {
		if (this.ended !== undefined) return;
		this.ended = { answer };
		this.whenEnded(answer);
	}
}

/**
 * Groups the events of a node while n8n is busy, as databases commit in groups. The first event starts an execution at
 * once. Those that arrive before its request has ended wait, and start together as the next group: one of them starts the
 * execution, and the others respond as it was answered. An event that waits too long for a group starts alone.
 *
 * @template Value what a group hands over per event.
 * @template Answer how a request ended.
 */
export class EventGroups<Value, Answer> {
	/** In order of arrival. Empty unless an execution is being handed over. */
	private waiting: Array<Participant<Value, Answer>> = [];

	private isHandingOver = false;

	constructor(private readonly limits: GroupLimits = LIMITS) {}

	/** Whether nothing is being handed over, so that the next event starts at once. */
	get isIdle(): boolean {
		return !this.isHandingOver;
	}

	/** Adds an event. @param bytes the size of its body. */
	join(value: Value, bytes: number): Member<Value, Answer> {
		const participant = new Participant<Value, Answer>(value, bytes);
		this.waiting.push(participant);
		if (this.isHandingOver) {
			void sleep(this.limits.waitMs).then(() => this.startAlone(participant));
		} else {
			this.startNext();
		}
		return { turn: participant.turn, end: (answer) => participant.end(answer) };
	}

	private startAlone(participant: Participant<Value, Answer>): void {
		const index = this.waiting.indexOf(participant);
		if (index === -1) return;
		this.waiting.splice(index, 1);
		participant.take({ kind: 'start', values: [participant.value] });
	}

	private startNext(): void {
		const group = this.takeGroup();
		// The end of a request that Procore has given up cannot be seen, so another one leads if possible.
		const leader = group.find(({ ended }) => ended === undefined) ?? group[0];
		this.isHandingOver = leader !== undefined;
		if (leader === undefined) return;
		const followers = group.filter((participant) => participant !== leader);
		leader.take({ kind: 'start', values: group.map(({ value }) => value) });
		const release = (answer: Answer) => {
			for (const follower of followers) follower.take({ kind: 'answered', answer });
			this.startNext();
		};
		if (leader.ended === undefined) leader.whenEnded = release;
		else release(leader.ended.answer);
	}

	private takeGroup(): Array<Participant<Value, Answer>> {
		let bytes = 0;
		let count = 0;
		for (const participant of this.waiting.slice(0, this.limits.events)) {
			bytes += participant.bytes;
			if (count > 0 && bytes > this.limits.bytes) break;
			count += 1;
		}
		return this.waiting.splice(0, count);
	}
}
