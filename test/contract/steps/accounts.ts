import { jsonObjects, text } from '../../../nodes/Procore/model/json';
import type { Answer } from '../raw-request';
import type { Run } from '../run';
import type { Step } from '../step';

/** The other case of each letter. */
function otherCase(name: string): string {
	return [...name]
		.map((letter) =>
			letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
		)
		.join('');
}

function perPage({ headers }: Answer): number | undefined {
	const told = Number(headers['per-page'] ?? NaN);
	return Number.isFinite(told) ? told : undefined;
}

/** The most rows that the nodes ask for on v1.x. */
const PAGE = 1000;
/** One more than Procore's guide to pagination allows, so that `Per-Page` cannot be what was asked for. */
const TOO_MANY = 2001;

/** An account with fewer companies than a page cannot tell, unless `Per-Page` tells the maximum. */
async function checkPageSize(run: Run): Promise<void> {
	const ask = async (per_page: number) => {
		const answer = await run.send({ path: '/rest/v1.0/companies', query: { per_page } });
		return { answer, count: jsonObjects(answer.body).length, told: perPage(answer) };
	};
	const page = await ask(PAGE);
	const came = `${page.count} rows of ${PAGE}, status ${page.answer.status}, Per-Page ${page.told ?? 'missing'}`;
	const isRefused = page.answer.status !== 200;
	if (isRefused || page.count >= PAGE || (page.told ?? PAGE) < PAGE) {
		const holds = !isRefused && page.count <= (page.told ?? PAGE);
		run.check('V1-PAGE-SIZE', holds, came, page.answer);
		return;
	}
	const { answer, told } = await ask(TOO_MANY);
	if (told === undefined || told >= TOO_MANY)
		run.skip('V1-PAGE-SIZE', `It takes ${PAGE} companies, or a Per-Page with the maximum.`);
	else run.check('V1-PAGE-SIZE', told >= PAGE, `Per-Page ${told} of ${TOO_MANY}`, answer);
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
		await checkPageSize(run);
		if (run.env.grants[0] !== 'clientCredentials') {
			run.skip('ME-HEADER', 'The requests of the run are those of a login.');
			return;
		}
		const without = await run.send({ path: '/rest/v1.0/me', companyId: null });
		run.check('ME-HEADER', without.status >= 400, `without the header: status ${without.status}`);
	},
};

const MOST_PROJECTS = 300;

/** @param answer to a request for one row more than a page can have. */
function checkProjectsPage(run: Run, answer: Answer, count: number): void {
	const told = perPage(answer);
	const isRefused = [400, 422].includes(answer.status);
	const came = `${count} rows of ${MOST_PROJECTS + 1}, status ${answer.status}, Per-Page ${told ?? 'missing'}`;
	const isFull = count >= MOST_PROJECTS || told !== undefined || isRefused;
	if (!isFull) {
		run.skip('PROJECTS-PAGE', `It takes ${MOST_PROJECTS} projects, or a Per-Page.`);
		return;
	}
	const holds = isRefused || (count <= MOST_PROJECTS && (told ?? MOST_PROJECTS) <= MOST_PROJECTS);
	run.check('PROJECTS-PAGE', holds, came, answer);
}

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
		const row = normal.own ?? {};
		const lacked = ['project_number', 'active', 'updated_at'].filter((field) => !(field in row));
		run.check(
			'PROJECTS-COMPACT',
			fields === 2 && lacked.length === 0,
			`${fields} fields in the compact view, the normal one lacks ${lacked.join(' and ') || 'nothing'}`,
			fields === 2 ? normal.answer : compact.answer,
		);
		const all = await list({ per_page: 300, view: 'normal' });
		const closed = all.all.filter((row) => row.active === false).length;
		run.check('PROJECTS-DEFAULT-ACTIVE', closed === 0, `${closed} closed projects`);
		const more = await list({ ...active, per_page: MOST_PROJECTS + 1 });
		checkProjectsPage(run, more.answer, more.all.length);
	},
};

export const ACCOUNT_STEPS: readonly Step[] = [ACCOUNT, PROJECTS];
