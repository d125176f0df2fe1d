import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating } from './donating.js';
import { warmUpMsOf } from './donations.js';
import { walkInvariants } from './invariants.js';
import { paced } from './loads.js';
import type { Measure, Taken } from './measure.js';
import { residentMegabytes } from './processes.js';
import { flat, type Slack } from './rules.js';
import { Stand } from './stand.js';
import { spreadOf, type Figure } from './statistics.js';
import { Tables, type TablesLooked } from './tables.js';
import { Walk } from './walk.js';

const rateDefault = 100;
const samples = 60;
/** Autovacuum looks once a minute; shorter than this there is nothing to judge it by. */
const vacuumJudgedFromSeconds = 600;

/** A process that collects its garbage now and then and writes how much of its heap is in use. */
const heapProbe = `import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const look = () => {
  gc();
  writeFileSync(process.env.BENCH_HEAP, String(process.memoryUsage().heapUsed));
};
if (isMainThread) {
  look();
  setInterval(look, 1000 * process.env.BENCH_HEAP_SECONDS).unref();
}`;

/** The walk at a steady rate for long: nothing may rise with time but the log and its rows. */
export const soak: Measure = {
  name: 'soak',
  what: 'half an hour at --rate (100/s): heap, connections, lag and bloat flat, autovacuum keeps up; fails otherwise',
  seconds: 1_800,
  runs: 1,
  async open(asked) {
    const site = await Site.open();
    const { rate = rateDefault } = asked;
    const one = {
      ...{ name: `the journey at ${String(rate)}/s`, aim: 'nothing rises' },
      run: () => run(site, rate, asked),
    };
    return { cases: [one], close: () => site.close() };
  },
};

/** What is looked at, each as often as the others. */
interface Samples {
  readonly heap: number[];
  readonly resident: number[];
  readonly looks: TablesLooked[];
  /** Where the log ended. */
  readonly ends: number[];
}

async function run(site: Site, rate: number, asked: Asked): Promise<Taken> {
  const { clients, profile, seconds = soak.seconds } = asked;
  const heapFile = join(site.folder, 'heap');
  const everyMs = (1_000 * seconds) / samples;
  const stand = await Stand.start(site, {
    profile,
    flags: ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(heapProbe)}`],
    environment: { BENCH_HEAP: heapFile, BENCH_HEAP_SECONDS: String(Math.min(20, everyMs / 1_000)) },
  });
  const donating = new Donating(site, clients, 'known donor');
  try {
    await donating.prepare();
    await paced(rate, warmUpMsOf(seconds), () => donating.record());
    const walk = new Walk(stand.database);
    const tables = new Tables(stand.database);
    const looking = new AbortController();
    const looked = lookedAt(stand, tables, walk, { heapFile, everyMs, signal: looking.signal });
    const { latencies } = await paced(rate, seconds * 1_000, () => donating.record());
    looking.abort();
    const found = await looked;
    const overdue = seconds < vacuumJudgedFromSeconds ? undefined : await tables.overdue();
    const tallies = await walk.ended();
    const watched = watchedIn(found, await tables.small(found.looks), await lagsOf(walk, found.ends));
    const { acknowledged, sum } = donating;
    return {
      figures: [...latencies.figures(), ...watched.flatMap(thirdsOf)],
      invariants: [
        ...(await walkInvariants(site, { count: acknowledged, sum }, tallies)),
        ...watched.map(({ name, samples, ...slack }) => flat(name, samples, slack)),
        ...(overdue ? [overdue] : []),
      ],
    };
  } finally {
    await donating.close();
    await stand.stop();
    stand.clear();
  }
}

interface Looking {
  readonly heapFile: string;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

async function lookedAt(
  stand: Stand,
  tables: Tables,
  walk: Walk,
  { heapFile, everyMs, signal }: Looking,
): Promise<Samples> {
  const found: Samples = { heap: [], resident: [], looks: [], ends: [] };
  const { services } = stand;
  while (!signal.aborted) {
    found.ends.push(await walk.end());
    found.looks.push(await tables.look());
    found.resident.push(residentMegabytes(services));
    found.heap.push(heapMegabytes(heapFile));
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return found;
}

function heapMegabytes(file: string): number {
  return Number(readFileSync(file, 'utf8')) / 1_048_576;
}

/** The slowest of a hundred from recording to number, between one look and the next. */
async function lagsOf(walk: Walk, ends: readonly number[]): Promise<readonly number[]> {
  const lags: number[] = [];
  for (const [nth, from] of ends.slice(0, -1).entries()) {
    const to = ends[nth + 1] ?? from;
    const p99 = (await walk.lags(from, to)).within(0.99);
    if (!Number.isNaN(p99)) lags.push(p99);
  }
  return lags;
}

/** What is to stay as it was, and how far it may rise. */
interface Watched extends Slack {
  readonly name: string;
  readonly samples: readonly number[];
}

function watchedIn(
  { heap, resident, looks }: Samples,
  small: readonly number[],
  lags: readonly number[],
): readonly Watched[] {
  const connections = looks.map((look) => look.connections);
  const dead = looks.map((look) => look.deadPercent);
  return [
    { name: 'heap', samples: heap, unit: 'MB', factor: 1.1, beside: 10 },
    { name: 'memory', samples: resident, unit: 'MB', factor: 1.1, beside: 30 },
    { name: 'connections', samples: connections, unit: '', factor: 1, beside: 3 },
    { name: 'lag p99', samples: lags, unit: 'ms', factor: 1.25, beside: 100 },
    { name: 'dead rows', samples: dead, unit: '%', factor: 1.25, beside: 10 },
    { name: 'small tables', samples: small, unit: 'MB', factor: 1.25, beside: 8 },
  ];
}

function thirdsOf({ name, unit, samples }: Watched): readonly Figure[] {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return [
    { name: `${name} first third`, unit, value: spreadOf(samples.slice(0, third)).median },
    { name: `${name} last third`, unit, value: spreadOf(samples.slice(-third)).median },
  ];
}
