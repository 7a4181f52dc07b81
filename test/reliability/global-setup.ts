import { prepareN8n } from '../harness/global-setup';

/** Every suite here starts an n8n of its own, which it breaks. */
export default async function globalSetup(): Promise<void> {
	await prepareN8n();
}
