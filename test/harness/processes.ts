/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

// The lint rule against starting processes is meant for nodes. What tests them has to, and does it
// through these two only.

/** Runs a command to its end and gives back its output; rejects when it fails. */
export const runCommand = promisify(execFile);

/** Starts a process that goes on running. */
export const startProcess: typeof spawn = spawn;
