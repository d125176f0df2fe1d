import { z } from 'zod';
import type { StatementProfile } from '#domain/statement/statement-profile.js';
import { refuseFile } from './file-faults.js';

const text = z.string().min(1).max(200);
const common = {
  date: text,
  details: text,
  balance: text,
  reference: text.exactOptional(),
  counterparty: text.exactOptional(),
  currency: text.exactOptional(),
};
const profile = z
  .strictObject({
    name: text,
    columns: z.union([
      z.strictObject({ ...common, debit: text, credit: text }),
      z.strictObject({ ...common, amount: text }),
    ]),
    dateFormat: z.enum(['yyyy-mm-dd', 'yyyy/mm/dd', 'dd/mm/yyyy', 'dd-mm-yyyy', 'dd.mm.yyyy', 'mm/dd/yyyy']),
    decimal: z.enum(['.', ',']).default('.'),
    thousands: z.enum(['', '.', ',', ' ']).default(''),
    order: z.enum(['oldest-first', 'newest-first']).default('oldest-first'),
    footers: z.array(text).max(20).default([]),
  })
  .refine(({ decimal, thousands }) => decimal !== thousands, { path: ['thousands'] });

/** Reads a profile file (JSON); refuses it with the member at fault. What it leaves out reads as `50000.00`, the oldest row first. */
export function readProfile(json: unknown): StatementProfile {
  const read = profile.safeParse(json);
  if (read.success) return read.data;
  refuseFile('statement/profile-unreadable', { member: read.error.issues[0]?.path.join('.') ?? '' });
}

/** Reads the text of a profile file; refuses what is no JSON as a whole. */
export function profileOf(text: string): StatementProfile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    refuseFile('statement/profile-unreadable', { member: '' });
  }
  return readProfile(json);
}

/** The profiles that need no file: our own header, and the one that Vietcombank and MB write. */
export const builtInProfiles: readonly StatementProfile[] = [
  {
    name: 'plain',
    columns: {
      ...{ date: 'date', reference: 'reference', details: 'details' },
      ...{ debit: 'debit', credit: 'credit', balance: 'balance' },
    },
    ...{ dateFormat: 'yyyy-mm-dd', decimal: '.', thousands: ',', order: 'oldest-first', footers: [] },
  },
  {
    name: 'vietcombank',
    columns: {
      ...{ date: 'Ngày GD', reference: 'Số CT', details: 'Mô tả' },
      ...{ debit: 'Phát sinh Nợ', credit: 'Phát sinh Có', balance: 'Số dư' },
    },
    ...{ dateFormat: 'dd/mm/yyyy', decimal: '.', thousands: ',', order: 'oldest-first' },
    footers: ['Tổng'],
  },
];
