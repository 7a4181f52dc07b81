import type { JsonObject } from './json';

/** An object from Procore: as the model, and as Procore sent it. */
export interface Read<T> {
	readonly model: T;
	readonly raw: JsonObject;
}
