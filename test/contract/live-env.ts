/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readFileSync } from 'node:fs';

import { PROCORE_HOSTS } from '../../nodes/Procore/api/environment';
import { explainInvalidId } from '../../nodes/Procore/model/id';

const GRANTS = ['clientCredentials', 'authorizationCode'] as const;
export type Grant = (typeof GRANTS)[number];

/** What a run needs to know, from the env file. */
export interface LiveEnv {
	readonly environment: string;
	readonly loginUrl: string;
	readonly apiUrl: string;
	readonly clientId: string;
	readonly clientSecret: string;
	/** The first one makes the requests. */
	readonly grants: readonly [Grant, ...Grant[]];
	readonly callbackPort: number;
	readonly companyId: string;
	readonly projectId: string;
	/** Empty if nothing can be received. Without a slash at the end. */
	readonly publicUrl: string;
	readonly receiverPort: number;
	readonly changeResource: string;
	/** Empty if a person changes the record. */
	readonly changePath: string;
	readonly changeBody: string;
	readonly destinationUrl: string;
	/** How long to wait for an event. */
	readonly waitSeconds: number;
}

/** Parses lines of `NAME=value`; quotes around a value are removed. */
export function parseEnv(text: string): Map<string, string> {
	const values = new Map<string, string>();
	for (const line of text.split(/\r?\n/)) {
		const [, name, value = ''] = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
		if (name !== undefined) values.set(name, value.replace(/^(["'])(.*)\1$/, '$2'));
	}
	return values;
}

function isGrant(word: string): word is Grant {
	return GRANTS.some((grant) => grant === word);
}

function hostsOf(environment: string, values: Map<string, string>) {
	const known = Object.entries(PROCORE_HOSTS).find(([name]) => name === environment)?.[1];
	if (known !== undefined) return { loginUrl: known.login, apiUrl: known.api };
	const urlOf = (name: string) => (values.get(name) ?? '').replace(/\/+$/, '');
	return { loginUrl: urlOf('PROCORE_LOGIN_URL'), apiUrl: urlOf('PROCORE_API_URL') };
}

/** @throws Error that lists everything that is missing or wrong. */
export function liveEnvOf(values: Map<string, string>): LiveEnv {
	const problems: string[] = [];
	const text = (name: string, otherwise = '') => values.get(`PROCORE_${name}`) || otherwise;
	const required = (name: string) => {
		if (text(name) === '') problems.push(`PROCORE_${name} is empty.`);
		return text(name);
	};
	const port = (name: string, otherwise: string) => {
		const number = Number(text(name, otherwise));
		if (!Number.isInteger(number) || number < 0 || number > 65_535) {
			problems.push(`PROCORE_${name} is not a port.`);
		}
		return number;
	};
	const id = (name: string) => {
		const problem = text(name) === '' ? undefined : explainInvalidId(text(name), `PROCORE_${name}`);
		if (problem !== undefined) problems.push(problem);
		return required(name);
	};
	const environment = text('ENVIRONMENT', 'sandbox');
	const hosts = hostsOf(environment, values);
	if (!URL.canParse(hosts.apiUrl) || !URL.canParse(hosts.loginUrl)) {
		problems.push(
			'PROCORE_ENVIRONMENT needs PROCORE_LOGIN_URL and PROCORE_API_URL, or a known name.',
		);
	}
	const words = text('GRANTS', 'clientCredentials').split(/\s*,\s*/);
	const [first = 'clientCredentials', ...others] = words.filter(isGrant);
	if (!words.every(isGrant)) problems.push(`PROCORE_GRANTS takes ${GRANTS.join(' and ')}.`);
	const env: LiveEnv = {
		environment,
		...hosts,
		clientId: required('CLIENT_ID'),
		clientSecret: required('CLIENT_SECRET'),
		grants: [first, ...others],
		callbackPort: port('CALLBACK_PORT', '8765'),
		companyId: id('COMPANY_ID'),
		projectId: id('PROJECT_ID'),
		publicUrl: text('PUBLIC_URL').replace(/\/+$/, ''),
		receiverPort: port('RECEIVER_PORT', '8766'),
		changeResource: text('CHANGE_RESOURCE', 'RFIs'),
		changePath: text('CHANGE_PATH'),
		changeBody: text('CHANGE_BODY', '{}'),
		destinationUrl: text('DESTINATION_URL', 'https://n8n-contract.invalid/events'),
		waitSeconds: Number(text('WAIT_SECONDS')) || 120,
	};
	if (problems.length > 0) throw new Error(problems.join('\n'));
	return env;
}

/** @throws Error if there is no such file, or it lacks something. */
export function readLiveEnv(file: string): LiveEnv {
	if (!existsSync(file)) {
		throw new Error(
			`Could not find ${file}. Copy test/contract/live.env.example to live.env, fill it in, and try again.`,
		);
	}
	return liveEnvOf(parseEnv(readFileSync(file, 'utf8')));
}
