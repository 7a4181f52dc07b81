import { text } from '../../../nodes/Procore/model/json';
import type { Step } from '../step';
import { content, entity, get, rows } from './requests';
import { createTrigger, twoEvents } from './trigger-requests';

const GENERATIONS: Step = {
	name: 'generations',
	title: 'which generations of the Webhooks API answer',
	checks: ['V1-STILL-ANSWERS', 'V1-GONE-404', 'EMPTY-LIST-NULL'],
	always: true,
	async run(run) {
		const unused = `${run.namespacePrefix}-unused`;
		const empty = await get(run, 'v2.0', run.project, '/hooks', { namespace: unused });
		const list = content('v2.0', empty);
		run.check(
			'EMPTY-LIST-NULL',
			empty.status === 200 && Array.isArray(list) && list.length === 0,
			Array.isArray(list)
				? 'an empty array'
				: `status ${empty.status}, data is ${list === null ? 'null' : list === undefined ? 'missing' : typeof list}`,
			empty,
		);
		const old = await get(run, 'v1.0', run.project, '/hooks', { namespace: unused });
		const gone = [404, 410].includes(old.status);
		run.hasV1 = !gone && old.status < 300;
		run.check('V1-STILL-ANSWERS', run.hasV1, `status ${old.status}`, old);
		if (gone) run.check('V1-GONE-404', old.status === 404, `status ${old.status}`, old);
		else run.skip('V1-GONE-404', 'Webhooks API v1.0 answers.');
	},
};

const FORMS_V2: Step = {
	name: 'forms-v2',
	title: 'hooks, triggers and resources on v2.0',
	checks: ['V2-FORMS'],
	async run(run) {
		await run.withHook('v2.0', run.project, async ({ id }) => {
			const hook = await get(run, 'v2.0', run.project, `/hooks/${id}`);
			const triggers = await get(run, 'v2.0', run.project, `/hooks/${id}/triggers`);
			const resources = await get(run, 'v2.0', run.project, '/resources', {
				payload_version: 'v2.0',
			});
			const isString = typeof entity('v2.0', hook).id === 'string';
			run.check(
				'V2-FORMS',
				isString,
				isString ? 'ids are strings' : 'an id that is not a string',
				hook,
			);
			for (const answer of [triggers, resources]) {
				const isList = Array.isArray(content('v2.0', answer));
				run.check(
					'V2-FORMS',
					isList,
					isList ? 'lists are in data' : `status ${answer.status}, no list in data`,
					answer,
				);
			}
		});
	},
};

const FORMS_V1: Step = {
	name: 'forms-v1',
	title: 'hooks, triggers and resources on v1.0',
	checks: ['V1-FORMS', 'V1-ONE-SCOPE', 'V1-NO-STATUS', 'V1-HOOKS-IN-V2'],
	needs: ['v1'],
	async run(run) {
		const [event] = await twoEvents(run);
		await run.withHook('v1.0', run.project, async ({ id, draft }) => {
			await createTrigger(run, 'v1.0', id, event);
			const list = await get(run, 'v1.0', run.project, '/hooks', { namespace: draft.namespace });
			const [hook = {}] = rows('v1.0', list);
			run.check('V1-ONE-SCOPE', list.status === 200, `status ${list.status}`, list);
			const triggers = await get(run, 'v1.0', run.project, `/hooks/${id}/triggers`);
			const resources = await get(run, 'v1.0', run.project, '/resources', { api_version: 'v2' });
			for (const [what, answer] of Object.entries({ hooks: list, triggers, resources })) {
				const [row] = rows('v1.0', answer);
				const isBare = Array.isArray(answer.body) && row !== undefined;
				const ids = what === 'resources' || typeof row?.id === 'number';
				const form = `${what}: status ${answer.status}, ${isBare ? 'a bare list' : 'not a bare list with rows'}, ${ids ? 'no' : 'some'} ids that are not integers`;
				run.check('V1-FORMS', isBare && ids, form, answer);
			}
			const more = ['status', 'created_at'].filter((field) => hook[field] !== undefined);
			const told = `the hook has ${more.length === 0 ? 'neither status nor created_at' : more.join(' and ')}`;
			run.check('V1-NO-STATUS', more.length === 0, told, list);
			const same = await get(run, 'v2.0', run.project, `/hooks/${id}`);
			const came = `a hook of v1.0 on v2.0: status ${same.status}`;
			run.check('V1-HOOKS-IN-V2', same.status === 200, came, same);
		});
		await run.withHook('v2.0', run.project, async ({ id, draft }) => {
			const list = await get(run, 'v1.0', run.project, '/hooks', { namespace: draft.namespace });
			const isListed = rows('v1.0', list).some((hook) => text(hook.id) === id);
			const came = `a hook of v2.0 on v1.0: status ${list.status}, ${isListed ? 'with' : 'without'} it`;
			run.check('V1-HOOKS-IN-V2', isListed, came, list);
		});
	},
};

export const GENERATION_STEPS: readonly Step[] = [GENERATIONS, FORMS_V2, FORMS_V1];
