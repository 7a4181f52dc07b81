import { Clock } from './clock';
import { DeliveryEngine } from './delivery-engine';
import { Faults } from './faults';
import { FileStore } from './files';
import { RateLimit } from './rate-limit';
import { RequestLog } from './request-log';
import { addSampleFiles } from './sample-files';
import { DELIVERY_TIMEOUT_MS, Sender } from './sender';
import { Store } from './store';
import { Tokens } from './tokens';

/** The response to a removed call. Procore documents 404; 410 is HTTP's status for it [V1-GONE-404]. */
export type RemovalStatus = 404 | 410;

export interface EmulatorOptions {
	speed: number;
	latencyMs: number;
	httpsOnly: boolean;
	v1Removed: RemovalStatus | null;
	/** Whether records have files that nobody added. */
	sampleFiles: boolean;
}

/** The parts of one emulated Procore, without HTTP. */
export class Emulator {
	readonly clock: Clock;
	readonly store = new Store();
	readonly sender = new Sender();
	readonly engine: DeliveryEngine;
	readonly tokens: Tokens;
	readonly faults = new Faults();
	readonly rateLimit = new RateLimit();
	readonly requests = new RequestLog();
	readonly files = new FileStore();
	readonly httpsOnly: boolean;
	latencyMs: number;
	/** Null while Webhooks API v1.0 answers. */
	v1Removed: RemovalStatus | null;

	constructor(private readonly options: EmulatorOptions) {
		this.clock = new Clock(options.speed);
		this.engine = new DeliveryEngine(this.clock, this.store, this.sender);
		this.tokens = new Tokens(this.clock);
		this.latencyMs = options.latencyMs;
		this.v1Removed = options.v1Removed;
		this.httpsOnly = options.httpsOnly;
		if (options.sampleFiles) addSampleFiles(this);
	}

	/** Resets everything except the time and the tokens. */
	reset(): void {
		this.clock.setSpeed(this.options.speed);
		this.clock.setSkew(0);
		this.latencyMs = this.options.latencyMs;
		this.v1Removed = this.options.v1Removed;
		this.sender.timeoutMs = DELIVERY_TIMEOUT_MS;
		this.engine.atOnce = 1;
		this.engine.reset();
		this.store.reset();
		this.faults.clear();
		this.rateLimit.set(null);
		this.requests.clear();
		this.files.reset();
		if (this.options.sampleFiles) addSampleFiles(this);
	}

	stop(): void {
		this.clock.stop();
		this.sender.stop();
	}
}
