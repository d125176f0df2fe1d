import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 50;

/**
 * Looks again and again until `isSo` says yes, because services follow each other by messages. Throws when it has not come
 * so far after `withinMs`.
 */
export async function settled(what: string, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what} did not come in time`);
    await delay(lookEveryMs);
  }
}
