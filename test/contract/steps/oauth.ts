import { text } from '../../../nodes/Procore/model/json';
import { getWithToken } from '../foreign-token';
import { requestToken, type TokenAnswer } from '../login';
import type { Run } from '../run';
import type { Step } from '../step';

function checkToken(run: Run, { status, body }: TokenAnswer): void {
	const isBearer = text(body.token_type).toLowerCase() === 'bearer';
	const seconds = Number(body.expires_in);
	run.check(
		'OAUTH-BODY',
		status === 200 && isBearer && seconds === 5400,
		`status ${status}, ${isBearer ? 'a bearer' : 'not a bearer'}, ${Number.isFinite(seconds) ? seconds : 'no'} seconds`,
	);
}

async function request(run: Run, fields: Readonly<Record<string, string>>): Promise<TokenAnswer> {
	const answer = await requestToken(run.env, fields);
	run.parts.exchanges.add(answer.exchange);
	return answer;
}

const CLIENT: Step = {
	name: 'client-credentials',
	title: 'a token of the service account',
	checks: ['OAUTH-BODY', 'OAUTH-CLIENT-NO-REFRESH'],
	needs: ['serviceAccount'],
	async run(run) {
		const answer = await request(run, { grant_type: 'client_credentials' });
		checkToken(run, answer);
		const has = answer.body.refresh_token !== undefined && answer.body.refresh_token !== null;
		run.check('OAUTH-CLIENT-NO-REFRESH', !has, has ? 'a refresh token' : 'no refresh token');
	},
};

const LOGIN: Step = {
	name: 'login',
	title: 'the tokens of a login, and what a refresh does to them',
	checks: ['OAUTH-BODY', 'OAUTH-REFRESH-ONCE', 'OAUTH-REFRESH-ENDS-ACCESS'],
	needs: ['login'],
	async run(run) {
		// A login of its own: the tokens of the run must stay valid.
		const answer = await run.logIn();
		checkToken(run, answer);
		const [access, refresh] = [text(answer.body.access_token), text(answer.body.refresh_token)];
		const fields = { grant_type: 'refresh_token', refresh_token: refresh };
		const first = await request(run, fields);
		const { status: old } = await getWithToken(run, '/rest/v1.0/me', access);
		run.check('OAUTH-REFRESH-ENDS-ACCESS', old === 401, `the old access token: status ${old}`);
		const second = await request(run, fields);
		run.check(
			'OAUTH-REFRESH-ONCE',
			first.status === 200 && second.status >= 400,
			`status ${first.status} for the first refresh, ${second.status} for the second`,
		);
	},
};

export const OAUTH_STEPS: readonly Step[] = [CLIENT, LOGIN];
