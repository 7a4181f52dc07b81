'use strict';
const byId = (id) => document.getElementById(id);
let seed = { companies: [] };
let catalogue = [];

async function call(method, path, body) {
	const answer = await fetch(`/_emulator${path}`, {
		method,
		headers: { 'Content-Type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const told = await answer.json();
	if (!answer.ok) throw new Error([told.errors].flat().join(', '));
	return told;
}

/** Leaves an unchanged list alone, so that an open one does not close. */
function fill(select, options, keep) {
	const told = JSON.stringify(options);
	if (select.dataset.options === told) return;
	select.dataset.options = told;
	const before = select.value;
	select.replaceChildren(...options.map(([value, text]) => make('option', { value }, text)));
	if (keep && options.some(([value]) => value === before)) select.value = before;
}

const timeOf = (text) => text.slice(0, 19).replace('T', ' ');

function tell(text, problem = false) {
	byId('told').textContent = text;
	byId('told').classList.toggle('problem', problem);
}

function showProjects() {
	const company = seed.companies.find(({ id }) => id === byId('company').value);
	const projects = (company?.projects ?? []).filter(({ active }) => active);
	fill(
		byId('project'),
		projects.map(({ id, name }) => [id, name]),
		true,
	);
}

function showResource() {
	const resource = catalogue.find(({ name }) => name === byId('resource').value);
	fill(
		byId('event'),
		(resource?.events ?? []).map((type) => [type, type]),
		true,
	);
	byId('project').disabled = resource?.level === 'company';
}

function showSeed() {
	fill(
		byId('company'),
		seed.companies.map(({ id, name }) => [id, name]),
		true,
	);
	showProjects();
	const companies = [...seed.companies, seed.unconnectedCompany];
	byId('companies').replaceChildren(
		...companies.flatMap((company) => {
			const connected = company !== seed.unconnectedCompany;
			const title = make('h3', {}, `${company.name} `, badge(company.id));
			const projects = company.projects.map((project) =>
				make(
					'li',
					{ className: project.active ? '' : 'inactive' },
					`${project.display_name} (${project.id}${project.active ? '' : ', inactive'})`,
				),
			);
			const note = connected ? [] : [make('p', { className: 'empty' }, 'App not connected')];
			return [title, ...note, make('ul', {}, ...projects)];
		}),
	);
}

/** What a credential for this server takes. */
function showCredential() {
	const entries = [
		['Client ID', seed.clientId],
		['Client Secret', seed.clientSecret],
		['Environment', 'Custom'],
		['Login URL and API URL', location.origin],
		['Company ID', seed.companies[0].id],
		['Sign in as', `${seed.webUser.login} / ${seed.webUser.password}`],
	];
	byId('credential').replaceChildren(
		...entries.flatMap(([name, value]) => [
			make('dt', {}, name),
			make('dd', {}, make('code', {}, value)),
		]),
	);
}

/** Tells a screen reader about the newest delivery; the table itself is replaced as a whole. */
function announce(delivery) {
	const last = delivery?.attempts.at(-1);
	byId('latest').textContent =
		delivery === undefined
			? ''
			: `${delivery.resourceName} ${delivery.eventType}: ${delivery.status}${last ? `, answered ${last.responseStatus ?? last.error}` : ''}`;
}

function scopeName({ companyId, projectId }) {
	const company = seed.companies.find(({ id }) => id === companyId);
	const project = company?.projects.find(({ id }) => id === projectId);
	return project?.name ?? projectId ?? company?.name ?? companyId;
}

function triggerList(triggers) {
	const shown = triggers
		.slice(0, 8)
		.map((trigger) => `${trigger.resourceName}: ${trigger.eventType}`);
	if (triggers.length > shown.length) shown.push(`and ${triggers.length - shown.length} more`);
	return make('div', {}, ...shown.map((text) => make('div', {}, text)));
}

let shown = '';

function showState({ now, ...state }) {
	byId('now').textContent = `${timeOf(now)} UTC`;
	const told = JSON.stringify(state);
	if (told === shown) return;
	shown = told;
	for (const button of document.querySelectorAll('[data-speed]')) {
		button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === state.speed));
	}
	const hooks = new Map(state.hooks.map((hook) => [hook.id, hook]));
	byId('hooks').replaceChildren(
		table(
			['Id', 'Scope', 'Namespace', 'Destination', 'Version', 'Status', 'Triggers'],
			state.hooks.map((hook) => [
				cell(hook.id, 'digits'),
				cell(scopeName(hook.scope)),
				cell(hook.namespace),
				cell(hook.destinationUrl, 'url'),
				cell(hook.payloadVersion),
				cell(badge(hook.status)),
				cell(triggerList(hook.triggers)),
			]),
			'No hook yet. An integration creates them.',
		),
	);
	announce(state.deliveries.at(-1));
	byId('events').replaceChildren(
		table(
			['Time', 'Event', 'Record', 'Sent to, and the answers'],
			latestEvents(state).map((row) => [
				cell(timeOf(row.event.timestamp), 'digits'),
				cell(`${row.event.resourceName}: ${row.event.eventType}`),
				cell(row.event.resourceId, 'digits'),
				cell(answerList(row, hooks)),
			]),
			'No event yet. Change a record.',
		),
	);
}

async function refresh() {
	showState(await call('GET', '/state?deliveries=50'));
}

async function change(resourceName, eventType) {
	try {
		const resourceId = byId('resourceId').value.trim();
		const [event] = await call('POST', '/changes', {
			companyId: byId('company').value,
			projectId: byId('project').value,
			resourceName,
			eventType,
			...(resourceId === '' ? {} : { resourceId }),
		});
		const hooks = event.deliveries === 1 ? '1 hook' : `${event.deliveries} hooks`;
		tell(`${resourceName} ${event.resourceId}: ${eventType}, sent to ${hooks}.`);
	} catch (error) {
		tell(error.message, true);
	}
	await refresh();
}

byId('company').addEventListener('change', showProjects);
byId('resource').addEventListener('change', showResource);
byId('change').addEventListener('submit', (submitted) => {
	submitted.preventDefault();
	change(byId('resource').value, byId('event').value);
});
for (const button of document.querySelectorAll('[data-change]')) {
	button.addEventListener('click', () => change(...button.dataset.change.split(':')));
}
for (const button of document.querySelectorAll('[data-speed]')) {
	button.addEventListener('click', async () => {
		await call('POST', '/clock', { speed: Number(button.dataset.speed) });
		await refresh();
	});
}
for (const button of document.querySelectorAll('[data-advance]')) {
	button.addEventListener('click', async () => {
		await call('POST', '/clock', { advanceSeconds: Number(button.dataset.advance) });
		await refresh();
	});
}

async function begin() {
	[seed, catalogue] = await Promise.all([call('GET', '/seed'), call('GET', '/catalogue')]);
	showSeed();
	showCredential();
	fill(
		byId('resource'),
		catalogue.map(({ name, level }) => [name, `${name} (${level})`]),
	);
	byId('resource').value = 'RFIs';
	showResource();
	await refresh();
}

async function poll() {
	try {
		seed = await call('GET', '/seed');
		showProjects();
		await refresh();
	} catch {
		tell('The emulator does not answer.', true);
	}
	setTimeout(poll, 1000);
}

begin().then(poll, (error) => tell(error.message, true));
