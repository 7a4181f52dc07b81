/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { operations } from '../../nodes/Procore/actions/resources';
import { deliveryRow } from '../../nodes/Procore/delivery/row';
import { DeliverySummary } from '../../nodes/Procore/delivery/summary';
import { readDeliveryV2 } from '../../nodes/Procore/api/read-delivery';
import { readHook } from '../../nodes/Procore/api/read-hook';
import { readTrigger } from '../../nodes/Procore/api/read-trigger';
import { jsonObject, jsonObjects, parseJson } from '../../nodes/Procore/model/json';
import { readEvent } from '../../nodes/Procore/model/event';
import { repositoryRoot } from '../harness/paths';
import { fixtureText } from './support/fixtures';

const FOLDER = join(repositoryRoot, 'nodes', 'Procore', '__schema__');

/** Whose output depends on the resource of the record, so that a preview would mislead. */
const WITHOUT_PREVIEW = ['record'];

function preview(path: string) {
	return jsonObject(parseJson(readFileSync(join(FOLDER, `${path}.json`), 'utf8')));
}

function fields(path: string): string[] {
	return Object.keys(jsonObject(preview(path).properties)).sort();
}

/** The first row of a recorded response. */
function row(fixture: string) {
	const [first = {}] = jsonObjects(jsonObject(parseJson(fixtureText(fixture))).data);
	return first;
}

describe('the preview of an output', () => {
	test('exists for every operation that has the same fields for every item', () => {
		for (const [resource, verbs] of Object.entries(operations)) {
			if (WITHOUT_PREVIEW.includes(resource)) continue;
			for (const verb of Object.keys(verbs)) {
				const path = join(FOLDER, 'v1.0.0', resource, `${verb}.json`);
				expect([resource, verb, existsSync(path)]).toEqual([resource, verb, true]);
			}
		}
	});

	test('exists for no operation that there is not', () => {
		for (const resource of readdirSync(join(FOLDER, 'v1.0.0'))) {
			const verbs = readdirSync(join(FOLDER, 'v1.0.0', resource)).map((file) => file.slice(0, -5));
			expect(Object.keys(operations[resource] ?? {})).toEqual(expect.arrayContaining(verbs));
		}
	});

	test('has the fields of an event, for the trigger and for missed events', () => {
		const event = readEvent(jsonObject(parseJson(fixtureText('webhook-payload-v2-project'))));
		expect(fields('v1.0.0')).toEqual(Object.keys(event ?? {}).sort());
		expect(fields('v1.0.0/delivery/getMissed')).toEqual(Object.keys(event ?? {}).sort());
	});

	test('has the fields of a hook, a subscription and a delivery', () => {
		const hook = Object.keys(readHook(row('hooks-list-v2-project')).model);
		expect(fields('v1.0.0/hook/getAll')).toEqual(expect.arrayContaining(hook));
		const trigger = Object.keys(readTrigger(row('triggers-list-v2')).model);
		expect(fields('v1.0.0/trigger/getAll')).toEqual(trigger.sort());
		const { model } = readDeliveryV2(row('deliveries-list-v2'));
		expect(fields('v1.0.0/delivery/getAll')).toEqual(Object.keys(deliveryRow(model)).sort());
		expect(fields('v1.0.0/delivery/summarize')).toEqual(
			expect.arrayContaining(Object.keys(new DeliverySummary().report())),
		);
	});
});
