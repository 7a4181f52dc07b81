import { parse } from 'flatted';
import { isObject, listAt, objectAt, requireText, textAt, valueAt, type JsonObject } from './json';

export interface ExecutionSummary {
	id: string;
	/** `success`, `error`, `running`, ... */
	status: string;
	/** `webhook`, `trigger`, `manual`, ... */
	mode: string;
	/** When it started, in ISO 8601; undefined while it waits for its start. */
	startedAt?: string | undefined;
	/** When it ended, in ISO 8601. */
	stoppedAt?: string | undefined;
}

/** The error of an execution or of one of its nodes. */
export interface ExecutionError {
	message: string;
	description: string | undefined;
	/** The status that a remote server answered, for example `404`. */
	httpCode: string | undefined;
	/** The name of the node that failed. */
	node: string | undefined;
}

/** A file of an item, as n8n keeps it. */
export interface StoredFile {
	/** Where it is in n8n's binary storage; undefined if it is part of the execution's data. */
	id: string | undefined;
	fileName: string | undefined;
	mimeType: string | undefined;
	/** Undefined in n8n 1.x. */
	bytes: number | undefined;
	/** With its unit, such as `62.9 MB`. */
	fileSize: string | undefined;
}

export interface Execution extends ExecutionSummary {
	workflowId: string;
	error: ExecutionError | undefined;
	/** The names of the nodes that ran, in the order in which they started. */
	nodes: string[];
	/** The JSON of the items for the node that would run next: if n8n was killed, that node did not receive them. */
	startItems: JsonObject[];
	/**
	 * The JSON of the items that a node returned, over all its runs. Empty if it did not run.
	 *
	 * @param output the index of the output, 0 by default
	 */
	itemsOf(nodeName: string, output?: number): JsonObject[];
	/** For each of these items, the index of the input item that it came from. */
	originsOf(nodeName: string, output?: number): Array<number | undefined>;
	/** For each of these items, its file in the field `data`; undefined for an item without one. */
	filesOf(nodeName: string): Array<StoredFile | undefined>;
}

/** Parses an execution from n8n's REST interface: its data is text in the format of the package `flatted`. */
export function parseExecution(answer: unknown): Execution {
	const data: unknown = parse(requireText('The execution', answer, 'data'));
	const runData = objectAt(data, 'resultData', 'runData');
	const outputOf = (nodeName: string, output: number) =>
		listAt(runData, nodeName).flatMap((run) => listAt(run, 'data', 'main', output));
	return {
		id: requireText('The execution', answer, 'id'),
		workflowId: requireText('The execution', answer, 'workflowId'),
		status: textAt(answer, 'status') ?? 'unknown',
		mode: textAt(answer, 'mode') ?? 'unknown',
		error: errorOf(valueAt(data, 'resultData', 'error')) ?? nodeErrorOf(runData),
		nodes: Object.keys(runData).sort((a, b) => startOf(runData, a) - startOf(runData, b)),
		startItems: listAt(data, 'executionData', 'nodeExecutionStack').flatMap((entry) =>
			listAt(entry, 'data', 'main', 0).map((item) => objectAt(item, 'json')),
		),
		itemsOf: (nodeName, output = 0) =>
			outputOf(nodeName, output).map((item) => objectAt(item, 'json')),
		originsOf: (nodeName, output = 0) =>
			outputOf(nodeName, output).map((item) => {
				const origin = valueAt(item, 'pairedItem', 'item');
				return typeof origin === 'number' ? origin : undefined;
			}),
		filesOf: (nodeName) =>
			outputOf(nodeName, 0).map((item) => fileOf(valueAt(item, 'binary', 'data'))),
	};
}

function fileOf(binary: unknown): StoredFile | undefined {
	if (!isObject(binary)) return undefined;
	const bytes = valueAt(binary, 'bytes');
	return {
		id: textAt(binary, 'id'),
		fileName: textAt(binary, 'fileName'),
		mimeType: textAt(binary, 'mimeType'),
		bytes: typeof bytes === 'number' ? bytes : undefined,
		fileSize: textAt(binary, 'fileSize'),
	};
}

function startOf(runData: JsonObject, node: string): number {
	return Number(textAt(runData, node, 0, 'executionIndex') ?? 0);
}

function errorOf(error: unknown): ExecutionError | undefined {
	const message = textAt(error, 'message');
	if (!isObject(error) || message === undefined) return undefined;
	return {
		message,
		description: textAt(error, 'description'),
		httpCode: textAt(error, 'httpCode'),
		node: textAt(error, 'node', 'name'),
	};
}

/** The error of the first node that has one: an execution that continues after it has no error of its own. */
function nodeErrorOf(runData: JsonObject): ExecutionError | undefined {
	for (const [node, runs] of Object.entries(runData)) {
		for (const run of listAt(runs)) {
			const error = errorOf(valueAt(run, 'error'));
			if (error !== undefined) return { ...error, node: error.node ?? node };
		}
	}
	return undefined;
}
