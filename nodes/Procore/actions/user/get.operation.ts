import type { INodeProperties } from 'n8n-workflow';

import { simplifyProperty } from '../../descriptions/shared';
import { shown } from '../list-parameters';
import type { Operation } from '../operation';

const show = { resource: ['user'], operation: ['get'] };

export const description: INodeProperties[] = [
	shown(
		{
			displayName: 'User ID',
			name: 'userId',
			type: 'string',
			default: '={{ $json.user_id }}',
			required: true,
			placeholder: 'e.g. 7710345',
			description: 'ID of the user in Procore. Taken from the event by default.',
		},
		show,
	),
	shown(simplifyProperty, show),
];

export const execute: Operation = async (item) => {
	const companyId = item.companyId();
	const userId = item.id('userId', 'User ID');
	if (userId === '') {
		throw item.refuse(
			'User ID is empty. Connect this node directly after a Procore Trigger, or enter the ID of a user.',
		);
	}
	return [item.output(await item.procore.users.get(companyId, userId))];
};
