import {
	bytesOfMegabytes,
	explainTooLarge,
	fileTypes,
	sameFile,
	selectFiles,
} from '../../nodes/Procore/record/file-choice';
import type { FileReference } from '../../nodes/Procore/record/file-references';
import { planPdf } from '../../nodes/Procore/record/pdf';

function file(name: string, field = 'attachments', id: string | null = null): FileReference {
	const url = `https://storage.procore.com/${name}`;
	return { url, name, size: null, contentType: null, field, id };
}

const FILES = [file('a.pdf'), file('b.JPG'), file('c', 'images'), file('d.pdf', 'images')];

describe('the choice of files', () => {
	test.each<[string[], string[], string[]]>([
		[[], [], ['a.pdf', 'b.JPG', 'c', 'd.pdf']],
		[['images'], [], ['c', 'd.pdf']],
		[[], ['.PDF'], ['a.pdf', 'd.pdf']],
		[[], ['jpg', ' pdf '], ['a.pdf', 'b.JPG', 'd.pdf']],
		[['images'], ['pdf'], ['d.pdf']],
		[['unknown'], [], []],
	])('of the fields %j and types %j is %j', (fields, types, names) => {
		const choice = { fields, types: fileTypes(types), maxBytes: 1 };
		expect(selectFiles(FILES, choice).map(({ name }) => name)).toEqual(names);
	});

	test('ignores types that are empty', () => {
		expect(fileTypes(['', ' ', '.'])).toEqual([]);
	});

	test('explains which file is too large', () => {
		const max = bytesOfMegabytes(50);
		expect(explainTooLarge('a.pdf', bytesOfMegabytes(60), max)).toBe(
			'a.pdf is 60.0 MB, larger than the maximum of 50.0 MB. Increase Maximum Size (MB) to download it.',
		);
		expect(explainTooLarge('a.pdf', null, max)).toMatch(/^a\.pdf is larger than the maximum/);
	});

	test('finds a file again by its ID, and without one by its name', () => {
		const renamed = file('new name.pdf', 'attachments', '1');
		const again = [renamed, file('a.pdf'), file('a.pdf', 'images')];
		expect(sameFile(again, file('a.pdf', 'attachments', '1'))).toBe(again[0]);
		expect(sameFile(again, file('a.pdf'))).toBe(again[1]);
		expect(sameFile(again, file('b.pdf'))).toBeUndefined();
		expect(sameFile(again, file('a.pdf', 'attachments', '2'))).toBeUndefined();
	});
});

describe('the PDF of a record', () => {
	const subject = (resourceName: string, projectId = '902214') => ({
		resourceName,
		recordId: '338821',
		companyId: '4501177',
		projectId,
		relatedResources: [],
	});

	test.each([
		['RFIs', '/rest/v1.0/projects/902214/rfis/338821.pdf', {}, 'file'],
		['submittals', '/rest/v1.1/projects/902214/submittals/338821.pdf', {}, 'file'],
		[
			'Observation Items',
			'/rest/v1.0/observations/items/338821/pdf',
			{ project_id: '902214' },
			'address',
		],
	])('of %s is at %s', (resourceName, path, query, returns) => {
		expect(planPdf(subject(resourceName))).toEqual({ path, query, returns });
	});

	test('does not exist for other records, and needs a project', () => {
		expect(planPdf(subject('Punch Items'))).toBeUndefined();
		expect(planPdf(subject('constructor'))).toBeUndefined();
		expect(planPdf(subject('RFIs', ''))).toBeUndefined();
	});
});
