import type { Generation } from '../e2e/procore';
import { Scene } from '../e2e/scene';
import type { N8nInstance } from '../harness/n8n-instance';
import { startOwnStack, WITHOUT_EDITOR, type Stack } from '../harness/stack';
import { Report } from './report';

/** What a reliability suite works with. `stack` and `scene` exist once jest has run `beforeAll`. */
export interface OwnScene {
	readonly report: Report;
	readonly stack: Stack<N8nInstance>;
	readonly scene: Scene;
}

/**
 * Sets up a suite with its own n8n and emulator: clears faults and workflows after each test, and prints the report at
 * the end.
 *
 * @param env settings of n8n
 */
export function useOwnScene(
	title: string,
	generation: Generation,
	env: Record<string, string> = {},
): OwnScene {
	const report = new Report(title);
	let stack: Stack<N8nInstance>;
	let scene: Scene;

	beforeAll(async () => {
		stack = await startOwnStack({ env: { ...WITHOUT_EDITOR, ...env } });
		scene = await Scene.set(stack.n8n.rest, stack.emulator.control, generation);
	});

	afterEach(async () => {
		await scene.control.clearFaults();
		await scene.clear();
	});

	afterAll(async () => {
		report.print();
		await stack.stop();
	});

	return {
		report,
		get stack() {
			return stack;
		},
		get scene() {
			return scene;
		},
	};
}
