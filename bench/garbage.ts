/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const collect = (() => {
	setFlagsFromString('--expose-gc');
	const gc: unknown = runInNewContext('gc');
	if (typeof gc !== 'function') throw new Error('This Node does not expose its gc');
	return () => {
		gc();
	};
})();

/** The live memory of this process, in megabytes. */
export function liveMegabytes(): number {
	collect();
	return process.memoryUsage().heapUsed / 1024 / 1024;
}
