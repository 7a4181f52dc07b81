import type { RequestHandler } from 'express';

import { isObject } from '../../harness/json';

/** The next text; undefined if there is none any more. */
export type Noise = () => string | undefined;

function withNoise(value: unknown, noise: Noise): unknown {
	if (Array.isArray(value)) return value.map((entry) => withNoise(entry, noise));
	if (!isObject(value)) return value;
	const fields = Object.entries(value).map(([name, field]) => {
		const isText = name === 'message' && typeof field === 'string';
		return [name, isText ? `${field}: ${noise() ?? ''}` : withNoise(field, noise)];
	});
	const first = noise();
	if (first === undefined) return Object.fromEntries(fields);
	return {
		...Object.fromEntries(fields),
		custom_field: first,
		owner: { display_name: noise(), email_address: noise(), number: noise(), phone: noise() },
		notes: [noise(), `Ask ${noise() ?? ''} about it`, noise(), noise()],
		[noise() ?? 'custom']: noise(),
	};
}

/** Adds texts to every object in a response, to its error texts and to its headers. */
export function noisy(noise: Noise): RequestHandler {
	return (_request, response, next) => {
		const send = response.json.bind(response);
		response.json = (body: unknown) => {
			const header = noise();
			if (header !== undefined) response.setHeader('X-Owner', header);
			return send(withNoise(body, noise));
		};
		next();
	};
}
