import type { Decider } from '#kernel/decider.js';
import type { DomainEvent, NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import {
  emptyInbox,
  evolveInbox,
  inboxOfRecord,
  isInboxEvent,
  recordOfInbox,
  type Inbox,
} from '#kernel/inbox.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { EventStore, ExpectedRevision } from './event-store.js';
import { NewerEvent, StoreUnavailable } from './handle-errors.js';
import { stateCodec, type Snapshots } from './snapshots.js';
import { StreamCache } from './stream-cache.js';

/** A stream up to its event at `revision`: the aggregate's state, and beside it what it remembers of its senders. */
export interface Folded<State> {
  readonly state: State;
  readonly inbox: Inbox;
  readonly revision: ExpectedRevision;
  /** The event at `revision`; empty where there is no stream. */
  readonly lastEventId: string;
  /** Where the newest snapshot known stands; −1 when there is none. */
  readonly snapshotRevision: number;
}

/** Folds streams of one kind of aggregate, keeping what it saw last so that only newer events are read. */
export class StreamFold<State, Event extends DomainEvent> {
  /** A stream without events. */
  readonly empty: Folded<State>;
  private readonly cache: StreamCache<Folded<State>>;

  constructor(
    private readonly store: EventStore,
    private readonly decider: Decider<State, never, Event>,
    cacheStreamsMax: number,
    private readonly snapshots?: Snapshots,
  ) {
    this.cache = new StreamCache(cacheStreamsMax);
    this.empty = {
      state: decider.initialState,
      inbox: emptyInbox,
      revision: 'no_stream',
      lastEventId: '',
      snapshotRevision: -1,
    };
  }

  /** The stream as it was last seen, perhaps stale; undefined where nothing is kept. */
  cached(stream: string): Folded<State> | undefined {
    return this.cache.find(stream);
  }

  /**
   * The stream as it stands now. What was kept or snapshot counts only if its last event still stands there. Throws
   * `InvariantViolation` when the stream cannot be folded, {@link NewerEvent} when this release cannot, {@link StoreUnavailable} when it cannot be read.
   */
  async fresh(stream: string): Promise<Folded<State>> {
    const known = this.cache.find(stream) ?? (await this.snapshotOf(stream));
    const folded = (known && (await this.after(stream, known))) ?? (await this.all(stream));
    await this.keep(stream, folded);
    return folded;
  }

  /** Keeps what is known of the stream after an append, and makes a snapshot when it is time. */
  async keep(stream: string, folded: Folded<State>): Promise<void> {
    if (folded.revision === 'no_stream') {
      this.cache.drop(stream);
      return;
    }
    this.cache.keep(stream, await this.withSnapshot(stream, folded));
  }

  /** Forgets what was kept of the stream. */
  forget(stream: string): void {
    this.cache.drop(stream);
  }

  /** Folds further events; throws `InvariantViolation` where one does not fold or a revision is missing. */
  advance(folded: Folded<State>, events: readonly RecordedEvent[]): Folded<State> {
    return events.reduce((before, event) => this.step(before, event), folded);
  }

  /** Events as they will stand after `folded`, for folding them before they are stored. */
  planned(folded: Folded<State>, stream: string, events: readonly NewEvent[]): readonly RecordedEvent[] {
    const first = nextRevision(folded.revision);
    // Spread last, as in stamps.
    return events.map((event, index) => ({
      stream,
      revision: first + index,
      position: { incarnation: 0, number: 0 },
      cursor: '',
      recordedAt: '',
      ...event,
    }));
  }

  private step(folded: Folded<State>, event: RecordedEvent): Folded<State> {
    if (event.revision !== nextRevision(folded.revision))
      throw new InvariantViolation(`${event.stream} has no event before revision ${String(event.revision)}`);
    return {
      state: isInboxEvent(event) ? folded.state : this.evolved(folded.state, event),
      inbox: evolveInbox(folded.inbox, event),
      revision: event.revision,
      lastEventId: event.id,
      snapshotRevision: folded.snapshotRevision,
    };
  }

  /** A switch without default gives undefined for a type that it does not know. */
  private evolved(state: State, event: RecordedEvent): State {
    const where = `${event.type} at revision ${String(event.revision)} of ${event.stream}`;
    let next: State | undefined;
    try {
      next = this.decider.evolve(state, event as unknown as Event);
    } catch (cause) {
      throw new InvariantViolation(`${where} cannot be folded`, { cause });
    }
    if (next === undefined) throw new NewerEvent(`${where} is of a type that this release does not know`);
    return next;
  }

  private async all(stream: string): Promise<Folded<State>> {
    let folded = this.empty;
    for await (const page of this.pages(stream, 0)) folded = this.advance(folded, page);
    return folded;
  }

  /** Undefined where the event that `known` stands on is not there. */
  private async after(stream: string, known: Folded<State>): Promise<Folded<State> | undefined> {
    if (known.revision === 'no_stream') return undefined;
    let folded: Folded<State> | undefined;
    for await (const page of this.pages(stream, known.revision)) {
      if (!folded && page[0]?.id !== known.lastEventId) return undefined;
      folded = this.advance(folded ?? known, folded ? page : page.slice(1));
    }
    return folded;
  }

  private async *pages(stream: string, from: number): AsyncGenerator<readonly RecordedEvent[]> {
    try {
      yield* this.store.read(stream, from);
    } catch (cause) {
      throw new StoreUnavailable(stream, cause);
    }
  }

  /** One that is lost, of another version or unreadable only costs time. */
  private async snapshotOf(stream: string): Promise<Folded<State> | undefined> {
    if (!this.snapshots) return undefined;
    const { store, deciderVersion, codec = stateCodec } = this.snapshots;
    try {
      const snapshot = await store.find(stream);
      if (snapshot?.deciderVersion !== deciderVersion) return undefined;
      const { revision, eventId } = snapshot;
      const inbox = inboxOfRecord(snapshot.inbox);
      const state = codec.fromJson(snapshot.state) as State;
      return { state, inbox, revision, lastEventId: eventId, snapshotRevision: revision };
    } catch {
      return undefined;
    }
  }

  /** A snapshot that cannot be kept is made after the next command. */
  private async withSnapshot(stream: string, folded: Folded<State>): Promise<Folded<State>> {
    const { revision, snapshotRevision, lastEventId: eventId } = folded;
    if (!this.snapshots || revision === 'no_stream') return folded;
    const { store, deciderVersion, everyEvents = 1_000, codec = stateCodec } = this.snapshots;
    if (revision - snapshotRevision < everyEvents) return folded;
    try {
      const [state, inbox] = [codec.toJson(folded.state), recordOfInbox(folded.inbox)];
      await store.keep({ stream, deciderVersion, revision, eventId, state, inbox });
      return { ...folded, snapshotRevision: revision };
    } catch {
      return folded;
    }
  }
}

function nextRevision(revision: ExpectedRevision): number {
  return revision === 'no_stream' ? 0 : revision + 1;
}
