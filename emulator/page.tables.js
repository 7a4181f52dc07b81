'use strict';
const SHOWN_EVENTS = 50;

/** An event that nobody accepts is sent many times. */
const SHOWN_ANSWERS = 4;

function make(tag, properties, ...children) {
	const element = Object.assign(document.createElement(tag), properties);
	element.append(...children);
	return element;
}

function table(headings, rows, empty) {
	if (rows.length === 0) return make('p', { className: 'empty' }, empty);
	const head = headings.map((text) => make('th', { scope: 'col' }, text));
	const body = rows.map((cells) => make('tr', {}, ...cells));
	return make('table', {}, make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...body));
}

const cell = (content, className = '') => make('td', { className }, content);
const badge = (word) => make('span', { className: `badge ${word}` }, word);

/** The newest events, newest first, each with its deliveries. Deliveries that were made up have no event of their own. */
function latestEvents({ events, deliveries }) {
	const rows = new Map(
		events.slice(-SHOWN_EVENTS).map((event) => [event.id, { event, deliveries: [] }]),
	);
	const oldest = [...rows.keys()].at(0);
	for (const delivery of deliveries) {
		const { eventId: id, resourceName, eventType, attempts } = delivery;
		if (!rows.has(id)) {
			if (oldest !== undefined && compareIds(id, oldest) < 0) continue;
			const timestamp = attempts[0]?.startedAt ?? '';
			rows.set(id, {
				event: { id, timestamp, resourceName, eventType, resourceId: '' },
				deliveries: [],
			});
		}
		rows.get(id).deliveries.push(delivery);
	}
	return [...rows.values()]
		.sort((one, other) => compareIds(other.event.id, one.event.id))
		.slice(0, SHOWN_EVENTS);
}

/** IDs are numbers with more digits than a JavaScript number keeps. */
function compareIds(one, other) {
	return one.length - other.length || (one < other ? -1 : Number(one > other));
}

function answerList({ event, deliveries }, hooks) {
	if (deliveries.length === 0) {
		const text = event.deliveries > 0 ? 'Its hook is gone' : 'No hook subscribes to it';
		return make('span', { className: 'empty' }, text);
	}
	return make(
		'ul',
		{ className: 'answers' },
		...deliveries.map(({ hookId, status, attempts }) => {
			const answers = attempts
				.slice(-SHOWN_ANSWERS)
				.map(
					({ completedAt, responseStatus, error }) =>
						`${completedAt.slice(11, 19)} ${responseStatus ?? error}`,
				);
			if (attempts.length > answers.length) {
				answers.unshift(`${attempts.length - answers.length} earlier`);
			}
			const name = hooks.get(hookId)?.namespace ?? hookId;
			return make('li', {}, `${name} `, badge(status), ` ${answers.join(', ')}`);
		}),
	);
}
