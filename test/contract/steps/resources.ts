import { includesEventType, isUsualEventType } from '../../../nodes/Procore/model/trigger';
import {
	normalizePayloadVersion,
	PAYLOAD_VERSIONS,
} from '../../../nodes/Procore/model/payload-version';
import { text } from '../../../nodes/Procore/model/json';
import { findEndpoint } from '../../../nodes/Procore/record/catalogue';
import type { Step } from '../step';
import { get, rows } from './requests';

const RESOURCES: Step = {
	name: 'resources',
	title: 'what the company and the project can subscribe to',
	checks: [
		'RESOURCES-VERSION',
		'RESOURCES-SCOPE',
		'V4-CATALOGUE',
		'RESOURCE-NAMES',
		'V2-PAGE-SIZE',
		'PAGE-HEADERS',
	],
	async run(run) {
		const { sanitizer, exchanges } = run.parts;
		const { webhooks } = await run.procore('v2.0');
		const names = new Map<string, Set<string>>();
		for (const version of PAYLOAD_VERSIONS) {
			const answer = await get(run, 'v2.0', run.project, '/resources', {
				payload_version: version,
				per_page: 100,
			});
			const other = rows('v2.0', answer).filter(
				(row) => normalizePayloadVersion(text(row.payload_version)) !== version,
			);
			run.check(
				'RESOURCES-VERSION',
				other.length === 0,
				`${version}: ${other.length} rows of other versions`,
				answer,
			);
			const all = await webhooks.listResources(run.project, version);
			names.set(version, new Set(all.map(({ model }) => model.name)));
			for (const { model } of all) {
				const unusual = model.events.filter((event) => !isUsualEventType(event));
				if (unusual.length === 0) continue;
				const words = unusual.map((event) => sanitizer.sentence(event)).join(', ');
				exchanges.notes.push(
					`${version}: ${sanitizer.toolName(model.name)} has other actions: ${words}.`,
				);
			}
		}
		const [old, latest] = [
			names.get('v2.0') ?? new Set<string>(),
			names.get('v4.0') ?? new Set<string>(),
		];
		const lost = [...old].filter((name) => !latest.has(name));
		run.check('V4-CATALOGUE', lost.length === 0, `v4.0 lacks ${lost.length} resources of v2.0`);
		const added = [...latest]
			.filter((name) => !old.has(name))
			.map((name) => sanitizer.toolName(name));
		exchanges.notes.push(`Only v4.0 has: ${added.join(', ') || 'nothing'}.`);
		const company = new Set(
			(await webhooks.listResources(run.company, 'v2.0')).map(({ model }) => model.name),
		);
		const isSplit = old.has('RFIs') && !company.has('RFIs');
		run.check(
			'RESOURCES-SCOPE',
			isSplit,
			isSplit ? 'RFIs in the project only' : 'RFIs are not in the project only',
		);
		const unknown = [...old, ...company].filter((name) => !findEndpoint(name).ok);
		const told = unknown.map((name) => sanitizer.toolName(name)).join(', ');
		run.check(
			'RESOURCE-NAMES',
			unknown.length === 0,
			`${unknown.length} unknown resources${told === '' ? '' : ` (${told})`}`,
		);

		const query = { payload_version: 'v2.0' };
		const usual = await get(run, 'v2.0', run.project, '/resources', query);
		const large = await get(run, 'v2.0', run.project, '/resources', { ...query, per_page: 101 });
		const [few, many] = [rows('v2.0', usual).length, rows('v2.0', large).length];
		if (old.size <= 10) {
			run.skip('V2-PAGE-SIZE', 'The project offers too few resources.');
			run.skip('PAGE-HEADERS', 'The project offers too few resources.');
			return;
		}
		run.check(
			'V2-PAGE-SIZE',
			few === 10 && many <= 100,
			`${few} rows by default, ${many} of 101`,
			few === 10 ? large : usual,
		);
		const { total, link = '', 'per-page': perPage } = usual.headers;
		const holds = Number(total) > few && Number(perPage) === few && /rel="?next/.test(link);
		const present = `Total ${total === undefined ? 'missing' : 'present'}, Per-Page ${perPage === undefined ? 'missing' : 'present'}, Link ${link === '' ? 'missing' : 'present'}`;
		run.check('PAGE-HEADERS', holds, present);
	},
};

const RESOURCES_V1: Step = {
	name: 'resources-v1',
	title: 'what the project can subscribe to on v1.0',
	checks: ['V1-RESOURCES-FORM', 'V1-RESOURCES-VERSION'],
	needs: ['v1'],
	async run(run) {
		const { webhooks } = await run.procore('v2.0');
		const known = new Map(
			(await webhooks.listResources(run.project, 'v2.0')).map(({ model }) => [
				model.name,
				model.events,
			]),
		);
		for (const version of ['v2', 'v4']) {
			const answer = await get(run, 'v1.0', run.project, '/resources', { api_version: version });
			const all = rows('v1.0', answer);
			const other = all.filter(
				(row) => text(row.api_version) !== version && text(row.api_version) !== `${version}.0`,
			);
			const came = `${version}: ${all.length} rows, ${other.length} of other versions`;
			run.check('V1-RESOURCES-VERSION', all.length > 0 && other.length === 0, came, answer);
			if (version !== 'v2') continue;
			const isAsAssumed = all.every((row) => {
				const events = known.get(text(row.tools));
				const except = Array.isArray(row.except) ? row.except.map((word) => text(word)) : undefined;
				return (
					except !== undefined &&
					(events === undefined || !except.some((word) => includesEventType(events, word)))
				);
			});
			run.check(
				'V1-RESOURCES-FORM',
				isAsAssumed,
				isAsAssumed ? 'as on v2.0' : 'tools and except do not fit v2.0',
				answer,
			);
		}
	},
};

export const RESOURCE_STEPS: readonly Step[] = [RESOURCES, RESOURCES_V1];
