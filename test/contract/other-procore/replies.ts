import type { Request, Response } from 'express';

import { textAt } from '../../harness/json';

const PAGE = { byDefault: 10, most: 100 };

/** Refuses a call, in one of the forms that Procore's reference shows. */
export function refuse(response: Response, status: number, message: string): Response {
	return response.status(status).json({ error: { code: status, message } });
}

/** A parameter of the path. */
export function param(request: Request, name: string): string {
	return textAt(request.params, name) ?? '';
}

/** Whether a time is in `filters[updated_at]`; every time is without the filter. Undefined if that is not a range. */
export function rangeOf({ query }: Request): ((time: string) => boolean) | undefined {
	const filter = textAt(query, 'filters', 'updated_at');
	if (filter === undefined) return () => true;
	const [from = NaN, to = NaN] = filter.split('...').map((time) => Date.parse(time));
	if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
	return (time) => Date.parse(time) >= from && Date.parse(time) <= to;
}

/** Answers a page of rows, with the headers that Procore's guide to pagination names. */
export function sendPage(request: Request, response: Response, rows: readonly object[]): Response {
	const count = (name: string, otherwise: number) =>
		Number(textAt(request.query, name)) || otherwise;
	const perPage = Math.min(count('per_page', PAGE.byDefault), PAGE.most);
	const number = count('page', 1);
	response.setHeader('Total', rows.length);
	response.setHeader('Per-Page', perPage);
	if (number * perPage < rows.length) {
		const next = new URL(request.originalUrl, `http://${request.headers.host}`);
		next.searchParams.set('page', String(number + 1));
		response.setHeader('Link', `<${next.href}>; rel="next"`);
	}
	return response.json({ data: rows.slice((number - 1) * perPage, number * perPage) });
}
