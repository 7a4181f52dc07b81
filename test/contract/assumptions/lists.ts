import { can, cannot, listed } from './assumption';

/** Lists of records by the time of their last change. */
export const LISTS = listed([
	{
		id: 'LIST-UPDATED-AT',
		assumes:
			'filters[updated_at]=FROM...TO selects the records that changed in that time, in the lists whose reference has it.',
		source: 'documented (reference, filtering on list actions)',
		ifWrong:
			'Get Changed returns records that did not change, or none, and reconciliation finds nothing.',
		check: can('Lists each of them for a day long ago, and for all time.'),
	},
	{
		id: 'LIST-UPDATED-AT-ENDS',
		assumes:
			'Both ends of the range belong to it. Fractions of a second count, although updated_at does not show them.',
		source: 'guess',
		ifWrong: 'Nothing: the range is a second wider on both sides, and rows are filtered again.',
		check: can('Lists the second in which a record changed.'),
	},
	{
		id: 'LIST-UPDATED-AT-INVALID',
		assumes: 'A range that is not one gets a 400 or a 422.',
		source: 'guess',
		ifWrong: 'Nothing: the nodes send valid ranges.',
		check: can('Lists "yesterday".'),
	},
	{
		id: 'LIST-TIMES',
		assumes: 'Rows of these lists have updated_at, and most have created_at.',
		source: 'documented (reference)',
		ifWrong: 'Changed records are not found, or new ones look like changed ones.',
		check: can('Reads the rows.'),
	},
	{
		id: 'LIST-CHANGED-ORDER',
		assumes:
			'These lists have no order that could be relied on, so a row can move while pages are read.',
		source: 'guess: their order is not documented',
		ifWrong: 'Nothing: a list that changes meanwhile is read again.',
		check: cannot('It takes changes at the right moment.'),
	},
	{
		id: 'LIST-HIDES-INACTIVE',
		assumes: 'Lists of people and projects hide what is inactive, unless a filter includes it.',
		source: 'documented (reference)',
		ifWrong: 'Nothing: more rows are found.',
		check: cannot('The run deactivates nobody, and closes no project.'),
	},
	{
		id: 'LIST-CLOCK',
		assumes: 'The Date of an answer follows the clock that updated_at follows.',
		source: 'documented (HTTP, Date); that both are one clock is a guess',
		ifWrong: 'A change at the end of a window is found one run later, or twice.',
		check: cannot(
			'Two clocks that differ by less than a minute cannot be told apart from outside.',
		),
	},
]);
