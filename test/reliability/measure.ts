/* eslint-disable @n8n/community-nodes/no-restricted-globals */
import { GENERATIONS, type Generation } from '../e2e/procore';

/** The long form of the suite sends more events and breaks things for longer: `npm run test:reliability:long`. */
const isLong = process.env.PROCORE_RELIABILITY === 'long';

interface Measure {
	/** Events sent at once. */
	burst: number;
	/** The number of times that n8n is killed while `arriving` events arrive. */
	kills: number;
	arriving: number;
	/** Events that arrive in groups. */
	grouped: number;
	/** The number of forged requests, and of malformed ones. */
	bad: number;
	outageSeconds: number;
	/** Events that Procore gave up delivering. */
	givenUp: number;
	/** Changes of records for which Procore records no event. */
	unrecorded: number;
	/** The same while n8n is killed. */
	unrecordedAtKill: number;
	/** Live events beside checks that reconcile. */
	liveBesideChecks: number;
	/** The number of times that a workflow asks for changed records, a minute apart, and the changes per minute. */
	changedRuns: number;
	changesPerRun: number;
	/** By how many seconds Procore's clock is ahead. */
	clockSkews: readonly number[];
	projects: number;
	/** The generations of the webhook endpoints on which slow scenes run. */
	generations: readonly Generation[];
	/** The projects under a real rate limit, and the hours in which they are checked once they have their hooks. */
	limitedProjects: number;
	limitedHours: number;
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
			grouped: 10_000,
			bad: 10_000,
			// n8n gives up an activation that takes longer than 84 seconds: see docs/reliability.md.
			outageSeconds: 80,
			givenUp: 20_000,
			unrecorded: 300,
			unrecordedAtKill: 1000,
			liveBesideChecks: 1000,
			changedRuns: 60,
			changesPerRun: 34,
			clockSkews: [90, -90],
			projects: 300,
			generations: GENERATIONS,
			limitedProjects: 500,
			limitedHours: 24,
			setUpWithinMs: 1_500_000,
			withinMs: 3_600_000,
		}
	: {
			burst: 100,
			kills: 1,
			arriving: 300,
			grouped: 240,
			bad: 500,
			outageSeconds: 60,
			givenUp: 1000,
			unrecorded: 300,
			unrecordedAtKill: 150,
			liveBesideChecks: 200,
			changedRuns: 6,
			changesPerRun: 34,
			clockSkews: [90],
			projects: 300,
			generations: ['v2.0'],
			limitedProjects: 60,
			limitedHours: 4,
			setUpWithinMs: 480_000,
			withinMs: 900_000,
		};

/**
 * The schedule of a safety check every so many seconds, a divisor of 60. n8n requires a minute between two checks of one
 * schedule, but accepts several schedules.
 */
export function checksEvery(seconds: number) {
	const times = Array.from({ length: 60 / seconds }, (_, index) => index * seconds);
	return {
		item: times.map((second) => ({ mode: 'custom', cronExpression: `${second} * * * * *` })),
	};
}

export const CHECKS_EVERY_TEN_SECONDS = checksEvery(10);
