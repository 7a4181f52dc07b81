/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import type { RateLimitSetting } from '../../emulator/control-client';
import { GENERATIONS, type Generation } from '../e2e/procore';

/** The long form of the suite sends more events and breaks things for longer: `npm run test:reliability:long`. */
const isLong = process.env.PROCORE_RELIABILITY === 'long';

interface Measure {
	/** Events sent at once. */
	burst: number;
	/** The number of times that n8n is killed while `arriving` events arrive. */
	kills: number;
	arriving: number;
	/** The number of forged requests, and of malformed ones. */
	bad: number;
	outageSeconds: number;
	/** Events that Procore gave up delivering. */
	givenUp: number;
	projects: number;
	/** The generations of the webhook endpoints on which many projects are tested. */
	generations: readonly Generation[];
	/** Procore's rate limit for one account, or none. */
	rateLimit: RateLimitSetting | null;
	/** The longest time until every project has its hook. */
	setUpWithinMs: number;
	/** The longest time for one scene. */
	withinMs: number;
}

/** The size of each scene. */
export const MEASURE: Measure = isLong
	? {
			burst: 500,
			kills: 4,
			arriving: 2000,
			bad: 10_000,
			// n8n gives up an activation that takes longer than 84 seconds: see docs/reliability.md.
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

/**
 * Six safety checks a minute. n8n requires a minute between two checks of one schedule, but accepts several
 * schedules.
 */
export const CHECKS_EVERY_TEN_SECONDS = {
	item: [0, 10, 20, 30, 40, 50].map((second) => ({
		mode: 'custom',
		cronExpression: `${second} * * * * *`,
	})),
};
