import { setTimeout as delay } from 'node:timers/promises';
import { SmtpPeer } from '#testing/smtp-peer.js';
import { eventually } from '#testing/eventually.js';
import { Site } from '../faults/site.js';
import type { Invariant } from '../faults/invariants.js';
import { Donating } from './donating.js';
import { walkInvariants } from './invariants.js';
import type { Measure, Taken } from './measure.js';
import { ProcessWatch } from './processes.js';
import { Stand } from './stand.js';
import { Latencies, type Figure } from './statistics.js';
import { Walk } from './walk.js';

const receiptsDefault = 400;
const sentWithinMs = 600_000;
const probeEveryMs = 5;

/** Receipts of people with an address, from the first that is rendered to the last that a mail server has. */
export const render: Measure = {
  name: 'render',
  what: 'receipts rendered, sealed and mailed, and how long nobody else was answered (--preload receipts; 400)',
  seconds: 1,
  runs: 3,
  async open({ preload = receiptsDefault, clients, profile }) {
    const site = await Site.open();
    const run = async (): Promise<Taken> => {
      const peer = await SmtpPeer.listen();
      const environment = { SMTP_URL: peer.url, MAIL_FROM: 'bien-lai@quy.example' };
      const stand = await Stand.start(site, { profile, environment });
      const donating = new Donating(site, clients, 'new person with mail');
      try {
        return await rendered(stand, donating, peer, preload);
      } finally {
        await donating.close();
        await stand.stop();
        await peer.close();
        stand.clear();
      }
    };
    const aim = '20/s a core, the event loop never blocked > 50 ms (stretch 60/s)';
    return { cases: [{ name: `${String(preload)} receipts`, aim, run }], close: () => site.close() };
  },
};

async function rendered(stand: Stand, donating: Donating, peer: SmtpPeer, count: number): Promise<Taken> {
  await Promise.all(Array.from({ length: count }, () => donating.record()));
  const watch = new ProcessWatch(stand.processes);
  const probing = new AbortController();
  const probe = probed(donating, probing.signal);
  const allSent = async (): Promise<void> => {
    if (peer.mails.length < count) throw new Error(`${String(peer.mails.length)} mails of ${String(count)}`);
  };
  await eventually(allSent, { withinMs: sentWithinMs, everyMs: 100 });
  probing.abort();
  const used = watch.end();
  const sent = await eventually(() => sentIn(stand, count), { withinMs: 30_000, everyMs: 100 });
  const tallies = await new Walk(stand.database).ended();
  const { acknowledged, sum } = donating;
  const mails: Invariant = {
    rule: 'receipts = mails',
    count,
    broken: peer.mails.length === count ? [] : [`${String(peer.mails.length)} mails`],
  };
  return {
    figures: [...sent, ...(await probe).figures('others answered'), ...used],
    invariants: [...(await walkInvariants(stand.site, { count: acknowledged, sum }, tallies)), mails],
  };
}

/** How long somebody else waits for the smallest answer there is: no block of the event loop is longer than the longest. */
async function probed({ connections }: Donating, signal: AbortSignal): Promise<Latencies> {
  const latencies = new Latencies();
  while (!signal.aborted) {
    const asked = performance.now();
    await connections.get('/health/live', {});
    latencies.add(performance.now() - asked);
    await delay(probeEveryMs);
  }
  return latencies;
}

interface Span {
  readonly type: string;
  readonly count: string;
  readonly seconds: string;
}

/** From the first of each kind to its last, by the log. */
async function sentIn({ database }: Stand, count: number): Promise<readonly Figure[]> {
  const { rows } = await database.query<Span>(
    `SELECT type, count(*), extract(epoch FROM max(recorded_at) - min(recorded_at)) AS seconds
     FROM event_store.events WHERE type IN ('ReceiptRendered', 'ReceiptSent') GROUP BY type ORDER BY type`,
  );
  if (rows.length < 2 || rows.some((row) => Number(row.count) !== count))
    throw new Error('not all are recorded');
  return rows.map(({ type, seconds }) => ({
    ...{
      name: type === 'ReceiptSent' ? 'sent' : 'rendered',
      unit: '/s',
      value: (count - 1) / Number(seconds),
    },
  }));
}
