import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { listProperties, searchProperty } from '../list-parameters';
import type { Operation } from '../operation';

export const description: INodeProperties[] = [
	searchProperty(
		{ resource: ['user'], operation: ['getAll'] },
		'Part of the name or email address. Leave empty for all users of the company.',
	),
	...listProperties('user', 'getAll'),
];

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const results: IDataObject[] = [];
	for await (const users of item.procore.users.list(item.companyId(), item.text('search'))) {
		results.push(...users.map((user) => item.output(user)));
		if (results.length >= limit) break;
	}
	return results.slice(0, limit);
};
