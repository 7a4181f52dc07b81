/** The user of a credential. `login` is an e-mail address. */
export interface User {
	id: string;
	login: string;
}

/** A company in which the app is installed. */
export interface Company {
	id: string;
	name: string;
	is_active: boolean;
}

/** A project. `display_name` is the project number and the name. */
export interface Project {
	id: string;
	name: string;
	display_name: string;
}

/** The fields of an active project that matter to its hook. */
export interface ActiveProject {
	readonly id: string;
	/** When the project's settings changed, ISO 8601; empty if unknown. */
	readonly updated_at: string;
}

/** The state of a project. `gone` includes a project that the account can no longer access. */
export type ProjectState = 'active' | 'closed' | 'gone';
