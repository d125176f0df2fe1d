import { CliFault } from './fault.js';
import type { Bilingual } from './language.js';

/** A command was ended before it was done; `exit` is what the process ends with. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(
    readonly exit: number,
    readonly sentence?: Bilingual,
  ) {
    super('the command was ended before it was done');
  }
}

/** Numbers of the signals that end a command; a shell tells a program that one has ended by 128 more. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** A signal that ends a command. */
export type Ending = keyof typeof numbers;

/** Every {@link Ending}. */
export const endings = Object.keys(numbers) as readonly Ending[];

/** Somebody ended the command by a signal, such as Ctrl-C. */
export function bySignal(signal: Ending): Interrupted {
  return new Interrupted(128 + numbers[signal], {
    vi: `Đã dừng giữa chừng (${signal}).`,
    en: `Ended before it was done (${signal}).`,
  });
}

/** Whoever reads the result has read enough, such as `head`: that is no fault. */
export function byReader(): Interrupted {
  return new Interrupted(0);
}

/** Lets a command be ended from outside without leaving behind what it has started, such as a PostgreSQL. */
export class Interruption {
  private readonly controller = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();

  /** Aborted once, with an {@link Interrupted}. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Ends the command; the first reason counts. */
  interrupt(reason: Interrupted): void {
    this.controller.abort(reason);
  }

  /** Work that ends soon once the signal comes, and first cleans up behind it: the program waits for that. */
  async waitFor<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const running = work(this.signal);
    this.underWay.add(running);
    return running.finally(() => this.underWay.delete(running));
  }

  /** Resolves when it has been interrupted and everything is cleaned up: what to end with and what to say of it. */
  async over(): Promise<Interrupted> {
    const { signal } = this;
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    const { exit, sentence } = signal.reason as Interrupted;
    const ends = await Promise.allSettled(this.underWay);
    const faults = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    const told = faults.find((fault) => fault instanceof CliFault)?.sentence ?? sentence;
    return told ? new Interrupted(exit, told) : new Interrupted(exit);
  }
}

/** The work's outcome, or the signal's reason as soon as it comes; the work is then left to fail by itself. */
export async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
  });
  if (signal.aborted) giveUp();
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', giveUp));
}
