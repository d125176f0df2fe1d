import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions, formatPosition } from '#kernel/position.js';
import { StreamLengths } from './stream-lengths.js';

/** A log cannot be taken over; nothing was written, and the message says why in one sentence. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

/** A log is being filled from another one, or that was broken off: only a part of it stands there. */
export class LogNotWhole extends Error {
  override readonly name = 'LogNotWhole';

  constructor() {
    super(
      'the event store is being filled and is not whole: let "mangnon restore" or "mangnon copy-store" come to its end first',
    );
  }
}

/** What was taken over. */
export interface Imported {
  readonly events: number;
  /** What later events belong to. */
  readonly incarnation: number;
}

/** What is looked at of an event in its log. */
type Standing = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'recordedAt'>;

/** What must hold from event to event of a whole log. */
export class LogOrder {
  /** How many events were taken. */
  count = 0;
  readonly #lengths = new StreamLengths();
  #last: Standing | undefined;

  /** That of the last event; 0 before the first. */
  get incarnation(): number {
    return this.#last?.position.incarnation ?? 0;
  }

  /** The page itself; throws {@link ImportRefused} where it does not go on from the pages before. */
  taken<Event extends Standing>(page: readonly Event[]): readonly Event[] {
    for (const event of page) this.#take(event);
    return page;
  }

  #take(event: Standing): void {
    const { stream, revision, position } = event;
    const at = `${stream} at ${formatPosition(position)}`;
    if (this.#last && comparePositions(this.#last.position, position) >= 0)
      throw new ImportRefused(`${at} does not come after ${formatPosition(this.#last.position)}`);
    if (this.#last && Date.parse(event.recordedAt) < Date.parse(this.#last.recordedAt))
      throw new ImportRefused(`${at} was recorded before the event in front of it`);
    const next = this.#lengths.count(stream);
    if (revision !== next) throw new ImportRefused(`${at} has revision ${revision} where ${next} is to come`);
    this.#last = event;
    this.count += 1;
  }
}
