import type { Request, Response } from 'express';

import { contextOf, queryOf } from './http';

interface PageRule {
	byDefault: number;
	most: number;
}

/** v2.0: "default 10, maximum 100" (announcement of REST v2) [V2-PAGE-SIZE]. */
export const V2_PAGE: PageRule = { byDefault: 10, most: 100 };
export const PROJECTS_PAGE: PageRule = { byDefault: 100, most: 300 };
export const V1_PAGE: PageRule = { byDefault: 100, most: 2000 };

function positive(text: string | null, otherwise: number): number {
	const value = Number(text);
	return text !== null && Number.isInteger(value) && value > 0 ? value : otherwise;
}

/** The page that the query requests; sets `Link`, `Total` and `Per-Page`. */
export function paged<T>(request: Request, response: Response, rows: T[], rule: PageRule): T[] {
	const query = queryOf(request);
	const most = Math.min(rule.most, contextOf(request).mostRows);
	const perPage = Math.min(positive(query.get('per_page'), rule.byDefault), most);
	const page = positive(query.get('page'), 1);
	const last = Math.max(1, Math.ceil(rows.length / perPage));

	const link = (rel: string, to: number) => {
		const url = new URL(request.originalUrl, `http://${request.headers.host ?? 'localhost'}`);
		url.searchParams.set('page', String(to));
		url.searchParams.set('per_page', String(perPage));
		return `<${url.toString()}>; rel="${rel}"`;
	};
	const links: string[] = [];
	if (last > 1) links.push(link('first', 1));
	if (page > 1) links.push(link('prev', Math.min(page - 1, last)));
	if (page < last) links.push(link('next', page + 1));
	if (last > 1) links.push(link('last', last));

	response.setHeader('Total', String(rows.length));
	response.setHeader('Per-Page', String(perPage));
	if (links.length > 0) response.setHeader('Link', links.join(', '));
	return rows.slice((page - 1) * perPage, page * perPage);
}
