import { isAgent, isTerm } from './vocabulary';

/** What the sanitizer of headers needs from that of texts. */
export interface Texts {
	url(text: string): string;
	sentence(text: string): string;
}

const NUMBERS =
	/^(?:x-rate-limit-(?:limit|remaining)|retry-after|total|per-page|content-length|keep-alive)$/;

/** Keeps the names of known programs, and versions: `Faraday v2.7.4`. */
function agent(value: string): string {
	const parts = value.split(/([\s/;()]+)/).map((part, index) => {
		if (index % 2 === 1) return part.replace(/\s+/g, ' ');
		const isVersion = /^v?\d{1,3}(?:\.\d{1,3}){0,3}$/.test(part);
		return part === '' || isVersion || part.split('-').every(isAgent) ? part : '[text]';
	});
	return parts.join('').slice(0, 120);
}

/** `<https://…?page=2>; rel="next"`, several separated by commas. */
function link(value: string, texts: Texts): string {
	return [...value.matchAll(/<([^>]*)>;\s*rel="?(next|prev|first|last)"?/g)]
		.map(([, url = '', rel = '']) => `<${texts.url(url)}>; rel="${rel}"`)
		.join(', ');
}

function numberOrForm(value: string): string {
	return /^\d{1,4}$/.test(value) ? value : value.replace(/\d/g, '#').replace(/[^#.,= ]/g, '');
}

/** Sanitizes the value of a header. @param name in lower case. */
export function sanitizeHeader(name: string, value: string, texts: Texts): string {
	if (NUMBERS.test(name)) return numberOrForm(value);
	if (name === 'x-rate-limit-reset') return value.replace(/[^#]/g, '#').slice(0, 20);
	if (name === 'user-agent' || name === 'server' || name === 'via') return agent(value);
	if (name === 'link') return link(value, texts);
	if (name === 'location') return texts.url(value);
	if (name === 'content-type') {
		const [type = '', charset = ''] = value.split(/;\s*charset=/i);
		const encoding = /^utf-?8$/i.test(charset) ? `; charset=${charset}` : '';
		return isTerm(type) ? `${type}${encoding}` : '[text]';
	}
	if (/^(?:date|etag|x-request-id|authorization|set-cookie|cookie|host)$/.test(name))
		return '[text]';
	return texts.sentence(value);
}
