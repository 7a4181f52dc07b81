// Loaded into n8n with NODE_OPTIONS: its database takes three seconds longer to migrate, as it does after an update.
const Module = require('node:module');
const { setTimeout: delay } = require('node:timers/promises');

const LONGER_MS = 3_000;

const load = Module._load;

Module._load = function loadAndSlowDown(request, ...rest) {
	const loaded = Reflect.apply(load, this, [request, ...rest]);
	if (request === '@n8n/typeorm') {
		Module._load = load;
		const { prototype } = loaded.DataSource;
		const { runMigrations } = prototype;
		prototype.runMigrations = async function runSlowly(...options) {
			await delay(LONGER_MS);
			return await Reflect.apply(runMigrations, this, options);
		};
	}
	return loaded;
};
