import { describe, expect, it } from '@jest/globals';
import { isDomainRefusal } from '#kernel/refusal.js';
import { madeWorkbook, madeZip, type MadeWorkbook } from '#testing/made-workbook.js';
import { builtInProfiles } from './profiles.js';
import { readStatement } from './read-statement.js';
import type { BookedRow } from './statement-rows.js';
import { entryBytes, zipEntries } from './zip-entries.js';

const inline = (text: string, at = ''): string => `<c ${at} t="inlineStr"><is><t>${text}</t></is></c>`;
const headerCells = ['date', 'reference', 'details', 'debit', 'credit', 'balance']
  .map((name) => inline(name))
  .join('');
const header = `<row r="1">${headerCells}</row>`;
const good = `<row r="2"><c r="A2"><v>45545</v></c><c r="B2"><v>7618961</v></c>${inline('ung ho', 'r="C2"')}<c r="E2"><v>50000</v></c><c r="F2"><v>574700</v></c></row>`;
const book = (over: Partial<MadeWorkbook> = {}): Buffer => madeWorkbook({ rows: header + good, ...over });
const sheet = (data: Uint8Array | string) => ({ name: 'xl/worksheets/sheet1.xml', data });

async function rowsOf(file: Uint8Array): Promise<readonly BookedRow[]> {
  const rows: BookedRow[] = [];
  for await (const row of (await readStatement(file, builtInProfiles, 'VND')).rows) rows.push(row);
  return rows;
}

async function faultOf(file: Uint8Array): Promise<readonly [string, object]> {
  try {
    await rowsOf(file);
  } catch (error) {
    if (isDomainRefusal(error)) return [error.code, error.details];
    throw error;
  }
  return ['read', {}];
}

const expected = {
  ...{ line: 2, date: '2024-09-10', debit: 0n, credit: 50_000n, balance: 574_700n },
  ...{ reference: '7618961', details: 'ung ho', counterparty: '' },
};

describe('a statement as a workbook', () => {
  it('is read by its rows, whatever its sheet says of its own size', async () => {
    expect(await rowsOf(book())).toEqual([expected]);
  });

  it('has texts beside its cells, in runs, and says nothing of how they are spoken', async () => {
    const shared =
      '<si><t>date</t></si><si><r><t>ung </t></r><r><t>ho</t></r><rPh><t>spoken</t></rPh></si><si/>';
    const rows = (header + good)
      .replace(inline('date'), '<c t="s"><v>0</v></c>')
      .replace(inline('ung ho', 'r="C2"'), '<c r="C2" t="s"><v>1</v></c><c r="D2" t="s"><v>2</v></c>');
    expect(await rowsOf(book({ rows, sharedStrings: shared }))).toEqual([expected]);
  });

  it('may write its numbers with a power or as text, count from 1904, leave places out and prefix its names', async () => {
    const rows = (header + good)
      .replace('<v>50000</v>', '<v>5E4</v>')
      .replace('<c r="F2"><v>574700</v></c>', '<c t="str"><f>SUM(E2)</f><v>574,700.00</v></c>')
      .replace('45545', '44083.5')
      .replace(/<row r="\d"/g, '<row');
    const workbook =
      '<x:workbook><x:workbookPr date1904="1"/><x:sheets><x:sheet state="hidden"/><x:sheet r:id="rId1"/></x:sheets></x:workbook>';
    const data = `<x:worksheet><x:sheetData>${rows.replaceAll(/<(\/?)(?=[a-z])/g, '<$1x:')}</x:sheetData></x:worksheet>`;
    expect(await rowsOf(book({ workbook, entries: [sheet(data)] }))).toEqual([expected]);
  });

  it('keeps the numbers of its rows past those that are blank', async () => {
    const rows =
      header + good.replaceAll('2"', '900000"') + '<row r="1048576"><c r="XFD1048576" s="3"/></row>';
    expect(await rowsOf(book({ rows }))).toEqual([{ ...expected, line: 900_000 }]);
  });

  it('is not led astray by what its directory does not name', async () => {
    const hidden = { ...sheet('<worksheet/>'), unlisted: true };
    const entries = [{ name: 'xl/sharedStrings.xml', data: 'A'.repeat(1_000_000), unlisted: true }];
    expect(await rowsOf(madeWorkbook({ rows: header + good, entries }))).toEqual([expected]);
    expect((await faultOf(book({ entries: [hidden] })))[0]).toBe('statement/workbook-damaged');
  });

  const cell = (text: string): Partial<MadeWorkbook> => ({
    rows: header + good.replace('<v>50000</v>', text),
  });
  const xml = (inner: string): Partial<MadeWorkbook> => ({
    entries: [sheet(`<worksheet><sheetData>${header}${good}</sheetData>${inner}</worksheet>`)],
  });
  const bytesMax = 200_000_000;
  const damaged = 'statement/workbook-damaged';
  const entities = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';

  const faults: readonly (readonly [string, Buffer, string, object?])[] = [
    [
      'a row below the last that a sheet may have',
      book({ rows: header + good.replaceAll('2"', '1048577"') }),
      'statement/too-many-rows',
      { line: 1_048_577, rowsMax: 1_048_576 },
    ],
    [
      'a cell behind the last that a row may have, though nothing is in it',
      book({ rows: `${header}<row r="2"><c r="XFE2"/></row>` }),
      'statement/too-many-columns',
      { line: 2, columnsMax: 100 },
    ],
    [
      'a directory of more than 200 MB',
      book({ entries: [{ name: 'x', data: 'x', claims: { bytes: bytesMax } }] }),
      'statement/unpacked-too-large',
      { bytesMax },
    ],
    [
      'shared texts of more than 64 MB',
      book({ entries: [{ name: 'xl/sharedStrings.xml', data: 'x', claims: { bytes: 64_000_001 } }] }),
      'statement/unpacked-too-large',
      { bytesMax: 64_000_000 },
    ],
    [
      'more than its directory says',
      book({ entries: [{ ...sheet(Buffer.alloc(5_000_000, ' ')), claims: { bytes: 100 } }] }),
      damaged,
    ],
    [
      'less than its directory says',
      book({ entries: [{ ...sheet('<worksheet/>'), claims: { bytes: 100 } }] }),
      damaged,
    ],
    [
      'one letter without end',
      book({ entries: [sheet(`<worksheet>${'A'.repeat(4_200_000)}</worksheet>`)] }),
      damaged,
    ],
    ['elements too deep', book(xml('<a>'.repeat(40) + '</a>'.repeat(40))), damaged],
    ['a document type', book({ entries: [sheet(`<!DOCTYPE worksheet><worksheet/>`)] }), damaged],
    ['an attribute without end', book(xml(`<a b="${'A'.repeat(4_200_000)}"/>`)), damaged],
    ['entities that grow', book({ entries: [sheet(`${entities}<worksheet>&b;</worksheet>`)] }), damaged],
    ['an unknown entity', book(cell('<v>&x;</v>')), damaged],
    ['NUL', book(cell('<v>&#0;</v>')), damaged],
    ['another encoding', book({ entries: [sheet(Buffer.from([0x3c, 0xff]))] }), damaged],
    ['XML cut off', book({ entries: [sheet('<worksheet><sheetData>')] }), damaged],
    [
      'a value far to the right',
      book({ rows: header + good.replace('F2', 'XFD2') }),
      'statement/too-many-columns',
      { line: 2, columnsMax: 100 },
    ],
    [
      'a text without end',
      book({ rows: header + good.replace('ung ho', 'x'.repeat(10_001)) }),
      'statement/cell-too-long',
      { line: 2, charactersMax: 10_000 },
    ],
    ['rows out of order', book({ rows: good + header }), damaged],
    ['cells out of order', book({ rows: header + good.replace('E2', 'A2') }), damaged],
    ['a cell nowhere', book({ rows: header + good.replace('E2', '2E') }), damaged],
    ['a row nowhere', book({ rows: header + good.replace('r="2"', 'r="-2"') }), damaged],
    ['a text that is not there', book({ rows: header + good.replace('r="E2"', 'r="E2" t="s"') }), damaged],
    ['a number that is none', book(cell('<v>1.2.3</v>')), damaged],
    [
      'an error in a cell',
      book({ rows: header + good.replace('<c r="E2"><v>50000', '<c r="E2" t="e"><v>#N/A') }),
      'statement/amount-unreadable',
      { line: 2, column: 'credit' },
    ],
    [
      'several sheets',
      book({ workbook: '<workbook><sheets><sheet id="a"/><sheet id="b"/></sheets></workbook>' }),
      'statement/several-sheets',
      { sheets: 2 },
    ],
    ['no sheet', book({ workbook: '<workbook/>' }), damaged],
    ['no workbook', madeZip([{ name: 'word/document.xml', data: '<w/>' }]), damaged],
    ['a password', book({ entries: [{ ...sheet('x'), claims: { flags: 1 } }] }), damaged],
    ['two files of one name', madeZip([sheet('a'), sheet('b')]), damaged],
    ['a cut zip', book().subarray(0, -30), damaged],
    ['only the beginning of a zip', Buffer.from('PK'), damaged],
    ['a changed byte', changed(book()), damaged],
    ['no rows', book({ rows: header }), 'statement/no-rows'],
    ['no header', book({ rows: good }), 'statement/header-not-found'],
  ];

  it.each(faults)('is refused as a whole for %s', async (_name, file, code, details = {}) => {
    expect(await faultOf(file)).toEqual([code, details]);
  });

  it('stops a file that unpacks to more than its directory says as soon as it does', async () => {
    const entries = zipEntries(madeZip([{ ...sheet(Buffer.alloc(50_000_000)), claims: { bytes: 100_000 } }]));
    let unpacked = 0;
    const reading = async () => {
      for await (const piece of entryBytes(entries.get('xl/worksheets/sheet1.xml')!))
        unpacked += piece.length;
    };
    await expect(reading()).rejects.toThrow(damaged);
    expect(unpacked).toBeLessThanOrEqual(100_000);
  });

  it('is refused, or read the same, wherever a byte of it is changed', async () => {
    const whole = book();
    const codes = new Set<string>();
    for (let at = 0; at < whole.length; at += 1) {
      const file = Buffer.from(whole);
      file.writeUInt8(file.readUInt8(at) ^ 0x21, at);
      const [code] = await faultOf(file);
      codes.add(code);
      if (code === 'read') expect(await rowsOf(file)).toEqual([expected]);
    }
    expect([...codes].sort()).toContain(damaged);
  });
});

/** One bit of the sheet's compressed bytes. */
function changed(file: Buffer): Buffer {
  const at = file.indexOf('xl/worksheets/sheet1.xml') + 60;
  const copy = Buffer.from(file);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}
