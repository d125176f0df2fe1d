import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import type { DonationView } from '#apps/donations/src/in/donation-view.js';
import type { HistoryView } from '#apps/donations/src/in/history-view.js';
import type { EntryView } from '#apps/ledger/src/in/books.http.js';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import type { Person } from '#apps/standalone/src/demo/people.js';
import { eventually } from '#testing/eventually.js';
import { vnd, type FundAtWork } from './fund-at-work.js';

interface Listed<Item> {
  readonly items: readonly Item[];
}

/** What the API answers to a donation that was recorded. */
export interface Recorded {
  readonly donationId: string;
  readonly position: string;
}

/** A mail of the local mailbox, as far as its page tells. */
export interface InboxMail {
  readonly id: string;
  readonly subject: string;
  readonly to: string;
}

/** A fund that is asked, and the people who ask. */
export type AskedFund = Pick<FundAtWork, 'people' | 'fundId' | 'today'>;

/** How long the walk from a donation to its mail may take on a busy machine. */
export const walkMs = { withinMs: 30_000, everyMs: 50 };

/** Records 500,000 VND in cash received today, or what `donation` says instead. */
export function record(
  { people, fundId, today }: AskedFund,
  donation: object,
  { by = people.cashier, key }: { readonly by?: Person; readonly key?: string } = {},
): Promise<Recorded> {
  const body = {
    fundId,
    method: 'cash',
    amount: vnd(500_000),
    receivedOn: today,
    ...donation,
  };
  return by.api.post<Recorded>('/v1/donations', body, key);
}

/** The donation as its stream says. */
export function donationOf({ people }: AskedFund, donationId: string): Promise<DonationView> {
  return people.accountant.api.get(`/v1/donations/${donationId}`);
}

/** Entries of the donation, the first first. */
export async function entriesOf(work: AskedFund, donationId: string): Promise<readonly EntryView[]> {
  const path = `/v1/funds/${work.fundId}/entries?donation=${donationId}`;
  const { items } = await work.people.accountant.api.get<Listed<EntryView>>(path);
  return items.toReversed();
}

/** Waits until the donation has so many entries. */
export function entered(work: AskedFund, donationId: string, count: number): Promise<readonly EntryView[]> {
  return eventually(async () => {
    const entries = await entriesOf(work, donationId);
    expect(entries).toHaveLength(count);
    return entries;
  }, walkMs);
}

/** Receipts of the donation in the order of their numbers, void ones too. */
export async function receiptsOf(work: AskedFund, donationId: string): Promise<readonly ReceiptView[]> {
  const path = `/v1/receipts?fund=${work.fundId}&donation=${donationId}`;
  const { items } = await work.people.accountant.api.get<Listed<ReceiptView>>(path);
  return items.toSorted((a, b) => (a.number < b.number ? -1 : 1));
}

/** Waits until the newest receipt of the donation stands as `like`, and so many there are. */
export function receipted(
  work: AskedFund,
  donationId: string,
  like: object,
  count = 1,
): Promise<readonly ReceiptView[]> {
  return eventually(async () => {
    const receipts = await receiptsOf(work, donationId);
    expect(receipts).toHaveLength(count);
    expect(receipts.at(-1)).toMatchObject(like);
    return receipts;
  }, walkMs);
}

/** What happened to the donation, across the services. */
export async function historyOf({ people }: AskedFund, donationId: string): Promise<HistoryView['entries']> {
  const view = await people.accountant.api.get<HistoryView>(`/v1/donations/${donationId}/history`);
  return view.entries;
}

/** Mails in the local mailbox to an address, newest first. */
export async function mailsTo({ people }: AskedFund, address: string): Promise<readonly InboxMail[]> {
  const page = Buffer.from(await people.administrator.api.getBytes('/inbox')).toString('utf8');
  const row = /<a href="\/inbox\/([^"]+)">([^<]*)<\/a><\/td>\s*<td>([^<]*)<\/td>/g;
  const mails = [...page.matchAll(row)].map(([, id = '', subject = '', to = '']) => ({ id, subject, to }));
  return mails.filter(({ to }) => to.includes(address));
}

/** The bytes of the first attachment of a mail. */
export function attachmentOf({ people }: AskedFund, { id }: InboxMail): Promise<Uint8Array> {
  return people.administrator.api.getBytes(`/inbox/${id}/attachments/0`);
}

/** The PDF of a receipt. */
export function pdfOf({ people }: AskedFund, number: string): Promise<Uint8Array> {
  return people.accountant.api.getBytes(`/v1/receipts/${number}/pdf`);
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What the API throws at whoever is refused with this code. */
export function refusal(status: number, code: string): object {
  return expect.objectContaining({ status, problem: expect.stringContaining(`"code":"${code}"`) });
}

/** Asks for a refund or a void; its id. */
export async function askToUndo(
  { people }: AskedFund,
  donationId: string,
  what: 'refunds' | 'void',
  {
    by = people.accountant,
    ...terms
  }: { readonly by?: Person; readonly amount?: object; readonly paidFrom?: string } = {},
): Promise<string> {
  const body = { reason: 'Chuyển nhầm (giả định)', ...terms };
  const asked = await by.api.post<{ readonly id: string }>(`/v1/donations/${donationId}/${what}`, body);
  return asked.id;
}

/** The second person's yes. */
export async function approve(
  { people }: AskedFund,
  donationId: string,
  what: `refunds/${string}` | `void/${string}`,
  by: Person = people.approver,
): Promise<void> {
  await by.api.post(`/v1/donations/${donationId}/${what}/approval`);
}

/** Waits until the donation stands as `like`. */
export function stands(work: AskedFund, donationId: string, like: object): Promise<DonationView> {
  return eventually(async () => {
    const donation = await donationOf(work, donationId);
    expect(donation).toMatchObject(like);
    return donation;
  }, walkMs);
}
