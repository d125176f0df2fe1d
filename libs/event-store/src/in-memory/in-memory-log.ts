import type { Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { Bell } from '../bell.js';
import { decodeEvent, expectedOf, type EncodedAppend } from '../encoding.js';
import { AppendMixed, WrongExpectedVersion, type Appended } from '../event-store.js';

/** What outlives an in-memory store that is closed and opened again: its "disk". */
export class InMemoryLog {
  readonly #events: RecordedEvent[] = [];
  readonly #streams = new Map<string, RecordedEvent[]>();
  readonly #byId = new Map<string, RecordedEvent>();
  readonly #incarnation: number;
  /** Rung after every append. */
  readonly bell = new Bell();

  /** Starts with `events`, in their order; what is appended later belongs to `incarnation`. */
  constructor(events: readonly RecordedEvent[] = [], incarnation = 1) {
    this.#incarnation = incarnation;
    for (const event of events) this.#add(event);
  }

  /** How many events there are; also the cursor of the last. */
  get length(): number {
    return this.#events.length;
  }

  /** At most `max` events after the first `after`. */
  after(after: number, max: number): readonly RecordedEvent[] {
    return this.#events.slice(after, after + max);
  }

  /** What is appended now belongs to it. */
  get incarnation(): number {
    return this.#incarnation;
  }

  /** The stream's events, in order; empty where there is no stream. */
  stream(stream: string): readonly RecordedEvent[] {
    return this.#streams.get(stream) ?? [];
  }

  /** Whether the checkpoint's event stands where it stood. */
  holds(checkpoint: Checkpoint): boolean {
    const event = this.#events[Number(checkpoint.cursor) - 1];
    return event?.id === checkpoint.eventId && event.cursor === checkpoint.cursor;
  }

  /** A copy up to and including the checkpoint (empty without one), whose later events belong to the next incarnation. */
  restored(upTo: Checkpoint | undefined): InMemoryLog {
    if (upTo && !this.holds(upTo)) throw new RangeError(`there is no event ${upTo.eventId} to restore up to`);
    return new InMemoryLog(this.after(0, Number(upTo?.cursor ?? '0')), this.#incarnation + 1);
  }

  /** Appends as the port promises; `now` is moved up to the last event's time where it lies before. */
  append(append: EncodedAppend, now: Date): Appended {
    const { stream, expected, events } = append;
    const known = events.filter(({ id }) => this.#byId.has(id)).length;
    if (known > 0) return this.#repeated(append);
    this.#refuseWhereMoved(append);
    const recordedAt = this.#notBefore(now);
    for (const [index, event] of events.entries()) {
      const number = (this.#events.at(-1)?.position.number ?? 0) + 1;
      const position = { incarnation: this.#incarnation, number };
      const revision = expected + 1 + index;
      const cursor = String(this.#events.length + 1);
      this.#add(decodeEvent(event, { stream, revision, position, cursor, recordedAt }));
    }
    this.bell.ring();
    return this.#outcome(append);
  }

  #refuseWhereMoved({ stream, expected, after }: EncodedAppend): void {
    const stored = this.stream(stream);
    const last = stored.length - 1;
    if (last !== expected || (after !== undefined && stored[last]?.id !== after))
      throw new WrongExpectedVersion(stream, expectedOf(expected), expectedOf(last));
  }

  #repeated(append: EncodedAppend): Appended {
    const stored = this.stream(append.stream).slice(append.expected + 1);
    const same = append.events.every(({ id }, index) => stored[index]?.id === id);
    if (!same) throw new AppendMixed(append.stream);
    return this.#outcome(append);
  }

  #outcome({ stream, expected, events }: EncodedAppend): Appended {
    const last = this.stream(stream)[expected + events.length];
    if (!last) throw new RangeError(`${stream} ends before revision ${expected + events.length}`);
    return { revision: last.revision, position: last.position, recordedAt: last.recordedAt };
  }

  #notBefore(now: Date): string {
    const last = this.#events.at(-1)?.recordedAt ?? '';
    const text = now.toISOString();
    return text < last ? last : text;
  }

  #add(event: RecordedEvent): void {
    const frozen = freeze(event);
    this.#events.push(frozen);
    this.#byId.set(frozen.id, frozen);
    const stream = this.#streams.get(frozen.stream);
    if (stream) stream.push(frozen);
    else this.#streams.set(frozen.stream, [frozen]);
  }
}

/** Everybody gets the same objects, so that a reader that changes one is found out. */
function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
