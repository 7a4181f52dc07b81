import { sleep } from 'n8n-workflow';

import type { PersonAnswer } from '../../nodes/Procore/api/people';
import { PersonLookup } from '../../nodes/Procore/record/person-lookup';

const COMPANY = '4501177';
const USERS = ['1', '2', '3', '4', '5'];
const PROJECTS = ['11', '12', '13'];

const MISSING: PersonAnswer = { kind: 'missing' };
const HIDDEN: PersonAnswer = { kind: 'hidden' };

function found(userId: string): PersonAnswer {
	return { kind: 'found', person: { name: `User ${userId}`, email: null } };
}

/** Directories that answer as told, each time one turn of the event loop later. */
class Directories {
	readonly asked: string[] = [];

	constructor(
		private readonly company: (userId: string) => PersonAnswer,
		private readonly project: (userId: string, projectId: string) => PersonAnswer,
	) {}

	async inCompany(_companyId: string, userId: string): Promise<PersonAnswer> {
		this.asked.push(`company ${userId}`);
		await sleep(0);
		return this.company(userId);
	}

	async inProject(_companyId: string, projectId: string, userId: string): Promise<PersonAnswer> {
		this.asked.push(`${projectId} ${userId}`);
		await sleep(0);
		return this.project(userId, projectId);
	}

	/** How often the directory of the company was asked, and how often that of a project. */
	counts(): [number, number] {
		const company = this.asked.filter((each) => each.startsWith('company')).length;
		return [company, this.asked.length - company];
	}
}

let accounts = 0;

/** Looks up every user in every project at the same time. */
async function lookUpAll(directories: Directories): Promise<Array<string | null>> {
	const lookup = new PersonLookup(directories, `account ${(accounts += 1)}`);
	const pairs = PROJECTS.flatMap((project) => USERS.map((user) => ({ project, user })));
	const people = await Promise.all(
		pairs.map(async ({ project, user }) => await lookup.find(COMPANY, project, user)),
	);
	return people.map(({ name }) => name);
}

const NAMES = PROJECTS.flatMap(() => USERS.map((user) => `User ${user}`));
const NO_NAMES = NAMES.map(() => null);

describe('the look-up of people', () => {
	test.each<
		[string, (id: string) => PersonAnswer, (id: string) => PersonAnswer, unknown[], number[]]
	>([
		['the company shows everybody', found, () => MISSING, NAMES, [5, 0]],
		['the directory of the company is hidden', () => HIDDEN, found, NAMES, [1, 5]],
		['the company shows nobody', () => MISSING, found, NAMES, [1, 5]],
		['all directories are hidden', () => HIDDEN, () => HIDDEN, NO_NAMES, [1, 3]],
		['nobody is anywhere', () => MISSING, () => MISSING, NO_NAMES, [5, 15]],
	])('asks as little as possible if %s', async (_case, company, project, names, counts) => {
		const directories = new Directories(company, project);
		expect(await lookUpAll(directories)).toEqual(names);
		expect(directories.counts()).toEqual(counts);
	});

	test('still asks the company for other users if one of them is in a project only', async () => {
		const directories = new Directories(
			(user) => (user === '2' ? MISSING : found(user)),
			(user) => found(user),
		);
		expect(await lookUpAll(directories)).toEqual(NAMES);
		expect(directories.counts()).toEqual([5, 1]);
	});

	test('finds a user whom only some projects show, also in a later run of the same account', async () => {
		const directories = new Directories(
			() => MISSING,
			(user, project) => (project === '12' ? found(user) : MISSING),
		);
		const nameIn = async (project: string) => {
			const lookup = new PersonLookup(directories, 'the account of several runs');
			return (await lookup.find(COMPANY, project, '1')).name;
		};
		expect(await nameIn('11')).toBeNull();
		expect(await nameIn('12')).toBe('User 1');
		expect(await nameIn('11')).toBe('User 1');
		expect(directories.asked).toEqual(['company 1', '11 1', '12 1']);
	});

	test('asks again after a failure', async () => {
		let fails = true;
		const directories = new Directories(() => {
			if (!fails) return MISSING;
			fails = false;
			throw new Error('down');
		}, found);
		const lookup = new PersonLookup(directories, 'the account of a failure');
		const [first, second] = await Promise.allSettled([
			lookup.find(COMPANY, '11', '1'),
			lookup.find(COMPANY, '11', '2'),
		]);
		expect(first.status).toBe('rejected');
		expect(second).toMatchObject({ value: { name: 'User 2' } });
		expect(await lookup.find(COMPANY, '11', '1')).toMatchObject({ name: 'User 1' });
	});
});
