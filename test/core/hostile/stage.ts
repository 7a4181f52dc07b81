import { DataDeduplicationService } from 'n8n-core';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { HookState } from '../../../emulator/control-client';
import { openProcore } from '../../../nodes/Procore/api';
import { isJsonObject, text } from '../../../nodes/Procore/model/json';
import type { Scope } from '../../../nodes/Procore/model/scope';
import { byId, COMPANY, PROJECT, TriggerBench, type Generation, type N8n } from '../harness';
import { Deduplicator } from '../support/deduplicator';
import type { HostileAnswer } from './answers';
import { IN_COMPANY, IN_PROJECT } from '../support/webhooks-api';

export const OWN_SECRET = 'Bearer own-secret-of-the-hook-k9Qz7';
const FOREIGN_SECRET = 'Bearer foreign-secret-of-the-hook-m2Xw4';
const FOREIGN_URL = 'https://erp.larkspur.example/procore/events';

/** The namespace of the hook that the action node works with. */
export const OWN_NAMESPACE = 'flows';

/** Hooks of other systems: next to ours, in the panel's default namespace, and in the company. */
const FOREIGN: ReadonlyArray<readonly [Scope, string]> = [
	[IN_PROJECT, 'erp'],
	[IN_PROJECT, 'procore'],
	[IN_COMPANY, 'erp'],
];

const TRIGGER: INodeParameters = {
	companyId: byId(COMPANY),
	scope: 'projects',
	projectIds: [PROJECT],
	events: ['RFIs:create', 'RFIs:update'],
};

/** The setup that an entry point needs. */
export interface Prepared {
	readonly prepare?: (stage: Stage) => Promise<void>;
}

const deduplicator = new Deduplicator();
beforeAll(async () => await DataDeduplicationService.init(deduplicator));

let nodes = 0;

/** A Procore with hooks of others and one of ours, and what is checked during unexpected responses. */
export class Stage {
	hookId = '';
	triggerId = '';
	/** A trigger node; a process keeps counters per node, so every stage has another one. */
	trigger: TriggerBench;
	/** The items of each test run that the node has started itself. */
	testRuns: INodeExecutionData[][] = [];
	/** Everything that a user can read: log lines, error messages, items. */
	readonly said: string[] = [];

	private foreign = '';

	private constructor(
		readonly n8n: N8n,
		readonly version: Generation,
	) {
		nodes += 1;
		this.trigger = this.newTrigger();
	}

	static async set(n8n: N8n, version: Generation, row: Prepared = {}): Promise<Stage> {
		await n8n.control.reset({ tokens: true });
		await n8n.connect({ version });
		const stage = new Stage(n8n, version);
		const { webhooks } = await openProcore(n8n.apiContext());
		for (const [scope, namespace] of FOREIGN) {
			const { model } = await webhooks.createHook(scope, {
				namespace,
				destination_url: FOREIGN_URL,
				authorization: FOREIGN_SECRET,
				payload_version: 'v2.0',
			});
			const resource = scope.kind === 'company' ? 'Company Vendors' : 'Submittals';
			await webhooks.addTriggers(scope, model, [{ resource_name: resource, event_type: 'create' }]);
		}
		const own = await webhooks.createHook(IN_PROJECT, {
			namespace: OWN_NAMESPACE,
			destination_url: 'https://flows.larkspur.example/webhook/a',
			authorization: OWN_SECRET,
			payload_version: 'v2.0',
		});
		stage.hookId = own.model.id;
		const { added } = await webhooks.addTriggers(IN_PROJECT, own.model, [
			{ resource_name: 'RFIs', event_type: 'create' },
			{ resource_name: 'RFIs', event_type: 'update' },
		]);
		stage.triggerId = added[0]?.id ?? '';
		await n8n.control.addDeliveries(stage.hookId, { count: 3, statuses: ['succeeded', 'failed'] });
		await row.prepare?.(stage);
		deduplicator.lists.clear();
		stage.foreign = await stage.foreignHooks();
		await n8n.control.clearRequests();
		return stage;
	}

	newTrigger(more: INodeParameters = {}): TriggerBench {
		const trigger = new TriggerBench(this.n8n, { ...TRIGGER, ...more });
		trigger.nodeId = `hostile-node-${nodes}`;
		return trigger;
	}

	/** From the given request on, counted from 0, Procore's API returns this response to everything. */
	async turnHostile({ effect }: HostileAnswer, after = 0): Promise<void> {
		const { oauthTokenData } = this.n8n.credential.stored;
		const accessToken = isJsonObject(oauthTokenData) ? text(oauthTokenData.access_token) : '';
		await this.n8n.control.addFault({
			path: '^/rest/',
			times: 0,
			after,
			effect: effect({ accessToken }),
		});
	}

	/** The hooks of this node, by its URLs. */
	async triggerHooks(): Promise<HookState[]> {
		const { hooks } = await this.n8n.control.state({ deliveries: 0 });
		const { url, testUrl } = this.trigger;
		return hooks.filter(({ destinationUrl }) => [url, testUrl].includes(destinationUrl));
	}

	/** The hook of the action node; undefined if it was deleted. */
	async ownHook(): Promise<HookState | undefined> {
		const { hooks } = await this.n8n.control.state({ deliveries: 0 });
		return hooks.find(({ id }) => id === this.hookId);
	}

	/** Expects that hooks of others are unchanged and no secret was written anywhere. */
	async expectUnharmed(): Promise<void> {
		expect(await this.foreignHooks()).toBe(this.foreign);
		const said = [...this.said, ...this.trigger.warnings].join('\n');
		for (const secret of await this.secrets()) expect(said).not.toContain(secret);
	}

	private async foreignHooks(): Promise<string> {
		const { hooks } = await this.n8n.control.state({ deliveries: 0 });
		return JSON.stringify(
			hooks.filter(({ destinationUrl }) => destinationUrl === FOREIGN_URL),
			null,
			1,
		);
	}

	private async secrets(): Promise<string[]> {
		const { clientSecret, oauthTokenData } = this.n8n.credential.stored;
		const { hooks } = await this.n8n.control.state({ deliveries: 0 });
		const tokens = typeof oauthTokenData === 'object' ? Object.entries(oauthTokenData) : [];
		return [
			OWN_SECRET,
			FOREIGN_SECRET,
			String(clientSecret),
			...hooks.flatMap(({ authorization }) => authorization ?? []),
			...tokens.filter(([name]) => name !== 'token_type').map(([, value]) => String(value)),
		]
			.map((secret) => secret.replace('Bearer ', ''))
			.filter((secret) => secret !== '');
	}
}
