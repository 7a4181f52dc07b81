import { readErrorText } from '../../../nodes/Procore/api/error-text';
import { getWithToken } from '../foreign-token';
import type { Answer } from '../raw-request';
import type { Run } from '../run';
import type { Step } from '../step';
import { get, tryHook, write } from './requests';

const REFUSALS: Step = {
	name: 'refusals',
	title: 'what Procore refuses, and how',
	checks: [
		'COMPANY-HEADER-MISSING',
		'COMPANY-HEADER-OTHER',
		'ERROR-401-BODY',
		'ERROR-404-INVISIBLE',
	],
	async run(run) {
		const query = { namespace: `${run.namespacePrefix}-unused` };
		const path = `${run.base('v2.0', run.project)}/hooks`;
		const without = await run.send({ path, query, companyId: null });
		const names = /Procore-Company-Id/i.test(readErrorText(without.body));
		run.check(
			'COMPANY-HEADER-MISSING',
			without.status === 400 && names,
			`status ${without.status}, whose text ${names ? 'names' : 'does not name'} the header`,
			without,
		);
		const other = await run.send({ path, query, companyId: '1' });
		run.check(
			'COMPANY-HEADER-OTHER',
			[400, 403, 404].includes(other.status),
			`status ${other.status}`,
			other,
		);
		const unknown = await get(run, 'v2.0', run.project, '/hooks/1');
		run.check('ERROR-404-INVISIBLE', unknown.status === 404, `status ${unknown.status}`, unknown);
		const { status, body } = await getWithToken(
			run,
			`${path}?namespace=${query.namespace}`,
			'invalid',
		);
		const isJson = /^\s*\{/.test(body);
		run.check(
			'ERROR-401-BODY',
			status === 401 && isJson,
			`status ${status} with ${isJson ? 'JSON' : 'a body that is not JSON'}`,
		);
	},
};

function checkBadValue(run: Run, what: string, answer: Answer): void {
	const holds = answer.status === 400 || answer.status === 422;
	run.check('ERROR-BAD-VALUE', holds, `${what}: status ${answer.status}`, answer);
}

const BAD_VALUES: Step = {
	name: 'bad-values',
	title: 'values that Procore cannot accept',
	checks: ['ERROR-BAD-VALUE'],
	async run(run) {
		const { project } = run;
		await run.withHook('v2.0', project, async ({ id }) => {
			const status = await write(run, 'v2.0', project, 'PATCH', `/hooks/${id}`, {
				status: 'sleeping',
			});
			checkBadValue(run, 'a status that does not exist', status);
			const trigger = await write(run, 'v2.0', project, 'POST', `/hooks/${id}/triggers`, {
				resource_name: 'RFIs',
			});
			checkBadValue(run, 'a trigger without an event type', trigger);
		});
		for (const version of run.generations) {
			const fields = { namespace: run.namespace(), destination_url: '' };
			await tryHook(run, version, project, fields, (answer) => {
				checkBadValue(run, `${version}, a hook without a URL`, answer);
			});
		}
	},
};

export const REFUSAL_STEPS: readonly Step[] = [REFUSALS, BAD_VALUES];
