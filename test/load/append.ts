import { newId } from '#event-store/command-id.js';
import type { Appended, EventStore } from '#event-store/event-store.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import type { Database } from '#postgres/pool.js';
import type { Invariant } from '../faults/invariants.js';
import type { Asked } from './asked.js';
import { Engine, type LogDatabase } from './engine.js';
import { closedLoop } from './loads.js';
import { aDonation, fillLog } from './made-events.js';
import type { Case, Measure, Taken } from './measure.js';
import { ProcessWatch } from './processes.js';

/** Where appends go: every one opens a stream, or it goes on in one of so many that there are. */
type Streams = 'new streams' | 'shared streams' | 'eight streams';
const shared: Readonly<Record<Exclude<Streams, 'new streams'>, number>> = {
  'shared streams': 1_000,
  'eight streams': 8,
};

const aims: Readonly<Record<number, string>> = {
  64: '15,000 events/s, p99 ≤ 15 ms',
  256: '20,000 events/s, p99 ≤ 40 ms, more than with 64 (stretch 25,000/s)',
};

/** Appends of one event through the port, on a log that is empty or has `--preload` events. */
export const append: Measure = {
  name: 'append',
  what: 'appends of one event through the port, 64 and 256 callers (--preload N: also on N events)',
  seconds: 15,
  runs: 3,
  async open(asked) {
    const engine = await Engine.start();
    const filled = asked.preload === undefined ? undefined : await engine.log();
    if (filled && asked.preload !== undefined) await fillLog(filled.database, asked.preload);
    const callers = [64, 256];
    const where: readonly Streams[] = ['new streams', 'shared streams', 'eight streams'];
    const empty = callers.flatMap((count) => where.map((streams) => caseOf(engine, count, streams, asked)));
    const full = callers.map((count) => ({
      ...caseOf(engine, count, 'new streams', asked, filled),
      name: `${String(count)} callers, new streams, ${String(asked.preload)} events before`,
      aim: '80% of what it is on an empty log',
    }));
    return { cases: [...empty, ...(filled ? full : [])], close: () => engine.stop() };
  },
};

function caseOf(
  engine: Engine,
  callers: number,
  streams: Streams,
  { seconds = append.seconds }: Asked,
  filled?: LogDatabase,
): Case {
  return {
    name: `${String(callers)} callers, ${streams}`,
    ...(streams !== 'eight streams' && aims[callers] !== undefined && { aim: aims[callers] }),
    async run() {
      const log = filled ?? (await engine.log());
      const store = new PostgresEventStore({ url: log.url });
      try {
        const appended = appending(store, streams);
        await closedLoop(callers, 2_000, appended);
        const before = await countOf(log.database);
        const watch = new ProcessWatch([
          { name: 'caller and port', pids: [process.pid] },
          { name: 'postgresql', pids: [engine.postgres.pid], withChildren: true },
        ]);
        const { seconds: took, latencies } = await closedLoop(callers, seconds * 1_000, appended);
        const figures = [
          { name: 'appended', unit: 'events/s', value: latencies.count / took },
          ...latencies.figures(),
          ...watch.end(),
        ];
        return { figures, invariants: await invariantsOf(log.database, before + latencies.count) };
      } finally {
        await store.close();
        if (!filled) await log.close();
      }
    },
  };
}

/** An append of a caller; on a stream that others write to as well, each waits for the one before. */
function appending(store: EventStore, streams: Streams): () => Promise<Appended> {
  if (streams === 'new streams') return () => store.append(`donation-${newId()}`, [aDonation()], 'no_stream');
  const run = newId();
  const lines = Array.from({ length: shared[streams] }, (_, nth) => ({
    ...{ name: `fund-${run}-${String(nth)}`, last: Promise.resolve<Appended | undefined>(undefined) },
  }));
  let next = 0;
  return () => {
    const line = lines[(next += 1) % lines.length] ?? lines[0]!;
    const turn = line.last.then((last) =>
      store.append(line.name, [aDonation()], last ? last.revision : 'no_stream'),
    );
    line.last = turn;
    return turn;
  };
}

async function countOf(database: Database): Promise<number> {
  const { rows } = await database.query<{ readonly count: string }>(
    'SELECT count(*) FROM event_store.events',
  );
  return Number(rows[0]?.count ?? 0);
}

/** Every append stands there, positions and revisions without gap. */
async function invariantsOf(database: Database, appended: number): Promise<Taken['invariants']> {
  const { rows } = await database.query<Readonly<Record<'count' | 'seq' | 'number' | 'gaps', string>>>(
    `SELECT count(*) AS count, max(seq) AS seq, max(number) AS number,
       (SELECT count(*) FROM (SELECT FROM event_store.events GROUP BY stream HAVING max(revision) <> count(*) - 1) gap) AS gaps
     FROM event_store.events`,
  );
  const { count, seq, number, gaps } = rows[0]!;
  const same = (rule: string, found: string | undefined, wanted: number): Invariant => ({
    ...{ rule, count: appended },
    broken: Number(found) === wanted ? [] : [`${String(found)} instead of ${String(wanted)}`],
  });
  return [
    same('every append is stored once', count, appended),
    same('places in the log without gap', seq, appended),
    same('positions without gap', number, appended),
    same('revisions of each stream without gap', gaps, 0),
  ];
}
