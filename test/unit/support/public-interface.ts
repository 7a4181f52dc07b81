/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { join } from 'node:path';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { ProcoreOAuth2Api } from '../../../credentials/ProcoreOAuth2Api.credentials';
import { Procore } from '../../../nodes/Procore/Procore.node';
import { ProcoreTrigger } from '../../../nodes/Procore/ProcoreTrigger.node';
import { repositoryRoot } from '../../harness/paths';

/** What a saved workflow or credential stores of a parameter. Labels and layout can change. */
interface SavedForm {
	type: string;
	default: unknown;
	/** The values of an options parameter, or the ways to fill in a resource locator. */
	values?: unknown[];
	/** Whether the parameter accepts several values. */
	multiple?: true;
}

/**
 * By node or credential, then by the parameter's path: the forms that the parameter has. Several parameters of one
 * name, shown at different times, are several forms.
 */
export type PublicInterface = Record<string, Record<string, SavedForm[]>>;

/** The reviewed copy that `npm run interface` writes. */
export const publicInterfaceFile = join(
	repositoryRoot,
	'test',
	'fixtures',
	'public-interface.json',
);

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

function isProperty(option: Option): option is INodeProperties {
	return 'type' in option;
}

function isCollection(option: Option): option is INodePropertyCollection {
	return 'values' in option;
}

function savedForm({ type, default: standard, options, modes, typeOptions }: INodeProperties) {
	const values = [
		...(options ?? []).flatMap((option) => ('value' in option ? [option.value] : [])),
		...(modes ?? []).map(({ name }) => name),
	];
	const form: SavedForm = { type, default: standard };
	if (values.length > 0) form.values = values.sort();
	if (typeOptions?.multipleValues === true) form.multiple = true;
	return form;
}

/** A property and everything inside it, by path. */
function withInner(property: INodeProperties, parent = ''): Array<[string, SavedForm]> {
	const path = `${parent}${property.name}`;
	const inner = (property.options ?? []).flatMap((option) => {
		if (isProperty(option)) return withInner(option, `${path}.`);
		if (!isCollection(option)) return [];
		return option.values.flatMap((value) => withInner(value, `${path}.${option.name}.`));
	});
	return [[path, savedForm(property)], ...inner];
}

function formsByPath(properties: INodeProperties[]): Record<string, SavedForm[]> {
	const forms = new Map<string, Map<string, SavedForm>>();
	for (const [path, form] of properties.flatMap((property) => withInner(property))) {
		const known = forms.get(path) ?? new Map<string, SavedForm>();
		forms.set(path, known.set(JSON.stringify(form), form));
	}
	return Object.fromEntries(
		[...forms]
			.sort(byText)
			.map(([path, known]) => [path, [...known].sort(byText).map(([, form]) => form)]),
	);
}

function byText([a]: [string, unknown], [b]: [string, unknown]): number {
	return a < b ? -1 : 1;
}

/** Describes every parameter of both nodes and of the credential. */
export function publicInterface(): PublicInterface {
	const [action, trigger, credential] = [
		new Procore(),
		new ProcoreTrigger(),
		new ProcoreOAuth2Api(),
	];
	return {
		[action.description.name]: formsByPath(action.description.properties),
		[trigger.description.name]: formsByPath(trigger.description.properties),
		[credential.name]: formsByPath(credential.properties),
	};
}

/** Describes each change that affects saved workflows in one sentence. */
export function interfaceChanges(before: PublicInterface, after: PublicInterface): string[] {
	return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((owner) => {
		const [old, now] = [before[owner] ?? {}, after[owner] ?? {}];
		const paths = [...new Set([...Object.keys(old), ...Object.keys(now)])];
		return paths.flatMap((path) =>
			formChanges(`${owner}: parameter "${path}"`, old[path], now[path]),
		);
	});
}

function formChanges(what: string, old?: SavedForm[], now?: SavedForm[]): string[] {
	if (now === undefined) return [`${what} was removed or renamed`];
	if (old === undefined) return [`${what} was added`];
	const values = (forms: SavedForm[]) =>
		new Set(forms.flatMap((form) => (form.values ?? []).map(String)));
	const gone = [...values(old)].filter((value) => !values(now).has(value));
	const added = [...values(now)].filter((value) => !values(old).has(value));
	const changes = [
		...gone.map((value) => `${what} lost its value "${value}"`),
		...added.map((value) => `${what} gained the value "${value}"`),
	];
	if (changes.length > 0 || JSON.stringify(old) === JSON.stringify(now)) return changes;
	return [`${what} changed from ${JSON.stringify(old)} to ${JSON.stringify(now)}`];
}
