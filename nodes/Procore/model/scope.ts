/**
 * The company or project of a hook. A company hook only gets company-level events; each project needs its own hook
 * [RESOURCES-SCOPE].
 */
export type Scope =
	| { readonly kind: 'company'; readonly companyId: string }
	| { readonly kind: 'project'; readonly companyId: string; readonly projectId: string };

/** Returns "project 902214" or "company 4501177", for messages. */
export function describeScope(scope: Scope): string {
	return scope.kind === 'company' ? `company ${scope.companyId}` : `project ${scope.projectId}`;
}

/** Returns a key that identifies a scope. */
export function scopeKey(scope: Scope): string {
	return scope.kind === 'company' ? `company:${scope.companyId}` : `project:${scope.projectId}`;
}
