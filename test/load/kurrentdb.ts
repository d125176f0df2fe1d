import { newId } from '#event-store/command-id.js';
import { everything } from '#event-store/contract-engine.contract.js';
import { KurrentDbEventStore } from '#event-store/kurrentdb/kurrentdb-event-store.js';
import { eventStoreUrl } from '#testing/run.config.js';
import { closedLoop } from './loads.js';
import { aDonation } from './made-events.js';
import type { Case, Measure, Taken } from './measure.js';
import { ProcessWatch } from './processes.js';

/** Appends of one event through the port to a real KurrentDB or EventStoreDB server, and reading them all. */
export const kurrentDb: Measure = {
  name: 'kurrentdb',
  what: 'appends of one event to the server at EVENTSTORE_URL, 1, 64 and 256 callers, and reading them all',
  seconds: 15,
  runs: 3,
  async open({ names, seconds = kurrentDb.seconds }) {
    const url = eventStoreUrl;
    if (url === undefined && names.includes('kurrentdb'))
      throw new Error('EVENTSTORE_URL must name a real server: figures never come from the protocol server');
    const callers = url === undefined ? [] : [1, 64, 256];
    return { cases: callers.map((count) => caseOf(url ?? '', count, seconds)), close: () => undefined };
  },
};

function caseOf(url: string, callers: number, seconds: number): Case {
  return {
    name: `${String(callers)} callers, new streams`,
    async run(): Promise<Taken> {
      const store = new KurrentDbEventStore({ url, namespace: `bench-${newId()}.` });
      try {
        const append = (): Promise<unknown> =>
          store.append(`donation-${newId()}`, [aDonation()], 'no_stream');
        const warming = await closedLoop(callers, 1_000, append);
        const watch = new ProcessWatch([{ name: 'caller and port', pids: [process.pid] }]);
        const { seconds: took, latencies } = await closedLoop(callers, seconds * 1_000, append);
        const used = watch.end();
        const began = performance.now();
        const events = await everything(store);
        const readMs = performance.now() - began;
        const appended = warming.latencies.count + latencies.count;
        const broken = events.length === appended ? [] : [`${events.length} instead of ${appended}`];
        return {
          figures: [
            { name: 'appended', unit: 'events/s', value: latencies.count / took },
            ...latencies.figures(),
            { name: 'read by a subscriber', unit: 'events/s', value: (events.length * 1_000) / readMs },
            ...used,
          ],
          invariants: [{ rule: 'every append is stored once', count: appended, broken }],
        };
      } finally {
        await store.close();
      }
    },
  };
}
