import type { Step } from '../step';
import type { Tally } from '../tally';

/** A share of answers with rate limit headers; gateways and some services answer without. */
const MOST = 0.5;

/** The limits that the headers told, each with the longest time to its reset. */
function limitsNote({ resets }: Tally): string {
	const limits = Object.entries(resets).map(
		([limit, seconds]) => `${limit} (reset in up to ${Math.max(0, seconds)} s)`,
	);
	return `Rate limits in the headers: ${limits.join(', ') || 'none'}.`;
}

const WHOLE_RUN: Step = {
	name: 'whole-run',
	title: 'what holds for every answer of the run',
	checks: ['NO-REDIRECTS', 'JSON-BODIES', 'ERROR-FORMS', 'RATE-HEADERS', 'ID-FORMS'],
	always: true,
	async run(run) {
		const { tally, notes } = run.parts.exchanges;
		run.check('NO-REDIRECTS', tally.redirects === 0, `${tally.redirects} redirects`);
		run.check('JSON-BODIES', tally.broken === 0, `${tally.broken} bodies that are not JSON`);
		run.check(
			'ERROR-FORMS',
			tally.mute === 0,
			`${tally.mute} of ${tally.refused} error bodies without a text`,
		);
		run.check(
			'RATE-HEADERS',
			tally.limited >= tally.answered * MOST && tally.inSeconds === tally.limited,
			`${tally.limited} of ${tally.answered} answers have them, ${tally.inSeconds} of them in seconds`,
		);
		notes.push(limitsNote(tally));
		run.check(
			'ID-FORMS',
			tally.oddIds === 0,
			`${tally.oddIds} of ${tally.ids} ids have another form`,
		);
		await Promise.resolve();
	},
};

export const WHOLE_RUN_STEPS: readonly Step[] = [WHOLE_RUN];
