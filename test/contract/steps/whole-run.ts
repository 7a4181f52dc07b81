import { readErrorText } from '../../../nodes/Procore/api/error-text';
import { explainInvalidId } from '../../../nodes/Procore/model/id';
import { isJsonObject, parseJson, text, type JsonValue } from '../../../nodes/Procore/model/json';
import type { Exchange } from '../exchanges';
import type { Step } from '../step';

/** A share of answers with rate limit headers; gateways and some services answer without. */
const MOST = 0.5;
/** The hourly limit resets within an hour. */
const LONGEST_RESET_S = 3700;

function idsIn(value: JsonValue): string[] {
	if (Array.isArray(value)) return value.flatMap(idsIn);
	if (!isJsonObject(value)) return [];
	const inner = Object.values(value).flatMap(idsIn);
	return value.id === undefined || value.id === null ? inner : [text(value.id), ...inner];
}

function isWithinHour({ headers }: Exchange): boolean {
	const now = (Date.parse(headers.date ?? '') || Date.now()) / 1000;
	const reset = Number(headers['x-rate-limit-reset']);
	return Number.isFinite(reset) && reset > now - 60 && reset < now + LONGEST_RESET_S;
}

/** The limits that the headers told, each with the longest time to its reset. */
function limitsNote(limited: readonly Exchange[]): string {
	const resets = new Map<string, number>();
	for (const { headers } of limited) {
		const limit = headers['x-rate-limit-limit'] ?? '';
		const now = (Date.parse(headers.date ?? '') || Date.now()) / 1000;
		const seconds = Math.round(Number(headers['x-rate-limit-reset']) - now);
		if (/^\d{1,6}$/.test(limit) && Number.isFinite(seconds))
			resets.set(limit, Math.max(seconds, resets.get(limit) ?? 0));
	}
	const limits = [...resets].map(([limit, seconds]) => `${limit} (reset in up to ${seconds} s)`);
	return `Rate limits in the headers: ${limits.join(', ') || 'none'}.`;
}

const WHOLE_RUN: Step = {
	name: 'whole-run',
	title: 'what holds for every answer of the run',
	checks: ['NO-REDIRECTS', 'JSON-BODIES', 'ERROR-FORMS', 'RATE-HEADERS', 'ID-FORMS'],
	always: true,
	async run(run) {
		const all = run.parts.exchanges.all.filter(({ path }) => path.startsWith('/rest/'));
		const answered = all.filter(({ status }) => status !== null);
		const redirects = answered.filter(
			({ status }) => status !== null && status >= 300 && status < 400,
		);
		run.check('NO-REDIRECTS', redirects.length === 0, `${redirects.length} redirects`);
		const good = answered.filter(({ status }) => status !== null && status < 300);
		const parsed = good.flatMap(({ body }) => (body.trim() === '' ? [] : [parseJson(body)]));
		const broken = parsed.filter((body) => body === undefined).length;
		run.check('JSON-BODIES', broken === 0, `${broken} bodies that are not JSON`);
		const refused = answered.filter(
			({ status, body }) => status !== null && status >= 400 && body.trim() !== '',
		);
		const mute = refused.filter(({ body }) => readErrorText(parseJson(body) ?? body) === '').length;
		run.check(
			'ERROR-FORMS',
			mute === 0,
			`${mute} of ${refused.length} error bodies without a text`,
		);
		const limited = answered.filter(({ headers }) =>
			['limit', 'remaining', 'reset'].every(
				(each) => headers[`x-rate-limit-${each}`] !== undefined,
			),
		);
		const asSeconds = limited.filter(isWithinHour).length;
		run.check(
			'RATE-HEADERS',
			limited.length >= answered.length * MOST && asSeconds === limited.length,
			`${limited.length} of ${answered.length} answers have them, ${asSeconds} of them in seconds`,
		);
		run.parts.exchanges.notes.push(limitsNote(limited));
		const ids = parsed.flatMap((body) => (body === undefined ? [] : idsIn(body)));
		const odd = ids.filter((id) => explainInvalidId(id, 'Id') !== undefined).length;
		run.check('ID-FORMS', odd === 0, `${odd} of ${ids.length} ids have another form`);
		await Promise.resolve();
	},
};

export const WHOLE_RUN_STEPS: readonly Step[] = [WHOLE_RUN];
