import type { Company, Project, User } from './model';

export const CLIENT_ID = '9f2c41d7a0b3e85c6611f0aa24d97b53c8e1407dd2f96a5b30c7e4189ab6f215';
export const CLIENT_SECRET = 'emulator-client-secret-not-a-real-one';

export const WEB_USER = {
	id: '7710345',
	login: 'dana.okafor@larkspur.example',
	password: 'larkspur',
};
export const SERVICE_ACCOUNT = { id: '7719902', login: 'dmsa-connector@larkspur.example' };

function users(company: { id: string; name: string }): User[] {
	return [
		{
			id: WEB_USER.id,
			firstName: 'Dana',
			lastName: 'Okafor',
			email: WEB_USER.login,
			jobTitle: 'Project Engineer',
			employee: true,
			vendor: company,
		},
		{
			id: SERVICE_ACCOUNT.id,
			firstName: 'Integration',
			lastName: 'Connector',
			email: SERVICE_ACCOUNT.login,
			jobTitle: null,
			employee: false,
			vendor: null,
		},
		{
			id: '7713880',
			firstName: 'Miguel',
			lastName: 'Santos',
			email: 'miguel.santos@larkspur.example',
			jobTitle: 'Superintendent',
			employee: true,
			vendor: company,
		},
		{
			id: '7714012',
			firstName: 'Priya',
			lastName: 'Nair',
			email: 'priya.nair@larkspur.example',
			jobTitle: 'Project Manager',
			employee: true,
			vendor: company,
		},
		{
			id: '7714455',
			firstName: 'Tom',
			lastName: 'Lindqvist',
			email: 'tom.lindqvist@larkspur.example',
			jobTitle: 'Safety Manager',
			employee: true,
			vendor: company,
		},
	];
}

function company(id: string, name: string, vendorId: string, connected: boolean): Company {
	return {
		id,
		name,
		connected,
		webhooks: 'standard',
		projectsWithoutWebhooks: new Set(),
		hiddenProjects: new Set(),
		users: users({ id: vendorId, name }),
	};
}

/** Two companies that the app is connected to, and last one that it is not. */
export function seedCompanies(): Company[] {
	return [
		company('4501177', 'Larkspur Build Co', '5503001', true),
		company('598134325874214', 'Larkspur Europe GmbH', '598134325890001', true),
		company('4777002', 'Unconnected Contractors', '5511900', false),
	];
}

/** Earlier than anything that happens in a test, whatever its clock. */
export const SEEDED_AT = Date.parse('2024-03-04T15:00:00Z');

/** Active projects, and one closed. */
export function seedProjects(): Project[] {
	const project = (
		companyId: string,
		id: string,
		number: string,
		name: string,
		active = true,
	): Project => ({ companyId, id, number, name, active, updatedAt: SEEDED_AT });
	return [
		project('4501177', '902214', 'HS-014', 'Harbour Street Clinic'),
		project('4501177', '902377', 'DC-002', 'Dry Creek Depot'),
		project('4501177', '902391', 'MS-107', 'Mill Lane School'),
		project('4501177', '902402', 'NQ-021', 'North Quay Apartments'),
		project('4501177', '901870', 'OB-003', 'Old Brewery Lofts', false),
		project('598134325874214', '598134325900121', 'HH-001', 'Hafenhaus Hamburg'),
		project('598134325874214', '598134325900177', 'WP-004', 'Werkhof Prenzlau'),
		project('4777002', '905550', 'UC-001', 'Unseen Car Park'),
	];
}

/** Number and name, as Procore displays a project. */
export function displayName(project: Project): string {
	return project.number === '' ? project.name : `${project.number} - ${project.name}`;
}
