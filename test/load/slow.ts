import { SmtpPeer } from '#testing/smtp-peer.js';
import type { Invariant } from '../faults/invariants.js';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating, type Giver } from './donating.js';
import { walkInvariants } from './invariants.js';
import { paced } from './loads.js';
import type { Measure, Taken } from './measure.js';
import { atLeast, atMost } from './rules.js';
import { SlowRelay } from './slow-relay.js';
import { Stand } from './stand.js';
import type { Latencies } from './statistics.js';
import { Walk } from './walk.js';

const rateDefault = 10;
const warmUpMs = 3_000;
const replyDelayMs = 3_000;
/** The longest that PostgreSQL can be told to wait before it writes a transaction through to the disk, in milliseconds. */
const commitDelayMs = 100;
/** Durable writes one after the other that lie between a donation and its number, with room. */
const writesOnTheWay = 40;

/** Something outside is slow; the walk's steps that do not need it go on as before, those that do go on slower. */
export const slow: Measure = {
  name: 'slow',
  what: 'a slow mail server, a slow disk: the walk goes on (--rate, 10/s); fails otherwise',
  seconds: 30,
  runs: 1,
  async open(asked) {
    const site = await Site.open();
    const cases = [
      { name: 'slow mail server', aim: 'numbers as before', run: () => slowMail(site, asked) },
      {
        name: 'slow disk',
        aim: 'numbers go on, later by the writes on the way',
        run: () => slowDisk(site, asked),
      },
    ];
    return { cases, close: () => site.close() };
  },
};

/** Every reply of the mail server comes three seconds late. */
async function slowMail(site: Site, asked: Asked): Promise<Taken> {
  const peer = await SmtpPeer.listen();
  const relay = await SlowRelay.before(peer.port);
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${String(relay.address)}`,
    MAIL_FROM: 'bien-lai@quy.example',
  };
  try {
    const stand = await Stand.start(site, { environment });
    return await compared(stand, asked, {
      giver: 'new person with mail',
      begin: async () => void (relay.delayMs = replyDelayMs),
      end: async () => void (relay.delayMs = 0),
      rules: ({ acknowledged }, before, during) => [
        atMost(
          'mails lag behind numbers, or nothing is shown',
          peer.mails.length,
          0.9 * acknowledged,
          'mails',
        ),
        atMost('lag to the number', during.within(0.99), 2 * before.within(0.99) + 500, 'ms'),
      ],
    });
  } finally {
    await relay.close();
    await peer.close();
  }
}

/** Every transaction waits a tenth of a second before it is written through. */
async function slowDisk(site: Site, asked: Asked): Promise<Taken> {
  const stand = await Stand.start(site);
  const set = async (delayMs: number): Promise<void> => {
    await stand.database.query(`ALTER SYSTEM SET commit_delay = ${String(delayMs * 1_000)}`);
    await stand.database.query('ALTER SYSTEM SET commit_siblings = 0');
    await stand.database.query('SELECT pg_reload_conf()');
  };
  return compared(stand, asked, {
    giver: 'anonymous',
    begin: () => set(commitDelayMs),
    end: () => set(0),
    rules: (_donating, before, during) => [
      atLeast(
        'the disk is slow, or nothing is shown',
        during.within(0.5),
        before.within(0.5) + commitDelayMs,
        'ms',
      ),
      atMost(
        'lag to the number',
        during.within(0.99),
        2 * before.within(0.99) + writesOnTheWay * commitDelayMs,
        'ms',
      ),
    ],
  });
}

interface Slowness {
  readonly giver: Giver;
  begin(): Promise<void>;
  end(): Promise<void>;
  rules(donating: Donating, before: Latencies, during: Latencies): readonly Invariant[];
}

/** So long without it and so long with it, at the same rate. Stops the stand. */
async function compared(stand: Stand, asked: Asked, slowness: Slowness): Promise<Taken> {
  const { clients, rate = rateDefault, seconds = slow.seconds } = asked;
  const donating = new Donating(stand.site, clients, slowness.giver);
  const walk = new Walk(stand.database);
  try {
    await paced(rate, warmUpMs, () => donating.record());
    const from = await walk.end();
    const calm = await paced(rate, seconds * 1_000, () => donating.record());
    await walk.ended();
    const to = await walk.end();
    await slowness.begin();
    const slowed = await paced(rate, seconds * 1_000, () => donating.record());
    const until = await walk.end();
    const tallies = await walk.ended();
    const [before, during] = [await walk.lags(from, to), await walk.lags(to, until)];
    const rules = slowness.rules(donating, before, during);
    await slowness.end();
    const { acknowledged, sum } = donating;
    return {
      figures: [
        ...calm.latencies.figures('answered before'),
        ...slowed.latencies.figures('answered meanwhile'),
        ...before.figures('lag before'),
        ...during.figures('lag meanwhile'),
      ],
      invariants: [...(await walkInvariants(stand.site, { count: acknowledged, sum }, tallies)), ...rules],
    };
  } finally {
    await slowness.end();
    await donating.close();
    await stand.stop();
    stand.clear();
  }
}
