import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Invariant } from '../faults/invariants.js';
import { Site } from '../faults/site.js';
import type { Asked } from './asked.js';
import { Donating } from './donating.js';
import { warmUpMsOf } from './donations.js';
import { walkInvariants } from './invariants.js';
import { paced } from './loads.js';
import type { Measure, Taken } from './measure.js';
import { residentMegabytes } from './processes.js';
import { flat } from './rules.js';
import { Stand } from './stand.js';
import { spreadOf, type Figure } from './statistics.js';
import { Tables } from './tables.js';
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
if (isMainThread) setInterval(look, 1000 * process.env.BENCH_HEAP_SECONDS).unref();`;

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
  readonly connections: number[];
  readonly dead: number[];
  readonly small: number[];
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
    const lags = await lagsOf(walk, found.ends);
    const { acknowledged, sum } = donating;
    return {
      figures: [...latencies.figures(), ...figuresOf(found, lags)],
      invariants: [
        ...(await walkInvariants(site, { count: acknowledged, sum }, tallies)),
        ...flatness(found, lags),
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
  const found: Samples = { heap: [], resident: [], connections: [], dead: [], small: [], ends: [] };
  const [services] = stand.processes;
  while (!signal.aborted) {
    found.ends.push(await walk.end());
    const { connections, dead, smallMegabytes } = await tables.look();
    found.connections.push(connections);
    found.dead.push(dead);
    found.small.push(smallMegabytes);
    found.resident.push(residentMegabytes(services?.pid ?? 0));
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

function flatness(found: Samples, lags: readonly number[]): readonly Invariant[] {
  return [
    flat('heap after collecting', found.heap, { unit: 'MB', factor: 1.1, beside: 10 }),
    flat('resident memory', found.resident, { unit: 'MB', factor: 1.1, beside: 30 }),
    flat('connections to PostgreSQL', found.connections, { unit: '', factor: 1, beside: 3 }),
    flat('p99 lag', lags, { unit: 'ms', factor: 1.25, beside: 100 }),
    flat('dead rows', found.dead, { unit: '', factor: 1.5, beside: 20_000 }),
    flat('size of tables with few rows', found.small, { unit: 'MB', factor: 1.25, beside: 8 }),
  ];
}

function figuresOf(found: Samples, lags: readonly number[]): readonly Figure[] {
  const ofBoth = (name: string, unit: string, all: readonly number[]): readonly Figure[] => {
    const third = Math.max(1, Math.floor(all.length / 3));
    return [
      { name: `${name} first third`, unit, value: spreadOf(all.slice(0, third)).median },
      { name: `${name} last third`, unit, value: spreadOf(all.slice(-third)).median },
    ];
  };
  return [
    ...ofBoth('heap', 'MB', found.heap),
    ...ofBoth('memory', 'MB', found.resident),
    ...ofBoth('connections', '', found.connections),
    ...ofBoth('lag p99', 'ms', lags),
    ...ofBoth('dead rows', '', found.dead),
    ...ofBoth('small tables', 'MB', found.small),
  ];
}
