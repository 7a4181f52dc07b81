import { AttemptMerger } from '../../nodes/Procore/api/attempts';
import { readResponse, readThrown } from '../../nodes/Procore/api/http-response';
import { readAccount } from '../../nodes/Procore/api/environment';
import { describeResponse } from '../../nodes/Procore/api/describe-response';
import { allPages } from '../../nodes/Procore/api/paging';
import { requestedWait, RateBudget } from '../../nodes/Procore/api/rate-budget';
import { readAttemptV1, readDeliveryV2 } from '../../nodes/Procore/api/read-delivery';
import { readHook } from '../../nodes/Procore/api/read-hook';
import {
	readRefusal,
	readResourceV1,
	readResourceV2,
	readTrigger,
} from '../../nodes/Procore/api/read-trigger';
import { readErrorText } from '../../nodes/Procore/api/error-text';
import { explainDestination, explainUnreachable } from '../../nodes/Procore/hook/destination';
import {
	explainNamespace,
	isLegalNamespace,
	suggestNamespace,
} from '../../nodes/Procore/hook/namespace';
import { matchesMasked } from '../../nodes/Procore/hook/secret';
import { readEvent } from '../../nodes/Procore/model/event';
import { explainInvalidId } from '../../nodes/Procore/model/id';
import { parseJson, toJson } from '../../nodes/Procore/model/json';
import { nearestName } from '../../nodes/Procore/model/nearest-name';
import { normalizePayloadVersion } from '../../nodes/Procore/model/payload-version';

/** Repeated text that makes a careless pattern backtrack. */
const HOSTILE: Record<string, (length: number) => string> = {
	'opening angle brackets': (length) => '<'.repeat(length),
	'unclosed scripts': (length) => '<script>'.repeat(length / 8),
	'scripts of both kinds': (length) => '<script><style>'.repeat(length / 15),
	'unclosed titles': (length) => '<title'.repeat(length / 6),
	spaces: (length) => `${' '.repeat(length)}x`,
	'Bearer and spaces': (length) => `Bearer${' '.repeat(length)}"`,
	'Bearer, repeated': (length) => 'Bearer '.repeat(length / 7),
	slashes: (length) => `${'/'.repeat(length)}x`,
	dashes: (length) => `${'-'.repeat(length)}é`,
	'characters that a namespace cannot contain': (length) => `${'_-'.repeat(length / 2)}é`,
	stars: (length) => `${'*'.repeat(length)}x`,
	digits: (length) => `${'1'.repeat(length)}x`,
	'digits and dots': (length) => `${'1.'.repeat(length / 2)}x`,
	exponents: (length) => `${'1e'.repeat(length / 2)}x`,
	backslashes: (length) => '\\'.repeat(length),
	quotes: (length) => '"'.repeat(length),
	brackets: (length) => '['.repeat(length),
	'a deep list': (length) => '['.repeat(length / 2) + ']'.repeat(length / 2),
	'a list of long numbers': (length) => `[${'12345678901234567,'.repeat(length / 18)}1]`,
	'a list of escaped quotes': (length) => `["${'\\"'.repeat(length / 2)}", 12345678901234567]`,
	'a list of backslashes': (length) => `["${'\\\\'.repeat(length / 2)}", 12345678901234567]`,
	links: (length) => '<x>; rel=nex, '.repeat(length / 14),
};

function row(text: string) {
	return {
		id: text,
		status: text,
		outcome: text,
		started_at: text,
		resource_name: text,
		event_type: text,
		payload_version: text,
		name: text,
		actions: [text],
		except: [text],
		errors: text,
		destination_headers: { Authorization: text, [text]: text },
		event: { id: text, event_type: text, api_version: text, resource_name: text },
	};
}

/** Every function that reads text from Procore, from something in its place, or from a caller of the webhook. */
const READERS: Record<string, (text: string) => unknown> = {
	readErrorText: (text) => readErrorText(text, 'secret'),
	'readErrorText, of fields': (text) =>
		readErrorText({ errors: { [text]: [text] }, message: text }),
	'readErrorText, of JSON': (text) => readErrorText(parseJson(text)),
	describeResponse: (body) =>
		describeResponse(
			{ status: 200, headers: { 'content-type': body }, body },
			'https://api.procore.com',
		),
	'describeResponse, of a redirect': (location) =>
		describeResponse({ status: 302, headers: { location }, body: '' }, 'https://api.procore.com'),
	readResponse: (body) => readResponse({ statusCode: 200, headers: { link: body }, body }),
	readThrown: (text) => readThrown(new Error(text), undefined),
	requestedWait: (text) => requestedWait({ 'retry-after': text, 'x-rate-limit-reset': text }),
	RateBudget: (text) => {
		new RateBudget().release({ 'x-rate-limit-remaining': text, date: text });
	},
	readAccount: (text) => readAccount({ environment: 'custom', apiUrl: text, companyId: text }),
	readHook: (text) => readHook(row(text)),
	readTrigger: (text) => readTrigger(row(text)),
	readRefusal: (text) => readRefusal(row(text), []),
	readResourceV1: (text) => readResourceV1(row(text)),
	readResourceV2: (text) => readResourceV2(row(text)),
	readDeliveryV2: (text) => readDeliveryV2(row(text)),
	AttemptMerger: (text) => new AttemptMerger().take([readAttemptV1(row(text))]),
	readEvent: (text) => readEvent(row(text)),
	parseJson: (text) => parseJson(text),
	toJson: (text) => toJson({ text }),
	explainInvalidId: (text) => explainInvalidId(text, 'Project'),
	nearestName: (text) => nearestName(text, ['RFIs', text]),
	normalizePayloadVersion: (text) => normalizePayloadVersion(text),
	isLegalNamespace: (text) => isLegalNamespace(text),
	suggestNamespace: (text) => suggestNamespace(text),
	explainNamespace: (text) => explainNamespace(text),
	explainDestination: (text) => explainDestination(`https://${text}.example`, true),
	'explainDestination, of a path': (text) => explainDestination(`https://a.example/${text}`, false),
	explainUnreachable: (text) => explainUnreachable(text),
	matchesMasked: (text) => matchesMasked(text, 'Bearer secret'),
};

const LENGTH = 160_000;

/** Milliseconds of the fastest of several runs, which was disturbed least. */
function cost(work: () => unknown): number {
	const runs = Array.from({ length: 3 }, () => {
		const start = performance.now();
		work();
		return performance.now() - start;
	});
	return Math.min(...runs);
}

describe.each(Object.entries(READERS))('%s', (_name, read) => {
	test.each(Object.entries(HOSTILE))('is processed in linear time: %s', (_case, make) => {
		// With quadratic cost, eight times the text would take 64 times as long: far above 250 ms at this length.
		const long = make(LENGTH);
		const short = make(LENGTH / 8);
		const most = Math.max(250, 24 * cost(() => read(short)));
		expect(cost(() => read(long))).toBeLessThan(most);
	});
});

test('a Link header of any length is read in linear time', async () => {
	const link = HOSTILE.links?.(LENGTH) ?? '';
	const client = {
		pageSizes: new Map<string, number>(),
		request: async () =>
			await Promise.resolve({
				status: 200,
				headers: { link, total: link, 'per-page': link },
				body: [{ id: '1' }],
				isRetry: false,
			}),
	};
	const request = {
		method: 'GET',
		path: '/rest/v1.0/things',
		companyId: null,
		purpose: 'list the things',
		repeatable: true,
	} as const;
	expect(await allPages(client, request, 100, (body) => body)).toEqual([{ id: '1' }]);
});

test('text is found in an endlessly nested body, and the search ends', () => {
	let nested: unknown = 'too deep';
	for (let depth = 0; depth < 50_000; depth += 1) nested = { errors: nested };
	expect(readErrorText(nested)).toBe('');
});
