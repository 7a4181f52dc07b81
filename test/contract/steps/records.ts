import { isJsonObject, jsonObjects, text } from '../../../nodes/Procore/model/json';
import { unwrap } from '../../../nodes/Procore/record/body';
import { ENDPOINTS } from '../../../nodes/Procore/record/endpoints';
import type { Step } from '../step';
import { FileChecks } from './files';

/** The path of the list that a record is in, with the ids of the run; undefined if it needs another id. */
function listPath(template: string, ids: Readonly<Record<string, string>>): string | undefined {
	const list = template.replace(/\/\{id\}(?=\?|$)/, '');
	const filled = list.replace(
		/\{(\w+)\}/g,
		(placeholder, name: string) => ids[name] ?? placeholder,
	);
	return filled.includes('{') ? undefined : filled;
}

const RECORDS: Step = {
	name: 'records',
	title: 'a list, and one record of it, for every resource that the project and the company offer',
	checks: ['RECORD-FORMS', 'RECORD-PATHS', 'FILE-ADDRESS', 'FILE-STORAGE', 'FILE-PDF'],
	async run(run) {
		const { sanitizer, exchanges } = run.parts;
		const { webhooks } = await run.procore('v2.0');
		const offered = new Set<string>();
		for (const scope of [run.project, run.company]) {
			for (const { model } of await webhooks.listResources(scope, 'v2.0')) offered.add(model.name);
		}
		const ids = { company_id: run.env.companyId, project_id: run.env.projectId };
		const statuses = new Map<number, string[]>();
		const files = new FileChecks(run);
		let odd = 0;
		let read = 0;
		for (const name of offered) {
			const { show, list } = ENDPOINTS[name] ?? {};
			const template = list ?? show;
			const full = template === undefined ? undefined : listPath(template, ids);
			if (full === undefined) continue;
			const [path = '', search = ''] = full.split('?');
			const query = { ...Object.fromEntries(new URLSearchParams(search)), per_page: 1 };
			const answer = await run.send({ path, query });
			statuses.set(answer.status, [...(statuses.get(answer.status) ?? []), name]);
			if (answer.status !== 200) continue;
			read += 1;
			const rows = unwrap(answer.body);
			const [row] = jsonObjects(rows);
			if (!Array.isArray(rows) || (row !== undefined && text(row.id) === '')) odd += 1;
			if (row === undefined) continue;
			if (list !== undefined || show === undefined) {
				await files.look(name, row);
				continue;
			}
			const shown = await run.send({
				path: (show.split('?')[0] ?? '').replace(/\{(\w+)\}/g, (_, id: string) =>
					id === 'id' ? text(row.id) : ids[id === 'company_id' ? 'company_id' : 'project_id'],
				),
				query: Object.fromEntries(
					[...new URLSearchParams(show.split('?')[1] ?? '')].map(([field, value]) => [
						field,
						value.replace('{company_id}', ids.company_id).replace('{project_id}', ids.project_id),
					]),
				),
			});
			const record = unwrap(shown.body);
			const isRecord = shown.status === 200 && isJsonObject(record) && text(record.id) !== '';
			run.check(
				'RECORD-PATHS',
				isRecord,
				`${sanitizer.toolName(name)}: status ${shown.status}`,
				shown,
			);
			if (isJsonObject(record)) await files.look(name, record);
		}
		files.finish();
		if (read === 0) run.skip('RECORD-FORMS', 'No list of records could be read.');
		else run.check('RECORD-FORMS', odd === 0, `${odd} of ${read} lists have another form`);
		for (const [status, names] of statuses) {
			const told = names.map((name) => sanitizer.toolName(name)).join(', ');
			exchanges.notes.push(`Lists of records that answered ${status}: ${told}.`);
		}
		if (!run.parts.verdicts.has('RECORD-PATHS'))
			run.skip('RECORD-PATHS', 'No list had a record in it.');
	},
};

export const RECORD_STEPS: readonly Step[] = [RECORDS];
