import type { INodeProperties } from 'n8n-workflow';

import { listProperties } from '../list-parameters';
import type { Operation } from '../operation';

export const description: INodeProperties[] = listProperties('company', 'getAll');

export const execute: Operation = async (item) => {
	const limit = item.limit();
	const companies = await item.procore.directory.companies();
	return companies.slice(0, limit).map((company) => item.output(company));
};
