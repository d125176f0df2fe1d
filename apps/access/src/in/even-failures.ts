import { setTimeout } from 'node:timers/promises';

/** Lets what fails fail no sooner than after `ms`, whatever it failed of; what succeeds comes at once. */
export async function failingNoSooner<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  const succeeded = new AbortController();
  const earliest = setTimeout(ms, undefined, { signal: succeeded.signal }).catch(() => undefined);
  try {
    const result = await work();
    succeeded.abort();
    return result;
  } catch (error) {
    await earliest;
    throw error;
  }
}
