import type { CopyTarget, TargetState } from '../copying.js';
import type { LogPages, LogRecord } from '../log-record.js';
import { FilledServer, runsOf } from './filled-server.js';
import { marks } from './incarnations.js';
import type { KurrentDbAddress } from './names.js';
import type { Anchor } from './stored.js';

/** A log on a KurrentDB or EventStoreDB server that a copy fills; nobody else may fill it at the same time. */
export class KurrentDbCopyTarget implements CopyTarget {
  readonly #server: FilledServer;

  constructor(address: KurrentDbAddress) {
    this.#server = new FilledServer(address);
  }

  async state(): Promise<TargetState> {
    await this.#server.ready();
    if (this.#server.incarnations.filling) return 'filling';
    return (await this.#server.last()) ? 'open' : 'empty';
  }

  begin(): Promise<void> {
    return this.#server.mark(marks.filling, {});
  }

  records(): LogPages {
    return this.#server.records();
  }

  async add(records: readonly LogRecord[]): Promise<void> {
    for (const run of runsOf(records)) await this.#server.copy(run);
  }

  /** The number of an event that was not copied is its place in the server's log, which may lie below one given elsewhere. */
  async open(incarnation: number, give: (above: number) => Promise<number>): Promise<number> {
    const above = await this.#server.lastIncarnation();
    const opened =
      incarnation >= above && goesOn(await this.#server.last(), incarnation)
        ? incarnation
        : await give(above);
    await this.#server.mark(marks.opened, { incarnation: opened });
    return opened;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** Whether what is appended next in the incarnation stands behind the last event. */
function goesOn(last: Anchor | undefined, incarnation: number): boolean {
  if (!last || incarnation > last.position.incarnation) return true;
  return last.log.commit >= BigInt(last.position.number);
}
