import { ownFailPointNames, type FailPointName } from '#platform/fail-points.js';
import { eventually } from '#testing/eventually.js';
import type { Fault } from './fault.js';
import { usualLoad, type LoadSize } from './load.js';
import { whileMailComesBack, whileMailIsPutOff } from './mail-strikes.js';
import type { StubbornClient } from './stubborn-client.js';
import type { Mortal } from './mortal.js';

/** How often the usual load surely comes to a step; once where it is not named. */
const comesTo: Readonly<Record<string, number>> = {
  'donation-recorded': 9,
  'receipt-rendered': 2,
  'mail-taken': 2,
  'checkpoint-moved-donations-to-ledger': 2,
  'checkpoint-moved-ledger-to-ledger': 2,
  'checkpoint-moved-ledger-to-donations': 2,
  'checkpoint-moved-ledger-to-receipts': 2,
  'checkpoint-moved-ledger-to-access': 2,
  'statement-row-recorded': 5,
  'bank-item-recorded': 2,
  'record-sealed': 4,
  'bytes-sealed': 2,
};

/** Snapshots are made of streams that are long. */
const longLoad: LoadSize = { donations: 4, credits: 1_100 };

/** The process is killed where it is told to die, started again, and people ask for what was not answered. */
function atFailPoint(name: FailPointName): Fault<Mortal> {
  const [step = ''] = name.split(':');
  const size = step === 'snapshot-kept' ? longLoad : usualLoad;
  return {
    name: `kill -9 of the process at ${name}`,
    ...(size === longLoad ? { isAlone: true } : {}),
    strike: async (life) => {
      const nth = 1 + life.draws.below(comesTo[step] ?? 1);
      await life.start(`${name}:${String(nth)}`);
      const played = life.play(size);
      await life.dies();
      const way = /^checkpoint-moved-(.+)$/.exec(step)?.[1];
      if (way !== undefined) await life.assertNothingPassedOver(way, name.endsWith(':after'));
      await life.start();
      await played;
    },
  };
}

/** A stream that cannot be read for a while has its key held, by which process it may be; then somebody lets the key go. */
function whileKeyIsHeld(name: FailPointName): Fault<Mortal> {
  const dies = `kill -9 of the process at ${name}`;
  const size: LoadSize = { ...usualLoad, credits: 0 };
  return name.startsWith('key-held')
    ? {
        name: dies,
        isAlone: true,
        strike: async (life) => {
          await life.start();
          await garble(life);
          await life.stop();
          await life.start(name);
          const played = life.play(size);
          await life.dies();
          await life.start();
          await heldIs(life.client, 1);
          await mend(life);
          await release(life);
          await played;
        },
      }
    : {
        name: dies,
        isAlone: true,
        strike: async (life) => {
          await life.start();
          await garble(life);
          await life.stop();
          await life.start(name);
          await life.play(size);
          await heldIs(life.client, 1);
          await mend(life);
          const released = release(life).catch(() => undefined);
          await life.dies();
          await released;
          await life.start();
          await release(life);
        },
      };
}

/** The stream begins with what its service knows and what nothing can begin with: not with a type of a newer release. */
const garble = (life: Mortal): Promise<void> => rename(life, 'FundOpened', 'AccountOpened');
const mend = (life: Mortal): Promise<void> => rename(life, 'AccountOpened', 'FundOpened');

async function rename(life: Mortal, from: string, to: string): Promise<void> {
  const stream = `fund-${life.site.fundId}`;
  await life.query(
    changing(
      `UPDATE event_store.events SET type = '${to}'
        WHERE stream = '${stream}' AND revision = 0 AND type = '${from}'`,
    ),
  );
}

/** The database refuses to change what is recorded; whoever owns it can make it do so all the same. */
export function changing(statement: string): string {
  const trigger = 'TRIGGER events_never_change';
  return `BEGIN; ALTER TABLE event_store.events DISABLE ${trigger}; ${statement};
    ALTER TABLE event_store.events ENABLE ALWAYS ${trigger}; COMMIT`;
}

async function heldIs(client: StubbornClient, keys: number): Promise<void> {
  await eventually(
    async () => {
      const { body } = await client.get('administrator', '/v1/admin/held');
      const { items } = body as { readonly items: readonly object[] };
      if (items.length !== keys) throw new Error(`held: ${JSON.stringify(body)}`);
    },
    { withinMs: 30_000 },
  );
}

/** Until none is left: those who let it go may be gone before they have told so. */
async function release({ client, site }: Mortal): Promise<void> {
  const body = { group: 'ledger', key: site.fundId };
  await client.post('administrator', '/v1/admin/held/releases', body);
  await heldIs(client, 0);
}

/** The fault in which a process kills itself there. */
export function dyingAt(name: FailPointName): Fault<Mortal> {
  if (name.startsWith('key-')) return whileKeyIsHeld(name);
  if (name.startsWith('mail-deferred')) return whileMailIsPutOff(name);
  if (name.startsWith('mail-bounced')) return whileMailComesBack(name);
  return atFailPoint(name);
}

/** Every fault in which the one process kills itself. */
export const atFailPoints: readonly Fault<Mortal>[] = ownFailPointNames.map(dyingAt);
