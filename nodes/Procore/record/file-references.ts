import { isJsonObject, jsonObjects, text, textOrNull, type JsonObject } from '../model/json';
import { findEndpoint } from './catalogue';
import { FILE_FIELDS, type FileField } from './file-fields';
import { safeFileName, UniqueNames, withExtension } from './file-name';

/** What is known about a file of a record apart from its address. */
export interface UnlocatedFile {
	/** Safe as the name of a file, and unique among the files of the record. */
	readonly name: string;
	/** In bytes; null if Procore does not tell [FILE-FIELDS]. */
	readonly size: number | null;
	/** A MIME type; null if Procore does not tell [FILE-FIELDS]. */
	readonly contentType: string | null;
	/** The field of the record that contains the file, such as `questions.attachments`. */
	readonly field: string;
	/** The id of the attachment, image or version; null if it has none. */
	readonly id: string | null;
}

/** A file of a record, not yet downloaded. Its address expires, so it must come from a record that was just read. */
export interface FileReference extends UnlocatedFile {
	/** An absolute address. */
	readonly url: string;
}

/** In the order in which Procore's reference prefers them: `filename` is to be deprecated [FILE-FIELDS]. */
const NAMES = [
	...['name', 'filename', 'file_name'],
	...['prostore_file.name', 'prostore_file.filename'],
];

/** What `content_type` must look like, because it can also contain a file extension. */
const MIME_TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,96}$/;

/** Returns the objects at a path. Each part of the path can be an object or a list of objects. */
function objectsAt(value: unknown, path: readonly string[]): JsonObject[] {
	const objects = isJsonObject(value) ? [value] : jsonObjects(value);
	const [first, ...rest] = path;
	if (first === undefined) return objects;
	return objects.flatMap((object) => objectsAt(object[first], rest));
}

function partsOf(path: string): string[] {
	return path === '' ? [] : path.split('.');
}

function textAt(object: JsonObject, path: string): string {
	const parts = partsOf(path);
	const last = parts.pop() ?? '';
	const found = objectsAt(object, parts).map((parent) => text(parent[last]).trim());
	return found.find((each) => each !== '') ?? '';
}

function webUrl(value: unknown): string | undefined {
	const url = textOrNull(value)?.trim();
	if (url === undefined || !URL.canParse(url)) return undefined;
	return /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}

/** Returns the last part of an address's path as a name; empty if there is none. */
function nameInUrl(url: string): string {
	const last = new URL(url).pathname.split('/').at(-1) ?? '';
	try {
		return decodeURIComponent(last);
	} catch {
		return last;
	}
}

function bytesOf(value: unknown): number | null {
	const bytes = Number(textOrNull(value) ?? NaN);
	return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
}

/** Returns the newest version: that with the highest number, or of those without numbers the one created last. */
function newest(versions: readonly JsonObject[]): JsonObject[] {
	const rank = ({ number, created_at }: JsonObject): [number, number] => [
		Number(textOrNull(number) ?? NaN) || 0,
		Date.parse(text(created_at)) || 0,
	];
	const last = versions.reduce<JsonObject | undefined>((best, version) => {
		if (best === undefined) return version;
		const [[number, at], [bestNumber, bestAt]] = [rank(version), rank(best)];
		return number > bestNumber || (number === bestNumber && at > bestAt) ? version : best;
	}, undefined);
	return last === undefined ? [] : [last];
}

/** The name that options and output use for a field. */
function nameOf({ path, url = 'url' }: FileField): string {
	return path === '' ? url : path;
}

function nameOfFile(
	file: JsonObject,
	record: JsonObject,
	{ recordName = [], extension }: FileField,
	url: string,
): string {
	const fromRecord = recordName
		.map((field) => textAt(record, field))
		.filter((part) => part !== '')
		.join(' ');
	const own = NAMES.map((field) => textAt(file, field)).find((name) => name !== '') ?? '';
	const name = [fromRecord, own, nameInUrl(url)].find((candidate) => candidate !== '') ?? '';
	return extension === undefined || name === '' ? name : withExtension(name, extension);
}

function fieldsOf(resourceName: string): readonly FileField[] {
	const found = findEndpoint(resourceName);
	if (!found.ok || !Object.hasOwn(FILE_FIELDS, found.name)) return [];
	return FILE_FIELDS[found.name] ?? [];
}

/** Returns the names of the fields in which a resource has files; empty if it has none. */
export function fileFieldNames(resourceName: string): string[] {
	return fieldsOf(resourceName).map(nameOf);
}

/**
 * Lists the files of a record. A file that several fields contain is listed once. What does not look like a file is skipped,
 * because a field that Procore changed must not hide the other files.
 */
export function fileReferences(resourceName: string, record: JsonObject): FileReference[] {
	const names = new UniqueNames();
	const known = new Set<string>();
	const references: FileReference[] = [];
	for (const field of fieldsOf(resourceName)) {
		const found = objectsAt(record, partsOf(field.path));
		for (const file of field.isVersioned ? newest(found) : found) {
			const url = webUrl(file[field.url ?? 'url']);
			if (url === undefined) continue;
			const id = textOrNull(file.id);
			const name = safeFileName(nameOfFile(file, record, field, url), `file-${id ?? 'unnamed'}`);
			const keys = [url, ...(id === null ? [] : [JSON.stringify([id, name])])];
			if (keys.some((key) => known.has(key))) continue;
			for (const key of keys) known.add(key);
			const contentType = text(file.content_type);
			references.push({
				url,
				name: names.add(name),
				size: bytesOf(file[field.size ?? 'size']),
				contentType: MIME_TYPE.test(contentType) ? contentType : null,
				field: nameOf(field),
				id,
			});
		}
	}
	return references;
}
