import {
	isJsonObject,
	jsonObjects,
	text,
	type JsonObject,
} from '../../../nodes/Procore/model/json';
import { unwrap } from '../../../nodes/Procore/record/body';
import { ENDPOINTS } from '../../../nodes/Procore/record/endpoints';
import type { Answer } from '../raw-request';
import type { Run } from '../run';
import type { Step } from '../step';
import { FileChecks } from './files';

interface Filled {
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
}

/** Fills in ids. Undefined if the path needs another one; query parameters that do are removed. */
function filled(template: string, ids: Readonly<Record<string, string>>): Filled | undefined {
	const withIds = template.replace(
		/\{(\w+)\}/g,
		(placeholder, name: string) => ids[name] ?? placeholder,
	);
	const [path = '', search = ''] = withIds.split('?');
	if (path.includes('{')) return undefined;
	const query = [...new URLSearchParams(search)].filter(([, value]) => !value.includes('{'));
	return { path, query: Object.fromEntries(query) };
}

/** The list that a record is in: that of the reference, or the one that its own path suggests. */
function listOf(name: string, ids: Readonly<Record<string, string>>): Filled | undefined {
	const { show, list } = ENDPOINTS[name] ?? {};
	const template = list ?? show?.replace(/\/\{id\}(?=\?|$)/, '');
	return template === undefined ? undefined : filled(template, ids);
}

/** Reads the lists of resources and the first record of each, and remembers what cannot be told. */
class RecordChecks {
	private readonly files: FileChecks;

	private readonly statuses = new Map<number, string[]>();

	/** Lists of the reference by whether they exist. */
	private readonly documented = { there: 0, gone: [] as string[] };

	/** Resources whose list or record needs an id that the run does not have. */
	private readonly untested: string[] = [];

	/** Resources of which only a path of a record is documented, with nothing at the path of its list. */
	private readonly unlisted: string[] = [];

	private lists = { read: 0, odd: 0 };

	constructor(
		private readonly run: Run,
		private readonly ids: Readonly<Record<string, string>>,
	) {
		this.files = new FileChecks(run);
	}

	async look(resource: string): Promise<void> {
		const list = listOf(resource, this.ids);
		const name = this.run.parts.sanitizer.toolName(resource);
		if (list === undefined) {
			this.untested.push(name);
			return;
		}
		const { path, query } = list;
		const answer = await this.run.send({ path, query: { ...query, per_page: 1 } });
		this.noteStatus(resource, name, answer);
		if (answer.status !== 200) return;
		const rows = unwrap(answer.body);
		const [row] = jsonObjects(rows);
		const isOdd = !Array.isArray(rows) || (row !== undefined && text(row.id) === '');
		this.lists = { read: this.lists.read + 1, odd: this.lists.odd + (isOdd ? 1 : 0) };
		if (row !== undefined) await this.lookAtRow(resource, name, row);
	}

	/** Tells what was found. */
	finish(): void {
		const { run, lists, documented } = this;
		const { exchanges, verdicts } = run.parts;
		this.files.finish();
		if (lists.read === 0) run.skip('RECORD-FORMS', 'No list of records could be read.');
		else
			run.check(
				'RECORD-FORMS',
				lists.odd === 0,
				`${lists.odd} of ${lists.read} lists have another form`,
			);
		const { there, gone } = documented;
		if (there + gone.length > 0) {
			const told = `${there} lists of the reference are there, ${gone.length} are not${gone.length === 0 ? '' : `: ${gone.join(', ')}`}`;
			run.check('RECORD-PATHS', gone.length === 0, told);
		}
		for (const [status, names] of this.statuses)
			exchanges.notes.push(`Lists of records that answered ${status}: ${names.join(', ')}.`);
		const open = [
			['their paths need an id that the run does not have', this.untested],
			['nothing is at the path of their list, which is not documented', this.unlisted],
		] as const;
		for (const [why, names] of open)
			if (names.length > 0)
				exchanges.notes.push(
					`RECORD-PATHS was not tested for these, because ${why}: ${names.join(', ')}.`,
				);
		if (!verdicts.has('RECORD-PATHS'))
			run.skip('RECORD-PATHS', 'The project and the company offer no resource with a list.');
	}

	private noteStatus(resource: string, name: string, { status }: Answer): void {
		this.statuses.set(status, [...(this.statuses.get(status) ?? []), name]);
		const isGone = status === 404 || status === 410;
		const isDocumented = ENDPOINTS[resource]?.list !== undefined;
		if (isGone) (isDocumented ? this.documented.gone : this.unlisted).push(name);
		else if (isDocumented && status === 200) this.documented.there += 1;
	}

	/** Reads the record of a row if it can be read alone. */
	private async lookAtRow(resource: string, name: string, row: JsonObject): Promise<void> {
		const { show, list } = ENDPOINTS[resource] ?? {};
		const own =
			list !== undefined || show === undefined
				? undefined
				: filled(show, { ...this.ids, id: text(row.id) });
		if (own === undefined) {
			await this.files.look(resource, row);
			return;
		}
		const shown = await this.run.send(own);
		const record = unwrap(shown.body);
		const isRecord = shown.status === 200 && isJsonObject(record) && text(record.id) !== '';
		this.run.check('RECORD-PATHS', isRecord, `a record of ${name}: status ${shown.status}`, shown);
		if (isJsonObject(record)) await this.files.look(resource, record);
	}
}

const RECORDS: Step = {
	name: 'records',
	title: 'a list, and one record of it, for every resource that the project and the company offer',
	checks: ['RECORD-FORMS', 'RECORD-PATHS', 'FILE-ADDRESS', 'FILE-STORAGE', 'FILE-PDF'],
	async run(run) {
		const { webhooks } = await run.procore('v2.0');
		const offered = new Set<string>();
		for (const scope of [run.project, run.company]) {
			for (const { model } of await webhooks.listResources(scope, 'v2.0')) offered.add(model.name);
		}
		const ids = { company_id: run.env.companyId, project_id: run.env.projectId };
		const checks = new RecordChecks(run, ids);
		for (const name of offered) await checks.look(name);
		checks.finish();
	},
};

export const RECORD_STEPS: readonly Step[] = [RECORDS];
