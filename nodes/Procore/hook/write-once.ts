import { settle } from '../api/concurrency';
import { isOutcomeUnknown } from '../api/failure';

/** How often a write is sent if every answer is lost. */
const MAX_ATTEMPTS = 3;

/** The outcome of a write. */
export interface Written<T> {
	readonly value: T;
	/** Whether Procore answered the write. Otherwise `value` was read afterwards. */
	readonly isAnswered: boolean;
	/** Whether an answer was lost, so that `value` might be the effect of this write. */
	readonly wasLost: boolean;
	/** What the last attempt threw, if it was not answered. */
	readonly failure: unknown;
}

/**
 * Sends a write that must not take effect twice. When its answer is lost, reads what is there, and sends the write again
 * only if it had no effect.
 *
 * @param read reads the effect of the write; undefined if there is none.
 * @param isTaken whether a refusal means that something is there already, for example because another process was first.
 * @throws what `write` or `read` throws; after {@link MAX_ATTEMPTS} lost answers, the last failure.
 */
export async function writeOnce<T>(
	write: () => Promise<T>,
	read: () => Promise<T | undefined>,
	isTaken: (failure: unknown) => boolean = () => false,
): Promise<Written<T>> {
	let wasLost = false;
	for (let attempt = 1; ; attempt += 1) {
		const answer = await settle(write);
		if (answer.ok) return { value: answer.value, isAnswered: true, wasLost, failure: undefined };
		const { failure } = answer;
		const isLost = isOutcomeUnknown(failure);
		if (!isLost && !isTaken(failure)) throw failure;
		wasLost ||= isLost;
		const value = await read();
		if (value !== undefined) return { value, isAnswered: false, wasLost, failure };
		if (!isLost || attempt >= MAX_ATTEMPTS) throw failure;
	}
}
