import { safeFileName, UniqueNames, withExtension } from '../../nodes/Procore/record/file-name';

describe('the name of a file', () => {
	test.each([
		['C4 detail.pdf', 'C4 detail.pdf'],
		['Größe – Übersicht.pdf', 'Größe – Übersicht.pdf'],
		['写真.jpg', '写真.jpg'],
		['../../etc/passwd', '-..-etc-passwd'],
		['..\\..\\boot.ini', '-..-boot.ini'],
		['/absolute.txt', '-absolute.txt'],
		['C:\\plan.dwg', 'C--plan.dwg'],
		['.htaccess', 'htaccess'],
		['report.pdf. ', 'report.pdf'],
		['a\u0000b\r\nc.pdf', 'ab c.pdf'],
		['invoice\u202efdp.exe', 'invoicefdp.exe'],
		['What? <"draft"> | v*2.docx', 'What- --draft-- - v-2.docx'],
		['con', '_con'],
		['LPT1.pdf', '_LPT1.pdf'],
		['console.pdf', 'console.pdf'],
		['\ud800broken.pdf', 'broken.pdf'],
		['', 'file-1'],
		['..', 'file-1'],
		['///', 'file-1'],
		[' . ', 'file-1'],
	])('%j becomes %j', (name, safe) => {
		expect(safeFileName(name, 'file-1')).toBe(safe);
	});

	test.each(['a', 'ä', '写', '👷'])('made of %s is cut to 200 bytes with its extension', (each) => {
		const name = safeFileName(`${each.repeat(500)}.pdf`, 'x');
		expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
		expect(Buffer.byteLength(name)).toBeGreaterThan(190);
		expect(name.endsWith(`${each}.pdf`)).toBe(true);
	});

	test('takes an extension of many characters for a part of the name', () => {
		const name = safeFileName(`a.${'b'.repeat(500)}`, 'x');
		expect(Buffer.byteLength(name)).toBe(200);
	});

	test('gets an extension only if it has another one or none', () => {
		expect(withExtension('A-101', 'pdf')).toBe('A-101.pdf');
		expect(withExtension('A-101.PDF', 'pdf')).toBe('A-101.PDF');
		expect(withExtension('A-101.rev2', 'pdf')).toBe('A-101.rev2.pdf');
	});

	test('is made unique before its extension', () => {
		const names = new UniqueNames();
		expect(['a.pdf', 'A.pdf', 'a (2).pdf', 'a', 'a'].map((name) => names.add(name))).toEqual([
			'a.pdf',
			'A (2).pdf',
			'a (2) (2).pdf',
			'a',
			'a (2)',
		]);
	});
});
