import { jsonObjects, text } from '../../../nodes/Procore/model/json';
import type { Step } from '../step';

/** The other case of each letter. */
function otherCase(name: string): string {
	return [...name]
		.map((letter) =>
			letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
		)
		.join('');
}

const ACCOUNT: Step = {
	name: 'account',
	title: 'the user and the companies',
	checks: ['ME-FORM', 'ME-HEADER', 'COMPANIES-FORM', 'V1-PAGE-SIZE'],
	async run(run) {
		const { directory } = await run.procore('v2.0');
		const me = await directory.me(run.env.companyId);
		run.parts.sanitizer.learn([me.login]);
		const lacking = me.login === '' ? 'an id, but no login' : 'an id and a login';
		run.check('ME-FORM', me.login !== '', lacking, { exchange: run.parts.exchanges.last });
		const companies = await run.send({ path: '/rest/v1.0/companies', query: { per_page: 100 } });
		const ids = jsonObjects(companies.body).map((row) => text(row.id));
		const isListed = Array.isArray(companies.body) && ids.includes(run.env.companyId);
		run.check(
			'COMPANIES-FORM',
			isListed,
			`${ids.length} companies, ${isListed ? 'with' : 'without'} that of the run`,
		);
		const told = Number(companies.headers['per-page'] ?? NaN);
		const holds = ids.length <= 100 && (!Number.isFinite(told) || told <= 100);
		run.check('V1-PAGE-SIZE', holds, `${ids.length} rows of 100`);
		if (run.env.grants[0] !== 'clientCredentials') {
			run.skip('ME-HEADER', 'The requests of the run are those of a login.');
			return;
		}
		const without = await run.send({ path: '/rest/v1.0/me', companyId: null });
		run.check('ME-HEADER', without.status >= 400, `without the header: status ${without.status}`);
	},
};

const PROJECTS: Step = {
	name: 'projects',
	title: 'lists of projects',
	checks: ['PROJECTS-COMPACT', 'PROJECTS-FILTERS', 'PROJECTS-DEFAULT-ACTIVE', 'PROJECTS-PAGE'],
	async run(run) {
		const { companyId, projectId } = run.env;
		const path = '/rest/v1.1/projects';
		const list = async (query: Record<string, string | number>) => {
			const answer = await run.send({ path, query: { company_id: companyId, ...query } });
			const all = jsonObjects(answer.body);
			return { answer, all, own: all.find((row) => text(row.id) === projectId) };
		};
		const { directory } = await run.procore('v2.0');
		const found = await directory.findProject(companyId, projectId);
		const name = found?.model.name ?? '';
		run.parts.sanitizer.learn([name]);
		const active = { 'filters[by_status]': 'Active', sort: 'name', per_page: 300 };
		const part = otherCase(name.slice(1, 5));
		const search = await list({ ...active, view: 'normal', 'filters[name]': part });
		const came = `status ${search.answer.status}, ${search.own === undefined ? 'without' : 'with'} the project`;
		if (part.trim() === '') run.skip('PROJECTS-FILTERS', 'The name of the project is too short.');
		else run.check('PROJECTS-FILTERS', search.own !== undefined, came);
		const compact = await list({ ...active, view: 'compact', 'filters[name]': name });
		const normal = await list({ ...active, view: 'normal', 'filters[name]': name });
		const fields = Object.keys(compact.own ?? {}).length;
		const has = normal.own !== undefined && 'active' in normal.own && 'updated_at' in normal.own;
		run.check(
			'PROJECTS-COMPACT',
			fields === 2 && has,
			`${fields} fields in the compact view, the normal one ${has ? 'has' : 'lacks'} active and updated_at`,
		);
		const all = await list({ per_page: 300, view: 'normal' });
		const closed = all.all.filter((row) => row.active === false).length;
		run.check('PROJECTS-DEFAULT-ACTIVE', closed === 0, `${closed} closed projects`);
		const told = Number(all.answer.headers['per-page'] ?? NaN);
		const holds = all.all.length <= 300 && (!Number.isFinite(told) || told === 300);
		run.check(
			'PROJECTS-PAGE',
			holds,
			`${all.all.length} rows, Per-Page ${Number.isFinite(told) ? told : 'missing'}`,
		);
	},
};

export const ACCOUNT_STEPS: readonly Step[] = [ACCOUNT, PROJECTS];
