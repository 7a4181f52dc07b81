/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readFileSync, writeFileSync } from 'node:fs';
import {
	interfaceChanges,
	publicInterface,
	publicInterfaceFile,
	type PublicInterface,
} from './support/public-interface';

// Set by `npm run interface`; a reviewer then approves the difference in the file.
if (process.env.WRITE_PUBLIC_INTERFACE === '1') {
	writeFileSync(publicInterfaceFile, `${JSON.stringify(publicInterface(), null, 2)}\n`);
}

const reviewed: PublicInterface = JSON.parse(readFileSync(publicInterfaceFile, 'utf8'));

describe('the public interface', () => {
	test('keeps every parameter, type, default and value that saved workflows depend on ("npm run interface" accepts a change)', () => {
		expect(interfaceChanges(reviewed, publicInterface())).toEqual([]);
	});

	test('names a parameter that was removed', () => {
		const { companyId, ...others } = reviewed.procore ?? {};
		expect(companyId).toBeDefined();
		expect(interfaceChanges(reviewed, { ...reviewed, procore: others })).toEqual([
			'procore: parameter "companyId" was removed or renamed',
		]);
	});

	test('names a value that was renamed inside a collection', () => {
		const [status] = reviewed.procore?.['filters.status'] ?? [];
		if (status === undefined) throw new Error('No filters.status');
		const values = status.values?.map((value) => (value === 'discarded' ? 'dropped' : value)) ?? [];
		const changed = { ...reviewed.procore, 'filters.status': [{ ...status, values }] };
		expect(interfaceChanges(reviewed, { ...reviewed, procore: changed })).toEqual([
			'procore: parameter "filters.status" lost its value "discarded"',
			'procore: parameter "filters.status" gained the value "dropped"',
		]);
	});

	test('names a default that changed', () => {
		const [limit] = reviewed.procore?.limit ?? [];
		if (limit === undefined) throw new Error('No limit');
		const changed = { ...reviewed.procore, limit: [{ ...limit, default: 7 }] };
		expect(interfaceChanges(reviewed, { ...reviewed, procore: changed })).toEqual([
			expect.stringMatching(
				/^procore: parameter "limit" changed from .*"default":50.* to .*"default":7/,
			),
		]);
	});
});
