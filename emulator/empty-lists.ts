import type { Level } from './resources';

/** A list of records of which none is emulated. */
export interface EmptyList {
	/** Procore's path in Express's form. */
	readonly path: string;
	readonly level: Level;
	/** Whether it is returned as in v2.x, inside `data`. */
	readonly wrapped?: boolean;
}

/** Lists of the reference, of resources that Procore sends events for. They are there, and stay empty [RECORD-PATHS]. */
export const EMPTY_LISTS: readonly EmptyList[] = [
	{ path: '/rest/v1.0/change_order_change_reasons', level: 'company' },
	{ path: '/rest/v1.0/companies/:companyId/timecard_time_types', level: 'company' },
	{ path: '/rest/v1.0/budget_view_snapshots', level: 'project' },
	{ path: '/rest/v1.0/coordination_issue_activities', level: 'project' },
	{ path: '/rest/v1.0/projects/:projectId/drawing_sets', level: 'project' },
	{ path: '/rest/v1.0/specification_section_divisions', level: 'project' },
	{ path: '/rest/v1.0/specification_sections', level: 'project' },
	{ path: '/rest/v1.1/projects/:projectId/drawing_areas', level: 'project' },
	{
		path: '/rest/v2.0/companies/:companyId/projects/:projectId/budget_changes/adjustment_line_items',
		level: 'project',
		wrapped: true,
	},
];
