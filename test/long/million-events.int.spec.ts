import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fundsIn, type Funds } from '#apps/ledger/src/funds.js';
import { streamOf } from '#apps/ledger/src/fund-streams.js';
import { commandOf } from '#apps/ledger/src/in/donation-messages.js';
import type { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { PostgresSnapshotStore } from '#event-store/postgres/snapshots.js';
import { newId } from '#event-store/command-id.js';
import type { CommandContext } from '#event-store/handle.js';
import { aSource, fundId, openLangSon, vnd } from '#testing/fund-stories.js';
import { DonationsTopic } from '#testing/ledger-messages.js';
import { postgresStores, type PostgresStores } from '#testing/postgres-store.js';
import { told } from './told.js';

const events = 1_000_000;
const atOnce = 500;
/** Of design.md: what a person waits for who gives the first command after a restart. */
const firstCommandMsMax = 1_000;

const stream = streamOf(fundId);
let stores: PostgresStores;

/** The ledger of a process that has just started: nothing in memory, its connections open. */
async function started(): Promise<{ readonly store: PostgresEventStore; readonly funds: Funds }> {
  const store = await stores.open();
  const funds = fundsIn(store, await PostgresSnapshotStore.open(stores.database, 'platform'));
  await store.head();
  return { store, funds };
}

function byAccountant(): CommandContext {
  const commandId = newId();
  return { actor: 'staff:11111111-1111-4111-8111-111111111111', commandId, correlationId: commandId };
}

const openPurpose = (funds: Funds, code: string) =>
  funds.command(
    stream,
    { type: 'OpenPurpose', purpose: newId(), code, name: { vi: 'Học bổng', en: 'Scholarships' } },
    byAccountant(),
  );

beforeAll(async () => {
  stores = await postgresStores();
  const { funds } = await started();
  await funds.open(openLangSon(), byAccountant());
  const topic = new DonationsTopic();
  const began = performance.now();
  for (let posted = 1; posted < events; posted += atOnce) {
    const messages = Array.from({ length: atOnce }, (_, index) => {
      const amount = vnd(10_000 + ((posted + index) % 990) * 1_000);
      return topic.recorded(aSource(newId(), { amount }), '2024-03-15T03:00:00.000Z');
    });
    topic.told.length = 0;
    await funds.messages(stream, messages, commandOf);
  }
  told(`a fund of ${String(events)} events`, 'posting them', performance.now() - began);
  await stores.closeStores();
}, 1_800_000);
afterAll(() => stores.drop());

describe('a fund of a million events', () => {
  it('takes its first command after a restart within a second, from its snapshot', async () => {
    const { store, funds } = await started();
    const began = performance.now();
    const { events: made } = await openPurpose(funds, 'HB1');
    const took = performance.now() - began;
    told('a fund of a million events', 'its first command after a restart', took);
    expect(made[0]?.revision).toBeGreaterThanOrEqual(events);
    expect(took).toBeLessThan(firstCommandMsMax);
    await store.close();
  });

  it('is folded anew where there is no snapshot, and comes to the same', async () => {
    const { state, inbox, revision } = await (await started()).funds.load(stream);
    await stores.database.query('DELETE FROM platform.snapshots');
    const { funds } = await started();
    const began = performance.now();
    const folded = await funds.load(stream);
    told('a fund of a million events', 'folding all of it', performance.now() - began);
    expect(folded).toMatchObject({ state, inbox, revision });
  }, 600_000);
});
