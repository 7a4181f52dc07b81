import axios from 'axios';
import { DataDeduplicationService } from 'n8n-core';
import { sleep, type INodeExecutionData } from 'n8n-workflow';

import { byId, COMPANY, PROJECT, TriggerBench, useN8n } from './harness';
import { Deduplicator } from './support/deduplicator';
import { executeContext } from './support/gate';
import { WebhookServer } from './support/webhook-server';

const UNWANTED_USER = '13';

/** Instead of a status, if the connection was closed. */
const NO_ANSWER = 0;

const PARAMETERS = {
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT],
	events: ['RFIs:update'],
	filters: {
		conditions: [{ field: 'source_user_id', operator: 'isNoneOf', value: UNWANTED_USER }],
	},
};

function bodyOf(name: string, user = '7'): string {
	return JSON.stringify({
		id: name,
		ulid: name,
		timestamp: '2026-11-17T15:42:09.000000Z',
		metadata: {},
		company_id: COMPANY,
		project_id: PROJECT,
		user_id: user,
		api_version: 'v2.0',
		event_type: 'update',
		resource_name: 'RFIs',
		resource_id: '5',
	});
}

const namesOf = (items: readonly INodeExecutionData[]) => items.map(({ json }) => json.ulid);

/** What n8n does with one execution: the test decides when and how it responds. */
class HandOver {
	private respond: (status: number) => void = () => undefined;

	readonly status = new Promise<number>((resolve) => {
		this.respond = resolve;
	});

	end(status = 200): void {
		this.respond(status);
	}
}

describe('events that arrive while n8n starts an execution', () => {
	const n8n = useN8n();
	const server = new WebhookServer(n8n);
	const deduplicator = new Deduplicator();
	let handOvers: HandOver[];
	let trigger: TriggerBench;
	let node = 0;

	beforeAll(async () => {
		await DataDeduplicationService.init(deduplicator);
		await server.start();
	});
	afterAll(async () => await server.stop());
	beforeEach(async () => {
		deduplicator.calls = 0;
		server.runs.length = 0;
		server.errors.length = 0;
		handOvers = [];
		server.handOver = async () => {
			const handOver = new HandOver();
			handOvers.push(handOver);
			return await handOver.status;
		};
		n8n.webhookBaseUrl = `${server.url}/webhook`;
		n8n.webhookTestBaseUrl = `${server.url}/webhook-test`;
		await useOptions({});
	});
	afterEach(() => {
		server.handOver = async () => await Promise.resolve(200);
		for (const handOver of handOvers) handOver.end();
		expect(server.errors).toEqual([]);
	});

	/**
	 * Replaces the trigger by another node, because a process keeps state per node. Then an event that starts nothing makes
	 * the node read the credential, so that it takes later ones as soon as it receives them.
	 */
	async function useOptions(options: Record<string, unknown>): Promise<void> {
		node += 1;
		trigger = new TriggerBench(n8n, {
			...PARAMETERS,
			options: { eventsPerExecution: 'severalWhenBusy', ...options },
		});
		trigger.nodeId = `node-with-groups-${node}`;
		server.trigger = trigger;
		expect(await send(bodyOf('unwanted', UNWANTED_USER))).toBe(200);
	}

	async function until(condition: () => boolean): Promise<void> {
		while (!condition()) await sleep(5);
		// What follows from it in the same turn of the event loop happens, too.
		await sleep(0);
	}

	async function send(
		body: string,
		{ url = trigger.url, secret = trigger.secret, signal = new AbortController().signal } = {},
	): Promise<number> {
		const sent = axios.post(url, body, {
			headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${secret}` },
			validateStatus: () => true,
			transformRequest: (data: unknown) => data,
			proxy: false,
			signal,
		});
		return await sent.then(
			({ status }) => status,
			() => NO_ANSWER,
		);
	}

	/** Sends an event and waits until the node has received it, but not for the response. */
	async function arrive(name: string, signal?: AbortSignal): Promise<{ answer: Promise<number> }> {
		const before = server.received;
		const answer = send(bodyOf(name), signal === undefined ? {} : { signal });
		await until(() => server.received > before);
		return { answer };
	}

	/** Sends events in this order. */
	async function sendInOrder(names: readonly string[]): Promise<Array<Promise<number>>> {
		const answers: Array<Promise<number>> = [];
		for (const name of names) answers.push((await arrive(name)).answer);
		return answers;
	}

	/** Sends events at once and waits until the node has received them all. */
	async function sendAtOnce(names: readonly string[]): Promise<Array<Promise<number>>> {
		const all = server.received + names.length;
		const answers = names.map(async (name) => await send(bodyOf(name)));
		await until(() => server.received >= all);
		return answers;
	}

	const runs = () => server.runs.map(namesOf);

	async function untilRuns(count: number): Promise<void> {
		await until(() => server.runs.length >= count);
	}

	/** Lets n8n execute the trigger node for items. */
	async function execute(items: INodeExecutionData[]): Promise<INodeExecutionData[]> {
		const { execute: gate } = n8n.nodeType('procoreTrigger');
		const output = await gate?.call(executeContext(n8n, trigger, items));
		if (!Array.isArray(output)) throw new Error('The gate returned no items');
		return output[0] ?? [];
	}

	test('start one execution each by default', async () => {
		await useOptions({ eventsPerExecution: 'one' });
		const answers = await sendInOrder(['one-a', 'one-b', 'one-c']);
		expect(runs()).toEqual([['one-a'], ['one-b'], ['one-c']]);
		for (const handOver of handOvers) handOver.end();
		expect(await Promise.all(answers)).toEqual([200, 200, 200]);
	});

	test('start together in order of arrival once it has started, and are answered like the one that started them', async () => {
		const answers = await sendInOrder(['first', 'd', 'b', 'c']);
		expect(runs()).toEqual([['first']]);
		handOvers[0]?.end();
		await untilRuns(2);
		expect(runs()).toEqual([['first'], ['d', 'b', 'c']]);
		const next = await sendInOrder(['next']);
		handOvers[1]?.end();
		expect(await Promise.all(answers)).toEqual([200, 200, 200, 200]);
		await untilRuns(3);
		expect(runs()[2]).toEqual(['next']);
		handOvers[2]?.end();
		expect(await Promise.all(next)).toEqual([200]);
	});

	test('pass the gate with one write per group', async () => {
		const names = Array.from({ length: 30 }, (_each, index) => `gate-${index}`);
		const answers = [...(await sendInOrder(['gate-first'])), ...(await sendAtOnce(names))];
		handOvers[0]?.end();
		await untilRuns(2);
		expect(await execute(server.runs[1] ?? [])).toHaveLength(30);
		expect(deduplicator.calls).toBe(1);
		expect(await execute(server.runs[1] ?? [])).toEqual([]);
		handOvers[1]?.end();
		expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
	});

	test('start at most 100 together', async () => {
		const names = Array.from({ length: 101 }, (_each, index) => `many-${index}`);
		const answers = [...(await sendInOrder(['many-first'])), ...(await sendAtOnce(names))];
		handOvers[0]?.end();
		await untilRuns(2);
		handOvers[1]?.end();
		await untilRuns(3);
		handOvers[2]?.end();
		expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
		expect(server.runs.map(({ length }) => length)).toEqual([1, 100, 1]);
		expect(runs().flat().sort()).toEqual(['many-first', ...names].sort());
	});

	test('are answered with an error if n8n answers the group with one, and start when they are sent again', async () => {
		const answers = await sendInOrder(['bad-first', 'bad-a', 'bad-b']);
		handOvers[0]?.end();
		await untilRuns(2);
		handOvers[1]?.end(500);
		expect(await Promise.all(answers)).toEqual([200, 500, 500]);
		const again = await sendInOrder(['bad-a', 'bad-b']);
		handOvers[2]?.end();
		await untilRuns(4);
		handOvers[3]?.end();
		expect(await Promise.all(again)).toEqual([200, 200]);
		expect(runs()).toEqual([['bad-first'], ['bad-a', 'bad-b'], ['bad-a'], ['bad-b']]);
	});

	describe('if Procore closes the connection of the event that starts a group', () => {
		/** The answers to the other events of the group, which n8n has not answered yet. */
		async function abandon(names: readonly string[]): Promise<number[]> {
			const [first = '', leading = '', ...others] = names;
			const answers = await sendInOrder([first]);
			const gone = new AbortController();
			const lost = await arrive(leading, gone.signal);
			answers.push(...(await sendInOrder(others)));
			handOvers[0]?.end();
			await untilRuns(2);
			gone.abort();
			expect(await lost.answer).toBe(NO_ANSWER);
			return (await Promise.all(answers)).slice(1);
		}

		/** Lets n8n respond to the event that started the group. */
		async function endAbandoned(status: number): Promise<void> {
			const before = server.done;
			handOvers[1]?.end(status);
			await until(() => server.done > before);
		}

		test('the others are answered with 503 and the next group starts', async () => {
			expect(await abandon(['left-first', 'left-a', 'left-b'])).toEqual([503]);
			const next = await sendInOrder(['left-next']);
			await untilRuns(3);
			handOvers[2]?.end();
			expect(await Promise.all(next)).toEqual([200]);
			expect(runs()[2]).toEqual(['left-next']);
		});

		test('the others are rejected while n8n starts the group, and ignored after it has', async () => {
			await abandon(['late-first', 'late-a', 'late-b']);
			expect(await send(bodyOf('late-b'))).toBe(503);
			expect(await send(bodyOf('late-a'))).toBe(503);
			await endAbandoned(200);
			expect(await send(bodyOf('late-b'))).toBe(200);
			expect(runs()).toEqual([['late-first'], ['late-a', 'late-b']]);
		});

		test('all of them start when they are sent again if n8n could not start the group', async () => {
			await abandon(['fail-first', 'fail-a', 'fail-b']);
			await endAbandoned(500);
			const again = await sendInOrder(['fail-b', 'fail-a']);
			await untilRuns(3);
			handOvers[2]?.end();
			await untilRuns(4);
			handOvers[3]?.end();
			expect(await Promise.all(again)).toEqual([200, 200]);
			expect(runs().slice(2)).toEqual([['fail-b'], ['fail-a']]);
		});
	});

	test.each([200, 500])(
		'answer a duplicate delivery only when n8n answers the group, with %s',
		async (status) => {
			const [first, ...others] = await sendInOrder([
				'two-first',
				'two-a',
				'two-b',
				'two-a',
				'two-b',
			]);
			const answered: number[] = [];
			for (const answer of others) void answer.then((each) => answered.push(each));
			handOvers[0]?.end();
			expect(await first).toBe(200);
			await untilRuns(2);
			expect(answered).toEqual([]);
			handOvers[1]?.end(status);
			expect(await Promise.all(others)).toEqual([status, status, status, status]);
			expect(runs()).toEqual([['two-first'], ['two-a', 'two-b']]);
			const again = await sendInOrder(['two-b']);
			if (status === 500) await untilRuns(3);
			handOvers[2]?.end();
			expect(await Promise.all(again)).toEqual([200]);
			expect(server.runs).toHaveLength(status === 500 ? 3 : 2);
		},
	);

	test('start although Procore has closed their connection, once', async () => {
		const answers = await sendInOrder(['wait-first']);
		const gone = new AbortController();
		const lost = await arrive('wait-a', gone.signal);
		answers.push(...(await sendInOrder(['wait-b'])));
		const before = server.abandoned;
		gone.abort();
		expect(await lost.answer).toBe(NO_ANSWER);
		await until(() => server.abandoned > before);
		const again = await arrive('wait-a');
		handOvers[0]?.end();
		await untilRuns(2);
		handOvers[1]?.end();
		expect(await Promise.all([...answers, again.answer])).toEqual([200, 200, 200]);
		expect(runs()).toEqual([['wait-first'], ['wait-a', 'wait-b']]);
	});

	test('start alone if they have waited four seconds', async () => {
		const answers = await sendInOrder(['slow-first', 'slow-a', 'slow-b']);
		await untilRuns(3);
		expect(runs()).toEqual([['slow-first'], ['slow-a'], ['slow-b']]);
		handOvers[1]?.end();
		handOvers[2]?.end(500);
		expect(await Promise.all(answers.slice(1))).toEqual([200, 500]);
		handOvers[0]?.end();
		expect(await answers[0]).toBe(200);
	});

	test('do not delay requests that start nothing', async () => {
		const answers = await sendInOrder(['busy-first', 'busy-a']);
		expect(await send(bodyOf('busy-unwanted', UNWANTED_USER))).toBe(200);
		expect(await send('{"hello":"world"}')).toBe(200);
		expect(await send('{')).toBe(400);
		expect(await send(bodyOf('busy-forged'), { secret: 'wrong' })).toBe(401);
		handOvers[0]?.end();
		await untilRuns(2);
		handOvers[1]?.end();
		expect(await Promise.all(answers)).toEqual([200, 200]);
		expect(runs()).toEqual([['busy-first'], ['busy-a']]);
	});

	test('start with their duplicates if the node does not ignore them', async () => {
		await useOptions({ dedupe: false });
		const answers = await sendInOrder(['dup-first', 'dup-a', 'dup-a']);
		handOvers[0]?.end();
		await untilRuns(2);
		handOvers[1]?.end();
		expect(await Promise.all(answers)).toEqual([200, 200, 200]);
		expect(runs()).toEqual([['dup-first'], ['dup-a', 'dup-a']]);
	});

	test('do not wait if they are events of a test', async () => {
		const answers = await sendInOrder(['test-first']);
		const url = trigger.testUrl;
		trigger.testStaticData = { [`node:${trigger.name}`]: { hook: testHook() } };
		const tests = ['test-a', 'test-b'].map(
			async (name) => await send(bodyOf(name), { url, secret: trigger.secretOf(url) }),
		);
		await untilRuns(3);
		expect(runs().map(({ length }) => length)).toEqual([1, 1, 1]);
		for (const handOver of handOvers) handOver.end();
		expect(await Promise.all([...answers, ...tests])).toEqual([200, 200, 200]);
	});

	function testHook() {
		return { accepted: '', namespace: 'n', url: trigger.testUrl, hooks: [] };
	}

	describe('with Acknowledge set to Immediately', () => {
		beforeEach(async () => await useOptions({ acknowledge: 'immediately' }));

		test('are answered at once, and start together when n8n executes the node', async () => {
			const answers = await sendInOrder(['now-first', 'now-a', 'now-b']);
			expect(await Promise.all(answers)).toEqual([202, 202, 202]);
			expect(runs()).toEqual([['now-first']]);
			await execute(server.runs[0] ?? []);
			await untilRuns(2);
			expect(runs()).toEqual([['now-first'], ['now-a', 'now-b']]);
		});

		test('start together half a second later if a worker executes the node', async () => {
			await sendInOrder(['queue-first']);
			await sendAtOnce(['queue-a', 'queue-b']);
			await untilRuns(2);
			expect(runs().map((names) => names.sort())).toEqual([
				['queue-first'],
				['queue-a', 'queue-b'],
			]);
		});
	});
});
