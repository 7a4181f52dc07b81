import { can, cannot, listed } from './assumption';

/** How Procore sends an event, and what it does with the response. */
export const SENDING = listed([
	{
		id: 'SEND-AUTHORIZATION',
		assumes: 'The Authorization value arrives byte for byte.',
		source: 'documented (guide to webhooks); a client compares it in production',
		ifWrong: 'Every event is rejected as forged.',
		check: can('Compares the header of an event with the value of the hook.', 'receiver', 'change'),
	},
	{
		id: 'SEND-JSON',
		assumes: 'An event is one JSON object in a POST with Content-Type application/json.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'Events are rejected with a 400, and the queue stops.',
		check: can('Reads what arrives.', 'receiver', 'change'),
	},
	{
		id: 'SEND-HEADERS',
		assumes:
			'No header of an event besides Authorization says anything about it: no signature, no delivery id.',
		source: 'guess; only Authorization is documented',
		ifWrong: 'The product could verify more than it does.',
		check: can('Reports the names of all headers, and User-Agent.', 'receiver', 'change'),
	},
	{
		id: 'SEND-TIMEOUT',
		assumes: 'An answer within 5 seconds is in time, and one after 6 seconds is a failure.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'Slow workflows with Acknowledge "On Start" get their events twice.',
		check: can('Answers once after 6 seconds.', 'receiver', 'change'),
	},
	{
		id: 'SEND-2XX',
		assumes: 'Any 2xx is a success, 202 too.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'Acknowledge "Immediately" stops the queue.',
		check: can('Answers 202.', 'receiver', 'change'),
	},
	{
		id: 'RETRY-FIRST',
		assumes: 'After a failure, Procore tries again after about a second, then after about two.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'The health check calls a queue stuck too early or too late.',
		check: can('Answers 500 twice and measures.', 'receiver', 'change'),
	},
	{
		id: 'RETRY-SAME-BODY',
		assumes: 'A retry repeats the body unchanged, its id and ulid included.',
		source: 'guess',
		ifWrong: 'A retry is not recognized as a duplicate delivery.',
		check: can('Compares the bodies of two attempts.', 'receiver', 'change'),
	},
	{
		id: 'RETRY-GIVE-UP',
		assumes:
			'After 12 hours of failures, the whole queue, its head included, becomes "discarded"; the pause between two attempts is at most an hour.',
		source: 'documented (How Webhooks Work); that the head does too is a guess',
		ifWrong: 'Missed events are recovered too late, or not at all.',
		check: cannot('It takes 12 hours.'),
	},
	{
		id: 'FLUSH-KEEPS-HOOK',
		assumes: 'A flush does not disable the hook; one that is disabled can be enabled again.',
		source: 'guess; two pages of Procore contradict each other',
		ifWrong: 'Nothing: the safety check enables a disabled hook.',
		check: cannot('It takes 12 hours.'),
	},
	{
		id: 'QUEUE-WAITS',
		assumes: 'Later events of the same destination wait while one is retried.',
		source: 'documented (How Webhooks Work)',
		ifWrong: 'Events arrive out of order; a stuck queue is not noticed.',
		check: can('Holds the first of two changes up with a 500.', 'receiver', 'change'),
	},
	{
		id: 'QUEUE-PER-URL',
		assumes: 'Queues go by destination URL, across hooks.',
		source: 'guess; the guide says "endpoint"',
		ifWrong: 'Nothing in the product; the emulator is stricter than Procore.',
		check: cannot('It takes events of two scopes at the same time.'),
	},
	{
		id: 'ANSWER-410',
		assumes: 'A 410 is a failure like any other: the hook stays active.',
		source: 'guess',
		ifWrong:
			'Nothing: n8n and the product never answer 410; if a proxy does, the safety check creates the hook again.',
		check: can('Answers 410 once and reads the hook.', 'receiver', 'change'),
	},
	{
		id: 'DISABLED-GETS-NONE',
		assumes: 'A disabled hook gets no new events.',
		source: 'documented (reference)',
		ifWrong: 'Status Disabled does not stop events.',
		check: can('Changes a record while the hook is disabled.', 'receiver', 'change'),
	},
	{
		id: 'HOOK-CHANGE-QUEUE',
		assumes: 'Deliveries that wait follow a new URL of their hook.',
		source: 'guess',
		ifWrong: 'Repairing the URL of a hook loses the events that wait.',
		check: can('Changes the URL of a hook while an event is retried.', 'receiver', 'change'),
	},
	{
		id: 'HOOK-OFF-QUEUE',
		assumes:
			'Deliveries that wait keep waiting while their hook is disabled, and end with a deleted hook.',
		source: 'guess',
		ifWrong:
			'A safety check could have created a hook again where it kept one; the emulator is then unlike Procore.',
		check: cannot('It takes minutes in which nothing arrives, and a pause can always be longer.'),
	},
	{
		id: 'DUPLICATES-CLOSE',
		assumes: 'A duplicate delivery follows shortly after its original.',
		source: 'guess, because the queue waits for its head',
		ifWrong: 'A duplicate after several thousand events starts the workflow again.',
		check: cannot('It takes the traffic of weeks.'),
	},
]);
