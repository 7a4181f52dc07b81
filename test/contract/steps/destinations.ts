import { text } from '../../../nodes/Procore/model/json';
import type { Step } from '../step';
import { entity, tryHook } from './requests';

const DESTINATIONS: Step = {
	name: 'destinations',
	title: 'where a hook can point',
	checks: [
		'DESTINATION-HTTPS',
		'DESTINATION-PORT-QUERY',
		'DESTINATION-NOT-TRIED',
		'DESTINATION-SHARED',
	],
	async run(run) {
		const { project } = run;
		const create = async (destination_url: string, look: Parameters<typeof tryHook>[4]) => {
			const namespace = run.namespace();
			await tryHook(run, 'v2.0', project, { namespace, destination_url }, look);
		};
		await create('http://n8n-contract.invalid/events', (answer) => {
			run.check(
				'DESTINATION-HTTPS',
				answer.status === 400,
				`http: status ${answer.status}`,
				answer,
			);
		});
		await create('https://n8n-contract.invalid/events', (answer) => {
			run.check('DESTINATION-NOT-TRIED', answer.status === 201, `status ${answer.status}`, answer);
		});
		const url = new URL(run.env.destinationUrl);
		url.port = '8443';
		url.searchParams.set('contract', 'a b');
		await create(url.href, (answer, hook) => {
			const isSame = text(hook.destination_url) === url.href;
			const came = `status ${answer.status}, ${isSame ? 'the same URL' : 'another URL'} in the answer`;
			run.check('DESTINATION-PORT-QUERY', answer.status === 201 && isSame, came, answer);
		});
		await create(run.env.destinationUrl, async () => {
			await create(run.env.destinationUrl, (answer) => {
				run.check('DESTINATION-SHARED', answer.status === 201, `status ${answer.status}`, answer);
			});
		});
	},
};

const VERSIONS: Step = {
	name: 'payload-versions',
	title: 'how payload versions are spelled',
	checks: ['PAYLOAD-VERSION-SPELLING', 'V1-PAYLOAD-V4'],
	async run(run) {
		for (const version of run.generations) {
			for (const payload_version of ['v2', 'v2.0']) {
				const namespace = run.namespace();
				await tryHook(run, version, run.project, { namespace, payload_version }, (answer) => {
					const hook = entity(version, answer);
					const shown = text(hook.payload_version ?? hook.api_version);
					const isSame = shown === payload_version;
					const came = `${version}, ${payload_version}: status ${answer.status}, returned as ${run.parts.sanitizer.quoted(shown)}`;
					run.check('PAYLOAD-VERSION-SPELLING', answer.status === 201 && isSame, came, answer);
				});
			}
		}
		if (!run.hasV1) {
			run.skip('V1-PAYLOAD-V4', 'Webhooks API v1.0 does not answer.');
			return;
		}
		const namespace = run.namespace();
		await tryHook(run, 'v1.0', run.project, { namespace, payload_version: 'v4' }, (answer) => {
			run.check('V1-PAYLOAD-V4', answer.status === 201, `status ${answer.status}`, answer);
		});
	},
};

export const DESTINATION_STEPS: readonly Step[] = [DESTINATIONS, VERSIONS];
