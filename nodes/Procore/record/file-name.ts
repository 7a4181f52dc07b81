/** In bytes. Most file systems allow 255; the rest is for what later nodes add. */
const MAX_BYTES = 200;

const MAX_EXTENSION = 16;

/** Control characters, invisible ones such as those that reverse the direction of text, and halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Not allowed in file names on Windows; the slashes are not allowed anywhere. */
const FORBIDDEN = /[<>:"/\\|?*]/g;

/** Windows reserves these for devices, with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Splits a name before its extension; the extension includes the dot and can be empty. */
function split(name: string): [base: string, extension: string] {
	const dot = name.lastIndexOf('.');
	const hasExtension = dot > 0 && name.length - dot <= MAX_EXTENSION;
	return hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

function isDotOrSpace(character: string | undefined): boolean {
	return character === '.' || character === ' ';
}

/** Removes dots and spaces at both ends: a leading dot hides a file, and Windows drops trailing ones. */
function trimmed(name: string): string {
	let [start, end] = [0, name.length];
	while (start < end && isDotOrSpace(name[start])) start += 1;
	while (end > start && isDotOrSpace(name[end - 1])) end -= 1;
	return name.slice(start, end);
}

/** Shortens a name to a number of bytes, and keeps its extension. */
function shortened(name: string, maxBytes: number): string {
	if (Buffer.byteLength(name) <= maxBytes) return name;
	const [base, extension] = split(name);
	const available = maxBytes - Buffer.byteLength(extension);
	let kept = '';
	let bytes = 0;
	for (const character of base) {
		bytes += Buffer.byteLength(character);
		if (bytes > available) break;
		kept += character;
	}
	return `${trimmed(kept)}${extension}`;
}

/**
 * Makes a name from Procore safe as the name of a file on every system: without path, without invisible characters, and at
 * most 200 bytes long.
 *
 * @param fallback a safe name, used if nothing is left.
 */
export function safeFileName(name: string, fallback: string): string {
	const visible = name.normalize('NFC').replace(/\s+/g, ' ').replace(INVISIBLE, '');
	const safe = shortened(trimmed(visible.replace(FORBIDDEN, '-')), MAX_BYTES);
	if (!/[^-. ]/.test(safe)) return fallback;
	return RESERVED.test(safe) ? `_${safe}` : safe;
}

/** Adds the extension if the name has another one or none. */
export function withExtension(name: string, extension: string): string {
	const suffix = `.${extension}`;
	return name.toLowerCase().endsWith(suffix) ? name : `${name}${suffix}`;
}

/** Makes names unique without regard to case, as some file systems require: the second `a.pdf` becomes `a (2).pdf`. */
export class UniqueNames {
	private readonly taken = new Set<string>();

	add(name: string): string {
		const [base, extension] = split(name);
		let unique = name;
		for (let count = 2; this.taken.has(unique.toLowerCase()); count += 1) {
			unique = `${base} (${count})${extension}`;
		}
		this.taken.add(unique.toLowerCase());
		return unique;
	}
}
