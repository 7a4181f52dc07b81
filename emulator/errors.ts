/** An answer of Procore's that is not a success. A string body is sent as plain text. */
export class ProcoreError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
	) {
		super(`Procore answers ${status}`);
	}
}

export function notFound(): ProcoreError {
	return new ProcoreError(404, { errors: ['Not found'] });
}

export function notConnected(): ProcoreError {
	return new ProcoreError(403, { errors: ['App is not connected to this company.'] });
}

/** The field names are those of the reference's 401 and 403 schemas. */
export function forbidden(reason: string): ProcoreError {
	return new ProcoreError(403, {
		code: 403,
		message: 'Forbidden',
		fields: null,
		reason,
		error: null,
	});
}

export function unauthorized(): ProcoreError {
	return new ProcoreError(401, {
		code: 401,
		message: 'Unauthorized',
		fields: null,
		reason: null,
		error: null,
	});
}

export function invalidToken(): ProcoreError {
	return new ProcoreError(401, { errors: 'The access token is invalid' });
}

export function badRequest(message: string): ProcoreError {
	return new ProcoreError(400, { errors: [message] });
}

export function badField(field: string, text: string): ProcoreError {
	return new ProcoreError(400, { errors: { [field]: [text] } });
}

/** The "standard format" of v2.0. */
export function badRequestV2(message: string): ProcoreError {
	return new ProcoreError(400, { error: { code: 'BAD_REQUEST', message, details: [] } });
}

export function tooLarge(text: string): ProcoreError {
	return new ProcoreError(413, { errors: text });
}

export class OAuthError extends ProcoreError {
	constructor(status: number, error: string, description: string) {
		super(status, { error, error_description: description });
	}
}
