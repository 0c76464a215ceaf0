import { expect, test } from 'vitest';
import type { FieldMeta } from '../src/core/meta';
import { faultsIn, mappingOf, matchColumns, missingFields, readCsv, separatorOf, sheetOf, templateOf, textOf, withoutRows, writeCsv } from '../src/generated/sheet';
import { readXlsx } from '../src/generated/xlsx';
import { inflate, zip } from './zip.js';

const field = (name: string, label: string, required = false): FieldMeta => ({ name, label, type: 'text', required });
const fields = [field('email', 'Email', true), field('first_name', 'First name'), field('roles', 'Roles', true), field('job_title', 'Job title')];

test('CSV is read with any separator, quotes, line ends and rows of any length', () => {
  expect(readCsv('a,b\r\n"x, ""y""","two\nlines"\n\n1,')).toEqual([['a', 'b'], ['x, "y"', 'two\nlines'], [''], ['1', '']]);
  expect(readCsv('name;age\nAda;36')).toEqual([['name', 'age'], ['Ada', '36']]);
  expect(readCsv('sep=|\na|b,c')).toEqual([['a', 'b,c']]);
  expect(separatorOf('"a;b;c",d\t\n')).toBe(',');
  expect(readCsv('')).toEqual([]);
  expect(readCsv('"never closed')).toEqual([['never closed']]);
});

test('a text is what its bytes say: UTF-8, UTF-16, or what Windows writes', () => {
  expect(textOf(new TextEncoder().encode('Émile'))).toBe('Émile');
  expect(textOf(new Uint8Array([0xff, 0xfe, 0x41, 0, 0x42, 0]))).toBe('AB');
  expect(textOf(new Uint8Array([0xc9, 0x6d, 0x69, 0x6c, 0x65]))).toBe('Émile');
});

test('what is written is read as it was, and keeps every row at its place', () => {
  const grid = [['a', 'b'], [], ['x,y', ' "q" '], ['two\nlines', 'bell\u0007']];
  expect(writeCsv(grid)).toBe('a,b\r\n\r\n"x,y"," ""q"" "\r\n"two\nlines",bell\r\n');
  expect(readCsv(writeCsv(grid))).toEqual([['a', 'b'], [''], ['x,y', ' "q" '], ['two\nlines', 'bell']]);
  expect(templateOf(fields)).toBe('\ufeffemail,first_name,roles,job_title\r\n');
});

test('the head is the first row in which something stands, and rows are counted as the spreadsheet does', () => {
  expect(sheetOf([[''], ['email', ' roles ', ''], ['', ''], ['a@b.test', 'staff', '']])).toEqual({ head: ['email', 'roles'], rows: [{ row: 4, cells: ['a@b.test', 'staff', ''] }] });
  expect(sheetOf([[' '], []])).toBeNull();
});

test('columns find their fields by name or label, and no field is filled twice', () => {
  expect(matchColumns(['E-Mail', 'First Name', 'Role', 'Shoe size', 'email', ''], fields)).toEqual(['email', 'first_name', 'roles', '', '', '']);
  expect(missingFields(['email', ''], fields).map((each) => each.name)).toEqual(['roles']);
  expect(mappingOf(['E-Mail', '', 'Shoe size'], ['email', '', ''])).toEqual({ 'E-Mail': 'email', 'Shoe size': null });
});

test('rows that are left out leave the others where they are', () => {
  expect(withoutRows([['h'], ['1'], ['2']], new Set([2]))).toEqual([['h'], [''], ['2']]);
});

test('faults of a refusal name their rows', () => {
  expect(faultsIn({ 'rows.3.email': ['There is an account with this address.'], 'rows.7': ['Short.'], csv: ['No.'] })).toEqual([
    { row: 3, column: '', field: 'email', message: 'There is an account with this address.' },
    { row: 7, column: '', field: '', message: 'Short.' },
  ]);
});

test('of a workbook the first sheet is read: texts, numbers, days and cells that are missing', async () => {
  const workbook = zip({
    'xl/workbook.xml': '<workbook><sheets><sheet name="People" sheetId="4" r:id="rId7"/><sheet name="Other" sheetId="5" r:id="rId8"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId8" Target="worksheets/sheet2.xml"/><Relationship Id="rId7" Type="x" Target="worksheets/first.xml"/></Relationships>',
    'xl/sharedStrings.xml': '<sst><si><t>email</t></si><si><r><t>Be</t></r><r><t xml:space="preserve">gins </t></r><rPh sb="0" eb="1"><t>no</t></rPh></si><si><t>a &amp; b &#233; &lt;i&gt;</t></si></sst>',
    'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="0.00 &quot;days&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
    'xl/worksheets/first.xml':
      '<worksheet><cols><col min="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
      '<row r="3" spans="1:3"><c r="A3" t="s"><v>2</v></c><c r="B3" s="1"/><c r="C3" s="1"><v>46356</v></c><c r="D3" s="2"><v>1.5</v></c><c r="E3" t="inlineStr"><is><t>=1+1</t></is></c><c r="F3" t="b"><v>1</v></c></row></sheetData></worksheet>',
  });
  expect(await readXlsx(workbook, inflate)).toEqual([['email', '', 'Begins '], [], ['a & b é <i>', '', '2026-11-30', '1.5', '=1+1', 'true']]);
});

test('what is no workbook is refused, and so is one that claims rows without end', async () => {
  await expect(readXlsx(new TextEncoder().encode('PK and nothing else, really nothing'), inflate)).rejects.toThrow();
  await expect(readXlsx(zip({ 'word/document.xml': '<x/>' }), inflate)).rejects.toThrow('no workbook');
  await expect(readXlsx(zip({ 'xl/worksheets/sheet1.xml': '<row r="900000000"><c r="A900000000"><v>1</v></c></row>' }), inflate)).rejects.toThrow('too large');
});
