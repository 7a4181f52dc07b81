import { WEB_USER } from './seed';

const ESCAPES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function page(title: string, content: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #f4f5f7;
	font: 16px/1.5 system-ui, sans-serif; color: #1d2433; }
main { width: 22rem; padding: 2rem; background: #fff; border-radius: 8px;
	box-shadow: 0 1px 4px rgb(0 0 0 / 18%); }
h1 { margin: 0 0 .25rem; font-size: 1.3rem; }
p { margin: 0 0 1rem; color: #556; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; font-size: .9rem; }
input { width: 100%; box-sizing: border-box; padding: .55rem; font: inherit;
	border: 1px solid #b8bfcc; border-radius: 4px; }
button { width: 100%; margin-top: 1.25rem; padding: .65rem; font: inherit; font-weight: 600;
	color: #fff; background: #c8440f; border: 0; border-radius: 4px; cursor: pointer; }
.problem { color: #a4121c; }
code { overflow-wrap: anywhere; }
</style>
</head>
<body><main>${content}</main></body>
</html>
`;
}

export interface AuthorizeRequest {
	clientId: string;
	redirectUri: string;
	state: string;
}

/** The page on which a user signs in and allows the app in one step. */
export function loginPage(request: AuthorizeRequest, problem?: string): string {
	const hidden = (name: string, value: string) =>
		`<input type="hidden" name="${name}" value="${escapeHtml(value)}">`;
	return page(
		'Log in - Procore emulator',
		`<h1>Procore emulator</h1>
<p>An app asks for access to your account.</p>
${problem === undefined ? '' : `<p class="problem" role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="/oauth/authorize">
${hidden('response_type', 'code')}
${hidden('client_id', request.clientId)}
${hidden('redirect_uri', request.redirectUri)}
${hidden('state', request.state)}
<label for="login">Email</label>
<input id="login" name="login" value="${escapeHtml(WEB_USER.login)}" autocomplete="username">
<label for="password">Password</label>
<input id="password" name="password" type="password" value="${escapeHtml(WEB_USER.password)}"
	autocomplete="current-password">
<button type="submit">Log In and Allow</button>
</form>`,
	);
}

/** The page shown in place of an unsafe redirect. */
export function errorPage(problem: string): string {
	return page(
		'Error - Procore emulator',
		`<h1>An error has occurred</h1><p class="problem" role="alert">${escapeHtml(problem)}</p>`,
	);
}

/** For the out-of-band redirect: the code to copy. */
export function codePage(code: string): string {
	return page(
		'Authorization code - Procore emulator',
		`<h1>Authorization code</h1><p><code>${escapeHtml(code)}</code></p>`,
	);
}
