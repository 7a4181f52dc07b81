import { RESOURCE_WORDS } from '../model/resource-words';
import { eventTypeKey, isUsualEventType, type WebhookResource } from '../model/trigger';

/** Returns `RFIs created`, or `Document Upload: Created` for an event type that only this resource has. */
export function eventName(resourceName: string, eventType: string): string {
	return isUsualEventType(eventType)
		? `${resourceName} ${eventTypeKey(eventType)}d`
		: `${resourceName}: ${eventType}`;
}

/** Puts the tool in front of a name that does not begin with it: `Photos: Images`. */
function withTool(tool: string, name: string): string {
	return tool === '' || name.toLowerCase().startsWith(tool.toLowerCase())
		? name
		: `${tool}: ${name}`;
}

function inParentheses(words: readonly string[]): string {
	return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

/** Returns the label of a resource: its tool, its name, and what people call it, so that a search finds it by each. */
export function resourceLabel({ name, tool }: Pick<WebhookResource, 'name' | 'tool'>): string {
	return withTool(tool, name) + inParentheses(RESOURCE_WORDS[name] ?? []);
}

/** Returns the label of an event, like {@link resourceLabel}: `Photos: Images updated (photo updated, photo changed, image)`. */
export function eventLabel(
	{ name, tool }: Pick<WebhookResource, 'name' | 'tool'>,
	eventType: string,
): string {
	const label = withTool(tool, eventName(name, eventType));
	const [usual, ...others] = RESOURCE_WORDS[name] ?? [];
	if (usual === undefined) return label;
	if (!isUsualEventType(eventType)) return label + inParentheses([usual, ...others]);
	const key = eventTypeKey(eventType);
	const verbs = { create: ['created'], update: ['updated', 'changed'], delete: ['deleted'] };
	const phrases = Object.entries(verbs)
		.flatMap(([type, words]) => (type === key ? words : []))
		.map((verb) => `${usual} ${verb}`);
	return label + inParentheses([...phrases, ...others]);
}
