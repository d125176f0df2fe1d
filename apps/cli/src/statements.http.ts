import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Api } from './api.http.js';

const money = z.object({ amount: z.string(), currency: z.string() });
const preview = z.object({
  rows: z.number(),
  firstOn: z.string(),
  lastOn: z.string(),
  opening: money,
  credits: money,
  debits: money,
  closing: money,
  breaks: z.array(
    z.object({ line: z.number(), date: z.string(), expected: money, found: money, difference: money }),
  ),
  bookBalance: money,
  openingDifference: money,
  willRecord: z.object({ donations: z.number(), debits: z.number(), unexplained: z.number() }),
  known: z.number(),
  campaigns: z.array(z.object({ code: z.string(), donations: z.number(), amount: money })),
  misdirected: z.number(),
  closingDifference: money.optional(),
  entered: z
    .object({
      count: z.number(),
      first: z.array(
        z.object({ line: z.number(), donationId: z.string(), receivedOn: z.string(), amount: money }),
      ),
    })
    .optional(),
  otherHalves: z
    .object({
      count: z.number(),
      first: z.array(z.object({ line: z.number(), entryId: z.string(), amount: money })),
    })
    .optional(),
  sameFile: z.object({ statementId: z.string().optional(), account: z.string().optional() }).optional(),
  doubts: z.array(z.string()),
});
const uploaded = z.object({ statementId: z.string(), profile: z.string(), preview });
const view = z.object({
  status: z.string(),
  progress: z
    .object({
      donations: z.number(),
      items: z.number(),
      posted: z.number(),
      numbered: z.number(),
      expected: z.number(),
      complete: z.boolean(),
    })
    .optional(),
  imported: z
    .object({ donations: z.number(), debits: z.number(), unexplained: z.number(), known: z.number() })
    .optional(),
});

const funds = z.object({
  items: z.array(z.object({ fundId: z.string(), code: z.string() })),
  next: z.string().nullable(),
});

/** A sum as the API tells it. */
export type Sum = z.infer<typeof money>;
/** What a statement adds up to and what would be recorded. */
export type Preview = z.infer<typeof preview>;
/** A statement that was read. */
export type Uploaded = z.infer<typeof uploaded>;
/** A statement as it stands, and how far it is. */
export type StatementView = z.infer<typeof view>;

/** What of a preview was seen and agreed to. */
export interface Seen {
  /** What is to be posted as an opening entry. */
  readonly openingEntry?: Sum;
  readonly closingDifference?: Sum;
  readonly doubts: readonly string[];
}

/** Whose statement a file is, and how it reads. */
export interface Sending {
  readonly fundId: string;
  readonly account: string;
  readonly currency: string;
  /** A profile as JSON. */
  readonly profile?: string;
}

/** The fund that is named by its id or by its code; undefined where the caller sees none of that code. */
export async function findFund(api: Api, named: string): Promise<string | undefined> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(named)) return named;
  let cursor = '';
  for (;;) {
    const page = await api.call({ method: 'GET', path: `/v1/funds?limit=200${cursor}` }, funds);
    const found = page.items.find(({ code }) => code === named.toUpperCase());
    if (found || page.next === null) return found?.fundId;
    cursor = `&cursor=${page.next}`;
  }
}

/** Sends a file as a statement; nothing of it is recorded. Throws as `Api` does, also where the file cannot be read as one. */
export function uploadStatement(api: Api, file: Uint8Array, sending: Sending): Promise<Uploaded> {
  const path = `/v1/statements?${new URLSearchParams({ ...sending }).toString()}`;
  return api.call({ method: 'POST', path, file, idempotencyKey: randomUUID() }, uploaded);
}

/** Has the statement's rows recorded. */
export async function confirmStatement(api: Api, statementId: string, seen: Seen): Promise<void> {
  const { doubts, ...sums } = seen;
  await act(api, statementId, 'confirmation', { ...sums, ...(doubts.length > 0 && { doubts }) });
}

/** Puts the statement aside. */
export async function discardStatement(api: Api, statementId: string): Promise<void> {
  await act(api, statementId, 'discarding', {});
}

/** How far the statement is. */
export function findStatement(api: Api, statementId: string): Promise<StatementView> {
  return api.call({ method: 'GET', path: `/v1/statements/${statementId}` }, view);
}

async function act(api: Api, statementId: string, what: string, body: object): Promise<void> {
  const path = `/v1/statements/${statementId}/${what}`;
  await api.call({ method: 'POST', path, body, idempotencyKey: randomUUID() }, z.unknown());
}
