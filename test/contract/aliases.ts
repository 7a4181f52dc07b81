import { createHmac, randomBytes } from 'node:crypto';

import { listAt, objectAt, textAt } from '../harness/json';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What a replaced value was; each kind keeps its form. */
export type Kind = 'id' | 'ulid' | 'uuid' | 'email' | 'host' | 'token' | 'text' | 'key';

/** A number that starts with 1 and zeros, with as many digits as the id, and at least five. */
function digits(original: string, count: number): string {
	const length = Math.max(original.length, 5, String(count).length + 1);
	return `1${String(count).padStart(length - 1, '0')}`;
}

function ulid(count: number): string {
	const letters = [...String(count)].map((digit) => CROCKFORD[Number(digit)]).join('');
	return `01${letters.padStart(24, '0')}`;
}

function uuid(count: number): string {
	return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
}

/** Replaces values consistently: the same original always gets the same alias, and another one a different alias. */
export class Aliases {
	/** By the fingerprint of what they replace. */
	private readonly aliases = new Map<string, string>();

	/** Fingerprints. */
	private readonly originals = new Set<string>();

	private readonly counts = new Map<string, number>();

	/** @param key for the fingerprints; with another one, stored aliases are not found again. */
	constructor(private readonly key: string = randomBytes(32).toString('hex')) {}

	/** The aliases for a run that resumes this one, without what they replace. */
	toJson(): object {
		const { aliases, originals, counts } = this;
		return { aliases: [...aliases], originals: [...originals], counts: Object.fromEntries(counts) };
	}

	/** Restores what {@link toJson} returned. */
	restore(stored: unknown): void {
		for (const pair of listAt(stored, 'aliases')) {
			const [name, alias] = [textAt(pair, 0), textAt(pair, 1)];
			if (name !== undefined && alias !== undefined) this.aliases.set(name, alias);
		}
		for (const original of listAt(stored, 'originals')) this.originals.add(String(original));
		for (const [word, count] of Object.entries(objectAt(stored, 'counts')))
			this.counts.set(word, Number(count));
	}

	/** @param word begins the alias of a text, for example `name` in `name-1`. */
	of(kind: Kind, original: string, word: string = kind): string {
		const name = this.fingerprint(`${kind} ${word} ${original}`);
		const known = this.aliases.get(name);
		if (known !== undefined) return known;
		this.originals.add(this.fingerprint(original));
		let alias: string;
		do alias = this.next(kind, original, word);
		while (this.originals.has(this.fingerprint(alias)));
		this.aliases.set(name, alias);
		return alias;
	}

	private fingerprint(text: string): string {
		return createHmac('sha256', this.key).update(text).digest('base64url');
	}

	private next(kind: Kind, original: string, word: string): string {
		const count = (this.counts.get(word) ?? 0) + 1;
		this.counts.set(word, count);
		switch (kind) {
			case 'id':
				return digits(original, count);
			case 'ulid':
				return ulid(count);
			case 'uuid':
				return uuid(count);
			case 'email':
				return `person-${count}@mail.example`;
			case 'host':
				return `host-${count}.example`;
			default:
				return `${word}-${count}`;
		}
	}
}
