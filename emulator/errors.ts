/** An error response of Procore. A string body is sent as plain text. */
export class ProcoreError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
	) {
		super(`Procore answers ${status}`);
	}
}

/** Does not exist, or is not visible to the account [ERROR-404-INVISIBLE]. */
export function notFound(): ProcoreError {
	return new ProcoreError(404, { errors: ['Not found'] });
}

/** A call that Procore has removed; its body is a guess [V1-GONE-404]. */
export function removed(status: 404 | 410): ProcoreError {
	return status === 404 ? notFound() : new ProcoreError(410, { errors: ['Gone'] });
}

/** The app is not installed in the company [ERROR-NOT-CONNECTED]. */
export function notConnected(): ProcoreError {
	return new ProcoreError(403, { errors: ['App is not connected to this company.'] });
}

/** The field names are those of the reference's 401 and 403 schemas [ERROR-401-BODY] [ERROR-403-PERMISSION]. */
export function forbidden(reason: string): ProcoreError {
	return new ProcoreError(403, {
		code: 403,
		message: 'Forbidden',
		fields: null,
		reason,
		error: null,
	});
}

/** No token. */
export function unauthorized(): ProcoreError {
	return new ProcoreError(401, {
		code: 401,
		message: 'Unauthorized',
		fields: null,
		reason: null,
		error: null,
	});
}

/** A token that is unknown or has expired. */
export function invalidToken(): ProcoreError {
	return new ProcoreError(401, { errors: 'The access token is invalid' });
}

/** `errors` as a list of sentences. */
export function badRequest(message: string): ProcoreError {
	return new ProcoreError(400, { errors: [message] });
}

/** `errors` as a map of fields, as Rails returns it. */
export function badField(field: string, text: string): ProcoreError {
	return new ProcoreError(400, { errors: { [field]: [text] } });
}

/** The "standard format" of v2.0. */
export function badRequestV2(message: string): ProcoreError {
	return new ProcoreError(400, { error: { code: 'BAD_REQUEST', message, details: [] } });
}

/** `errors` as one sentence. */
export function tooLarge(text: string): ProcoreError {
	return new ProcoreError(413, { errors: text });
}

/** A response of the OAuth endpoints, in the shape of RFC 6749. */
export class OAuthError extends ProcoreError {
	constructor(status: number, error: string, description: string) {
		super(status, { error, error_description: description });
	}
}
