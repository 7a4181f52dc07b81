import type { INodeProperties } from 'n8n-workflow';

import type { HookChanges } from '../../model/hook';
import { updateFields } from '../../descriptions/hook';
import { shown, simplifyProperty } from '../../descriptions/list';
import type { OperationItem, WriteOperation } from '../operation';
import { authorization, destinationUrl, hookStatus } from './fields';

const show = { resource: ['hook'], operation: ['update'] };

export const description: INodeProperties[] = [updateFields(show), shown(simplifyProperty, show)];

/** @throws NodeOperationError where a value would be refused, or nothing is to be changed. */
function changes(item: OperationItem): HookChanges {
	const isGiven = (name: string) => item.text(`updateFields.${name}`) !== '';
	const payloadVersion = item.payloadVersion('updateFields.payloadVersion');
	const given = {
		...(isGiven('namespace') ? { namespace: item.namespace('updateFields.namespace') } : {}),
		...(isGiven('destinationUrl')
			? { destination_url: destinationUrl(item, 'updateFields.destinationUrl') }
			: {}),
		...authorization(item, 'updateFields.authorization'),
		...hookStatus(item, 'updateFields.hookStatus'),
		...(payloadVersion === undefined ? {} : { payload_version: payloadVersion }),
	};
	if (Object.keys(given).length > 0) return given;
	throw item.refuse(
		isGiven('hookStatus')
			? 'There is nothing to update: hooks of Webhooks API v1.0 are always active.'
			: 'There is nothing to update: add at least one field in Update Fields.',
	);
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const id = item.hookId();
	const given = changes(item);
	return async () => [item.output(await item.procore.webhooks.updateHook(scope, id, given))];
};
