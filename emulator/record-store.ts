import { idNumber } from './json';
import type { JsonObject } from './json';
import { LISTED } from './listed-resources';
import type { ProcoreEvent } from './model';

export interface ReadableResource {
	/** Procore's path in Express's form. */
	readonly path: string;
	/** The fields of a record by default, besides its id and, unless `untimed`, its times. */
	readonly fields: JsonObject;
	/** Whether no endpoint returns a single record: they are rows of a list. */
	readonly listed?: boolean;
	/** For a list: its rows are parents, which contain the records in this field. */
	readonly nestedIn?: string;
	/** Whether it is returned as in v2.x: inside `data`, with string ids. */
	readonly wrapped?: boolean;
	/** Without `created_at` and `updated_at`. */
	readonly untimed?: boolean;
	/** The field of an update's body that contains the values. */
	readonly writtenIn?: string;
}

/** One example of every way in which Procore returns records, from its REST reference [RECORD-FORMS]. */
export const READABLE: Readonly<Record<string, ReadableResource>> = {
	RFIs: {
		path: '/rest/v1.0/projects/:projectId/rfis/:id',
		fields: { number: '14', subject: 'Anchor bolts at grid C4', status: 'open' },
		writtenIn: 'rfi',
	},
	Submittals: {
		path: '/rest/v1.1/projects/:projectId/submittals/:id',
		fields: { number: '7', title: 'Curtain wall shop drawings', status: { name: 'Open' } },
	},
	'Observation Items': {
		path: '/rest/v1.0/observations/items/:id',
		fields: { number: '31', name: 'Loose guard rail', status: 'initiated' },
	},
	'Punch Items': {
		path: '/rest/v1.1/punch_items/:id',
		fields: { position: 4, name: 'Paint touch-up', status: 'Initiated' },
	},
	Images: {
		path: '/rest/v1.0/images/:id',
		fields: { filename: 'IMG_0412.jpg', image_category_name: 'Progress Photos' },
	},
	'Project Files': {
		path: '/rest/v1.0/files/:id',
		fields: { name: 'Specs.pdf', file_type: 'PDF', file_versions: [] },
	},
	'Change Order Packages': {
		path: '/rest/v1.0/change_order_packages/:id',
		fields: { number: '003', title: 'Extra rebar', status: 'pending', grand_total: '18250.00' },
	},
	'Company Vendors': {
		path: '/rest/v1.0/vendors/:id',
		fields: { name: 'Brightwater Electric', is_active: true },
	},
	'Manpower Logs': {
		path: '/rest/v1.0/projects/:projectId/manpower_logs/:id',
		fields: {
			date: '2026-11-17',
			num_workers: 4,
			num_hours: '8.0',
			man_hours: '32.0',
			notes: 'Formwork on level 2',
			vendor: { id: 5503877, name: 'Brightwater Electric' },
		},
	},
	Departments: {
		path: '/rest/v1.0/departments/:id',
		fields: { name: 'Estimating', origin_id: null },
		untimed: true,
	},
	'Coordination Issues': {
		path: '/rest/v2.0/companies/:companyId/projects/:projectId/coordination_issues/:id',
		fields: { title: 'Duct meets beam', status: 'open' },
		wrapped: true,
	},
	'Purchase Order Contract Line Items': {
		path: '/rest/v1.0/purchase_order_contracts/:parentId/line_items/:id',
		fields: { description: 'Rebar #5', amount: '1200.00' },
	},
	'Change Types': {
		path: '/rest/v1.0/change_types',
		fields: { change_type: 'Owner Change', abbreviation: 'OC' },
		listed: true,
		untimed: true,
	},
	'Meeting Topics': {
		path: '/rest/v1.1/projects/:projectId/meeting_topics',
		fields: { number: '1.5', title: 'Crane schedule', status: 'Open' },
		listed: true,
	},
	'Change Event Line Items': {
		path: '/rest/v1.1/change_events',
		fields: { description: 'Extra rebar', item_type: 'line_item' },
		listed: true,
		nestedIn: 'change_items',
	},
	'Specification Areas': {
		path: '/rest/v2.1/companies/:companyId/projects/:projectId/specification_areas',
		fields: { name: 'Volume 1' },
		listed: true,
		wrapped: true,
	},
};

const A_MONTH_MS = 30 * 86_400_000;

interface Version {
	/** In real milliseconds, because clients wait in real time. */
	readonly madeAt: number;
	/** The time of the change in virtual milliseconds; `updated_at` has its second. */
	readonly changedAt: number;
	/** Null if the record is deleted. */
	readonly body: JsonObject | null;
}

/** What an event says about its record. */
type RecordEvent = Pick<
	ProcoreEvent,
	| 'resourceName'
	| 'resourceId'
	| 'companyId'
	| 'projectId'
	| 'relatedResources'
	| 'eventType'
	| 'time'
>;

type Form = Pick<ReadableResource, 'fields' | 'wrapped' | 'untimed'>;

/** Undefined for a resource whose records cannot be read. */
function formOf(resourceName: string): Form | undefined {
	return READABLE[resourceName] ?? LISTED[resourceName];
}

export interface StoredRecord {
	readonly resourceName: string;
	readonly id: string;
	readonly companyId: string;
	readonly projectId: string | null;
	readonly parentId: string | null;
	readonly versions: Version[];
}

/** `updated_at` has whole seconds, unlike the event's timestamp. */
function times(created: number, updated: number): JsonObject {
	const text = (time: number) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
	return { created_at: text(created), updated_at: text(updated) };
}

/** The records that events refer to. A record is created by the first event about it. */
export class RecordStore {
	/** Real milliseconds for which a read still returns the state before a change [RECORD-READ-LAG]. */
	lagMs = 0;

	/** What new records have besides the fields of their resource, by its name. */
	newFields: Readonly<Record<string, JsonObject>> = {};

	private readonly records = new Map<string, StoredRecord>();

	reset(): void {
		this.lagMs = 0;
		this.newFields = {};
		this.records.clear();
	}

	/** Adds a record that existed before the first event about it. */
	add(record: Omit<RecordEvent, 'relatedResources' | 'eventType'>): void {
		const resource = formOf(record.resourceName);
		if (!resource) return;
		this.recordOf({ ...record, relatedResources: [], eventType: 'update' }, resource);
	}

	/** Applies the change of an event; `fields` are the values that it sets. */
	apply(event: ProcoreEvent, fields: JsonObject): void {
		const resource = formOf(event.resourceName);
		if (!resource) return;
		const record = this.recordOf(event, resource);
		const last = record.versions.at(-1)?.body ?? {};
		const madeAt = Date.now();
		if (event.eventType === 'delete') {
			record.versions.push({ madeAt, changedAt: event.time, body: null });
			return;
		}
		const created = Date.parse(String(last.created_at ?? event.timestamp));
		const body = {
			...this.newBody(event, resource),
			...last,
			...(resource.untimed ? {} : times(created, event.time)),
			...fields,
		};
		const given = fields.updated_at;
		const changedAt = typeof given === 'string' ? Date.parse(given) : event.time;
		record.versions.push({ madeAt, changedAt, body });
	}

	/** What a read returns at this moment. */
	visible(record: StoredRecord): JsonObject | null {
		return this.visibleVersion(record)?.body ?? null;
	}

	/** The version that a read sees at this moment; undefined if it does not see the record yet. */
	visibleVersion({ versions }: StoredRecord): Version | undefined {
		const seenUntil = Date.now() - this.lagMs;
		return versions.filter(({ madeAt }) => madeAt <= seenUntil).at(-1);
	}

	of(resourceName: string, companyId: string, projectId: string | null): StoredRecord[] {
		return [...this.records.values()].filter(
			(record) =>
				record.resourceName === resourceName &&
				record.companyId === companyId &&
				record.projectId === projectId,
		);
	}

	private newBody(
		{ resourceName, resourceId }: Pick<ProcoreEvent, 'resourceName' | 'resourceId'>,
		{ fields, wrapped }: Form,
	): JsonObject {
		const id = wrapped ? resourceId : idNumber(resourceId);
		return { id, ...fields, ...this.newFields[resourceName] };
	}

	private recordOf(event: RecordEvent, resource: Form): StoredRecord {
		const key = `${event.resourceName} ${event.resourceId}`;
		const known = this.records.get(key);
		if (known) return known;
		const { resourceName, resourceId, companyId, projectId, relatedResources, time } = event;
		const long = time - A_MONTH_MS;
		const before = {
			...this.newBody(event, resource),
			...(resource.untimed ? {} : times(long, long)),
		};
		const record: StoredRecord = {
			resourceName,
			id: resourceId,
			companyId,
			projectId,
			parentId: relatedResources[0]?.id ?? null,
			// A record that is updated or deleted existed before.
			versions: event.eventType === 'create' ? [] : [{ madeAt: 0, changedAt: long, body: before }],
		};
		this.records.set(key, record);
		return record;
	}
}
