import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EntryView } from '#apps/ledger/src/in/books.http.js';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { balancesOf, everyItem } from '#apps/standalone/src/demo/figures.js';
import type { StatusView } from '#platform/operations/status-view.js';
import { eventually } from '#testing/eventually.js';
import { record, walkMs } from './asking.js';
import { replayed } from './auditing.js';
import { bank, FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
let recorded = 0;
let goOn = true;
let writers: Promise<unknown>;

/** Between two donations, in milliseconds: each rebuild reads all of them, so they must not outrun it on any machine. */
const paceMs = 50;

/** Until it is told to stop, one donation after the other. */
async function write(): Promise<void> {
  while (goOn) {
    await record(work, {
      donor: { kind: 'unidentified' },
      method: 'bank',
      account: bank,
      amount: vnd(1_000),
    });
    recorded += 1;
    await pause(paceMs);
  }
}

beforeAll(async () => {
  work = await FundAtWork.open();
  writers = Promise.all([write(), write()]);
});
afterAll(async () => {
  goOn = false;
  await writers;
  await work.close();
});

const admin = () => work.people.administrator.api;
const standings = async () => (await admin().get<StatusView>('/v1/admin/status')).projections;

/** Which table stands behind each name; a rebuild puts another in its place. */
async function tables(rebuilt: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: work.database.url });
  await client.connect();
  try {
    const sql = 'SELECT name, name::regclass::oid::text AS oid FROM unnest($1::text[]) AS name';
    const { rows } = await client.query<{ name: string; oid: string }>(sql, [rebuilt]);
    return new Map(rows.map(({ name, oid }) => [name, oid]));
  } finally {
    await client.end();
  }
}

interface Seen {
  readonly newestDonation: number;
  readonly newestEntry: number;
  readonly newestReceipt: string;
  readonly received: number;
}

/** What the lists show at their top, which only ever grows. */
async function look(): Promise<Seen> {
  const { api } = work.people.accountant;
  const top = async <Item>(path: string): Promise<Item> => {
    const { items } = await api.get<{ readonly items: readonly Item[] }>(`${path}limit=1`);
    return items[0]!;
  };
  const donation = await top<{ readonly recordedAt: string }>(`/v1/donations?fundId=${work.fundId}&`);
  const entry = await top<EntryView>(`/v1/funds/${work.fundId}/entries?`);
  const receipt = await top<ReceiptView>(`/v1/receipts?fund=${work.fundId}&`);
  const [unrestricted] = await balancesOf(api, work.fundId);
  return {
    newestDonation: Date.parse(donation.recordedAt),
    newestEntry: entry.entryNumber,
    newestReceipt: receipt.number,
    received: Number(unrestricted?.received.amount),
  };
}

describe('read models rebuilt while donations keep coming', () => {
  let rebuilt: readonly string[];
  let before: ReadonlyMap<string, string>;

  it('are served all the while, and never show less than before', async () => {
    await eventually(async () => expect((await look()).newestEntry).toBeGreaterThan(60), walkMs);
    rebuilt = (await standings()).map(({ name }) => name);
    expect(rebuilt.length).toBeGreaterThan(20);
    before = await tables(rebuilt);
    const from = recorded;
    let seen = await look();
    for (const name of rebuilt) {
      await admin().post(`/v1/admin/rebuilds/${name}`);
      const now = await look();
      expect(now.newestDonation).toBeGreaterThanOrEqual(seen.newestDonation);
      expect(now.newestEntry).toBeGreaterThanOrEqual(seen.newestEntry);
      expect(now.newestReceipt >= seen.newestReceipt).toBe(true);
      expect(now.received).toBeGreaterThanOrEqual(seen.received);
      seen = now;
    }
    expect(recorded).toBeGreaterThan(from);
  });

  it('stand in new tables in the end', async () => {
    await eventually(async () => {
      const unfinished = (await standings()).filter(
        ({ state, rebuild }) => state !== 'live' || rebuild !== null,
      );
      expect(unfinished).toEqual([]);
    }, walkMs);
    const after = await tables(rebuilt);
    expect(rebuilt.filter((name) => after.get(name) === before.get(name))).toEqual([]);
  });

  it('equal a fresh fold, while it goes on and afterwards, with nothing lost or doubled', async () => {
    await replayed(work);
    goOn = false;
    await writers;
    const { api } = work.people.accountant;
    await eventually(async () => {
      const [unrestricted] = await balancesOf(api, work.fundId);
      expect(unrestricted?.received).toEqual(vnd(recorded * 1_000));
      const receipts = await everyItem<ReceiptView>(api, `/v1/receipts?fund=${work.fundId}`);
      expect(new Set(receipts.map(({ donationId }) => donationId)).size).toBe(recorded);
      expect(receipts.map(({ number }) => number)).toEqual(
        Array.from(
          { length: recorded },
          (_, index) => `LS-2025-${String(recorded - index).padStart(6, '0')}`,
        ),
      );
    }, walkMs);
    expect(await everyItem(api, `/v1/donations?fundId=${work.fundId}`)).toHaveLength(recorded);
    expect(await everyItem(api, `/v1/funds/${work.fundId}/entries?`)).toHaveLength(recorded);
    await replayed(work);
  });

  it('are asked for by name', async () => {
    await expect(admin().post('/v1/admin/rebuilds/ledger.nothing')).rejects.toMatchObject({ status: 404 });
  });
});
