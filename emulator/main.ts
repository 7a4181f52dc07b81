/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { parseArgs } from 'node:util';

import { EmulatorControl } from './control-client';
import { SAMPLE_RECORDS } from './sample-files';
import { startEmulator } from './server';

const USAGE = `Usage: npm run emulator -- [options]

  --port <number>      port to listen on (default 8787; 0: any free one)
  --host <address>     address to listen on (default 127.0.0.1)
  --speed <factor>     clock factor: 60 makes an hour of Procore's a minute (default 1)
  --latency <ms>       wait before every answer (default 0)
  --https-only         refuse http destinations on loopback hosts too
  --v1-removed         answer 404 to every call of Webhooks API v1.0
  --sample-files       RFIs, images, project files and drawings have files ("npm run emulator" sets it)
`;

function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

function numberOption(text: string, name: string): number {
	const value = Number(text);
	if (text.trim() === '' || Number.isNaN(value) || value < 0) {
		throw new Error(`--${name} must be a number`);
	}
	return value;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '8787' },
			host: { type: 'string', default: '127.0.0.1' },
			speed: { type: 'string', default: '1' },
			latency: { type: 'string', default: '0' },
			'https-only': { type: 'boolean', default: false },
			'v1-removed': { type: 'boolean', default: false },
			'sample-files': { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(USAGE);
		return;
	}
	const emulator = await startEmulator({
		port: numberOption(values.port, 'port'),
		host: values.host,
		speed: numberOption(values.speed, 'speed'),
		latencyMs: numberOption(values.latency, 'latency'),
		httpsOnly: values['https-only'],
		sampleFiles: values['sample-files'],
		...(values['v1-removed'] ? { v1Removed: 404 } : {}),
	});
	const seed = await new EmulatorControl(emulator.url).seed();

	print(`Page           ${emulator.url}/`);
	print(`Login URL      ${emulator.url}`);
	print(`API URL        ${emulator.url}`);
	print(`Client ID      ${seed.clientId}`);
	print(`Client secret  ${seed.clientSecret}`);
	print(`Web login      ${seed.webUser.login} / ${seed.webUser.password}`);
	for (const company of [...seed.companies, seed.unconnectedCompany]) {
		const note = company === seed.unconnectedCompany ? ' (app not connected)' : '';
		print(`Company        ${company.id}  ${company.name}${note}`);
		for (const project of company.projects) {
			print(`  Project      ${project.id}  ${project.name}${project.active ? '' : ' (inactive)'}`);
		}
	}
	if (values['sample-files']) {
		for (const [resourceName, id] of Object.entries(SAMPLE_RECORDS)) {
			print(`With files     ${id}  ${resourceName}`);
		}
	}
	print(`EMULATOR_READY ${emulator.url}`);

	const stop = () => {
		void emulator.stop().then(() => process.exit(0));
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
