/** Where a hook lives. A company hook hears company-level resources only; each project needs a hook of its own. */
export type Scope =
	| { readonly kind: 'company'; readonly companyId: string }
	| { readonly kind: 'project'; readonly companyId: string; readonly projectId: string };

/** "project 902214" or "company 4501177", for messages. */
export function describeScope(scope: Scope): string {
	return scope.kind === 'company' ? `company ${scope.companyId}` : `project ${scope.projectId}`;
}

/** The same for equal scopes, different for all others. */
export function scopeKey(scope: Scope): string {
	return scope.kind === 'company' ? `company:${scope.companyId}` : `project:${scope.projectId}`;
}
