import type { JsonObject } from './json';

/** What was read: in the model's words, and as Procore sent it, with every digit. */
export interface Read<T> {
	readonly model: T;
	readonly raw: JsonObject;
}
