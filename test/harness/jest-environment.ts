/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { existsSync, readFileSync } from 'node:fs';
import { tail } from './server-process';
import { N8N_LOG_FILE } from './stack';

/** Jest's default environment, which also prints what n8n wrote during a test that failed. */
export default class extends TestEnvironment {
	private logLength = 0;

	handleTestEvent(event: Circus.Event): void {
		switch (event.name) {
			case 'run_start':
			case 'test_start':
				this.logLength = this.log().length;
				break;
			case 'hook_failure':
				this.show(`a ${event.hook.type} hook`);
				break;
			case 'test_done':
				if (event.test.errors.length > 0) this.show(`"${event.test.name}"`);
				break;
		}
	}

	private show(where: string): void {
		const written = this.log().slice(this.logLength);
		process.stderr.write(`n8n during ${where}, which failed:\n${tail(written) || '(nothing)'}\n`);
	}

	private log(): string {
		const file = process.env[N8N_LOG_FILE];
		return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
	}
}
