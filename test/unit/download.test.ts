/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { Readable } from 'node:stream';

import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { Downloads } from '../../nodes/Procore/api/download';
import { Transport } from '../../nodes/Procore/api/transport';
import { NODE } from './support/node';

interface Hop {
	readonly url: string;
	readonly hasToken: boolean;
	readonly companyHeader: unknown;
}

/** Opens a file whose address redirects as told, and returns the requests that n8n was asked to send. */
async function hopsOf(start: string, redirects: Readonly<Record<string, string>>): Promise<Hop[]> {
	const hops: Hop[] = [];
	const respond = (options: IHttpRequestOptions, hasToken: boolean) => {
		const headers: IDataObject = options.headers ?? {};
		hops.push({ url: options.url, hasToken, companyHeader: headers['Procore-Company-Id'] });
		const location = redirects[options.url];
		return location === undefined
			? { statusCode: 200, headers: {}, body: Readable.from(['file']) }
			: { statusCode: 302, headers: { location }, body: Readable.from(['']) };
	};
	const context: unknown = {
		getNode: () => NODE,
		getCredentials: async () => await Promise.resolve({ environment: 'production' }),
		helpers: {
			httpRequest: async (options: IHttpRequestOptions) =>
				await Promise.resolve(respond(options, false)),
			httpRequestWithAuthentication: async (_type: string, options: IHttpRequestOptions) =>
				await Promise.resolve(respond(options, true)),
		},
	};
	const transport = await Transport.open(context as IExecuteFunctions);
	const opened = await new Downloads(transport).open({
		url: start,
		name: 'a.pdf',
		companyId: '4501177',
		purpose: 'download a.pdf',
	});
	expect(opened.kind).toBe('open');
	return hops;
}

const API = 'https://api.procore.com/rest/v1.0/projects/1/rfis/2.pdf';
const STORAGE = 'https://storage.procore.com/api/v5/files/x';
const AWS = 'https://s3.amazonaws.com/x';

const signed = (url: string): Hop => ({ url, hasToken: true, companyHeader: '4501177' });
const unsigned = (url: string): Hop => ({ url, hasToken: false, companyHeader: undefined });

describe('the download of a file', () => {
	test("sends the token along Procore's own hosts, and not to the host that they lead to", async () => {
		expect(await hopsOf(API, { [API]: STORAGE, [STORAGE]: AWS })).toEqual([
			signed(API),
			signed(STORAGE),
			unsigned(AWS),
		]);
	});

	test('sends no token to Procore after another host redirected back', async () => {
		expect(await hopsOf(API, { [API]: AWS, [AWS]: STORAGE })).toEqual([
			signed(API),
			unsigned(AWS),
			unsigned(STORAGE),
		]);
	});

	test('sends no token to an address of another host', async () => {
		expect(await hopsOf(AWS, {})).toEqual([unsigned(AWS)]);
	});
});
