/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core reads these while it loads; without them it would write into the user's home folder.
export const N8N_HOME = mkdtempSync(join(tmpdir(), 'n8n-core-test-'));
process.env.N8N_USER_FOLDER = N8N_HOME;
process.env.N8N_ENCRYPTION_KEY = 'a key for tests';
// Otherwise every error that a test provokes is printed.
process.env.N8N_LOG_LEVEL = 'silent';
