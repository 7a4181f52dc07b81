import { jsonObject } from '../../../nodes/Procore/model/json';
import { COMPANY, N8N_ORIGIN, PROJECTS, useSharedN8n, type Generation, type N8n } from '../harness';
import { WebhookServer } from '../support/webhook-server';
import { HOSTILE_ANSWERS, MIDWAY_ANSWERS, type AnswerName } from './answers';
import { outcomeOf, textOf, type Outcome } from './outcome';
import { Stage } from './stage';
import { check } from './trigger-entrances';
import { fallBehind, TRIGGER_ROWS, type TriggerRow } from './trigger-rows';

function allowanceFor({ allowances = [] }: TriggerRow, name: AnswerName, version: Generation) {
	return allowances.find(({ after }) => after(name, version));
}

/** The keys under which the node stores how far it has recovered. */
function scopeKeys({ parameters = {}, hooks = 1 }: TriggerRow): string[] {
	if (parameters.scope === 'company') return [`company:${COMPANY}`];
	return PROJECTS.slice(0, hooks).map((id) => `project:${id}`);
}

/**
 * What n8n stores for the node, with the positions from which the next check recovers. After a check that could not
 * read the deliveries, the same position is stored in another form. Without the problems that a check reports.
 */
function stored({ trigger }: Stage, row: TriggerRow): unknown {
	const data = row.isTest ? trigger.testStaticData : trigger.staticData;
	const { recovery, ...own } = jsonObject(data[`node:${trigger.name}`]);
	const { marks, floor } = jsonObject(recovery);
	return {
		...own,
		problems: undefined,
		recoverFrom:
			floor === undefined
				? undefined
				: scopeKeys(row).map((key) => jsonObject(marks)[key] ?? floor),
	};
}

async function setStage(
	n8n: N8n,
	version: Generation,
	row: TriggerRow,
	server: WebhookServer,
): Promise<Stage> {
	const { parameters = {}, closed = [], before } = row;
	n8n.webhookTestBaseUrl = `${row.isTest ? server.url : N8N_ORIGIN}/webhook-test`;
	const stage = await Stage.set(n8n, version, {
		prepare: async ({ hookId }) => {
			for (const id of closed) await n8n.control.closeProject(id);
			await n8n.control.addDeliveries(hookId, { count: 2, resourceNames: ['RFIs'] });
		},
	});
	stage.trigger = stage.newTrigger(parameters);
	stage.testRuns = server.runs;
	server.trigger = stage.trigger;
	for (const step of before) {
		if (step === 'activate') await stage.trigger.activate();
		else if (step === 'listen') await stage.trigger.listen();
		else if (step === 'fallBehind') fallBehind(stage);
		else await check(stage);
	}
	await n8n.control.clearRequests();
	return stage;
}

async function enter(stage: Stage, row: TriggerRow): Promise<Outcome> {
	const outcome = await outcomeOf(async () => await row.enter(stage));
	stage.said.push(textOf(outcome));
	return outcome;
}

/** Expects that everything of ours is found, set up and removed once Procore responds again. */
async function expectRecovery(stage: Stage, { isTest, hooks = 1 }: TriggerRow): Promise<void> {
	const { trigger } = stage;
	await stage.n8n.control.clearFaults();
	await stage.expectUnharmed();
	if (isTest) await trigger.listen();
	else await trigger.activate();
	const found = await stage.triggerHooks();
	expect(found).toHaveLength(hooks);
	for (const { status, triggers } of found) {
		expect([status, triggers.length]).toEqual(['active', 2]);
	}
	if (isTest) await trigger.stopListening();
	else await trigger.delete();
	expect(await stage.triggerHooks()).toEqual([]);
	await stage.expectUnharmed();
}

/** The method that n8n calls on the trigger node, by the first word of a row. */
export function entrances(n8n: N8n): string[] {
	const { webhookMethods, poll, webhook, execute } = n8n.nodeType('procoreTrigger');
	const others = Object.entries({ poll, webhook, execute }).filter(([, method]) => method);
	return [...Object.keys(webhookMethods?.default ?? {}), ...others.map(([name]) => name)];
}

/** Every entry point of the trigger node on one generation, each with every unexpected response. */
export function describeTrigger(version: Generation, names: readonly string[]): void {
	const n8n = useSharedN8n();
	const server = new WebhookServer(n8n);
	beforeAll(async () => await server.start());
	afterAll(async () => await server.stop());
	const rows = Object.entries(TRIGGER_ROWS).filter(([name]) => names.includes(name));

	describe.each(rows)('%s', (_entrance, row) => {
		test('succeeds while Procore responds normally', async () => {
			const stage = await setStage(n8n, version, row, server);
			await row.enter(stage);
			await expectRecovery(stage, row);
		});

		test.each(HOSTILE_ANSWERS)('does not report success after $name', async (answer) => {
			const stage = await setStage(n8n, version, row, server);
			const remembered = stored(stage, row);
			const hooks = await stage.triggerHooks();
			const allowance = allowanceFor(row, answer.name, version);
			await stage.turnHostile(answer);
			const outcome = await enter(stage, row);
			if (allowance === undefined) {
				expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringMatching(/.{20}/) });
				expect(stored(stage, row)).toEqual(row.forgets ? {} : remembered);
			} else {
				expect(outcome).toEqual({ kind: 'succeeded', value: allowance.value });
			}
			expect(await stage.triggerHooks()).toEqual(hooks);
			await expectRecovery(stage, row);
		});

		test('does not report success after an unexpected response halfway', async () => {
			const clean = await setStage(n8n, version, row, server);
			await row.enter(clean);
			const { length } = await n8n.requests();
			const answers = MIDWAY_ANSWERS.filter(({ name }) => row.halfway?.includes(name) ?? true);
			for (let after = 1; after < (row.essential?.requests ?? length); after += 1) {
				for (const answer of answers) {
					const stage = await setStage(n8n, version, row, server);
					await stage.turnHostile(answer, after);
					const outcome = await enter(stage, row);
					if (row.midway?.after(answer.name, version) !== true) {
						expect([answer.name, after, outcome]).toMatchObject([
							answer.name,
							after,
							{ kind: 'failed' },
						]);
					}
					await expectRecovery(stage, row);
				}
			}
		});
	});
}
