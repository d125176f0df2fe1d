import { setTimeout as delay } from 'node:timers/promises';
import type { Invariant } from '../faults/invariants.js';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating } from './donating.js';
import { warmUpMsOf } from './donations.js';
import { walkInvariants } from './invariants.js';
import { closedLoop, paced } from './loads.js';
import type { Measure, Taken } from './measure.js';
import { residentMegabytes } from './processes.js';
import { atMost } from './rules.js';
import { Stand } from './stand.js';
import { Latencies, spreadOf, type Figure } from './statistics.js';
import { tell } from './told.js';
import { Walk } from './walk.js';

/** Nobody waits for a connection here, as nobody does whose browser opens one. */
const connectionsMax = 2_000;
const trialMs = 10_000;
const calmMs = 10_000;
/** When the slowest of a hundred must be as it was, in milliseconds after the pressure, and for how long that is looked at. */
const recoversWithinMs = 5_000;
const afterwardsMs = 15_000;
/** An append that waits longer than 2 s is refused; what comes before and behind it is not to take longer than that. */
const answersWithinMs = 5_000;
const aimMs = 80;
/** Memory is judged where there is a first and a last minute of it. */
const judgedFromSeconds = 180;

/** Twice the rate that it can do: what cannot be taken is refused, and nothing stays behind of it. */
export const pressure: Measure = {
  name: 'pressure',
  what: 'twice the rate it can do (or --rate): bounded by refusals with Retry-After, well again within 5 s; fails otherwise',
  seconds: 300,
  runs: 1,
  async open(asked) {
    const site = await Site.open();
    const aim = 'p99 ≤ 5 s, no request without an answer, p99 ≤ 80 ms after 5 s, memory ≤ 110%';
    return {
      cases: [{ name: 'anonymous', aim, run: () => run(site, asked) }],
      close: () => site.close(),
    };
  },
};

/** What became of requests. */
class Answers {
  readonly recorded = new Latencies();
  readonly all = new Latencies();
  refused = 0;
  /** By what they are. */
  readonly faults = new Map<string, number>();

  constructor(
    private readonly donating: Donating,
    /** Requests before this instant of `performance.now()` do not count. */
    private readonly from = 0,
  ) {}

  /** Asks once; never rejects. */
  async ask(dueMs: number): Promise<void> {
    const fault = await this.#asked(dueMs).catch((error: unknown) => `no answer: ${String(error)}`);
    if (fault !== undefined) this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  async #asked(dueMs: number): Promise<string | undefined> {
    const { status, retryAfter, text } = await this.donating.ask();
    const tookMs = performance.now() - dueMs;
    if (dueMs < this.from) return undefined;
    this.all.add(tookMs);
    if (status === 201) this.recorded.add(tookMs);
    else if (status === 503 && retryAfter !== undefined) this.refused += 1;
    else return `${String(status)} ${text.slice(0, 200)}`;
    return undefined;
  }

  invariant(rule: string): Invariant {
    const broken = [...this.faults].map(([fault, count]) => `${String(count)} × ${fault}`);
    return { rule, count: this.all.count, broken };
  }
}

async function run(site: Site, asked: Asked): Promise<Taken> {
  const { clients, profile, seconds = pressure.seconds } = asked;
  const stand = await Stand.start(site, { profile });
  const donating = new Donating(site, connectionsMax, 'anonymous');
  try {
    await closedLoop(clients, warmUpMsOf(seconds), () => donating.record());
    const walk = new Walk(stand.database);
    const can = await rateOf(donating, clients, Math.min(trialMs, seconds * 1_000));
    const { rate = 2 * can } = asked;
    await walk.ended();
    tell(`  it can do ${can.toFixed(0)}/s; pressing with ${rate.toFixed(0)}/s`);
    const before = await calm(donating, can / 2);
    const [pressed, after] = await Promise.all([
      underPressure(stand, donating, rate, seconds),
      // From the last request on, whatever is not answered yet.
      delay(seconds * 1_000).then(() => calm(donating, can / 2, recoversWithinMs)),
    ]);
    const { acknowledged, sum } = donating;
    const invariants = await walkInvariants(site, { count: acknowledged, sum }, await walk.ended());
    return {
      figures: [
        { name: 'can do', unit: '/s', value: can },
        { name: 'pressed with', unit: '/s', value: rate },
        ...pressed.figures,
        ...before.recorded.figures('before'),
        ...after.recorded.figures('afterwards'),
        { name: 'refused afterwards', unit: '', value: after.refused },
      ],
      invariants: [...invariants, ...pressed.invariants, ...recovery(before, after)],
    };
  } finally {
    await donating.close();
    await stand.stop();
    stand.clear();
  }
}

async function rateOf(donating: Donating, clients: number, forMs: number): Promise<number> {
  const { seconds, latencies } = await closedLoop(clients, forMs, () => donating.record());
  return latencies.count / seconds;
}

/** Half of what it can do; what is asked in the first milliseconds may be left out. */
async function calm(donating: Donating, rate: number, leftOutMs = 0): Promise<Answers> {
  const answers = new Answers(donating, performance.now() + leftOutMs);
  await paced(rate, leftOutMs === 0 ? calmMs : afterwardsMs, () => answers.ask(performance.now()));
  return answers;
}

async function underPressure(
  stand: Stand,
  donating: Donating,
  rate: number,
  seconds: number,
): Promise<Taken> {
  const answers = new Answers(donating);
  const resident: number[] = [];
  const stopping = new AbortController();
  const sampling = sampled(stand, resident, stopping.signal);
  const { latencies, seconds: took } = await paced(rate, seconds * 1_000, () =>
    answers.ask(performance.now()),
  );
  stopping.abort();
  await sampling;
  const { figures, invariants } = memoryOf(resident, seconds);
  const p99 = latencies.within(0.99);
  const recorded = answers.recorded.count / took;
  return {
    figures: [
      { name: 'recorded', unit: '/s', value: recorded },
      { name: 'refused', unit: '/s', value: answers.refused / took },
      ...latencies.figures(),
      ...answers.recorded.figures('recorded'),
      ...figures,
    ],
    invariants: [
      atMost('more is asked than it can do, or nothing is shown', recorded, 0.95 * rate, '/s'),
      answers.invariant('each request is answered: recorded, or refused with Retry-After'),
      atMost('refusals bound the slowest of a hundred', p99, answersWithinMs, 'ms'),
      ...invariants,
    ],
  };
}

async function sampled(stand: Stand, resident: number[], signal: AbortSignal): Promise<void> {
  const { services } = stand;
  while (!signal.aborted) {
    resident.push(residentMegabytes(services));
    await delay(500);
  }
}

/** The first minute and the last; where it was shorter, the first third and the last. */
function memoryOf(resident: readonly number[], seconds: number): Taken {
  const minute = Math.ceil(resident.length * Math.min(1 / 3, 60 / seconds));
  const first = spreadOf(resident.slice(0, minute)).median;
  const last = spreadOf(resident.slice(-minute)).median;
  const figures: readonly Figure[] = [
    { name: 'memory first minute', unit: 'MB', value: first },
    { name: 'memory last minute', unit: 'MB', value: last },
  ];
  const rule = 'memory of the last minute is at most 110% of the first';
  return { figures, invariants: seconds < judgedFromSeconds ? [] : [atMost(rule, last, 1.1 * first, 'MB')] };
}

/** On a machine that is slower than the aim without any pressure, what it was before is what it must come back to. */
function recovery(before: Answers, after: Answers): readonly Invariant[] {
  const limit = Math.max(aimMs, 1.5 * before.recorded.within(0.99));
  return [
    after.invariant('each request afterwards is answered'),
    atMost('the slowest of a hundred after 5 s', after.recorded.within(0.99), limit, 'ms'),
  ];
}
