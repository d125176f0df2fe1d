import { idempotency, type Expected, type Verdict } from './append-rules.js';
import type { ProposedEvent, StoredEvent } from './stored-event.js';

/** What of a stream is shown. */
export type StreamView =
  | { readonly state: 'none' }
  | { readonly state: 'tombstoned' }
  | { readonly state: 'there'; readonly events: readonly StoredEvent[] };

interface StreamMetadata {
  readonly $maxCount?: number;
  readonly $tb?: number;
}

/** What `$tb` says of a stream that was deleted and may come back; as far as a JavaScript number holds it. */
export const deletedBefore = Number.MAX_SAFE_INTEGER;

/** A record takes this many bytes of the log beside what the event holds. */
const recordBytes = 105;
const ticksPerMillisecond = 10_000n;

/**
 * The streams that the server keeps and their one order, and the rules of writing to them. It outlives the server's
 * connections and restarts; {@link StoredLog.restarted} forgets what a real server keeps in memory alone.
 */
export class StoredLog {
  readonly #all: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #tombstoned = new Set<string>();
  /** Ids committed since the start, by stream: what `any` and `stream_exists` know repeats by. */
  readonly #recent = new Map<string, StoredEvent>();
  readonly #watching = new Set<() => void>();
  readonly #clock: { now(): Date };
  #position = 1_374n;

  constructor(clock: { now(): Date }) {
    this.#clock = clock;
  }

  /** Every event in the order of the log. */
  get all(): readonly StoredEvent[] {
    return this.#all;
  }

  /** What readers of the stream are shown: what is deleted or truncated is left out. */
  view(stream: string): StreamView {
    if (this.#tombstoned.has(stream)) return { state: 'tombstoned' };
    const events = this.#streams.get(stream);
    if (!events || this.#softDeleted(stream)) return { state: 'none' };
    const { $maxCount = Infinity, $tb = 0 } = this.#metadataOf(stream);
    const from = Math.max($tb, this.lastRevision(stream) - $maxCount + 1);
    return { state: 'there', events: events.filter(({ revision }) => revision >= from) };
  }

  /** Revision of the stream's last event, deleted or not; -1 where there never was one. */
  lastRevision(stream: string): number {
    return this.#streams.get(stream)?.at(-1)?.revision ?? -1;
  }

  /** Writes the events, all or none, or finds them written already. */
  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Verdict {
    if (this.#tombstoned.has(stream)) return { kind: 'deleted' };
    const verdict = idempotency(this.#known(stream), expected, events);
    if (verdict.kind !== 'write') return verdict;
    if (events.length === 0) return { kind: 'done', revision: 0, position: undefined };
    if (this.#softDeleted(stream)) this.#bringBack(stream);
    const written = events.map((event) => this.#write(stream, event));
    const last = written.at(-1);
    for (const told of this.#watching) told();
    return { kind: 'done', revision: this.lastRevision(stream), position: last?.position };
  }

  /** Hides the stream's events; what is appended later goes on behind them. */
  delete(stream: string, expected: Expected): Verdict {
    return this.#end(stream, expected, () =>
      this.#write(`$$${stream}`, metadataEvent({ ...this.#metadataOf(stream), $tb: deletedBefore })),
    );
  }

  /** Ends the stream for good. */
  tombstone(stream: string, expected: Expected): Verdict {
    return this.#end(stream, expected, () => {
      this.#tombstoned.add(stream);
      return this.#write('$streams-deleted', metadataEvent({}, '$streamDeleted'));
    });
  }

  /** Calls `told` after every append, until what is given back is called. */
  watch(told: () => void): () => void {
    this.#watching.add(told);
    return () => this.#watching.delete(told);
  }

  /** Only the first `count` events are left, as when an older backup is put in place; the server must be stopped. */
  truncate(count: number): void {
    const kept = this.#all.splice(0, count);
    this.#position = this.#all[0]?.position ?? this.#position;
    this.#all.splice(0, Infinity, ...kept);
    this.#streams.clear();
    for (const event of kept)
      this.#streams.set(event.stream, [...(this.#streams.get(event.stream) ?? []), event]);
  }

  /** What a restart forgets. */
  restarted(): void {
    this.#recent.clear();
  }

  #end(stream: string, expected: Expected, write: () => StoredEvent): Verdict {
    if (this.#tombstoned.has(stream)) return { kind: 'deleted' };
    const verdict = idempotency(this.#known(stream), expected, []);
    if (verdict.kind !== 'write') return verdict;
    return { kind: 'done', revision: this.lastRevision(stream), position: write().position };
  }

  #known(stream: string): Parameters<typeof idempotency>[0] {
    return {
      events: this.#streams.get(stream) ?? [],
      softDeleted: this.#softDeleted(stream),
      hasMetadata: this.#streams.has(`$$${stream}`),
      recent: (id) => this.#recent.get(`${stream} ${id}`),
    };
  }

  #softDeleted(stream: string): boolean {
    return this.#metadataOf(stream).$tb === deletedBefore;
  }

  #bringBack(stream: string): void {
    const $tb = this.lastRevision(stream) + 1;
    this.#write(`$$${stream}`, metadataEvent({ ...this.#metadataOf(stream), $tb }));
  }

  #metadataOf(stream: string): StreamMetadata {
    const last = this.#streams.get(`$$${stream}`)?.at(-1);
    return last ? (JSON.parse(Buffer.from(last.data).toString()) as StreamMetadata) : {};
  }

  #write(stream: string, event: ProposedEvent): StoredEvent {
    const created = BigInt(this.#clock.now().getTime()) * ticksPerMillisecond;
    const revision = this.lastRevision(stream) + 1;
    const stored = { ...event, stream, revision, position: this.#position, created };
    this.#position += BigInt(recordBytes + stream.length + event.data.length + event.metadata.length);
    this.#all.push(stored);
    this.#recent.set(`${stream} ${event.id}`, stored);
    const events = this.#streams.get(stream);
    if (events) events.push(stored);
    else this.#streams.set(stream, [stored]);
    return stored;
  }
}

let made = 0;

/** An event of the server's own; its id is like no other. */
export function metadataEvent(data: object, type = '$metadata'): ProposedEvent {
  made += 1;
  const id = `00000000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`;
  const contentType = 'application/json';
  return { id, type, contentType, data: Buffer.from(JSON.stringify(data)), metadata: new Uint8Array() };
}
