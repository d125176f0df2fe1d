import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { eventStoreDatabase, type EventStoreDatabase } from '#testing/postgres-store.js';
import { BareInserts } from './bare-inserts.js';
import { aDonation } from './made-events.js';
import { spreadOf } from './statistics.js';

const callers = 64;
const rounds = 20;
const roundMs = 100;
/** Of the rate of bare inserts. Found are 0.33 to 0.5 on two cores that twelve want, 0.14 to 0.19 where an append takes three times as long. */
const shareMin = 0.25;

let home: EventStoreDatabase;
let store: PostgresEventStore;
let bare: BareInserts;
beforeAll(async () => {
  home = await eventStoreDatabase();
  store = new PostgresEventStore({ url: home.url });
  bare = await BareInserts.into(home.owner);
});
afterAll(async () => {
  await store.close();
  await home.drop();
});

/** Events a second while these go on, each again as soon as it is done. */
async function rate(loops: number, once: () => Promise<number>): Promise<number> {
  let events = 0;
  const began = performance.now();
  const loop = async (): Promise<void> => {
    while (performance.now() - began < roundMs) {
      const done = await once();
      events += done;
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  return (1_000 * events) / (performance.now() - began);
}

const throughThePort = () =>
  rate(callers, async () => {
    await store.append(`donation-${newId()}`, [aDonation()], 'no_stream');
    return 1;
  });

const bareInserts = () =>
  rate(1, async () => {
    await bare.insert(Array.from({ length: callers }, aDonation));
    return callers;
  });

describe('appending through the port', () => {
  it('keeps a fair share of the rate of bare inserts on the same server', async () => {
    await throughThePort();
    await bareInserts();
    // Each beside the other, so that what else the machine does falls on both; the middle of the pairs, so that what falls
    // on one of them counts for nothing.
    const shares: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const appended = await throughThePort();
      shares.push(appended / (await bareInserts()));
    }
    expect(spreadOf(shares).median).toBeGreaterThan(shareMin);
  });
});
