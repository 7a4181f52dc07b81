/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { RateLimitSetting } from '../../emulator/control-client';
import { GENERATIONS, type Generation } from '../e2e/procore';

/** The long form of the suite sends more and breaks things for longer: `npm run test:reliability:long`. */
const isLong = process.env.PROCORE_RELIABILITY === 'long';

interface Measure {
	/** Events sent at once. */
	burst: number;
	/** How often n8n is killed while `arriving` events arrive. */
	kills: number;
	arriving: number;
	/** Forged requests, and as many malformed ones. */
	bad: number;
	outageSeconds: number;
	/** Events that Procore gave up delivering. */
	givenUp: number;
	projects: number;
	/** On which generations of the webhook endpoints the many projects are tried. */
	generations: readonly Generation[];
	/** Procore's own for one account, or none. */
	rateLimit: RateLimitSetting | null;
	/** How long it may take until every project has its hook. */
	setUpWithinMs: number;
	/** How long one scene may take. */
	withinMs: number;
}

/** How much each scene does. */
export const MEASURE: Measure = isLong
	? {
			burst: 500,
			kills: 4,
			arriving: 2000,
			bad: 10_000,
			// An activation that takes longer than 84 seconds n8n gives up: see docs/reliability.md.
			outageSeconds: 80,
			givenUp: 20_000,
			projects: 300,
			generations: GENERATIONS,
			rateLimit: { limit: 25, windowSeconds: 10 },
			setUpWithinMs: 1_500_000,
			withinMs: 3_600_000,
		}
	: {
			burst: 100,
			kills: 1,
			arriving: 500,
			bad: 1000,
			outageSeconds: 60,
			givenUp: 2000,
			projects: 300,
			generations: ['v2.0'],
			rateLimit: null,
			setUpWithinMs: 180_000,
			withinMs: 900_000,
		};

/** Six safety checks a minute. n8n wants a minute between two of one schedule, but takes several schedules. */
export const CHECKS_EVERY_TEN_SECONDS = {
	item: [0, 10, 20, 30, 40, 50].map((second) => ({
		mode: 'custom',
		cronExpression: `${second} * * * * *`,
	})),
};
