import { sleep } from 'n8n-workflow';

import { eventKey } from '../../../nodes/Procore/model/event';
import { jsonObjects, text, type JsonObject } from '../../../nodes/Procore/model/json';
import type { Answer } from '../raw-request';
import type { Run } from '../run';
import type { Step } from '../step';
import { address, arrivals, eventOf, listening } from './listening';
import { entity, get, rows, write } from './requests';

/** Long enough for an event that should not come, next to one that comes within seconds. */
const SILENCE_MS = 15_000;

interface Logged {
	readonly answer: Answer;
	/** The first delivery of the list. */
	readonly row: JsonObject;
}

/** Waits for a status: Procore writes its log after it has read the response. */
async function deliveryIn(run: Run, hookId: string, status: string): Promise<Logged> {
	const end = Date.now() + 20_000;
	for (;;) {
		const answer = await get(run, 'v2.0', run.project, `/hooks/${hookId}/deliveries`);
		const [row = {}] = rows('v2.0', answer);
		if (text(row.status) === status || Date.now() > end) return { answer, row };
		await sleep(500);
	}
}

const RETRIES: Step = {
	name: 'retries',
	title: 'two failures, and a second change behind them',
	checks: [
		'RETRY-FIRST',
		'RETRY-SAME-BODY',
		'QUEUE-WAITS',
		'DELIVERY-RETRYING',
		'ATTEMPTS-OLDEST-FIRST',
	],
	needs: ['receiver', 'change'],
	async run(run) {
		const respond = (count: number) => ({ status: count < 2 ? 500 : 200 });
		await listening(run, 'retries', { respond }, async ({ hookId, path }) => {
			await run.change();
			await arrivals(run, path, 1);
			const open = await deliveryIn(run, hookId, 'retrying');
			const word = text(open.row.status);
			const told = `the status is ${run.parts.sanitizer.quoted(word)}`;
			run.check('DELIVERY-RETRYING', word === 'retrying', told, open.answer);
			await run.change();
			const changedAt = Date.now();
			const [one, two, three, four] = await arrivals(run, path, 4);
			if (one === undefined || two === undefined || three === undefined || four === undefined)
				return;
			const gaps = [two.at - one.at, three.at - two.at];
			const [first = 0, second = 0] = gaps;
			const isBackoff = first > 500 && first < 10_000 && second > first;
			run.check(
				'RETRY-FIRST',
				isBackoff,
				`after ${gaps.map((gap) => (gap / 1000).toFixed(1)).join(' and ')} seconds`,
			);
			const isSame = one.body === two.body && two.body === three.body;
			run.check(
				'RETRY-SAME-BODY',
				isSame,
				isSame
					? 'the same bytes'
					: eventKey(eventOf(one)) === eventKey(eventOf(two))
						? 'the same id, other bytes'
						: 'another id',
			);
			const waits =
				eventKey(eventOf(four)) !== eventKey(eventOf(three)) &&
				eventKey(eventOf(three)) === eventKey(eventOf(one));
			// A person can take longer than Procore needs to retry.
			if (run.env.changePath === '' && three.at < changedAt)
				run.skip('QUEUE-WAITS', 'The second change was made after the last retry.');
			else
				run.check(
					'QUEUE-WAITS',
					waits,
					waits ? 'the second event came last' : 'the second event did not wait',
				);
			await deliveryIn(run, hookId, 'delivered');
			const all = await get(run, 'v2.0', run.project, `/hooks/${hookId}/deliveries`);
			const tried =
				rows('v2.0', all)
					.map((row) => jsonObjects(row.delivery_attempts))
					.find((each) => each.length > 1) ?? [];
			const starts = tried.map((attempt) => Date.parse(text(attempt.started_at)));
			const isSorted =
				tried.at(-1)?.success === true &&
				starts.every((time, index) => index === 0 || time >= (starts[index - 1] ?? 0));
			run.check(
				'ATTEMPTS-OLDEST-FIRST',
				isSorted,
				`${tried.length} attempts, ${isSorted ? 'the oldest first' : 'in another order'}`,
				all,
			);
		});
	},
};

const THANKS = 'Thank you, and please wait';

const ACCEPTED: Step = {
	name: 'accepted',
	title: 'a 202, and an answer after 6 seconds',
	checks: ['SEND-2XX', 'DELIVERY-ANSWER', 'SEND-TIMEOUT'],
	needs: ['receiver', 'change'],
	async run(run) {
		await listening(
			run,
			'accepted',
			{ respond: () => ({ status: 202, body: THANKS }) },
			async ({ hookId, path }) => {
				await run.change();
				await arrivals(run, path, 1);
				const done = await deliveryIn(run, hookId, 'delivered');
				const word = text(done.row.status);
				const { sanitizer } = run.parts;
				const told = `the status is ${sanitizer.quoted(word)}`;
				run.check('SEND-2XX', word === 'delivered', told, done.answer);
				const kept = text(jsonObjects(done.row.delivery_attempts).at(-1)?.response_body);
				const came = `the answer "${THANKS}" was kept as ${sanitizer.quoted(kept)}`;
				run.check('DELIVERY-ANSWER', kept === THANKS, came, done.answer);
			},
		);
		const respond = (count: number) => ({ status: 200, delayMs: count === 0 ? 6000 : 0 });
		await listening(run, 'slow', { respond }, async ({ path }) => {
			await run.change();
			await arrivals(run, path, 1);
			const all = await run.receiver.wait(path, 2, run.env.waitSeconds * 1000);
			run.check(
				'SEND-TIMEOUT',
				all.length === 2,
				all.length === 2 ? 'sent again' : 'not sent again',
			);
		});
	},
};

const GONE: Step = {
	name: 'gone',
	title: 'a 410',
	checks: ['ANSWER-410'],
	needs: ['receiver', 'change'],
	async run(run) {
		const respond = (count: number) => ({ status: count === 0 ? 410 : 200 });
		await listening(run, 'gone', { respond }, async ({ hookId, path }) => {
			await run.change();
			await arrivals(run, path, 1);
			const all = await run.receiver.wait(path, 2, run.env.waitSeconds * 1000);
			const hook = await get(run, 'v2.0', run.project, `/hooks/${hookId}`);
			const isActive = entity('v2.0', hook).status === 'active';
			const came = `the hook: status ${hook.status}, ${isActive ? 'active' : 'not active'}; the event was ${all.length === 2 ? '' : 'not '}sent again`;
			run.check('ANSWER-410', isActive && all.length === 2, came, hook);
		});
	},
};

const CHANGED: Step = {
	name: 'changed-hooks',
	title: 'a disabled hook, and a new URL while an event is retried',
	checks: ['DISABLED-GETS-NONE', 'HOOK-CHANGE-QUEUE'],
	needs: ['receiver', 'change'],
	async run(run) {
		await listening(run, 'disabled', {}, async ({ hookId, path }) => {
			await write(run, 'v2.0', run.project, 'PATCH', `/hooks/${hookId}`, { status: 'disabled' });
			await run.change();
			const silence = Math.min(SILENCE_MS, run.env.waitSeconds * 1000);
			const arrived = await run.receiver.wait(path, 1, silence);
			run.check('DISABLED-GETS-NONE', arrived.length === 0, `${arrived.length} events`);
		});
		const moved = address(run, 'moved-to');
		await listening(
			run,
			'moved-from',
			{ respond: () => ({ status: 500 }) },
			async ({ hookId, path }) => {
				await run.change();
				await arrivals(run, path, 1);
				await write(run, 'v2.0', run.project, 'PATCH', `/hooks/${hookId}`, {
					destination_url: moved.url,
				});
				const arrived = await run.receiver.wait(moved.path, 1, run.env.waitSeconds * 1000);
				run.check(
					'HOOK-CHANGE-QUEUE',
					arrived.length > 0,
					arrived.length > 0 ? 'the event came to the new URL' : 'no event at the new URL',
				);
			},
		);
	},
};

export const SENDING_STEPS: readonly Step[] = [RETRIES, ACCEPTED, GONE, CHANGED];
