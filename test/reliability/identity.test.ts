import { SCOPES } from '../e2e/procore';
import { waitFor } from '../harness/wait';
import { Ledger } from './ledger';
import { CHECKS_EVERY_TEN_SECONDS } from './measure';
import { useOwnScene } from './own-scene';

const [, { parameters, change }] = SCOPES;

/** Users of the emulator's seed, neither of whom is the credential's user at first. */
const NEW_USER = '7713880';
const SOMEBODY = '7710345';

describe('A credential whose user changes', () => {
	const suite = useOwnScene('A credential whose user changes', 'v2.0');

	/** The number of times that n8n has asked Procore for the credential's user. */
	async function lookUps(): Promise<number> {
		const requests = await suite.scene.control.requests();
		return requests.filter(({ path }) => path === '/rest/v1.0/me').length;
	}

	test('ignores the changes of the new user and starts for those of everyone else', async () => {
		const { control } = suite.scene;
		const { serviceAccountUserId: oldUser } = await control.seed();
		const workflow = await suite.scene.activate({
			...parameters,
			ignoreOwnChanges: 'user',
			pollTimes: CHECKS_EVERY_TEN_SECONDS,
		});
		const ledger = new Ledger(suite.scene.rest, workflow);
		const ownBefore = await control.change({ ...change, userId: oldUser, count: 10 });
		const before = await control.change({ ...change, userId: SOMEBODY, count: 10 });

		await control.setServiceAccount(NEW_USER);
		await control.expireTokens();
		const asked = await lookUps();
		// Two checks, because the first might have started before the change.
		await waitFor(
			'two safety checks to look the user up',
			async () => ((await lookUps()) >= asked + 2 ? true : undefined),
			60_000,
		);

		const ownAfter = await control.change({ ...change, userId: NEW_USER, count: 10 });
		const ofOldUser = await control.change({ ...change, userId: oldUser, count: 10 });
		const others = await control.change({ ...change, userId: SOMEBODY, count: 10 });
		const wanted = [...before, ...ofOldUser, ...others];
		const tally = await ledger.settle(wanted, 30_000);
		suite.report.add('another user of the credential, own changes ignored', tally);
		expect(tally).toMatchObject({ started: wanted.length, doubled: 0, lost: 0 });
		const own = new Set([...ownBefore, ...ownAfter].map(({ ulid }) => ulid));
		expect(ledger.unexpected(wanted).filter((ulid) => own.has(ulid))).toEqual([]);
	});
});
