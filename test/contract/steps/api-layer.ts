import type { Procore } from '../../../nodes/Procore/api';
import { settle } from '../../../nodes/Procore/api/concurrency';
import type { Directory } from '../../../nodes/Procore/api/directory';
import type { Users } from '../../../nodes/Procore/api/users';
import type { WebhooksApi } from '../../../nodes/Procore/api/webhooks-api';
import { positionAt } from '../../../nodes/Procore/model/event-position';
import { planChanges, readChanges } from '../../../nodes/Procore/record/changes';
import type { AssumptionId } from '../assumptions';
import { reasonOf } from '../clean-up';
import type { Generation } from '../live-account';
import { Interrupted } from '../problems';
import type { Run } from '../run';
import type { Step } from '../step';
import { twoEvents } from './trigger-requests';

const HOUR_MS = 3_600_000;

/** The names of the methods of a part of the API layer. */
type MethodOf<T> = {
	[Name in keyof T]: T[Name] extends (...values: never[]) => unknown ? Name : never;
}[keyof T];

/** A call of every method, which tells whether it returned what it should. One that is missing does not compile. */
type Calls<T> = Readonly<Record<MethodOf<T>, () => Promise<boolean>>>;

type DeliveryReader =
	'deliveries' | 'deliveriesNewestFirst' | 'newestDeliveries' | 'listUndelivered';

async function countIn(pages: AsyncGenerator<readonly unknown[]>): Promise<number> {
	let count = 0;
	for await (const page of pages) count += page.length;
	return count;
}

/** Makes calls, and checks an assumption about the responses with each. */
async function make(
	run: Run,
	id: AssumptionId,
	where: string,
	calls: Readonly<Record<string, () => Promise<boolean>>>,
): Promise<void> {
	const { exchanges, sanitizer } = run.parts;
	for (const [name, call] of Object.entries(calls)) {
		const result = await settle(call);
		if (!result.ok && run.cancellation.isCanceled) throw new Interrupted();
		const read = result.ok && result.value ? 'was read' : 'returned something else';
		const came = result.ok ? read : `failed: ${reasonOf(result.failure, sanitizer)}`;
		const holds = result.ok && result.value;
		run.check(id, holds, `${where}, ${name} ${came}`, { exchange: exchanges.last });
	}
}

/** @param least how many deliveries the hook has at least. */
function deliveryCalls(
	run: Run,
	webhooks: WebhooksApi,
	hookId: string,
	least: number,
): Pick<Calls<WebhooksApi>, DeliveryReader> {
	const { project } = run;
	const since = new Date(Date.now() - HOUR_MS).toISOString();
	const has = (count: number) => count >= least;
	return {
		deliveries: async () => has(await countIn(webhooks.deliveries(project, hookId, {}))),
		deliveriesNewestFirst: async () =>
			has(await countIn(webhooks.deliveriesNewestFirst(project, hookId, {}))),
		newestDeliveries: async () =>
			has((await webhooks.newestDeliveries(project, hookId, since)).length),
		listUndelivered: async () => {
			const after = positionAt(Date.now() - HOUR_MS);
			const query = { after, triedSince: after, deadline: Date.now() + HOUR_MS };
			await webhooks.listUndelivered(project, hookId, query);
			return true;
		},
	};
}

/** Reads the deliveries of a hook that has delivered with the API layer. */
export async function checkDeliveryReaders(
	run: Run,
	version: Generation,
	hookId: string,
): Promise<void> {
	const { webhooks } = await run.procore(version);
	const id = version === 'v2.0' ? 'V2-FORMS' : 'V1-FORMS';
	await make(run, id, `${version}, after deliveries`, deliveryCalls(run, webhooks, hookId, 1));
}

async function checkWebhooks(run: Run, version: Generation): Promise<void> {
	const { project } = run;
	const [first, second] = await twoEvents(run);
	await run.withHook(version, project, async ({ id, draft }) => {
		const { webhooks } = await run.procore(version);
		const { namespace, payload_version } = draft;
		const owner = { id, payload_version, namespace };
		const destination_url = `${draft.destination_url}-updated`;
		const another = async () => {
			await run.withHook(version, project, async () => await Promise.resolve());
			return true;
		};
		let triggerId = '';
		let added: string[] = [];
		const calls: Calls<WebhooksApi> = {
			listHooks: async () =>
				(await webhooks.listHooks(project, namespace)).some(({ model }) => model.id === id),
			getHook: async () => (await webhooks.getHook(project, id, namespace)).model.id === id,
			createHook: another,
			updateHook: async () => {
				const { model } = await webhooks.updateHook(project, id, { destination_url });
				return model.destination_url === destination_url;
			},
			deleteHook: another,
			createTrigger: async () => {
				triggerId = (await webhooks.createTrigger(project, owner, first)).model.id;
				return triggerId !== '';
			},
			listTriggers: async () => (await webhooks.listTriggers(project, id)).length === 1,
			deleteTrigger: async () => await webhooks.deleteTrigger(project, id, triggerId),
			addTriggers: async () => {
				const result = await webhooks.addTriggers(project, owner, [second]);
				added = result.added.map((trigger) => trigger.id);
				return added.length === 1;
			},
			removeTriggers: async () =>
				(await webhooks.removeTriggers(project, id, added)).removed.length === 1,
			...deliveryCalls(run, webhooks, id, 0),
			listResources: async () => (await webhooks.listResources(project, 'v2.0')).length > 0,
		};
		await make(run, version === 'v2.0' ? 'V2-FORMS' : 'V1-FORMS', version, calls);
	});
}

const API_V2: Step = {
	name: 'api-v2',
	title: "the package's own calls of webhooks on v2.0",
	checks: ['V2-FORMS'],
	async run(run) {
		await checkWebhooks(run, 'v2.0');
	},
};

const API_V1: Step = {
	name: 'api-v1',
	title: "the package's own calls of webhooks on v1.0",
	checks: ['V1-FORMS'],
	needs: ['v1'],
	async run(run) {
		await checkWebhooks(run, 'v1.0');
	},
};

async function checkUsers(run: Run, users: Users): Promise<void> {
	const { companyId } = run.env;
	// A company can have thousands.
	const page = await settle(async () => {
		for await (const first of users.list(companyId, '')) return first;
		return [];
	});
	const [found] = page.ok ? page.value : [];
	if (page.ok && found === undefined) {
		run.skip('PERSON-FORM', 'The account sees no user of the company.');
		return;
	}
	const calls: Calls<Users> = {
		list: async () => {
			if (!page.ok) throw page.failure;
			return await Promise.resolve(true);
		},
		get: async () => {
			const { model } = await users.get(companyId, found?.model.id ?? '');
			return model.id === found?.model.id;
		},
	};
	await make(run, 'PERSON-FORM', 'users', calls);
}

async function checkDirectory(run: Run, { directory, transport }: Procore): Promise<void> {
	const { companyId, projectId } = run.env;
	const has = (rows: ReadonlyArray<{ readonly id: string }>) =>
		rows.some(({ id }) => id === projectId);
	const calls: Calls<Directory> = {
		me: async () => (await directory.me(companyId)).id !== '',
		companies: async () =>
			(await directory.companies()).some(({ model }) => model.id === companyId),
		projects: async () => !(await directory.projects(companyId).next()).done,
		allProjects: async () =>
			has((await directory.allProjects(companyId)).map(({ model }) => model)),
		activeProjects: async () => has(await directory.activeProjects(companyId)),
		project: async () => (await directory.project(companyId, projectId)) !== undefined,
		findProject: async () => (await directory.findProject(companyId, projectId)) !== undefined,
		projectState: async () => (await directory.projectState(companyId, projectId)) === 'active',
		getProject: async () => (await directory.getProject(companyId, projectId)).model.name !== '',
	};
	await make(run, 'PROJECT-FORM', 'directory', calls);
	const plan = planChanges('RFIs', companyId, projectId);
	if (!plan.ok) return;
	const span = { from: Date.now() - HOUR_MS, to: Date.now() };
	await make(run, 'LIST-UPDATED-AT', 'the RFIs of an hour', {
		readChanges: async () => {
			await readChanges(transport, plan.query, span, Date.now);
			return true;
		},
	});
}

const API_DIRECTORY: Step = {
	name: 'api-directory',
	title: "the package's own calls for companies, projects, users and changed records",
	checks: ['PROJECT-FORM', 'PERSON-FORM', 'LIST-UPDATED-AT'],
	async run(run) {
		const procore = await run.procore('v2.0');
		await checkDirectory(run, procore);
		await checkUsers(run, procore.users);
	},
};

export const API_STEPS: readonly Step[] = [API_V2, API_V1, API_DIRECTORY];
