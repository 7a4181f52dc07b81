import { jsonObjects, text, type JsonObject } from '../../../nodes/Procore/model/json';
import { CHANGED_LISTS } from '../../../nodes/Procore/record/changed-lists';
import { planChanges, type ChangesQuery } from '../../../nodes/Procore/record/changes';
import { rangeOf } from '../../../nodes/Procore/record/time-span';
import type { Answer } from '../raw-request';
import type { Run } from '../run';
import type { Step } from '../step';

/** Nothing that a list has was changed on this day. */
const LONG_AGO = '2000-01-01T00:00:00Z...2000-01-02T00:00:00Z';
const SECOND_MS = 1000;
/** Enough to find a row with a time, and cheap for Procore. */
const ROWS = 10;

interface Listed {
	readonly answer: Answer;
	readonly rows: JsonObject[];
}

async function list(
	run: Run,
	{ path, query, rowsOf }: ChangesQuery,
	range: string,
): Promise<Listed> {
	const answer = await run.send({
		path,
		query: { ...query, 'filters[updated_at]': range, per_page: ROWS },
	});
	return { answer, rows: jsonObjects(rowsOf(answer.body)) };
}

/** Whether a list has a row of a record whose `updated_at` is the beginning of the range. */
async function checkEnds(
	run: Run,
	name: string,
	plan: ChangesQuery,
	row: JsonObject,
): Promise<void> {
	const time = Date.parse(text(row.updated_at));
	const id = text(row[plan.rowKey]);
	const { answer, rows } = await list(run, plan, rangeOf({ from: time, to: time + SECOND_MS }));
	const isThere = rows.length >= ROWS || rows.some((each) => text(each[plan.rowKey]) === id);
	const came = `${name}: ${isThere ? 'with' : 'without'} a record that changed at the beginning of the range`;
	run.check('LIST-UPDATED-AT-ENDS', isThere, came, answer);
}

const CHANGED: Step = {
	name: 'changed-lists',
	title: 'lists of changed records',
	checks: ['LIST-UPDATED-AT', 'LIST-UPDATED-AT-ENDS', 'LIST-UPDATED-AT-INVALID', 'LIST-TIMES'],
	async run(run) {
		const { sanitizer, exchanges, verdicts } = run.parts;
		const { companyId, projectId } = run.env;
		const always = rangeOf({ from: Date.parse('2000-01-01'), to: Date.now() + 86_400_000 });
		const statuses = new Map<number, string[]>();
		for (const resource of Object.keys(CHANGED_LISTS)) {
			const planned = planChanges(resource, companyId, projectId);
			if (!planned.ok) continue;
			const name = sanitizer.toolName(resource);
			const { answer, rows } = await list(run, planned.query, always);
			statuses.set(answer.status, [...(statuses.get(answer.status) ?? []), name]);
			if (answer.status !== 200) continue;
			const old = await list(run, planned.query, LONG_AGO);
			const isFiltered = old.answer.status === 200 && old.rows.length === 0;
			const came = `${name}: status ${old.answer.status}, ${old.rows.length} of ${rows.length} rows for a day long ago`;
			run.check('LIST-UPDATED-AT', isFiltered, came, old.answer);
			if (!verdicts.has('LIST-UPDATED-AT-INVALID')) {
				const invalid = await list(run, planned.query, 'yesterday');
				const { status } = invalid.answer;
				const isRefused = status === 400 || status === 422;
				run.check(
					'LIST-UPDATED-AT-INVALID',
					isRefused,
					`${name}: status ${status}`,
					invalid.answer,
				);
			}
			if (rows.length === 0) continue;
			const dated = rows.find((row) => !Number.isNaN(Date.parse(text(row.updated_at))));
			const told = `${name}: ${dated === undefined ? 'no row has' : 'rows have'} updated_at`;
			run.check('LIST-TIMES', dated !== undefined, told, answer);
			if (dated !== undefined) await checkEnds(run, name, planned.query, dated);
		}
		for (const [status, names] of statuses)
			exchanges.notes.push(
				`Lists of changed records that answered ${status}: ${names.join(', ')}.`,
			);
		for (const id of CHANGED.checks)
			if (!verdicts.has(id)) run.skip(id, 'No list of changed records has a row.');
	},
};

export const CHANGED_LIST_STEPS: readonly Step[] = [CHANGED];
