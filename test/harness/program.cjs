// Runs a program other than a Node script as a child of this process, which ends it when asked to stop or when its
// own parent is gone. Arguments: the user and group ids to run it as (or -), then the program and its arguments.
const { startProcess } = require('./processes.cjs');

const [uid, gid, command, ...args] = process.argv.slice(2);
const identity = uid === '-' ? {} : { uid: Number(uid), gid: Number(gid) };
const child = startProcess(command, args, { ...identity, stdio: ['ignore', 'inherit', 'inherit'] });
// After a SIGTERM, PostgreSQL waits for its clients to disconnect; after a SIGINT, it and Redis stop gracefully at
// once.
process.on('SIGTERM', () => child.kill('SIGINT'));
child.once('error', (error) => {
	console.error(error.message);
	process.exit(1);
});
child.once('exit', (code, signal) => process.exit(signal === null ? code : 1));
