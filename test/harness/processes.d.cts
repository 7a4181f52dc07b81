import type { execFile, spawn } from 'node:child_process';

/** Runs a command to its end and returns its output; rejects if it fails. */
export const runCommand: typeof execFile.__promisify__;

/** Starts a process that keeps running. */
export const startProcess: typeof spawn;
