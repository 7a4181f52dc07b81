/** The headers of a response to `fetch`, with names in lower case. */
export function fetchedHeaders(headers: Headers): Record<string, string> {
	const all: Record<string, string> = {};
	headers.forEach((value, name) => {
		all[name] = value;
	});
	return all;
}
