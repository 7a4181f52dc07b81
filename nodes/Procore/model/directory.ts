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
