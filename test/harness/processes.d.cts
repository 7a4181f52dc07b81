import type { execFile, spawn } from 'node:child_process';

/** Runs a command to its end and gives back its output; rejects when it fails. */
export const runCommand: typeof execFile.__promisify__;

/** Starts a process that goes on running. */
export const startProcess: typeof spawn;
