import type { Emulator } from './emulator';
import type { FileStore } from './files';
import type { JsonObject } from './json';
import { SEEDED_AT, seedCompanies, seedProjects } from './seed';

const PDF = 'application/pdf';
const JPEG = 'image/jpeg';

/** Records that are there from the start, in the first project, by their resource. */
export const SAMPLE_RECORDS: Readonly<Record<string, string>> = {
	RFIs: '338821',
	Images: '551204',
	'Project Files': '660118',
	Drawings: '770031',
};

/** Adds files, and returns the fields that refer to them, by resource. */
function sampleFields(files: FileStore): Record<string, JsonObject> {
	const add = (name: string, bytes: number, contentType: string) => {
		const { id } = files.add({ name, bytes, contentType, tellsSize: true });
		return { id: Number(id), url: `emulator-file:${id}` };
	};
	const attachment = (name: string, bytes: number, contentType: string) => ({
		...{ name, filename: name },
		...add(name, bytes, contentType),
	});
	const version = (number: number, bytes: number) => ({
		...{ number, size: bytes },
		...add('Specs.pdf', bytes, PDF),
	});
	const photo = add('IMG_0412.jpg', 412_000, JPEG);
	const sheet = add('A-101.pdf', 950_000, PDF);
	return {
		RFIs: {
			questions: [
				{
					id: 1,
					attachments: [
						attachment('C4 detail.pdf', 180_000, PDF),
						attachment('Anchor bolts.jpg', 320_000, JPEG),
					],
					answers: [{ id: 2, attachments: [attachment('Answer.pdf', 90_000, PDF)] }],
				},
			],
		},
		Images: { url: photo.url, size: 412_000 },
		'Project Files': { file_versions: [version(1, 240_000), version(2, 260_000)] },
		Drawings: { title: 'Ground Floor', pdf_url: sheet.url, pdf_size: 950_000 },
	};
}

/** Gives files to every new record of some resources, and adds one record of each. */
export function addSampleFiles({ store, files }: Emulator): void {
	store.records.newFields = sampleFields(files);
	const [company] = seedCompanies();
	const project = seedProjects().find(({ companyId }) => companyId === company?.id);
	if (company === undefined || project === undefined) return;
	for (const [resourceName, resourceId] of Object.entries(SAMPLE_RECORDS)) {
		store.records.add({
			...{ resourceName, resourceId, companyId: company.id, projectId: project.id },
			time: SEEDED_AT,
		});
	}
}
