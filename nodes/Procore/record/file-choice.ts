import type { FileReference } from './file-references';

/** Which files of a record to download. */
export interface FileChoice {
	/** Names of fields, such as `questions.attachments`; empty for all. */
	readonly fields: readonly string[];
	/** Extensions without a dot, in lower case; empty for all. */
	readonly types: readonly string[];
	readonly maxBytes: number;
}

/** Normalizes file types that a user entered: `.PDF` and `pdf` are the same. */
export function fileTypes(entered: readonly string[]): string[] {
	return entered.map((type) => type.trim().replace(/^\./, '').toLowerCase()).filter(Boolean);
}

function extensionOf(name: string): string {
	const dot = name.lastIndexOf('.');
	return dot === -1 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Keeps the files in the selected fields and of the selected types. Their sizes are checked later, because a file that is too large is returned with the reason. */
export function selectFiles<File extends Pick<FileReference, 'field' | 'name'>>(
	files: readonly File[],
	{ fields, types }: FileChoice,
): File[] {
	return files.filter(
		({ field, name }) =>
			(fields.length === 0 || fields.includes(field)) &&
			(types.length === 0 || types.includes(extensionOf(name))),
	);
}

const BYTES_PER_MB = 1024 * 1024;

/** Converts the maximum size that a user entered. */
export function bytesOfMegabytes(megabytes: number): number {
	return Math.floor(megabytes * BYTES_PER_MB);
}

/** Explains why a file was not downloaded. */
export function explainTooLarge(name: string, bytes: number | null, maxBytes: number): string {
	const inMegabytes = (size: number) => (size / BYTES_PER_MB).toFixed(1);
	const size = bytes === null ? 'larger' : `${inMegabytes(bytes)} MB, larger`;
	return `${name} is ${size} than the maximum of ${inMegabytes(maxBytes)} MB. Increase Maximum Size (MB) to download it.`;
}

/** Finds the same file in a record that was read again. Its address is a new one. */
export function sameFile(
	files: readonly FileReference[],
	{ field, id, name }: Pick<FileReference, 'field' | 'id' | 'name'>,
): FileReference | undefined {
	return files.find(
		(file) => file.field === field && (id === null ? file.name === name : file.id === id),
	);
}
