/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AssumptionId } from '../../contract/assumptions';
import { Exchanges } from '../../contract/exchanges';
import { Journal } from '../../contract/journal';
import { LiveAccount } from '../../contract/live-account';
import { liveEnvOf, parseEnv } from '../../contract/live-env';
import type { Received } from '../../contract/receiver';
import { Run } from '../../contract/run';
import { Sanitizer } from '../../contract/sanitize';
import { checkRequest, checkV2, checkV3, checkV4 } from '../../contract/steps/event-forms';
import { Verdicts } from '../../contract/verdicts';

const CLIENT = 'larkspur-client-77';
const ENV = `PROCORE_CLIENT_ID=${CLIENT}\nPROCORE_CLIENT_SECRET=b\nPROCORE_COMPANY_ID=11\nPROCORE_PROJECT_ID=22\nPROCORE_CHANGE_PATH=/rest`;

const folder = mkdtempSync(join(tmpdir(), 'procore-event-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EVENT = {
	...{ id: 6120447718, ulid: '01EDPD2J6SBY1163N77H95GW09', timestamp: '2026-11-17T15:42:09Z' },
	...{ user_id: 33, company_id: 11, project_id: 22, api_version: 'v2', event_type: 'update' },
	...{ resource_name: 'RFIs', resource_id: 44 },
	metadata: { source_user_id: null, source_application_id: CLIENT },
};
const EVENT_V4 = {
	...{ id: '01EDPD2J6SBY1163N77H95GW09', timestamp: '2026-11-17T15:42:09Z', reason: 'update' },
	...{ company_id: '11', project_id: '22', user_id: '33', resource_type: 'RFIs', resource_id: '4' },
};

function received(body: unknown, headers: Record<string, string> = {}): Received {
	return {
		...{ at: 0, method: 'POST', path: '/', body: JSON.stringify(body) },
		headers: { 'content-type': 'application/json', authorization: 'Bearer abc', ...headers },
	};
}

type Look = (run: Run) => void;

/** What a run observes about an assumption. */
function observed(id: AssumptionId, look: Look) {
	const [env, exchanges, verdicts] = [liveEnvOf(parseEnv(ENV)), new Exchanges(), new Verdicts()];
	const journal = new Journal(join(folder, 'journal.json'), 'here');
	const account = new LiveAccount(env, exchanges);
	look(new Run({ env, exchanges, verdicts, journal, account, sanitizer: new Sanitizer() }));
	return verdicts.all().find((verdict) => verdict.id === id);
}

/** An event as Procore documents it, another one, and what the report says about the other. */
const OTHERS: ReadonlyArray<[id: AssumptionId, usual: Look, other: Look, told: RegExp]> = [
	[
		'SEND-JSON',
		(run) => checkRequest(run, received(EVENT), 'Bearer abc'),
		(run) => checkRequest(run, received([EVENT]), 'Bearer abc'),
		/POST of something other than a JSON object, Content-Type application\/json/,
	],
	[
		'SEND-HEADERS',
		(run) => checkRequest(run, received(EVENT), 'Bearer abc'),
		(run) => checkRequest(run, received(EVENT, { 'x-signature': 'a' }), 'Bearer abc'),
		/1 other headers: x-signature/,
	],
	[
		'PAYLOAD-API-VERSION',
		(run) => checkV2(run, received(EVENT)),
		(run) => checkV2(run, received({ ...EVENT, api_version: 'v3' })),
		/api_version is "v3"/,
	],
	[
		'PAYLOAD-V2-FIELDS',
		(run) => checkV2(run, received(EVENT)),
		(run) => checkV2(run, received({ ...EVENT, ulid: undefined })),
		/without ulid/,
	],
	[
		'PAYLOAD-V2-FIELDS',
		(run) => checkV3(run, received({ ...EVENT, api_version: 'v3', related_resources: [] })),
		(run) => checkV3(run, received({ ...EVENT, api_version: 'v3' })),
		/v3: without related_resources/,
	],
	[
		'METADATA-APPLICATION',
		(run) => checkV2(run, received(EVENT)),
		(run) => checkV2(run, received({ ...EVENT, metadata: { source_application_id: 'abc' } })),
		/3 characters that are not the client id/,
	],
	[
		'PAYLOAD-V4-FIELDS',
		(run) => checkV4(run, received(EVENT_V4)),
		(run) => checkV4(run, received({ ...EVENT_V4, user_id: 33 })),
		/fields that are not strings: user_id/,
	],
];

describe('the check of an event', () => {
	test.each(OTHERS)('tells what came instead: %s', (id, usual, other, told) => {
		const [confirmed, contradicted] = [observed(id, usual), observed(id, other)];
		expect(confirmed?.state).toBe('confirmed');
		expect(contradicted?.state).toBe('contradicted');
		expect(contradicted?.note).toMatch(told);
		expect(confirmed?.note).not.toBe(contradicted?.note);
	});

	test('adds the event that came, without anything of the account', () => {
		const event = { ...EVENT, user_id: 7710345, api_version: 'v9', custom: 'Quarry Lane' };
		const found = observed('PAYLOAD-API-VERSION', (run) => checkV2(run, received(event)));
		expect(found?.response).toMatchObject({ body: { api_version: 'v9', resource_name: 'RFIs' } });
		expect(JSON.stringify(found?.response)).not.toMatch(/7710345|Quarry/);
	});
});
