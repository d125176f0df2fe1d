import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { errorCodeOf } from '#platform/embedded-postgres/error-code.js';
import { DemoRefused } from './demo-refused.js';

const columns = ['date', 'details', 'credit'] as const;
const digits = z.string().regex(/^(0|[1-9][0-9]*)$/);
const row = z.object({ date: z.iso.date(), details: z.string(), credit: z.union([digits, z.literal('')]) });

/** One credit of a statement: a donation by somebody whom only a memo claims to name. */
export interface Credit {
  /** Line in the file, which is all that tells a row apart here: references repeat and may be absent. */
  readonly line: number;
  readonly receivedOn: string;
  /** VND. */
  readonly amount: string;
  readonly memo: string;
}

interface Parsed {
  readonly info: { readonly lines: number };
  readonly record: Readonly<Record<string, string>>;
}

const memoMax = 500;

/**
 * The rows of a bank statement (CSV, perhaps gzipped) that brought money in, in order. Throws {@link DemoRefused} for a
 * file that cannot be read, is cut off or has another shape.
 */
export async function readCredits(file: string): Promise<readonly Credit[]> {
  const credits: Credit[] = [];
  const unpacked = file.endsWith('.gz') ? createGunzip() : new PassThrough();
  const rows = parse({ bom: true, info: true, columns: (names: string[]) => headerOf(file, names) });
  try {
    await pipeline(createReadStream(file), unpacked, rows, async (parsed: AsyncIterable<Parsed>) => {
      for await (const one of parsed) credits.push(...creditsOf(file, one));
    });
  } catch (error) {
    throw refusalOf(file, error);
  }
  if (credits.length === 0) throw new DemoRefused(`${file} names no money that came in.`);
  return credits;
}

function headerOf(file: string, names: readonly string[]): string[] {
  if (columns.every((column) => names.includes(column))) return [...names];
  throw new DemoRefused(
    `${file} is no statement that the demo can read: its first line must name the columns ${columns.join(', ')}.`,
  );
}

function creditsOf(file: string, { info, record }: Parsed): readonly Credit[] {
  const { success, data, error } = row.safeParse(record);
  if (!success) {
    const column = error.issues[0]?.path.join('.') ?? '';
    throw new DemoRefused(`Line ${String(info.lines)} of ${file} has no proper ${column}.`);
  }
  const { date, credit, details } = data;
  if (credit === '' || credit === '0') return [];
  return [{ line: info.lines, receivedOn: date, amount: credit, memo: details.slice(0, memoMax).trim() }];
}

const reasons: Readonly<Record<string, (file: string) => string>> = {
  ENOENT: (file) => `There is no file ${file}.`,
  EISDIR: (file) => `${file} is a folder, not a bank statement.`,
  EACCES: (file) => `No right to read ${file}.`,
  Z_BUF_ERROR: (file) => `${file} is cut off: get the whole file.`,
  Z_DATA_ERROR: (file) => `${file} is damaged or no gzip file: get it anew.`,
};

function refusalOf(file: string, error: unknown): unknown {
  if (error instanceof CsvError) {
    const lines: unknown = error['lines'];
    const where = typeof lines === 'number' ? `line ${String(lines)}` : 'it';
    return new DemoRefused(`${file} is no proper CSV file: ${where} cannot be read.`, { cause: error });
  }
  const reason = reasons[errorCodeOf(error) ?? ''];
  return reason ? new DemoRefused(reason(file), { cause: error }) : error;
}
