import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { DemoRefused } from './demo-refused.js';
import { readCredits } from './statement.js';

const published = fileURLToPath(new URL('../../../../test/data/statement-2024-09.csv.gz', import.meta.url));
const header = 'date,reference,details,debit,credit,balance';
const folder = mkdtempSync(join(tmpdir(), 'mangnon-statement-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(bytes: string | Uint8Array, name = 'statement.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('a bank statement', () => {
  it('gives the credits of the published one: all of them, to the last đồng', async () => {
    const credits = await readCredits(published);
    expect(credits).toHaveLength(19_999);
    expect(credits.reduce((sum, { amount }) => sum + BigInt(amount), 0n)).toBe(11_464_843_306n);
    expect(credits[0]).toMatchObject({ line: 2, receivedOn: '2024-09-09', amount: '500000' });
    expect(credits.at(-1)?.line).toBe(20_001);
    // The one line whose balance rises though no amount stands there.
    expect(credits.map(({ line }) => line)).not.toContain(10_694);
    expect(new Set(credits.map(({ line }) => line)).size).toBe(credits.length);
  });

  it('is read without gzip too, with a byte order mark, and with lines within a text', async () => {
    const rows = [
      '2024-09-10,1,"ung ho,\nhai dong",0,20000,1',
      '2024-09-11,2,,5000,0,2',
      '2024-09-12,3,ba,,7,3',
    ];
    expect(await readCredits(fileOf(`\uFEFF${[header, ...rows].join('\n')}\n`))).toEqual([
      { line: 3, receivedOn: '2024-09-10', amount: '20000', memo: 'ung ho,\nhai dong' },
      { line: 5, receivedOn: '2024-09-12', amount: '7', memo: 'ba' },
    ]);
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none.csv'), /^There is no file .*none\.csv\.$/],
    ['a folder', () => folder, /^.* is a folder, not a bank statement\.$/],
    [
      'another header',
      () => fileOf('ngay,noi dung,so tien\n2024-09-10,a,1\n'),
      /its first line must name the columns date, details, credit\.$/,
    ],
    ['no rows', () => fileOf(`${header}\n`), /names no money that came in\.$/],
    ['no line at all', () => fileOf(''), /names no money that came in\.$/],
    [
      'an amount that is none',
      () => fileOf(`${header}\n2024-09-10,1,a,0,5,1\n2024-09-10,1,a,0,5.000,1\n`),
      /^Line 3 of .* has no proper credit\.$/,
    ],
    [
      'a date that is none',
      () => fileOf(`${header}\n10/09/2024,1,a,0,5,1\n`),
      /^Line 2 of .* has no proper date\.$/,
    ],
    [
      'a row of other columns',
      () => fileOf(`${header}\n2024-09-10,1,a,0,5\n`),
      /is no proper CSV file: line 2 cannot be read\.$/,
    ],
    [
      'what is no gzip',
      () => fileOf(`${header}\n2024-09-10,1,a,0,5,1\n`, 'plain.csv.gz'),
      /is damaged or no gzip file: get it anew\.$/,
    ],
  ])('is refused in one sentence where it is %s', async (_what, make, sentence) => {
    const refused = await readCredits(make()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DemoRefused);
    expect((refused as DemoRefused).message).toMatch(sentence);
    expect((refused as DemoRefused).message).not.toContain('\n');
  });

  it('is refused where it was cut off, wherever that is', async () => {
    const whole = await readFile(published);
    const small = gzipSync(`${header}\n2024-09-10,1,a,0,5,1\n`);
    const cuts = [whole.subarray(0, 200_000), small.subarray(0, -1), small.subarray(0, 12)];
    for (const bytes of cuts)
      await expect(readCredits(fileOf(bytes, 'cut.csv.gz'))).rejects.toThrow(
        / is cut off: get the whole file\.$/,
      );
  });
});
