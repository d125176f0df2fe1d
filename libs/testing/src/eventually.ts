import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often {@link eventually} asks. */
export interface EventuallyOptions {
  /** Milliseconds until it gives up; 10,000 when absent. */
  readonly withinMs?: number;
  /** Milliseconds between two askings; 20 when absent. */
  readonly everyMs?: number;
}

/** Something has gone wrong that no waiting mends: {@link eventually} passes it on at once. */
export class Hopeless extends Error {
  override readonly name = 'Hopeless';
}

/**
 * Asks again until `check` passes and gives back what it answered; never sleeps for a fixed time. When the deadline
 * passes it throws an error that tells how often it asked and carries the last failure as its cause.
 */
export async function eventually<Answer>(
  check: () => Answer | Promise<Answer>,
  options: EventuallyOptions = {},
): Promise<Answer> {
  const { withinMs = 10_000, everyMs = 20 } = options;
  const deadline = performance.now() + withinMs;
  for (let times = 1; ; times += 1) {
    try {
      return await check();
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      if (performance.now() >= deadline) throw gaveUp(times, withinMs, error);
    }
    await delay(everyMs);
  }
}

function gaveUp(times: number, withinMs: number, cause: unknown): Error {
  const last = cause instanceof Error ? cause.message : String(cause);
  return new Error(`not so within ${String(withinMs)} ms (asked ${String(times)} times): ${last}`, { cause });
}
