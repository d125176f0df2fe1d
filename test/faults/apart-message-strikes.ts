import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '#testing/eventually.js';
import type { ApartLife } from './apart-life.js';
import type { Fault } from './fault.js';

const soonMs = { withinMs: 60_000, everyMs: 100 };
const few = { donations: 3, credits: 0 } as const;

/** The owner's publishers forget how far they have sent, and so send everything again. */
export async function sendAgain(life: ApartLife, owner: string): Promise<void> {
  await life.query(
    `WITH keys AS (DELETE FROM ${owner}.publisher_keys) DELETE FROM ${owner}.publisher_places`,
  );
}

/** Every publisher has forgotten how far it has sent, and begins with the first message. */
const sentTwice: Fault<ApartLife> = {
  name: 'every message of every topic sent a second time under load',
  strike: async (life) => {
    await life.start();
    await life.play();
    await life.settled();
    const before = await life.rest.messages();
    const played = life.play();
    await life.underLoad();
    for (const owner of ['donations', 'ledger', 'receipts']) await sendAgain(life, owner);
    await played;
    await life.settled();
    await life.play(few);
    const messages = await life.rest.messages();
    if (messages < 2 * before) throw new Error(`only ${String(messages)} messages: nothing came twice`);
  },
};

interface Place {
  readonly cursor: string;
  readonly incarnation: number;
  readonly number: string;
  readonly event_id: string;
}

/** A donation is recorded, and its message passed over by a publisher whose place was moved; then the place is put right. */
const passedOver: Fault<ApartLife> = {
  name: 'a message that never came, and the replay of it',
  strike: async (life) => {
    await life.start();
    await life.play(few);
    await life.settled();
    await life.start('donation-recorded:after');
    const played = life.play(few);
    await life.dies();
    const place = await placeOf(life);
    await movePlace(life, await lastEvent(life));
    await life.start();
    await played;
    await held(life, 2);
    await movePlace(life, place);
    await life.play(few);
    await eventually(async () => {
      for (const group of ['ledger', 'receipts'])
        await life.client.post('administrator', '/v1/admin/held/releases', { group, key: life.site.fundId });
    }, soonMs);
    await held(life, 0);
  },
};

async function placeOf(life: ApartLife): Promise<Place> {
  const [place] = await life.query<Place>('SELECT * FROM donations.publisher_places WHERE topic = $1', [
    topic,
  ]);
  if (!place) throw new Error('nothing was ever sent');
  return place;
}

/** The last event of the service, as the place of a publisher that has sent it. */
async function lastEvent(life: ApartLife): Promise<Place> {
  const [place] = await life.query<Place>(
    `SELECT seq::text AS cursor, incarnation, number, id::text AS event_id FROM event_store.events
      WHERE stream LIKE 'donation-%' ORDER BY seq DESC LIMIT 1`,
  );
  if (!place) throw new Error('nothing was recorded');
  return place;
}

const topic = 'mangnon.donations.v1';

async function movePlace(
  life: ApartLife,
  { cursor, incarnation, number, event_id: id }: Place,
): Promise<void> {
  await life.query(
    `WITH keys AS (UPDATE donations.publisher_keys SET incarnation = $3, number = $4 WHERE topic = $1 AND key = $6)
      UPDATE donations.publisher_places SET cursor = $2, incarnation = $3, number = $4, event_id = $5 WHERE topic = $1`,
    [topic, cursor, incarnation, number, id, life.site.fundId],
  );
}

async function held(life: ApartLife, keys: number): Promise<void> {
  await eventually(async () => {
    const { body } = await life.client.get('administrator', '/v1/admin/held');
    const { items } = body as { readonly items: readonly object[] };
    if (items.length !== keys) throw new Error(`held: ${JSON.stringify(body)}`);
  }, soonMs);
}

const bewitched = 666_000;

/** A release of the ledger that throws on one amount; the next one does not, and takes up what was parked. */
const poisoned: Fault<ApartLife> = {
  name: 'a poisoned message, then a void behind it, then the replay of both',
  strike: async (life) => {
    await life.start();
    await life.apart.signal('ledger', 'SIGTERM');
    life.apart.start('ledger', 'ledger', { NODE_OPTIONS: `--import=${bugIn(life.apart.folder)}` });
    await life.apart.ready();
    const played = life.play(few);
    const id = await donate(life, bewitched);
    await parked(life, 1);
    await undo(life, id);
    await parked(life, 2);
    await played;
    await life.apart.signal('ledger', 'SIGTERM');
    await life.start();
    await life.client.post('administrator', '/v1/admin/parked/replays', {
      stream: `fund-${life.site.fundId}`,
    });
  },
};

/** A file that, imported first, has the fund throw where it meets the amount. */
function bugIn(folder: string): string {
  const file = join(folder, 'bug.mjs');
  const decider = new URL('../../dist/libs/domain/src/fund/fund.decide.js', import.meta.url).href;
  writeFileSync(
    file,
    `import { inspect } from 'node:util';
     import { fund } from ${JSON.stringify(decider)};
     const { decide } = fund;
     fund.decide = (state, command) => {
       if (inspect(command, { depth: 9 }).includes('${String(bewitched)}')) throw new TypeError('a bug of ours');
       return decide(state, command);
     };`,
  );
  return file;
}

async function donate({ client, site, apart, draws }: ApartLife, amount: number): Promise<string> {
  const money = { amount: String(amount), currency: 'VND' };
  const came = { fundId: site.fundId, receivedOn: apart.today, method: 'cash', amount: money };
  const { donationId } = await client.ask<{ readonly donationId: string }>({
    by: 'cashier',
    route: '/v1/donations',
    body: { ...came, donor: { kind: 'anonymous' } },
    key: `poison ${String(draws.below(1_000_000))}`,
  });
  return donationId;
}

async function undo({ client }: ApartLife, id: string): Promise<void> {
  const asked = await client.ask<{ readonly id: string }>({
    ...{ by: 'accountant', route: '/v1/donations/:id/void', params: { id }, key: `void ${id}` },
    body: { reason: 'Chuyển nhầm (giả định)' },
  });
  await client.ask({
    ...{ by: 'approver', route: '/v1/donations/:id/void/:undoingId/approval' },
    ...{ params: { id, undoingId: asked.id }, key: `void ${id} approved` },
  });
}

async function parked(life: ApartLife, messages: number): Promise<void> {
  await eventually(async () => {
    const { body } = await life.client.get('administrator', '/v1/admin/parked');
    const { items } = body as { readonly items: readonly object[] };
    if (items.length !== messages) throw new Error(`parked: ${JSON.stringify(body)}`);
  }, soonMs);
}

/** What comes on the wire. */
export const ofMessages: readonly Fault<ApartLife>[] = [sentTwice, passedOver, poisoned];
