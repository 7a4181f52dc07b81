import { ulid } from '../../emulator/ids';
import { CLINIC, COMPANY } from '../../test/e2e/procore';

/** The user whose changes all variants filter out. */
export const UNWANTED_USER = '990001';

const WANTED_USER = '55210';

let serial = 1_000_000_000n;

/** The body of a new event, as Procore sends it in payload version v2.0. */
export function newBody(user = WANTED_USER): string {
	serial += 1n;
	return `{"id":612044771${serial},"ulid":"${ulid(Date.now())}","timestamp":"2026-11-17T15:42:09.104137Z","metadata":{"source_user_id":${user},"source_project_id":${CLINIC.id},"source_operation_id":null,"source_company_id":${COMPANY.id},"source_application_id":null},"user_id":${user},"company_id":${COMPANY.id},"project_id":${CLINIC.id},"api_version":"v2.0","event_type":"update","resource_name":"RFIs","resource_id":1290044}`;
}
