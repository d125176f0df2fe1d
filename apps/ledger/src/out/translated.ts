import type { ledgerContracts } from '#contracts/ledger.v1.js';
import type { Entry } from '#domain/fund/entry.events.js';
import type { Translated } from '#kernel/message.js';
import type { z } from 'zod';

type Contracts = typeof ledgerContracts;

/** A message of the ledger's topic; the compiler holds its data against the contract. */
export function message<Name extends keyof Contracts>(
  type: Name,
  key: string,
  subject: string,
  data: z.input<Contracts[Name]>,
): Translated {
  return { type, key, subject, data };
}

/** What every message of an entry tells of it. */
export function entryOf(fundId: string, { entryId, entryNumber, effectiveOn, postings }: Entry) {
  return { fundId, entryId, entryNumber, effectiveOn, postings: [...postings] };
}
