import type { ActionResult } from '../harness';

/** The outcome of one use of an entry point, as the user or n8n sees it. */
export type Outcome =
	| { readonly kind: 'failed'; readonly message: string; readonly details: string }
	| { readonly kind: 'succeeded'; readonly value: unknown };

/** Everything that n8n might store of an error: its text, its context, and its cause. */
function detailsOf(error: unknown, depth = 0): string {
	if (!(error instanceof Error) || depth > 4) return JSON.stringify(error) ?? '';
	const { message, stack = '', cause } = error;
	return [message, stack, JSON.stringify({ ...error }), detailsOf(cause, depth + 1)].join('\n');
}

/** The outcome of work that throws if it fails. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
	try {
		return { kind: 'succeeded', value: await work() };
	} catch (error) {
		return {
			kind: 'failed',
			message: error instanceof Error ? error.message : String(error),
			details: detailsOf(error),
		};
	}
}

/** The outcome of a run of the action node. */
export function outcomeOfRun({ items, error }: ActionResult): Outcome {
	if (error === undefined) return { kind: 'succeeded', value: items.map(({ json }) => json) };
	return { kind: 'failed', message: error.message, details: detailsOf(error) };
}

/** The text in which a secret would appear. */
export function textOf(outcome: Outcome): string {
	return outcome.kind === 'failed' ? outcome.details : (JSON.stringify(outcome.value) ?? '');
}
