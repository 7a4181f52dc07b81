import { can, cannot, listed } from './assumption';

/** Files of records, pages of records, and the people behind events. */
export const FILES = listed([
	{
		id: 'FILE-FIELDS',
		assumes: 'Records have their files in the fields that the reference names.',
		source: 'documented (reference, editions of 2024 and 2026)',
		ifWrong: 'Get Files does not find the files of a resource.',
		check: cannot('A record without a file says nothing. The run reports the files that it finds.'),
	},
	{
		id: 'FILE-ADDRESS',
		assumes:
			"The address of a file in a record returns the file, or redirects to it. Procore's own hosts require the token.",
		source: 'documented (Working with Secure File Access)',
		ifWrong: 'Files are skipped with the status that came.',
		check: can('Opens a file of a record that it reads.'),
	},
	{
		id: 'FILE-STORAGE',
		assumes: 'The host that an address redirects to serves the file without the token.',
		source: 'documented (Working with Secure File Access)',
		ifWrong: 'No file can be downloaded: the token must not go to a host of another company.',
		check: can('Follows such a redirect without the token.'),
	},
	{
		id: 'FILE-EXPIRY',
		assumes: 'The address of a file expires.',
		source: 'documented (Working with Secure File Access); after how long is not',
		ifWrong: 'Nothing: the record is read again if its address does not work.',
		check: cannot('It takes hours.'),
	},
	{
		id: 'FILE-PDF',
		assumes: 'Procore makes the PDF of an RFI, a submittal and an observation on request.',
		source: 'documented (reference)',
		ifWrong: 'The PDF is an item without the file, with the status that came.',
		check: can('Requests the PDF of an RFI that it reads.'),
	},
	{
		id: 'RECORD-PAGES',
		assumes: 'The web pages of records have the addresses that Procore lists for its side panels.',
		source: 'documented (side panel view keys); some are known from public code only',
		ifWrong: 'A link in a message leads to a page that does not exist.',
		check: cannot('The pages ask for a login in a browser.'),
	},
	{
		id: 'WEB-HOST',
		assumes: '/company_base_url returns the web host of a company in web_base_url.',
		source: 'documented (reference)',
		ifWrong: 'Links lead to the web host of the environment, and miss the region of the company.',
		check: can('Reads it.'),
	},
	{
		id: 'PERSON-FORM',
		assumes: 'A user of the directory has a name and email_address.',
		source: 'documented (reference)',
		ifWrong: 'Messages lack the name of the person.',
		check: can(
			'Reads the user of the run in the directories of the company and the project, and a page of users.',
		),
	},
]);
