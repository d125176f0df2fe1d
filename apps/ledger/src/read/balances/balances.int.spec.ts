import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { localDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { formatPosition } from '#kernel/position.js';
import { ReadModels } from '#read-models/read-models.js';
import { aSource, fundId, openLangSon, schoolPurpose, thingsSource, vnd } from '#testing/fund-stories.js';
import { DonationsTopic } from '#testing/ledger-messages.js';
import { readDatabase } from '#testing/read-models.js';
import { streamOf } from '../../fund-streams.js';
import { fundsIn } from '../../funds.js';
import { commandOf } from '../../in/donation-messages.js';
import { ledgerService } from '../../ledger.module.js';
import { postedEntry, type PostedEntry } from '../posted-entry.js';
import { byPurpose } from './balance-views.js';
import { sumsOf, type AccountSums, type BalanceQuestion } from './balances.query.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

let now = '2024-01-02T01:00:00.000Z';
let database: DataSource;
let drop: () => Promise<void>;
let readModels: ReadModels;
let store: InMemoryEventStore;
let entries: readonly PostedEntry[];

/** Recorded over four years, at instants around the ends of days, months and years; received earlier, mostly. */
const instants = [
  '2024-01-31T16:59:59.999Z',
  '2024-01-31T17:00:00.000Z',
  '2024-01-31T23:59:59.999Z',
  '2024-02-01T00:00:00.000Z',
  '2024-02-29T12:00:00.000Z',
  '2024-12-31T16:59:59.000Z',
  '2024-12-31T17:00:00.000Z',
  '2024-12-31T23:59:59.999Z',
  '2025-01-01T00:00:00.000Z',
  '2025-05-29T01:00:00.000Z',
  '2025-05-29T01:00:00.000Z',
  '2025-05-29T01:00:00.001Z',
  '2025-05-29T09:30:00.000Z',
  '2025-11-30T02:00:00.000Z',
  '2026-03-01T02:00:00.000Z',
  '2027-07-15T02:00:00.000Z',
];
const days = [
  '2024-01-01',
  '2024-01-31',
  '2024-02-29',
  '2024-12-31',
  '2025-01-01',
  '2025-05-28',
  '2026-02-28',
];

beforeAll(async () => {
  ({ database, drop } = await readDatabase());
  store = new InMemoryEventStore({ now: () => new Date(now) });
  readModels = new ReadModels({ store, database, lingerMs: 1 });
  readModels.register('ledger', ledgerService.projections);
  await readModels.start();
  await tellStory();
  const head = await store.head();
  await readModels.waitFor('ledger', head!.position, 20_000);
});

afterAll(async () => {
  await readModels.stop();
  await drop();
});

async function tellStory(): Promise<void> {
  const funds = fundsIn(store);
  const openingBalances = [{ account: 'cash', purpose: schoolPurpose, amount: vnd(1_000_003) }];
  const context = { actor: 'system:test', commandId: uuid(0), correlationId: uuid(0) } as const;
  await funds.open(openLangSon({ openingBalances }), context);
  const topic = new DonationsTopic();
  const purposes = ['unrestricted', schoolPurpose, uuid(777)];
  for (const [index, instant] of instants.entries()) {
    now = instant;
    const source = aSource(uuid(index + 1), {
      amount: { amount: String(10 ** (index % 7) * 3 + index), currency: index % 5 === 4 ? 'USD' : 'VND' },
      purpose: purposes[index % 3]!,
      receivedOn: localDate(days[(index * 3) % days.length]!),
    });
    const { amount } = source;
    await funds.messages(
      streamOf(fundId),
      [
        topic.recorded(source, instant),
        topic.recorded(thingsSource(uuid(index + 100)), instant),
        ...(index % 4 === 2
          ? [
              topic.refundApproved(
                uuid(index + 200),
                source,
                { amount: amount!, left: { ...amount!, amount: '0' }, effectiveOn: instant.slice(0, 10) },
                instant,
              ),
            ]
          : []),
      ],
      commandOf,
    );
  }
  const all: RecordedEvent[] = [];
  for await (const page of store.read(streamOf(fundId))) all.push(...page);
  entries = all.flatMap((event) => postedEntry(event) ?? []);
}

/** The same sums the slow way: every line of every entry looked at. */
function reckoned(asked: BalanceQuestion): readonly AccountSums[] {
  const sums = new Map<string, AccountSums>();
  for (const entry of entries.filter((one) => isRecorded(one, asked))) {
    const { counts, opens } = standingOf(entry, asked);
    if (!counts && !opens) continue;
    for (const { account, purpose, amount } of entry.data.postings) {
      const { currency } = amount;
      const key = JSON.stringify([account, purpose, currency]);
      const cell = { account, purpose, currency, openingDebit: 0n, openingCredit: 0n, debit: 0n, credit: 0n };
      sums.set(key, withLine(sums.get(key) ?? cell, BigInt(amount.amount), counts, opens));
    }
  }
  return [...sums.values()];
}

const isRecorded = (entry: PostedEntry, { recordedAt }: BalanceQuestion): boolean =>
  recordedAt === undefined || entry.recordedAt <= recordedAt;

const standingOf = ({ data }: PostedEntry, { asOf, from }: BalanceQuestion) => ({
  counts: asOf === undefined || data.effectiveOn <= asOf,
  opens: from !== undefined && data.effectiveOn < from,
});

function withLine(sums: AccountSums, minor: bigint, counts: boolean, opens: boolean): AccountSums {
  const debit = minor > 0n ? minor : 0n;
  const credit = debit - minor;
  return {
    ...sums,
    openingDebit: sums.openingDebit + (opens ? debit : 0n),
    openingCredit: sums.openingCredit + (opens ? credit : 0n),
    debit: sums.debit + (counts ? debit : 0n),
    credit: sums.credit + (counts ? credit : 0n),
  };
}

const byKey = (a: AccountSums, b: AccountSums): number =>
  `${a.account} ${a.purpose} ${a.currency}` < `${b.account} ${b.purpose} ${b.currency}` ? -1 : 1;

function lastPosition(recordedAt: string): string | null {
  const last = entries.filter((entry) => entry.recordedAt <= recordedAt).at(-1);
  return last ? formatPosition(last.position) : null;
}

describe('balances', () => {
  it('as of any date and as recorded at any instant are what the entries add up to', async () => {
    const dates = fc
      .date({ min: new Date('2023-12-31'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((date) => localDate(date.toISOString().slice(0, 10)));
    const times = fc.oneof(
      fc.constantFrom(...instants),
      fc.constantFrom(...instants).map((instant) => new Date(Date.parse(instant) - 1).toISOString()),
      fc
        .date({ min: new Date('2023-12-31'), max: new Date('2027-12-31'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    );
    const question = fc.record(
      { asOf: dates, from: dates, recordedAt: times },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Omit<BalanceQuestion, 'fundId'>>;
    await fc.assert(
      fc.asyncProperty(question, async (asked) => {
        const { sums, position } = await sumsOf(database, { fundId, ...asked });
        expect([...sums].sort(byKey)).toEqual([...reckoned({ fundId, ...asked })].sort(byKey));
        if (asked.recordedAt !== undefined) expect(position).toBe(lastPosition(asked.recordedAt));
      }),
      { numRuns: 300 },
    );
  });

  it('name the position that they stand at now', async () => {
    const { position } = await sumsOf(database, { fundId });
    expect(position).toBe(formatPosition((await store.head())!.position));
  });

  it('tell apart what was recorded then and what is known now of the same date', async () => {
    const asOf = localDate('2024-12-31');
    const then = await sumsOf(database, { fundId, asOf, recordedAt: '2024-12-31T16:59:59.000Z' });
    const since = await sumsOf(database, { fundId, asOf });
    expect(since.sums).not.toEqual(then.sums);
    expect(since.sums).toEqual(
      expect.arrayContaining([expect.objectContaining({ account: 'equity.opening', credit: 1_000_003n })]),
    );
  });

  it('conserve: opening and received less returned is what is available and in stock, purpose by purpose', async () => {
    for (const recordedAt of instants) {
      const { sums } = await sumsOf(database, { fundId, recordedAt });
      for (const { opening, received, returned, available, stock } of byPurpose(sums)) {
        expect(opening + received - returned).toBe(available + stock);
        expect(available).toBeGreaterThanOrEqual(0n);
      }
    }
  });

  it('of a fund that nobody has opened are none', async () => {
    expect(await sumsOf(database, { fundId: uuid(404), recordedAt: '2027-01-01T00:00:00Z' })).toEqual({
      position: null,
      sums: [],
    });
  });
});
