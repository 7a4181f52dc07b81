import { operations } from '../../../nodes/Procore/actions/resources';
import { useSharedN8n, type Generation } from '../harness';
import { ACTION_ROWS, type ActionRow, type Allowance } from './action-rows';
import { HOSTILE_ANSWERS, MIDWAY_ANSWERS, type HostileAnswer } from './answers';
import { outcomeOfRun, textOf, type Outcome } from './outcome';
import { Stage } from './stage';

/** `resource: operation` of everything that the action node offers. */
export function offeredOperations(): string[] {
	return Object.entries(operations).flatMap(([resource, offered]) =>
		Object.keys(offered).map((operation) => `${resource}: ${operation}`),
	);
}

/** More requests than any operation of a row sends; more would be a mistake in the row. */
const MOST_REQUESTS = 12;

async function run(stage: Stage, row: ActionRow, goesOn: boolean): Promise<Outcome> {
	const result = await stage.n8n.run(row.parameters(stage), [row.input ?? {}], {
		...(goesOn ? { onError: 'continueRegularOutput' } : {}),
	});
	const outcome = outcomeOfRun(result);
	stage.said.push(textOf(outcome));
	return outcome;
}

function allowanceFor(
	{ allowances = [] }: ActionRow,
	{ name }: HostileAnswer,
	version: Generation,
): Allowance | undefined {
	return allowances.find(({ after }) => after(name, version));
}

function expectOutcome(outcome: Outcome, allowance: Allowance | undefined): void {
	if (allowance === undefined) expect(outcome).toMatchObject({ kind: 'failed' });
	else expect(outcome).toEqual({ kind: 'succeeded', value: allowance.items });
}

/** The operations of these resources on one generation, each with every unexpected response. */
export function describeActions(version: Generation, resources: readonly string[]): void {
	const n8n = useSharedN8n();
	const rows = Object.entries(ACTION_ROWS).filter(([name]) =>
		resources.includes(name.split(':')[0] ?? ''),
	);

	describe.each(rows)(`%s on ${version}`, (_name, row) => {
		/** The stage is reused for the next response as long as nothing has changed on it. */
		let unchanged: Stage | undefined;
		const newStage = async () => await Stage.set(n8n, version, row);

		test('succeeds while Procore responds normally', async () => {
			const stage = await newStage();
			expect(await run(stage, row, false)).toMatchObject({ kind: 'succeeded' });
			await stage.expectUnharmed();
		});

		test.each(HOSTILE_ANSWERS)('does not report success after $name', async (answer) => {
			const stage = unchanged ?? (await newStage());
			unchanged = undefined;
			const allowance = allowanceFor(row, answer, version);
			const before = await stage.ownHook();
			await stage.turnHostile(answer);
			expectOutcome(await run(stage, row, false), allowance);
			const continued = await run(stage, row, true);
			if (allowance === undefined) {
				const error = expect.stringMatching(/.{20}/);
				expect(continued).toEqual({
					kind: 'succeeded',
					value: [expect.objectContaining({ error })],
				});
			}
			await n8n.control.clearFaults();
			expect(await stage.ownHook()).toEqual(before);
			await stage.expectUnharmed();
			unchanged = stage;
		});

		test('does not report success after an unexpected response halfway', async () => {
			await run(await newStage(), row, false);
			const { length } = await n8n.requests();
			expect(length).toBeLessThan(MOST_REQUESTS);
			for (let after = 1; after < length; after += 1) {
				for (const answer of MIDWAY_ANSWERS) {
					const stage = await newStage();
					await stage.turnHostile(answer, after);
					const outcome = await run(stage, row, false);
					if (
						allowanceFor(row, answer, version) === undefined &&
						row.maySucceedHalfway?.(answer.name, version, outcome) !== true
					) {
						expect([answer.name, after, outcome]).toMatchObject([
							answer.name,
							after,
							{ kind: 'failed' },
						]);
					}
					await n8n.control.clearFaults();
					await stage.expectUnharmed();
				}
			}
		});
	});
}
