import type { ReadPosition } from '@eventstore/db-client';
import type { ServerReads } from './server-reads.js';
import { isOurs, logPositionOf, type ClientEvent } from './stored.js';

/** The newest record is mostly ours; where it is not, so many are looked at in one go. */
const pageEvents = 32;

interface Seen {
  /** The newest record of anybody's that was looked at. */
  readonly commit: bigint;
  /** Our newest event up to it. */
  readonly head: ClientEvent | undefined;
}

/** Finds our last event: behind it the server may have written much of its own. */
export class LogEnd {
  #seen: Seen | undefined;
  #running: Promise<unknown> | undefined;
  #next: Promise<ClientEvent | undefined> | undefined;

  constructor(private readonly reads: ServerReads) {}

  /** Our last event, as of some time after the call; those who ask at the same time share one look. */
  find(): Promise<ClientEvent | undefined> {
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  /** The log may have become another. */
  doubt(): void {
    this.#seen = undefined;
  }

  async #after(running: Promise<unknown> | undefined): Promise<ClientEvent | undefined> {
    await running?.catch(() => undefined);
    const look = this.#look();
    this.#running = look;
    this.#next = undefined;
    return look;
  }

  async #look(): Promise<ClientEvent | undefined> {
    const known = this.#seen;
    let from: ReadPosition = 'end';
    let newest: bigint | undefined;
    for (let max = 1; ; max = pageEvents) {
      const page = await this.reads.all('backwards', from, max);
      const [first] = page;
      newest ??= first && logPositionOf(first).commit;
      const found = page.find((event) => isOurs(event) || logPositionOf(event).commit === known?.commit);
      const last = page.at(-1);
      if (found || !last || page.length < max) return this.#saw(newest, found && ourOf(found, known));
      from = logPositionOf(last);
    }
  }

  #saw(commit: bigint | undefined, head: ClientEvent | undefined): ClientEvent | undefined {
    if (commit !== undefined) this.#seen = { commit, head };
    return head;
  }
}

/** What was the newest record at the last look stands for our newest event then. */
function ourOf(found: ClientEvent, known: Seen | undefined): ClientEvent | undefined {
  return isOurs(found) ? found : known?.head;
}
