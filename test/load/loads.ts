import { setTimeout as delay } from 'node:timers/promises';
import { Latencies } from './statistics.js';

/** What was done, in how long. */
export interface Loaded {
  readonly seconds: number;
  readonly latencies: Latencies;
}

/**
 * So many clients, each of which asks again as soon as it is answered: as much as the server can do. Ends when all are
 * answered; throws what an asking throws.
 */
export async function closedLoop(
  clients: number,
  forMs: number,
  ask: () => Promise<unknown>,
): Promise<Loaded> {
  const latencies = new Latencies();
  const began = performance.now();
  const until = began + forMs;
  const client = async (): Promise<void> => {
    for (let now = performance.now(); now < until;) {
      await ask();
      const answered = performance.now();
      latencies.add(answered - now);
      now = answered;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { seconds: (performance.now() - began) / 1_000, latencies };
}

const tickMs = 2;

/**
 * So many askings a second whether or not earlier ones are answered. What counts is when each was to be asked, so that a
 * server that stalls cannot hide it. Ends when all are answered; throws what an asking throws.
 */
export async function paced(rate: number, forMs: number, ask: () => Promise<unknown>): Promise<Loaded> {
  const latencies = new Latencies();
  const began = performance.now();
  const failed: unknown[] = [];
  const underWay = new Set<Promise<void>>();
  const one = async (dueMs: number): Promise<void> => {
    await ask();
    latencies.add(performance.now() - dueMs);
  };
  const all = Math.floor((forMs * rate) / 1_000);
  for (let asked = 0; asked < all && failed.length === 0;) {
    const due = Math.min(all, Math.floor(((performance.now() - began) * rate) / 1_000));
    for (; asked < due; asked += 1) {
      const asking = one(began + (asked * 1_000) / rate)
        .catch((error: unknown) => void failed.push(error))
        .finally(() => underWay.delete(asking));
      underWay.add(asking);
    }
    await delay(tickMs);
  }
  await Promise.all(underWay);
  if (failed.length > 0) throw failed[0];
  return { seconds: Math.max(forMs, performance.now() - began) / 1_000, latencies };
}
