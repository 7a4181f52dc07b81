import { prepareN8n } from '../harness/global-setup';

/** Every suite here starts its own n8n, which it breaks. */
export default async function globalSetup(): Promise<void> {
	await prepareN8n();
}
