import { isOwnHost } from '../../../nodes/Procore/api/file-access';
import { People } from '../../../nodes/Procore/api/people';
import { readWebHost } from '../../../nodes/Procore/api/web-host';
import { text, type JsonObject } from '../../../nodes/Procore/model/json';
import { fileReferences } from '../../../nodes/Procore/record/file-references';
import { planPdf } from '../../../nodes/Procore/record/pdf';
import { fetchedHeaders } from '../fetched-headers';
import type { Run } from '../run';
import type { Step } from '../step';

/** How a request for the first byte of a file ended. */
interface Opened {
	readonly status: number;
	/** The target of a redirect; empty if there is none. */
	readonly target: string;
}

/** Looks for files in the records that a run reads, and opens one of each host. */
export class FileChecks {
	private readonly found: string[] = [];

	private readonly hosts = new Set<string>();

	constructor(private readonly run: Run) {}

	/** Looks for files in a record, and requests its PDF if Procore makes one. */
	async look(resourceName: string, record: JsonObject): Promise<void> {
		const name = this.run.parts.sanitizer.toolName(resourceName);
		await this.lookForPdf(name, resourceName, text(record.id));
		const references = fileReferences(resourceName, record);
		const [first] = references;
		if (first === undefined) return;
		const fields = [...new Set(references.map(({ field }) => field))].join(', ');
		this.found.push(`${references.length} in ${name} (${fields})`);
		const { host } = new URL(first.url);
		if (this.hosts.has(host)) return;
		this.hosts.add(host);
		await this.openOne(name, first.url);
	}

	/** Tells what was found. */
	finish(): void {
		this.run.parts.exchanges.notes.push(`Files: ${this.found.join('; ') || 'none'}.`);
		for (const id of ['FILE-ADDRESS', 'FILE-STORAGE', 'FILE-PDF'] as const) {
			const why =
				id === 'FILE-PDF'
					? 'No RFI or observation was read.'
					: 'No record that was read has a file.';
			if (!this.run.parts.verdicts.has(id)) this.run.skip(id, why);
		}
	}

	/** Requests the first byte of a file. */
	private async open(url: string, headers: Record<string, string>): Promise<Opened> {
		const response = await fetch(url, {
			headers: { ...headers, Range: 'bytes=0-0' },
			redirect: 'manual',
		});
		await response.body?.cancel();
		const { status } = response;
		const { origin, pathname, search } = new URL(url);
		const isApi = origin === new URL(this.run.env.apiUrl).origin;
		const path = `${isApi ? '' : origin}${pathname}${search}`;
		const shown = { method: 'GET', path, status, headers: fetchedHeaders(response.headers) };
		this.run.parts.exchanges.add({ ...shown, body: '' }, false);
		const location = response.headers.get('location') ?? '';
		const target =
			location !== '' && URL.canParse(location, url) ? new URL(location, url).href : '';
		return { status, target };
	}

	private get credentials(): Record<string, string> {
		const { account } = this.run.parts;
		return {
			Authorization: `Bearer ${account.accessToken}`,
			'Procore-Company-Id': this.run.env.companyId,
		};
	}

	private async openOne(name: string, url: string): Promise<void> {
		const { account } = (await this.run.procore('v2.0')).transport;
		const isOwn = isOwnHost(url, account);
		const { status, target } = await this.open(url, isOwn ? this.credentials : {});
		const leads = target !== '' && !isOwnHost(target, account);
		const place = isOwn ? "on Procore's own host" : 'on another host';
		const came = `${name}, ${place}: status ${status}${leads ? ', to another host' : ''}`;
		this.run.check('FILE-ADDRESS', status < 300 || target !== '', came);
		if (!leads) return;
		const stored = await this.open(target, {});
		const told = `without the token: status ${stored.status}`;
		this.run.check('FILE-STORAGE', stored.status < 300, told);
	}

	private async lookForPdf(name: string, resourceName: string, recordId: string): Promise<void> {
		const { companyId, projectId, apiUrl } = this.run.env;
		const subject = { resourceName, recordId, companyId, projectId, relatedResources: [] };
		const plan = planPdf(subject);
		if (plan === undefined) return;
		const search = new URLSearchParams(plan.query).toString();
		const url = `${apiUrl}${plan.path}${search === '' ? '' : `?${search}`}`;
		const { status, target } = await this.open(url, this.credentials);
		this.run.check('FILE-PDF', status < 300 || target !== '', `${name}: status ${status}`);
	}
}

const CONTEXT: Step = {
	name: 'names-and-links',
	title: 'the name of a user, and the web host of the company',
	checks: ['PERSON-FORM', 'WEB-HOST'],
	async run(run) {
		const { companyId, projectId } = run.env;
		const { transport, directory } = await run.procore('v2.0');
		const me = await directory.me(companyId);
		const people = new People(transport);
		const found = [
			await people.inCompany(companyId, me.id),
			await people.inProject(companyId, projectId, me.id),
		].flatMap((answer) => (answer.kind === 'found' ? [answer.person] : []));
		for (const { name, email } of found) {
			run.parts.sanitizer.learn([name ?? '', email ?? '']);
			const came = `name ${name === null ? 'missing' : 'present'}, email_address ${email === null ? 'missing' : 'present'}`;
			run.check('PERSON-FORM', name !== null && email !== null, came);
		}
		if (found.length === 0) run.skip('PERSON-FORM', 'The user of the run is in neither directory.');
		const host = await readWebHost(transport, companyId);
		const isWeb = typeof host === 'string' && /^https?:\/\//.test(host);
		run.check('WEB-HOST', isWeb, isWeb ? 'an address' : 'no address');
	},
};

export const CONTEXT_STEPS: readonly Step[] = [CONTEXT];
