import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { controlTotals, countRow, noRows } from '#domain/statement/control-totals.policy.js';
import type { StatementProfile } from '#domain/statement/statement-profile.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { builtInProfiles, readProfile } from './profiles.js';
import { readStatement } from './read-statement.js';
import type { BookedRow } from './statement-rows.js';
import { unpackedBytes } from './unpacked-bytes.js';

const header = 'date,reference,details,debit,credit,balance';
const good = '2024-09-10,7618961,LY LAM NGOC VY ung ho,0,50000,574700';
const csv = (...lines: readonly string[]): Buffer => Buffer.from([header, ...lines, ''].join('\n'));

async function rowsOf(
  file: Uint8Array,
  profiles: readonly StatementProfile[] = builtInProfiles,
): Promise<readonly BookedRow[]> {
  const rows: BookedRow[] = [];
  for await (const row of (await readStatement(file, profiles, 'VND')).rows) rows.push(row);
  return rows;
}

async function faultOf(reading: Promise<unknown>): Promise<readonly [string, object]> {
  try {
    await reading;
  } catch (error) {
    if (isDomainRefusal(error)) return [error.code, error.details];
    throw error;
  }
  return ['read', {}];
}

const bidv = readProfile({
  name: 'bidv',
  columns: {
    date: 'Ngày hiệu lực',
    details: 'Diễn giải',
    amount: 'Số tiền',
    balance: 'Số dư',
    currency: 'Loại tiền',
  },
  ...{ dateFormat: 'dd/mm/yyyy', decimal: ',', thousands: '.', order: 'newest-first' },
});

describe('a statement of a bank', () => {
  it('is read whole from the real file of September 2024, with the chain that its balances make', async () => {
    const file = readFileSync('test/data/statement-2024-09.csv.gz');
    const { profile, rows } = await readStatement(file, builtInProfiles, 'VND');
    let totals = noRows('VND');
    const [donations, unreferenced] = [new Set<number>(), new Set<number>()];
    for await (const row of rows) {
      totals = countRow(totals, row);
      if (row.credit > 0n) donations.add(row.line);
      if (row.reference === '') unreferenced.add(row.line);
    }
    expect(profile.name).toBe('plain');
    expect([donations.size, unreferenced.size]).toEqual([19_999, 2]);
    expect(controlTotals(totals)).toMatchObject({
      ...{ rows: 20_000, opening: { amount: '24700' }, closing: { amount: '11464968006' } },
      ...{ credits: { amount: '11464843306' }, debits: { amount: '0' } },
      breaks: [{ line: 10_694, difference: { amount: '100000' } }],
    });
  });

  it('is CSV with commas, semicolons or tabs, any line ends, quotes, a byte order mark, or gzipped', async () => {
    const expected = {
      ...{ line: 2, date: '2024-09-10', debit: 0n, credit: 50_000n, balance: 574_700n },
      ...{ reference: '7618961', details: 'LY LAM NGOC VY ung ho', counterparty: '' },
    };
    const plain = csv(good).toString();
    const files = [
      ...[plain, plain.replaceAll(',', ';'), plain.replaceAll(',', '\t'), plain.replaceAll('\n', '\r\n')],
      ...[plain.replaceAll('\n', '\r'), plain.trimEnd(), `\uFEFF${plain}`, plain.replace('\n', '\r\n')],
      ...[plain.replace('LY LAM NGOC VY ung ho', '"LY LAM NGOC VY ung ho"')],
    ].map((text) => Buffer.from(text));
    for (const file of [...files, gzipSync(plain), Buffer.concat([gzipSync(`${header}\n`), gzipSync(good)])])
      expect(await rowsOf(file)).toEqual([expected]);
  });

  it('names each row by the line on which it begins, past blank lines and memos of several lines', async () => {
    const file = csv(good, '', '2024-09-10,1,"a\nb ""c"" ,",0,1,2', ',,,,,', '2024-09-10,2,said "d",0,1,3');
    expect((await rowsOf(file)).map(({ line, details }) => [line, details])).toEqual([
      [2, 'LY LAM NGOC VY ung ho'],
      [4, 'a\nb "c" ,'],
      [7, 'said "d"'],
    ]);
  });

  it('is read through a profile: other names, dates, signs, one signed amount, the newest row first', async () => {
    const file = Buffer.from(
      [
        ...['NGÂN HÀNG;;;;', 'Ngày  hiệu lực;DIỄN GIẢI;Số tiền;Số dư;Loại tiền'],
        ...['11/9/2024 08:15:00;phí;-1.100;1.048.900,00 VND;VND', '10/09/2024;ủng hộ;+50.000;1.050.000;VND'],
      ].join('\n'),
    );
    const [first, second] = await rowsOf(file, [...builtInProfiles, bidv]);
    expect(first).toMatchObject({
      line: 4,
      date: '2024-09-10',
      credit: 50_000n,
      balance: 1_050_000n,
      details: 'ủng hộ',
    });
    expect(second).toMatchObject({
      line: 3,
      date: '2024-09-11',
      debit: 1_100n,
      credit: 0n,
      balance: 1_048_900n,
    });
  });

  it('is found below a letterhead and ends at its sums, as Vietcombank writes it', async () => {
    const head = 'Ngày GD,Số CT,Mô tả,Phát sinh Nợ,Phát sinh Có,Số dư,';
    const rows = ['10/09/2024,5215.1,ung ho,,"50,000","74,700",', '10/09/2024,5215.2,phi,"1,100",-,"73,600"'];
    const table = [
      'Sao kê tài khoản',
      '',
      head.normalize('NFD'),
      ...rows,
      'Tổng cộng,,,"1,100","50,000",',
      'Người lập',
    ];
    expect(await rowsOf(Buffer.from(table.join('\n')))).toMatchObject([
      { line: 4, reference: '5215.1', debit: 0n, credit: 50_000n, balance: 74_700n },
      { line: 5, reference: '5215.2', debit: 1_100n, credit: 0n, balance: 73_600n },
    ]);
    expect(await faultOf(rowsOf(Buffer.from([...table, rows[0]].join('\n'))))).toEqual([
      'statement/rows-after-footer',
      { line: 8 },
    ]);
  });

  const row = (over: { readonly [column: string]: string }): Buffer => {
    const cells = {
      date: '2024-09-10',
      reference: '1',
      details: 'x',
      debit: '0',
      credit: '5',
      balance: '9',
      ...over,
    };
    return csv(good, Object.values(cells).join(','));
  };
  const wide = Array(1_000_000).fill('a').join(',');
  const twelveFiftyEight = Buffer.concat([
    csv(good),
    Buffer.from([0xd0, 0xcc, 0x41, 0xec]),
    Buffer.from(','),
  ]);
  const gzipped = gzipSync(csv(good));
  const at = (line: number, column: string) => ({ line, column });

  const faults: readonly (readonly [string, Uint8Array, string, object?])[] = [
    ['nothing', Buffer.alloc(0), 'statement/file-empty'],
    ['more than 40 MB', Buffer.alloc(40_000_001, 'a'), 'statement/file-too-large', { bytesMax: 40_000_000 }],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'statement/format-unknown'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'statement/format-unknown'],
    ['UTF-16', Buffer.from(`\uFEFF${csv(good).toString()}`, 'utf16le'), 'statement/not-utf8', { line: 1 }],
    ['UTF-16 unmarked', Buffer.from(csv(good).toString(), 'utf16le'), 'statement/nul-character', { line: 1 }],
    ['windows-1258', twelveFiftyEight, 'statement/not-utf8', { line: 3 }],
    ['a cut letter', csv(good, good, 'ủng hộ').subarray(0, -2), 'statement/not-utf8', { line: 4 }],
    ['NUL', csv(good, good.replace('LY', 'L\0Y')), 'statement/nul-character', { line: 3 }],
    ['a cut gzip', gzipped.subarray(0, -9), 'statement/gzip-cut'],
    ['the beginning of a gzip', gzipped.subarray(0, 5), 'statement/gzip-cut'],
    [
      'a changed gzip',
      gzipped.map((byte, index) => (index === gzipped.length - 6 ? byte ^ 1 : byte)),
      'statement/gzip-damaged',
    ],
    [
      'a gzip with more behind it',
      Buffer.concat([gzipped, Buffer.from('more of it')]),
      'statement/gzip-damaged',
    ],
    ['a gzip in a gzip', gzipSync(gzipped), 'statement/not-utf8', { line: 1 }],
    ['a million columns', csv(good, wide), 'statement/too-many-columns', { line: 3, columnsMax: 100 }],
    [
      'a header of a million columns',
      Buffer.from(wide),
      'statement/too-many-columns',
      { line: 1, columnsMax: 100 },
    ],
    [
      'a cell without end',
      row({ details: 'x'.repeat(10_001) }),
      'statement/cell-too-long',
      { line: 3, charactersMax: 10_000 },
    ],
    ['a line without end', csv(good, 'x'.repeat(4_200_000)), 'statement/line-too-long', { line: 3 }],
    [
      'a quote that never closes',
      csv(good, '2024-09-10,1,"x,0,5,9', good),
      'statement/csv-malformed',
      { line: 3 },
    ],
    [
      'a quote that closes within a cell',
      csv(good, '2024-09-10,1,"x"y,0,5,9'),
      'statement/csv-malformed',
      { line: 3 },
    ],
    ['another header', Buffer.from(`ngay,tien\n1,2\n`), 'statement/header-not-found'],
    [
      'a column twice',
      Buffer.from(`${header},credit\n${good},1\n`),
      'statement/column-twice',
      at(1, 'credit'),
    ],
    ['only a header', csv(), 'statement/no-rows'],
    ['an unquoted comma', csv(`${good},7`), 'statement/more-cells-than-columns', { line: 2, columns: 6 }],
    ['no such day', row({ date: '2024-02-30' }), 'statement/date-unreadable', at(3, 'date')],
    ['a date of another shape', row({ date: '10/09/2024' }), 'statement/date-unreadable', at(3, 'date')],
    ['a short row', csv(good, '2024-09-10,1'), 'statement/balance-missing', { line: 3 }],
    ['debit and credit at once', row({ debit: '5' }), 'statement/debit-and-credit', { line: 3 }],
    ['a negative debit', row({ debit: '-5' }), 'statement/amount-negative', at(3, 'debit')],
    [
      'another currency',
      row({ credit: '5 USD' }),
      'statement/currency-differs',
      { ...at(3, 'credit'), currency: 'VND' },
    ],
    ['half a đồng', row({ credit: '5.50' }), 'statement/amount-not-whole', at(3, 'credit')],
  ];

  it.each(faults)('is refused as a whole for %s', async (_name, file, code, details = {}) => {
    expect(await faultOf(rowsOf(file))).toEqual([code, details]);
  });

  it('is refused where a column says another currency than the account has', async () => {
    const lines = [
      'Ngày hiệu lực;Diễn giải;Số tiền;Số dư;Loại tiền',
      '1/9/2024;a;1;1;VND',
      '1/9/2024;b;1;2;USD',
    ];
    const file = Buffer.from(lines.join('\n'));
    const expected = { ...at(3, 'currency'), currency: 'VND' };
    expect(await faultOf(rowsOf(file, [bidv]))).toEqual(['statement/currency-differs', expected]);
  });

  it('stops a gzip bomb at 200 MB, having held none of it', async () => {
    const megabyte = gzipSync(Buffer.alloc(1_000_000));
    const bomb = Buffer.concat(Array<Buffer>(230).fill(megabyte));
    let unpacked = 0;
    const reading = async () => {
      for await (const piece of unpackedBytes(bomb)) unpacked += piece.length;
    };
    expect(await faultOf(reading())).toEqual(['statement/unpacked-too-large', { bytesMax: 200_000_000 }]);
    expect(unpacked).toBeLessThanOrEqual(200_000_000);
    expect((await faultOf(rowsOf(bomb)))[0]).toBe('statement/line-too-long');
  });

  it('ends in rows or in a refusal, whatever bytes it is made of', async () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    );
    const wrapped = fc.tuple(noise, fc.nat({ max: 3 })).map(([bytes, way]) => {
      const file = way === 0 ? Buffer.from(bytes) : Buffer.concat([csv(good), bytes]);
      return way === 3 ? gzipSync(file).subarray(0, file.length) : file;
    });
    await fc.assert(
      fc.asyncProperty(wrapped, async (file) => {
        const [code] = await faultOf(rowsOf(file));
        expect(code).toMatch(/^(read|statement\/[a-z0-9-]+)$/);
      }),
      { numRuns: 100 },
    );
  });

  it('reads every row however the bytes fall into pieces, and no line twice', async () => {
    const lines = fc.array(
      fc.tuple(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('\n', '\r\n')),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (memos) => {
        const clean = memos.map(([memo, end]) => [memo.replaceAll(/[\0\r\n"]/g, ''), end] as const);
        const body = clean.map(([memo, end]) => `2024-09-10,1,"${memo}",0,1,1${end}`).join('');
        const file = gzipSync(`${header}\n${good}\n${body}`);
        const read = (await rowsOf(file)).slice(1);
        expect(read.map(({ details }) => details)).toEqual(
          clean.map(([memo]) => memo.normalize('NFC').trim()),
        );
        expect(read.map(({ line }) => line)).toEqual(clean.map((_, index) => index + 3));
      }),
      { numRuns: 100 },
    );
  });
});
