import { readErrorText } from '../../../nodes/Procore/api/error-text';
import { jsonObject, text, type JsonValue } from '../../../nodes/Procore/model/json';
import type { AssumptionId } from '../assumptions';
import type { Answer } from '../raw-request';
import type { Step } from '../step';
import { entity, get, remove, rows, tryHook, write } from './requests';
import { countTriggers, createTrigger, twoEvents } from './trigger-requests';

function maskedIn(hook: ReturnType<typeof entity>): string {
	return text(jsonObject(hook.destination_headers).Authorization);
}

function kindOf(id: JsonValue | undefined): string {
	if (id === null) return 'null';
	return id === undefined ? 'missing' : `a ${typeof id}`;
}

const NAMESPACES: Step = {
	name: 'namespaces',
	title: 'what a namespace can be',
	checks: ['NAMESPACE-CHARACTERS', 'NAMESPACE-LENGTH'],
	async run(run) {
		const attempt = async (ending: string, id: AssumptionId, isAccepted: boolean, what: string) => {
			const namespace = run.namespace(ending);
			await tryHook(run, 'v2.0', run.project, { namespace }, (answer) => {
				const created = answer.status === 201;
				const holds = isAccepted ? created : answer.status === 400;
				run.check(id, holds, `${what}: status ${answer.status}`, answer);
			});
		};
		await attempt('digits-2026', 'NAMESPACE-CHARACTERS', true, 'digits');
		await attempt('under_score', 'NAMESPACE-CHARACTERS', false, 'an underscore');
		await attempt('UPPER', 'NAMESPACE-CHARACTERS', false, 'an uppercase letter');
		const ending = (length: number) => 'a'.repeat(length - run.namespacePrefix.length - 1);
		await attempt(ending(36), 'NAMESPACE-LENGTH', true, '36 characters');
		for (const length of [64, 255]) {
			const namespace = run.namespace(ending(length));
			await tryHook(run, 'v2.0', run.project, { namespace }, (answer) => {
				run.parts.exchanges.notes.push(
					`A namespace of ${length} characters: status ${answer.status}.`,
				);
			});
		}
	},
};

const TAKEN: Step = {
	name: 'taken-namespaces',
	title: 'a second hook in a namespace',
	checks: ['NAMESPACE-UNIQUE', 'NAMESPACE-TAKEN-TEXT', 'NAMESPACE-FILTER'],
	async run(run) {
		for (const version of run.generations) {
			await run.withHook(version, run.project, async ({ draft: { namespace } }) => {
				await tryHook(run, version, run.project, { namespace }, (answer) => {
					const what = `${version}: status ${answer.status}`;
					run.check('NAMESPACE-UNIQUE', answer.status === 400, what, answer);
					if (answer.status !== 400) return;
					const isTaken = /taken/i.test(readErrorText(answer.body));
					const came = `${version}: the text ${isTaken ? 'says' : 'does not say'} "taken"`;
					run.check('NAMESPACE-TAKEN-TEXT', isTaken, came, answer);
				});
				const other = await get(run, version, run.project, '/hooks', {
					namespace: `${run.namespacePrefix}-unused`,
				});
				const count = rows(version, other).length;
				run.check(
					'NAMESPACE-FILTER',
					count === 0,
					`${version}: ${count} hooks of other namespaces`,
					other,
				);
			});
		}
	},
};

const LISTS: Step = {
	name: 'lists-of-hooks',
	title: 'lists of hooks with and without a namespace',
	checks: ['V2-COMPANY-NAMESPACE', 'V2-STAR-NAMESPACE', 'HOOK-SCOPE-NULL'],
	async run(run) {
		const company = await get(run, 'v2.0', run.company, '/hooks');
		const project = await get(run, 'v2.0', run.project, '/hooks');
		run.check(
			'V2-COMPANY-NAMESPACE',
			company.status === 400 && project.status === 200,
			`status ${company.status} for the company, ${project.status} for the project`,
			company.status === 400 ? project : company,
		);
		await run.withHook('v2.0', run.project, async ({ id }) => {
			const star = await get(run, 'v2.0', run.project, '/hooks', { namespace: '*' });
			const isListed = rows('v2.0', star).some((hook) => text(hook.id) === id);
			const came = `status ${star.status}, ${isListed ? 'with' : 'without'} the hook`;
			run.check('V2-STAR-NAMESPACE', !isListed, came, star);
			const hook = await get(run, 'v2.0', run.project, `/hooks/${id}`);
			const { company_id } = entity('v2.0', hook);
			const told = `company_id of a project hook is ${kindOf(company_id)}`;
			run.check('HOOK-SCOPE-NULL', company_id === null, told, hook);
		});
		await run.withHook('v2.0', run.company, async ({ id }) => {
			const hook = await get(run, 'v2.0', run.company, `/hooks/${id}`);
			const { project_id } = entity('v2.0', hook);
			const told = `project_id of a company hook is ${kindOf(project_id)}`;
			run.check('HOOK-SCOPE-NULL', project_id === null, told, hook);
		});
	},
};

const LISTS_V1: Step = {
	name: 'lists-of-hooks-v1',
	title: 'lists of every namespace on v1.0',
	checks: ['V1-EVERY-NAMESPACE', 'V1-NO-NAMESPACE'],
	needs: ['v1'],
	async run(run) {
		await run.withHook('v1.0', run.project, async ({ id }) => {
			for (const [assumed, query] of [
				['V1-EVERY-NAMESPACE', { namespace: '*' }],
				['V1-NO-NAMESPACE', {}],
			] as const) {
				const list = await get(run, 'v1.0', run.project, '/hooks', query);
				const isListed = rows('v1.0', list).some((hook) => text(hook.id) === id);
				const came = `status ${list.status}, ${isListed ? 'with' : 'without'} the hook`;
				// The list can contain hooks of others, so its body is not kept.
				run.check(assumed, isListed, came);
			}
		});
	},
};

const CHANGES: Step = {
	name: 'changes-of-hooks',
	title: 'masked headers, status, and what an update keeps',
	checks: ['HOOK-MASKED-HEADER', 'HOOK-STATUS', 'HOOK-PATCH-PARTIAL'],
	async run(run) {
		const [event] = await twoEvents(run);
		for (const version of run.generations) {
			await run.withHook(version, run.project, async ({ id, draft }) => {
				const path = `/hooks/${id}`;
				await createTrigger(run, version, id, event);
				const shown = async () => {
					const list = await get(run, version, run.project, '/hooks', {
						namespace: draft.namespace,
					});
					return { list, hook: rows(version, list)[0] ?? {} };
				};
				const before = await shown();
				const expected = `*****${draft.authorization?.slice(-5) ?? ''}`;
				const masked = maskedIn(before.hook);
				const came = `${version}: ${masked.length} characters, ${masked.replace(/[^*]/g, '').length} of them asterisks`;
				run.check('HOOK-MASKED-HEADER', masked === expected, came, before.list);
				const destination_url = `${draft.destination_url}-changed`;
				const fields = { destination_url };
				const body = version === 'v2.0' ? fields : { hook: fields };
				const changed = await write(run, version, run.project, 'PATCH', path, body);
				const { hook, list } = await shown();
				const keeps = maskedIn(hook) === masked && text(hook.namespace) === draft.namespace;
				const isChanged = text(hook.destination_url) === destination_url;
				const triggers = await countTriggers(run, version, id);
				const what = `${version}: status ${changed.status}, URL ${isChanged ? 'changed' : 'not changed'}, Authorization and namespace ${keeps ? 'kept' : 'not kept'}, ${triggers} of 1 triggers kept`;
				run.check('HOOK-PATCH-PARTIAL', keeps && isChanged && triggers === 1, what, list);
			});
		}
		for (const scope of [run.project, run.company]) {
			await run.withHook('v2.0', scope, async ({ id }) => {
				for (const status of ['disabled', 'active']) {
					const answer = await write(run, 'v2.0', scope, 'PATCH', `/hooks/${id}`, { status });
					const holds = answer.status === 200 && entity('v2.0', answer).status === status;
					run.check(
						'HOOK-STATUS',
						holds,
						`${scope.kind}, ${status}: status ${answer.status}`,
						answer,
					);
				}
			});
		}
	},
};

const DELETIONS: Step = {
	name: 'deletions-of-hooks',
	title: 'deleting hooks, also twice',
	checks: ['HOOK-DELETE', 'HOOK-DELETE-AGAIN'],
	async run(run) {
		const [event] = await twoEvents(run);
		for (const version of run.generations) {
			await run.withHook(version, run.project, async ({ id }) => {
				await createTrigger(run, version, id, event);
				const first: Answer = await remove(run, version, run.project, `/hooks/${id}`);
				const isEmpty = first.exchange?.body.trim() === '';
				const expected = version === 'v2.0' ? 204 : 200;
				const left = await countTriggers(run, version, id);
				const came = `${version}: status ${first.status} ${isEmpty ? 'without' : 'with'} a body, ${left} triggers left`;
				const isDeleted = first.status === expected && isEmpty && left === 0;
				run.check('HOOK-DELETE', isDeleted, came, first);
				const second = await remove(run, version, run.project, `/hooks/${id}`);
				run.check(
					'HOOK-DELETE-AGAIN',
					second.status === 404,
					`${version}: status ${second.status}`,
					second,
				);
			});
		}
	},
};

export const HOOK_STEPS: readonly Step[] = [NAMESPACES, TAKEN, LISTS, LISTS_V1, CHANGES, DELETIONS];
