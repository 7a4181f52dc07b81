import type { INodeProperties } from 'n8n-workflow';

import type { HookChanges } from '../../model/hook';
import { simplifyProperty } from '../../descriptions/shared';
import { shown } from '../list-parameters';
import type { WriteOperation } from '../operation';
import type { OperationItem } from '../operation-item';
import { authorization, destinationUrl, hookStatus, updateFields } from './hook-parameters';

const show = { resource: ['hook'], operation: ['update'] };

export const description: INodeProperties[] = [updateFields(show), shown(simplifyProperty, show)];

/** @throws NodeOperationError if a value is invalid, or no field is set. */
function readChanges(item: OperationItem): HookChanges {
	const isSet = (name: string) => item.text(`updateFields.${name}`) !== '';
	const payloadVersion = item.payloadVersion('updateFields.payloadVersion');
	const changes = {
		...(isSet('namespace') ? { namespace: item.namespace('updateFields.namespace') } : {}),
		...(isSet('destinationUrl')
			? { destination_url: destinationUrl(item, 'updateFields.destinationUrl') }
			: {}),
		...authorization(item, 'updateFields.authorization'),
		...hookStatus(item, 'updateFields.hookStatus'),
		...(payloadVersion === undefined ? {} : { payload_version: payloadVersion }),
	};
	if (Object.keys(changes).length > 0) return changes;
	throw item.refuse(
		isSet('hookStatus')
			? 'Nothing to update. Hooks of Webhooks API v1.0 are always active.'
			: 'Nothing to update. Add at least one field in Update Fields.',
	);
}

export const prepare: WriteOperation['prepare'] = (item) => {
	const scope = item.scope();
	const id = item.hookId();
	const changes = readChanges(item);
	return async () => [item.output(await item.procore.webhooks.updateHook(scope, id, changes))];
};
