import { sleep } from 'n8n-workflow';

import { freshnessOf } from '../../../nodes/Procore/record/freshness';
import { planRequest } from '../../../nodes/Procore/record/request';
import { Records } from '../../../nodes/Procore/record/records';
import { text } from '../../../nodes/Procore/model/json';
import type { PayloadVersion } from '../../../nodes/Procore/model/payload-version';
import { timeAt } from '../../../nodes/Procore/model/event-position';
import type { Received } from '../receiver';
import type { Run } from '../run';
import type { Step } from '../step';
import { checkRequest, checkV2, checkV3, checkV4 } from './event-forms';
import { arrivals, eventOf, jsonOf, listening, seen, type Listening } from './listening';

async function checkRecord(run: Run, received: Received): Promise<void> {
	const event = eventOf(received);
	const { transport } = await run.procore('v2.0');
	const plan = planRequest({
		resourceName: event.resource_name,
		recordId: event.resource_id,
		companyId: run.env.companyId,
		projectId: event.project_id ?? run.env.projectId,
		relatedResources: event.related_resources ?? [],
	});
	if (!plan.ok) {
		run.skip('EVENT-AFTER-COMMIT', 'The record of this resource cannot be read.');
		return;
	}
	const address = {
		request: plan.request,
		resourceName: event.resource_name,
		recordId: event.resource_id,
		companyId: run.env.companyId,
	};
	const started = Date.now();
	for (;;) {
		const record = await new Records(transport).read(address, Date.now());
		const freshness = record === undefined ? 'missing' : freshnessOf(record, event);
		const seconds = Math.round((Date.now() - started) / 1000);
		if (freshness === 'current' || freshness === 'unverified' || seconds > 60) {
			run.check(
				'RECORD-PATHS',
				record !== undefined,
				record === undefined ? 'no record' : 'the record of the change',
			);
			if (freshness === 'unverified')
				run.skip('EVENT-AFTER-COMMIT', 'The record has no updated_at.');
			else
				run.check(
					'EVENT-AFTER-COMMIT',
					freshness === 'current',
					`${freshness} after ${seconds} seconds`,
				);
			run.parts.exchanges.notes.push(
				`A read showed the change ${seconds} seconds after its event arrived.`,
			);
			return;
		}
		await sleep(1000);
	}
}

function checkUlid(run: Run, old: Received, latest: Received): void {
	const [ulid, id] = [text(jsonOf(old).ulid), text(jsonOf(latest).id)];
	const { sanitizer } = run.parts;
	const shown = `ulid ${sanitizer.id(ulid)} in v2.0, id ${sanitizer.id(id)} in v4.0`;
	run.check('V4-ID-IS-ULID', ulid === id, shown, seen(latest));
}

/** What changed, and who changed it. */
async function checkSubject(run: Run, received: Received): Promise<void> {
	const event = eventOf(received);
	const { sanitizer } = run.parts;
	const fits = event.resource_name === run.env.changeResource && event.event_type === 'update';
	const spelled = `"${sanitizer.toolName(event.resource_name)}" and ${sanitizer.quoted(event.event_type)}`;
	run.check('EVENT-SUBSCRIBED-SPELLING', fits, spelled, seen(received));
	if (run.env.changePath === '') {
		run.skip('EVENT-USER', 'A person made the change.');
		return;
	}
	const { directory } = await run.procore('v2.0');
	const isSame = event.user_id === (await directory.me(run.env.companyId)).id;
	run.check('EVENT-USER', isSame, isSame ? 'the same' : 'another user', seen(received));
}

const EVENT: Step = {
	name: 'event',
	title: 'one change, as three hooks with different payloads receive it',
	checks: [
		...([
			'SEND-AUTHORIZATION',
			'SEND-JSON',
			'SEND-HEADERS',
			'PAYLOAD-V2-FIELDS',
			'PAYLOAD-V4-FIELDS',
		] as const),
		...(['PAYLOAD-API-VERSION', 'V4-ID-IS-ULID', 'EVENT-ID-DIGITS', 'METADATA-NULLS'] as const),
		...([
			'METADATA-APPLICATION',
			'EVENT-USER',
			'EVENT-SUBSCRIBED-SPELLING',
			'EVENT-AFTER-COMMIT',
		] as const),
		'RECORD-PATHS',
	],
	needs: ['receiver', 'change'],
	async run(run) {
		const receive = async (payload: PayloadVersion, work: (hook: Listening) => Promise<void>) =>
			await listening(run, `event-${payload}`, { payload }, work);
		await receive('v2.0', async (old) => {
			await receive('v3.0', async (middle) => {
				await receive('v4.0', async (latest) => {
					await run.change();
					const [first] = await arrivals(run, old.path, 1);
					const [second] = await arrivals(run, middle.path, 1);
					const [third] = await arrivals(run, latest.path, 1);
					if (first === undefined || second === undefined || third === undefined) return;
					checkRequest(run, first, old.authorization);
					checkV2(run, first);
					checkV3(run, second);
					checkV4(run, third);
					checkUlid(run, first, third);
					await checkSubject(run, first);
					await checkRecord(run, first);
				});
			});
		});
	},
};

const ORDER: Step = {
	name: 'order',
	title: 'two changes in a row',
	checks: ['ULID-SORTS'],
	needs: ['receiver', 'change'],
	async run(run) {
		await listening(run, 'order', {}, async ({ path }) => {
			await run.change();
			await arrivals(run, path, 1);
			await run.change();
			const [first, second] = (await arrivals(run, path, 2)).map(eventOf);
			const [one, two] = [first?.ulid ?? '', second?.ulid ?? ''];
			const apart = Math.abs(timeAt(one) - Date.parse(first?.timestamp ?? ''));
			run.check(
				'ULID-SORTS',
				one < two && apart < 60_000,
				`${one < two ? 'in' : 'out of'} order, ${Math.round(apart / 1000)} seconds from the timestamp`,
			);
		});
	},
};

export const EVENT_STEPS: readonly Step[] = [EVENT, ORDER];
