import { readErrorText } from '../../../nodes/Procore/api/error-text';
import { jsonObject, text } from '../../../nodes/Procore/model/json';
import type { Step } from '../step';
import { content, entity, get, rows, write } from './requests';
import { bulk, createTrigger, partsOf, plain, twoEvents, UNKNOWN } from './trigger-requests';

const SINGLE: Step = {
	name: 'triggers',
	title: 'single triggers: good, twice, in another case, unknown',
	checks: [
		'EVENT-TYPE-UPPERCASE',
		'EVENT-TYPE-CASE',
		'TRIGGER-DUPLICATE',
		'TRIGGER-UNKNOWN',
		'HOOK-TRIGGER-COUNT',
	],
	async run(run) {
		const [first, second] = await twoEvents(run);
		for (const version of run.generations) {
			await run.withHook(version, run.project, async ({ id, draft }) => {
				const made = await createTrigger(run, version, id, first);
				const word = text(entity(version, made).event_type);
				const isUpper = word === 'CREATE';
				const came = `${version}: status ${made.status}, the event type is ${isUpper ? 'CREATE' : `${word.length} characters long and not CREATE`}`;
				run.check('EVENT-TYPE-UPPERCASE', isUpper, came, made);
				const again = await createTrigger(run, version, id, first);
				const exists = /already exists/i.test(readErrorText(again.body));
				run.check(
					'TRIGGER-DUPLICATE',
					again.status === 400 && exists,
					`${version}: status ${again.status}, the text ${exists ? 'says' : 'does not say'} that it exists`,
					again,
				);
				const unknown = await createTrigger(run, version, id, UNKNOWN);
				run.check(
					'TRIGGER-UNKNOWN',
					unknown.status === 400,
					`${version}: status ${unknown.status}`,
					unknown,
				);
				if (version === 'v1.0') return;
				const loud = await createTrigger(run, version, id, { ...second, event_type: 'CREATE' });
				run.check('EVENT-TYPE-CASE', loud.status === 400, `status ${loud.status}`, loud);
				await createTrigger(run, version, id, second);
				const list = await get(run, version, run.project, '/hooks', {
					namespace: draft.namespace,
					include_trigger_count: true,
				});
				const count = rows(version, list)[0]?.trigger_count;
				run.check(
					'HOOK-TRIGGER-COUNT',
					count === 2,
					`trigger_count is ${typeof count === 'number' ? count : 'missing'}`,
					list,
				);
			});
		}
	},
};

const BULK: Step = {
	name: 'triggers-in-bulk',
	title: 'triggers in bulk: good ones, a refused one among them, only refused ones, too many',
	checks: [
		'BULK-ARRAY',
		'BULK-CREATE-MIXED',
		'BULK-REFUSAL-NAMES-EVENT',
		'BULK-ALL-REFUSED',
		'BULK-LIMIT',
		'BULK-DELETE-MIXED',
	],
	async run(run) {
		const [first, second] = await twoEvents(run);
		for (const version of run.generations) {
			await run.withHook(version, run.project, async ({ id }) => {
				const mixed = await bulk(run, version, 'POST', id, [plain(first), plain(UNKNOWN)]);
				const { created, refused } = partsOf(version, mixed);
				run.check(
					'BULK-CREATE-MIXED',
					mixed.status === 207 && created.length === 1 && refused.length === 1,
					`${version}: status ${mixed.status}, ${created.length} created, ${refused.length} refused`,
					mixed,
				);
				const [refusal = {}] = refused;
				const named = text(jsonObject(refusal.trigger).resource_name ?? refusal.resource_name);
				const isNamed = named === UNKNOWN.resource_name;
				run.check(
					'BULK-REFUSAL-NAMES-EVENT',
					isNamed,
					`${version}: the resource is ${isNamed ? '' : 'not '}named`,
					mixed,
				);
				const none = await bulk(run, version, 'POST', id, [plain(UNKNOWN)]);
				run.check(
					'BULK-ALL-REFUSED',
					none.status === 207,
					`${version}: status ${none.status}`,
					none,
				);
				const triggerId = text(created[0]?.id);
				const ids = version === 'v2.0' ? [triggerId, '1'] : [BigInt(triggerId || 0), 1n];
				const removed = await bulk(run, version, 'DELETE', id, ids);
				const done = jsonObject(version === 'v2.0' ? content(version, removed) : removed.body);
				const gone = done.succeeded ?? done.success;
				run.check(
					'BULK-DELETE-MIXED',
					removed.status === 207 &&
						Array.isArray(gone) &&
						gone.length === 1 &&
						Array.isArray(done.failed),
					`${version}: status ${removed.status}`,
					removed,
				);
				if (version === 'v1.0') return;
				const array = await bulk(run, version, 'POST', id, [plain(first), plain(second)]);
				const made = partsOf(version, array).created.map((trigger) => text(trigger.id));
				const deleted = await bulk(run, version, 'DELETE', id, made);
				run.check(
					'BULK-ARRAY',
					array.status === 201 && deleted.status === 200,
					`status ${array.status} for creating, ${deleted.status} for deleting`,
					array.status === 201 ? deleted : array,
				);
				const many = Array.from({ length: 501 }, () => plain(UNKNOWN));
				const large = await bulk(run, version, 'POST', id, many);
				const most = await bulk(run, version, 'POST', id, many.slice(1));
				const isTaken = most.status < 500 && most.status !== 413;
				const limits = `500 entries: status ${most.status}, 501 entries: status ${large.status}`;
				run.check('BULK-LIMIT', isTaken && large.status === 413, limits, isTaken ? large : most);
			});
		}
	},
};

const VERSION_MATCH: Step = {
	name: 'trigger-versions',
	title: 'a trigger with another version than its hook on v1.0',
	checks: ['V1-VERSION-MATCH'],
	needs: ['v1'],
	async run(run) {
		const [first] = await twoEvents(run);
		await run.withHook('v1.0', run.project, async ({ id }) => {
			const body = { api_version: 'v3', trigger: plain(first) };
			const answer = await write(run, 'v1.0', run.project, 'POST', `/hooks/${id}/triggers`, body);
			run.check('V1-VERSION-MATCH', answer.status === 400, `status ${answer.status}`, answer);
		});
	},
};

export const TRIGGER_STEPS: readonly Step[] = [SINGLE, BULK, VERSION_MATCH];
