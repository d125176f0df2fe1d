import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import type { Answer } from '#testing/service-under-test.js';
import { eventually } from '#testing/eventually.js';
import { HistoryQuery } from './history/history.query.js';

const fundId = newId();
const donationId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
/** One past the positions at which numbers get another digit: as texts, `10` stands before `9`. */
const positionsMax = 112;

let service: DonationsUnderTest;
/** Ids by what they are of, in the order in which they were recorded. */
const recorded: Record<'donations' | 'donors' | 'campaigns' | 'pledges', string[]> = {
  donations: [],
  donors: [],
  campaigns: [],
  pledges: [],
};
const numbers: Record<string, number> = {};
/** What receipts said of one donation, in order. */
const toldIds: string[] = [];

beforeAll(async () => {
  service = await openDonations('2025-05-29T18:00:00Z');
  await service.fundOpened(fundId);
  for (let number = 1; number < positionsMax;) number = await recordOneOfEach(number);
  await service.caughtUp();
}, 120_000);
afterAll(() => service.close());

const amount = { amount: '500000', currency: 'VND' };
const text = (vi: string) => ({ vi, en: vi });

/** A word of receipts, a donor, a campaign with a pledge, and a donation; the position of the last. */
async function recordOneOfEach(number: number): Promise<number> {
  const receipt = { fundId, donationId, number: `LS-2025-${String(number)}` };
  toldIds.push((await service.say('receipts', 'PdfRequested.v1', receipt)).id);
  const details = { class: 'individual', inProvince: true, name: 'Bà Thí Dụ' };
  const donorId = await made('donors', { fundId, ...details });
  const campaignId = await made('campaigns', {
    ...{ fundId, code: `C${String(number)}`, name: text('Áo ấm') },
    appeal: { number: '3/TM', date: '2025-05-01' },
    committeeDecision: { number: '2/QĐ', date: '2025-05-01' },
    ...{ receivingAccount: 'bank.1', opensOn: '2025-05-01', closesOn: '2025-06-30' },
    purposeStatement: text('Mua áo ấm'),
  });
  await made('pledges', { campaignId, donorId, amount, dueOn: '2025-06-15' });
  const body = { fundId, donor: { kind: 'anonymous' }, method: 'cash', amount, receivedOn: '2025-05-28' };
  return numbers[await made('donations', body)] ?? 0;
}

async function made(kind: keyof typeof recorded, body: object): Promise<string> {
  const answer = await service.post(`/v1/${kind}`, { as: accountant, body });
  const { position, ...ids } = answer.json as unknown as Record<string, string>;
  const id = ids[`${kind.slice(0, -1)}Id`];
  if (id === undefined || position === undefined) throw new Error(`${kind}: ${answer.text}`);
  recorded[kind].push(id);
  numbers[id] = Number.parseInt(position.split('.')[1] ?? '', 10);
  return id;
}

/** What every page of a list shows, in turn. */
async function everyPage(kind: string, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after = cursor === '' ? '' : `&cursor=${cursor}`;
    const { json }: Answer = await service.get(`/v1/${kind}?limit=${String(limit)}${after}`, accountant);
    const page = json as unknown as { items: Record<string, string>[]; next: string | null };
    ids.push(...page.items.map((item) => item[`${kind.slice(0, -1)}Id`] ?? ''));
    cursor = page.next;
  }
  return ids;
}

describe('a list, what was recorded last first', () => {
  it.each(['donations', 'donors', 'campaigns', 'pledges'] as const)(
    'of %s keeps its order over all pages where positions get another digit',
    async (kind) => {
      const at = recorded[kind].map((id) => numbers[id] ?? 0);
      for (const digits of [1, 2, 3]) expect(at.map((one) => String(one).length)).toContain(digits);
      for (const limit of [1, 7, 200])
        expect(await everyPage(kind, limit)).toEqual(recorded[kind].toReversed());
    },
  );
});

describe('the history of a donation', () => {
  it('keeps its order where positions get another digit', async () => {
    const told = await eventually(async () => {
      const rows = await service.app.get(HistoryQuery).of(donationId);
      expect(rows).toHaveLength(toldIds.length);
      return rows;
    });
    for (const digits of [1, 2, 3]) expect(told.map(({ number }) => number.length)).toContain(digits);
    expect(told.map(({ event_id: id }) => id)).toEqual(toldIds);
  });
});
