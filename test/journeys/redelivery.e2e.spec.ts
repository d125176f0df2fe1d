import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { everyItem } from '#apps/standalone/src/demo/figures.js';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { messageOf } from '#kernel/message-of.js';
import { eventually } from '#testing/eventually.js';
import { approve, askToUndo, entered, mailsTo, receipted, record, walkMs } from './asking.js';
import { replayed } from './auditing.js';
import { FundAtWork, vnd } from './fund-at-work.js';

let work: FundAtWork;
let database: pg.Client;

beforeAll(async () => {
  work = await FundAtWork.open();
  database = new pg.Client({ connectionString: work.database.url });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await work.close();
});

const named = (nth: number) => ({
  kind: 'named',
  details: {
    ...{ class: 'unit', inProvince: true, name: `Trường Mẫu ${String(nth)}`, address: 'Xã Mẫu' },
    email: `lai-${String(nth)}@example.org`,
  },
});

/** Where each consumer stands. */
async function checkpoints(): Promise<readonly { readonly consumer: string; readonly number: string }[]> {
  const { rows } = await database.query<{ consumer: string; number: string }>(
    'SELECT consumer, number FROM platform.checkpoints ORDER BY consumer',
  );
  return rows;
}

/** Waits until every consumer has handled the last message of its topic. */
async function allHandled(): Promise<void> {
  const last = new Map<string, number>();
  const { signal } = new AbortController();
  for await (const batch of work.running.platform.store.subscribe({ consumer: 'journey', signal })) {
    for (const source of services.flatMap(({ publishers }) => publishers)) {
      const told = batch.events.findLast((event) => messageOf(source, event));
      if (told) last.set(source.topic, told.position.number);
    }
    if (batch.caughtUp) break;
  }
  await eventually(async () => {
    for (const { consumer, number } of await checkpoints())
      expect(Number(number)).toBeGreaterThanOrEqual(last.get(consumer.split(':')[2] ?? '') ?? 0);
  }, walkMs);
}

/** Every consumer has handled nothing yet, as far as it knows: all that was ever told is told again. */
async function setBack(): Promise<void> {
  await database.query('DELETE FROM platform.checkpoints');
}

/** All that the services keep beside the events, watermarks included, and how many events there are. */
async function everything(): Promise<Readonly<Record<string, unknown>>> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema = ANY ($1) AND table_name <> 'read_model' ORDER BY 1`,
    [services.map(({ name }) => name)],
  );
  const contents: [string, unknown][] = [];
  for (const { name } of tables) {
    const { rows } = await database.query(
      `SELECT to_jsonb(t) AS row FROM ${name} t ORDER BY to_jsonb(t)::text`,
    );
    contents.push([name, rows]);
  }
  const { rows: events } = await database.query('SELECT count(*), max(id::text) FROM event_store.events');
  return Object.fromEntries([...contents, ['events', events]]);
}

async function receiptNumbers(): Promise<readonly string[]> {
  const { api } = work.people.accountant;
  const receipts = await everyItem<ReceiptView>(api, `/v1/receipts?fund=${work.fundId}`);
  return receipts.map(({ number }) => number).toSorted();
}

/** The first so many numbers of the fund's series. */
const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `LS-2025-${String(index + 1).padStart(6, '0')}`);

describe('all that was ever told is told again', () => {
  it('after a restart, and nothing is posted, numbered, mailed or counted twice', async () => {
    const donations = await Promise.all([1, 2, 3].map((nth) => record(work, { donor: named(nth) })));
    for (const { donationId } of donations) await receipted(work, donationId, { mail: { state: 'sent' } });
    const refunded = donations[0]!.donationId;
    const refundId = await askToUndo(work, refunded, 'refunds', { amount: vnd(100_000) });
    await approve(work, refunded, `refunds/${refundId}`);
    await entered(work, refunded, 2);
    await receipted(work, refunded, { mail: { state: 'sent' } }, 2);
    await allHandled();
    await work.stop();
    const [before, stood] = [await everything(), await checkpoints()];
    await setBack();
    await work.start();
    await eventually(async () => expect(await checkpoints()).toEqual(stood), walkMs);
    await work.stop();
    expect(await everything()).toEqual(before);
    await work.start();
    expect(await receiptNumbers()).toEqual(numbered(4));
    expect(await mailsTo(work, '@example.org')).toHaveLength(4);
    await replayed(work);
  });

  it('to two processes that are running, while new donations come', async () => {
    const beside = await work.beside();
    const busy = new AbortController();
    let recorded = 4;
    const writing = (async () => {
      for (let nth = 11; !busy.signal.aborted; nth += 1) {
        await record(work, { donor: named(nth), amount: vnd(1_000) });
        recorded += 1;
      }
    })();
    for (let times = 0; times < 5; times += 1) {
      const before = recorded;
      await eventually(() => expect(recorded).toBeGreaterThan(before + 2), walkMs);
      await setBack();
    }
    busy.abort();
    await writing;
    const last = await record(work, { donor: named(9) });
    recorded += 1;
    await receipted(work, last.donationId, { mail: { state: 'sent' } });
    await eventually(async () => expect(await receiptNumbers()).toEqual(numbered(recorded)), walkMs);
    await eventually(async () => {
      expect(await mailsTo(work, '@example.org')).toHaveLength(recorded);
    }, walkMs);
    await beside.stop();
    await replayed(work);
  });
});
