import { randomInt } from 'node:crypto';

import type { Procore } from '../../nodes/Procore/api';
import { settle } from '../../nodes/Procore/api/concurrency';
import { ProcoreFailure } from '../../nodes/Procore/api/failure';
import type { HookDraft } from '../../nodes/Procore/model/hook';
import type { JsonBody } from '../../nodes/Procore/model/json';
import type { Scope } from '../../nodes/Procore/model/scope';
import type { AssumptionId } from './assumptions';
import type { Need } from './assumptions/assumption';
import { freeCompanyNamespace } from './company-namespaces';
import type { Exchanges } from './exchanges';
import { PREFIX, type Journal } from './journal';
import type { Generation, LiveAccount } from './live-account';
import type { LiveEnv } from './live-env';
import type { TokenAnswer } from './login';
import { Interrupted, StepProblem } from './problems';
import { RETURNED, statusOf, type Answer, type RawRequest, type Seen } from './raw-request';
import type { Receiver } from './receiver';
import type { Sanitizer } from './sanitize';
import type { Verdicts } from './verdicts';

function letters(count: number): string {
	return Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');
}

/** The parts that a run is made of. */
export interface Parts {
	readonly env: LiveEnv;
	readonly account: LiveAccount;
	readonly exchanges: Exchanges;
	readonly journal: Journal;
	readonly sanitizer: Sanitizer;
	readonly verdicts: Verdicts;
	/** Undefined without a public address. */
	readonly receiver?: Receiver;
	/** Asks a person to change a record. Undefined if nobody is there. */
	readonly askForChange?: (resource: string) => Promise<void>;
	/** Lets a person log in. Undefined if the run has no grant for it. */
	readonly logIn?: () => Promise<TokenAnswer>;
}

/** One run: what the steps send with, where they may write, and where they tell what they saw. */
export class Run {
	/** The namespaces of this run begin with it. */
	readonly namespacePrefix = `${PREFIX}${letters(8)}`;

	readonly cancellation = { isCanceled: false };

	/** Whether Webhooks API v1.0 answers; the first step finds out. */
	hasV1 = true;

	private changes = 0;

	constructor(readonly parts: Parts) {}

	get env(): LiveEnv {
		return this.parts.env;
	}

	/** The generations that answer. */
	get generations(): readonly Generation[] {
		return this.hasV1 ? ['v2.0', 'v1.0'] : ['v2.0'];
	}

	get company(): Scope {
		return { kind: 'company', companyId: this.env.companyId };
	}

	get project(): Scope {
		return { kind: 'project', companyId: this.env.companyId, projectId: this.env.projectId };
	}

	/** @throws Error if the run has no public address. */
	get receiver(): Receiver {
		const { receiver } = this.parts;
		if (receiver === undefined) throw new Error('The run has no public address');
		return receiver;
	}

	/** What this run lacks. */
	lacks(need: Need): boolean {
		const { receiver, askForChange } = this.parts;
		switch (need) {
			case 'receiver':
				return receiver === undefined;
			case 'change':
				return this.env.changePath === '' && askForChange === undefined;
			case 'v1':
				return !this.hasV1;
			case 'serviceAccount':
				return !this.env.grants.includes('clientCredentials');
			case 'login':
				return !this.env.grants.includes('authorizationCode');
		}
	}

	/** A new login, apart from that of the run. @throws Error if the run has no grant for it. */
	async logIn(): Promise<TokenAnswer> {
		const { logIn } = this.parts;
		if (logIn === undefined) throw new Error('The run has no login');
		const answer = await logIn();
		this.parts.exchanges.add(answer.exchange);
		return answer;
	}

	/**
	 * Records whether an assumption holds.
	 *
	 * @param came what came, in other words if the assumption does not hold; without anything of the account.
	 */
	check(id: AssumptionId, holds: boolean, came: string, seen?: Seen): void {
		const exchange = seen?.exchange;
		const { sanitizer } = this.parts;
		this.parts.verdicts.add(id, {
			state: holds ? 'confirmed' : 'contradicted',
			note: came,
			...(holds || exchange === undefined
				? {}
				: { response: { ...statusOf(exchange), body: sanitizer.body(exchange.body) } }),
		});
	}

	/** Records why an assumption could not be tested. */
	skip(id: AssumptionId, why: string): void {
		this.parts.verdicts.add(id, { state: 'notTestable', note: why });
	}

	/** The package's API layer. */
	async procore(version: Generation): Promise<Procore> {
		this.assertGoing();
		return await this.parts.account.open(version, { cancellation: this.cancellation });
	}

	/** Sends a request that only a raw request can ask. Any answer is returned. */
	async send({ companyId, ...request }: RawRequest): Promise<Answer> {
		this.assertGoing();
		const { transport } = await this.parts.account.open('v2.0', {
			cancellation: this.cancellation,
		});
		const result = await settle(
			async () =>
				await transport.request({
					method: 'GET',
					...request,
					companyId: companyId === undefined ? this.env.companyId : companyId,
					purpose: 'ask Procore',
					repeatable: request.method === undefined || request.method === 'GET',
					accept: RETURNED,
					attempts: 2,
					expects: () => true,
				}),
		);
		const exchange = this.parts.exchanges.last;
		if (result.ok) {
			const { status, headers, body } = result.value;
			return { status, headers, body, exchange };
		}
		const { failure } = result;
		if (failure instanceof ProcoreFailure && failure.outcome.status === 401) {
			return { status: 401, headers: {}, body: '', exchange };
		}
		throw failure;
	}

	/** The path of the webhooks of a scope. */
	base(version: Generation, scope: Scope): string {
		if (version === 'v1.0') return '/rest/v1.0/webhooks';
		const company = `/rest/v2.0/companies/${scope.companyId}`;
		return scope.kind === 'company'
			? `${company}/webhooks`
			: `${company}/projects/${scope.projectId}/webhooks`;
	}

	/** The query or body field that names the scope on v1.0; none on v2.0. */
	scopeField(version: Generation, scope: Scope): Record<string, string> {
		if (version === 'v2.0') return {};
		return scope.kind === 'company'
			? { company_id: scope.companyId }
			: { project_id: scope.projectId };
	}

	/** A namespace of this run that is not used yet. */
	namespace(ending = letters(4)): string {
		return `${this.namespacePrefix}-${ending}`;
	}

	/** A namespace in which a clean-up finds a hook even if the journal is lost. */
	private async findableNamespace(version: Generation, scope: Scope): Promise<string> {
		if (version === 'v1.0' || scope.kind === 'project') return this.namespace();
		return await freeCompanyNamespace((await this.procore(version)).webhooks, scope);
	}

	/** The fields of a hook of this run that receives nothing. */
	draft(namespace: string, changes: Partial<HookDraft> = {}): HookDraft {
		return {
			namespace,
			destination_url: this.env.destinationUrl,
			authorization: `Bearer ${letters(24)}`,
			payload_version: 'v2.0',
			...changes,
		};
	}

	/** Creates a hook with the product's API layer, and deletes it after `work`, whatever happens. */
	async withHook<T>(
		version: Generation,
		scope: Scope,
		work: (hook: { readonly id: string; readonly draft: HookDraft }) => Promise<T>,
		changes: Partial<HookDraft> = {},
	): Promise<T> {
		const namespace = changes.namespace ?? (await this.findableNamespace(version, scope));
		const draft = this.draft(namespace, changes);
		const { webhooks } = await this.procore(version);
		this.parts.journal.begin({ version, scope: scope.kind, namespace });
		const { model } = await webhooks.createHook(scope, draft);
		try {
			return await work({ id: model.id, draft });
		} finally {
			const opened = await this.parts.account.open(version);
			await opened.webhooks.deleteHook(scope, model.id);
			this.parts.journal.end({ version, scope: scope.kind, namespace });
		}
	}

	/** Changes the record of the run, or asks a person to. @returns the id of the record; empty if a person did it. */
	async change(): Promise<string> {
		this.assertGoing();
		const { changePath, changeBody, changeResource } = this.env;
		if (changePath === '') {
			await this.parts.askForChange?.(changeResource);
			return '';
		}
		this.changes += 1;
		const body: JsonBody = JSON.parse(
			changeBody.replaceAll('{n}', `${Date.now() % 100_000}${this.changes}`),
		);
		const [path = '', search = ''] = changePath.split('?');
		const query = Object.fromEntries(new URLSearchParams(search));
		const answer = await this.send({ method: 'PATCH', path, query, body });
		if (answer.status >= 300)
			throw new StepProblem(`Procore answered ${answer.status} to the change of the record.`);
		return /(\d+)\/?$/.exec(path)?.[1] ?? '';
	}

	private assertGoing(): void {
		if (this.cancellation.isCanceled) throw new Interrupted();
	}
}
