import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { z } from 'zod';
import type { Api } from './api.js';

const digits = z.string().regex(/^(0|[1-9][0-9]*)$/);
const row = z.object({ date: z.iso.date(), details: z.string(), credit: z.union([digits, z.literal('')]) });

/** One credit of a statement: a donation by somebody whom only a memo claims to name. */
export interface Credit {
  /** Place in the file, which is all that tells a row apart here: references repeat and may be absent. */
  readonly line: number;
  readonly receivedOn: string;
  /** VND. */
  readonly amount: string;
  readonly memo: string;
}

/** Requests under way at once. */
const atOnce = 48;
const memoMax = 500;

/** The rows of a bank statement (CSV, perhaps gzipped) that brought money in, in order. Throws `ZodError` for another shape. */
export async function readCredits(file: string): Promise<readonly Credit[]> {
  const bytes = createReadStream(file);
  const text = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  const credits: Credit[] = [];
  let line = 1;
  for await (const record of text.pipe(parse({ columns: true, bom: true }))) {
    line += 1;
    const { date, credit, details } = row.parse(record);
    if (credit === '' || credit === '0') continue;
    credits.push({ line, receivedOn: date, amount: credit, memo: details.slice(0, memoMax).trim() });
  }
  return credits;
}

/**
 * Records each credit as a donation of an unidentified donor, many requests at a time; returns their sum in VND. A second
 * run over the same fund adds nothing: each line has a key of its own.
 */
export async function recordCredits(
  api: Api,
  credits: readonly Credit[],
  into: { readonly fundId: string; readonly account: string },
  onRecorded: (recorded: number, sum: bigint) => void,
): Promise<bigint> {
  const waiting = credits.values();
  let recorded = 0;
  let sum = 0n;
  const record = async (): Promise<void> => {
    for (const credit of waiting) {
      await api.post('/v1/donations', donationOf(credit, into), `statement line ${String(credit.line)}`);
      recorded += 1;
      sum += BigInt(credit.amount);
      onRecorded(recorded, sum);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, record));
  return sum;
}

function donationOf(
  { receivedOn, amount, memo }: Credit,
  into: { readonly fundId: string; readonly account: string },
): object {
  return {
    ...into,
    donor: { kind: 'unidentified' },
    method: 'bank',
    amount: { amount, currency: 'VND' },
    purpose: 'unrestricted',
    receivedOn,
    ...(memo === '' ? {} : { memo }),
  };
}
