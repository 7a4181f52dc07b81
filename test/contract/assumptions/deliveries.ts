import { can, cannot, listed } from './assumption';

/** The log of deliveries. */
export const DELIVERIES = listed([
	{
		id: 'DELIVERIES-404-EMPTY',
		assumes: 'On v2.0, a hook that never delivered answers 404 instead of an empty list.',
		source: 'clients (a production integration)',
		ifWrong: 'Nothing: an empty list is read as one, and saves a request.',
		check: can('Lists the deliveries of a new hook.'),
	},
	{
		id: 'V1-DELIVERIES-EMPTY',
		assumes: 'On v1.0, a hook that never delivered has an empty list of deliveries.',
		source: 'guess',
		ifWrong: 'Nothing: a 404 is understood too, and costs one more request.',
		check: can('Lists the deliveries of a new hook on v1.0.', 'v1'),
	},
	{
		id: 'DELIVERY-WORDS',
		assumes:
			'On v2.0, the filter word is "succeeded" and the word in a row is "delivered"; the other words are the same in both.',
		source: 'documented (reference, deliveries)',
		ifWrong: 'Both words are understood; any other one counts as failed.',
		check: can('Filters the deliveries of a hook that has delivered.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-PAYLOAD',
		assumes: 'A delivery on v2.0 contains the event as it was sent, with payload v4.0 too.',
		source: 'documented (reference); v4.0 is a guess',
		ifWrong: 'Missed events cannot be recovered, or come back with other fields.',
		check: can('Compares the payload of a delivery with what was received.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-FILTER-DAYS',
		assumes: 'filter[start] and filter[end] are inclusive days in UTC.',
		source: 'guess; only the parameters are documented',
		ifWrong: 'Nothing: one more day is asked for on both sides.',
		check: can(
			'Filters by the day of the delivery, and by the days around it.',
			'receiver',
			'change',
		),
	},
	{
		id: 'DELIVERY-FILTER-EVENT-TYPE',
		assumes: 'filter[event_type] takes create, update and delete in lower case.',
		source: 'documented (reference); other words are a guess',
		ifWrong: 'Filtered lists of deliveries lack rows.',
		check: can('Filters by the event type of a delivery.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-ORDER',
		assumes: 'On v2.0, the oldest deliveries come first.',
		source: 'guess',
		ifWrong:
			'Nothing: the order is read from the first page. A hook with more than one page costs a request more or less.',
		check: can('Reads the deliveries of two changes in a row.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-SORT',
		assumes: 'A sort that is not one of the accepted fields has no effect.',
		source: 'guess; the fields are not published',
		ifWrong: 'Nothing: the nodes do not sort.',
		check: can('Lists deliveries with sort=created_at.', 'receiver', 'change'),
	},
	{
		id: 'ATTEMPTS-OLDEST-FIRST',
		assumes: 'The attempts of a delivery on v2.0 stand oldest first.',
		source: 'clients (a production integration)',
		ifWrong: 'Reports show the response to the first attempt as the last one.',
		check: can('Lets an attempt fail, and reads the attempts.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-ANSWER',
		assumes: 'A delivery that succeeded keeps the body of the answer as it was.',
		source: 'documented (reference, the field)',
		ifWrong: 'Events that n8n accepts while it starts are lost.',
		check: can('Answers with a text, and reads the delivery.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-RETRYING',
		assumes: 'While Procore retries, the delivery is "retrying".',
		source: 'documented (reference, the word)',
		ifWrong: 'A stuck queue is not noticed.',
		check: can('Reads the delivery while its attempts fail.', 'receiver', 'change'),
	},
	{
		id: 'DELIVERY-FAILED',
		assumes: 'A delivery that is "failed" is not retried any more.',
		source: 'guess; when Procore sets it is not documented',
		ifWrong: 'An event is recovered and delivered; the gate drops the duplicate.',
		check: cannot('Nobody knows what makes Procore set it.'),
	},
	{
		id: 'DELIVERY-RETENTION',
		assumes: 'Deliveries stay in the list for several days.',
		source: 'guess',
		ifWrong: 'Missed events of a long outage cannot be recovered.',
		check: cannot('A run takes minutes. The list of an old hook would show it.'),
	},
	{
		id: 'V1-DELIVERIES-ROWS',
		assumes:
			'On v1.0, each attempt is a row, with the outcome "ok" or "retried", and the filter "failing" includes the latter.',
		source: 'guess, from the examples of the reference',
		ifWrong: 'Attempts are counted as deliveries, or missed events are not found with V1.0.',
		check: can(
			'Lets an attempt fail, and reads the rows on v1.0, all and those that are failing.',
			...(['v1', 'receiver', 'change'] as const),
		),
	},
	{
		id: 'V1-DISCARDED-ROW',
		assumes:
			'On v1.0, an event that is discarded has a row for that besides those of its attempts.',
		source: 'guess, from the examples of the reference',
		ifWrong: 'With V1.0, events that Procore gave up are not found.',
		check: cannot('It takes 12 hours of failures.'),
	},
	{
		id: 'V1-DELIVERIES-ROW-ID',
		assumes: 'On v1.0, rows have an id, from which the next page starts.',
		source: 'documented (guide of 2024); the schema of the reference has none',
		ifWrong: 'With V1.0, only the first 100 attempts of a hook can be read.',
		check: can('Reads a row on v1.0.', 'v1', 'receiver', 'change'),
	},
	{
		id: 'V1-DELIVERIES-FILTER',
		assumes: 'On v1.0, the filter is "filters[status]"; "filter[status]" is understood too.',
		source: 'documented (reference, filters); the guide has filter',
		ifWrong: 'Nothing: rows are filtered again, at the cost of more pages.',
		check: can('Filters by both names on v1.0.', 'v1', 'receiver', 'change'),
	},
	{
		id: 'V1-DELIVERIES-PAGE',
		assumes: 'On v1.0, page_size is at most 100.',
		source: 'guess; that 100 is the default is documented (reference)',
		ifWrong: 'Nothing: 100 rows are asked for.',
		check: cannot('It takes a hook with more than 100 attempts.'),
	},
]);
