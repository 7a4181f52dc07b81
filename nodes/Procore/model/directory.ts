/** Whom a credential stands for; `login` is an e-mail address. */
export interface User {
	id: string;
	login: string;
}

/** A company that the app is installed in. */
export interface Company {
	id: string;
	name: string;
	is_active: boolean;
}

/** A project; its `display_name` has the project's number before the name. */
export interface Project {
	id: string;
	name: string;
	display_name: string;
}

/** An active project, as far as a hook in it is concerned. */
export interface ActiveProject {
	readonly id: string;
	/** ISO 8601, of its settings; empty where Procore does not tell. */
	readonly updated_at: string;
}

/** What a look at one project tells; `gone` covers a project that the account may no longer see. */
export type ProjectState = 'active' | 'closed' | 'gone';
