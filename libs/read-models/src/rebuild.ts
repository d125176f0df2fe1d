import { CheckpointLost, CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message, TopicSource } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import type { EventBatch, EventStore } from '#event-store/event-store.js';
import type { DataSource } from 'typeorm';
import { foldIntoTable } from './apply.js';
import { isAtHead, sameCheckpoint } from './checkpoints.js';
import { feedOfEvents, feedOfMessages } from './feed.js';
import { pause } from './pause.js';
import { isMessageProjection, type AnyProjection } from './projection.js';
import { isCurrent, loadSlots, moveCheckpoints, openSlot, promoteSlot, type SlotState } from './slots.js';
import { inTransaction, sqlState, whileLocked, type Sql } from './sql.js';
import type { RebuildProgress } from './standings.js';
import { alignIndexes, createTable, swapTables } from './stored-table.js';
import { loadWatermarks, saveWatermarks } from './watermarks.js';

/** Another process, or another call, is rebuilding the same projection now. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';

  constructor(readonly projection: string) {
    super(`${projection} is being rebuilt already`);
  }
}

/** What a rebuild works with. */
export interface RebuildOptions {
  readonly store: EventStore;
  readonly database: DataSource;
  /** Publishers' translations, to feed projections of topics from the store. */
  readonly sources: readonly TopicSource[];
  readonly batchEventsMax: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RebuildProgress) => void;
}

/** The rebuild was stopped before its end; what was built stays and the next rebuild goes on from there. */
export class RebuildStopped extends Error {
  override readonly name = 'RebuildStopped';
}

/**
 * Builds the projection's table beside the live one, from the first event on or from where an interrupted rebuild of
 * the same version left off, and puts it in the live one's place in one transaction when it stands at least as far.
 * Throws {@link RebuildUnderWay}, `NoSource`, `ProjectionFailed`, {@link RebuildStopped}.
 */
export async function rebuildTable(projection: AnyProjection, options: RebuildOptions): Promise<void> {
  if (options.signal.aborted)
    throw new RebuildStopped(`the rebuild of ${projection.name} was stopped before it began`);
  const rebuild = new Rebuild(projection, options);
  const locked = await whileLocked(options.database, `read-models rebuild ${projection.name}`, () =>
    rebuild.run(),
  );
  if (!locked) throw new RebuildUnderWay(projection.name);
}

class Rebuild {
  readonly #take: (sql: Sql, events: readonly RecordedEvent[]) => Promise<number>;
  readonly #streams: readonly string[];
  readonly #startedAtMs = Date.now();
  /** Where the events have been read to, and where the table being built says so. */
  #reached: Checkpoint | undefined;
  #recorded: Checkpoint | undefined;
  #recordedAtMs = Date.now();
  #head: Checkpoint | undefined;
  #events = 0;
  #indexed = false;

  constructor(
    private readonly projection: AnyProjection,
    private readonly options: RebuildOptions,
  ) {
    if (isMessageProjection(projection)) {
      const feed = feedOfMessages(projection, options.sources);
      this.#streams = feed.streams;
      this.#take = async (sql, events) => this.#takeMessages(sql, feed.inputsOf(events));
    } else {
      const feed = feedOfEvents(projection);
      this.#streams = feed.streams;
      this.#take = async (sql, events) => {
        const inputs = feed.inputsOf(events);
        await foldIntoTable(sql, projection, 'next', inputs);
        return inputs.length;
      };
    }
  }

  async run(): Promise<void> {
    try {
      await this.#build(await this.#open('resume'));
    } catch (error) {
      if (!(error instanceof CheckpointLost)) throw error;
      await this.#build(await this.#open('anew'));
    }
  }

  /** Where to go on from: an interrupted rebuild of this very version is resumed. */
  async #open(mode: 'resume' | 'anew'): Promise<Checkpoint | undefined> {
    const { database } = this.options;
    return inTransaction(database, async (sql) => {
      const state = (await loadSlots(sql, [this.projection], 'next', 'lock')).get(this.projection.name);
      if (mode === 'resume' && state && isCurrent(state, this.projection)) return state.checkpoint;
      await openSlot(sql, this.projection, 'next');
      await createTable(sql, this.projection, 'next');
      return undefined;
    });
  }

  async #build(after: Checkpoint | undefined): Promise<void> {
    const { store, batchEventsMax, signal } = this.options;
    this.#reached = after;
    this.#recorded = after;
    this.#head = await store.head();
    if (sameCheckpoint(this.#reached, this.#head) && (await this.#isDone())) return;
    const consumer = `rebuild of ${this.projection.name}`;
    const from = this.#reached ? { after: this.#reached } : {};
    for await (const batch of store.subscribe({
      consumer,
      ...from,
      streams: this.#streams,
      batchEventsMax,
      signal,
    })) {
      await this.#apply(batch);
      this.#report(batch.caughtUp ? 'catching-up' : 'building');
      if (batch.caughtUp && (await this.#isDone())) return;
    }
    throw new RebuildStopped(
      `the rebuild of ${this.projection.name} was stopped; the next one goes on from there`,
    );
  }

  async #apply(batch: EventBatch): Promise<void> {
    const isDue = batch.caughtUp || Date.now() - this.#recordedAtMs >= recordEmptyEveryMs;
    if (batch.events.length > 0 || isDue) await this.#record(batch);
    this.#reached = batch.checkpoint;
    if (batch.caughtUp) this.#head = batch.checkpoint;
  }

  /** The swap is flushed, and looks whether a crash of the server has undone any of these. */
  async #record({ events, checkpoint }: EventBatch): Promise<void> {
    const work = async (sql: Sql): Promise<void> => {
      await this.#assertStands(sql);
      this.#events += await this.#take(sql, events);
      await moveCheckpoints(sql, [this.projection], 'next', checkpoint);
    };
    await inTransaction(this.options.database, work, 'unflushed');
    this.#recorded = checkpoint;
    this.#recordedAtMs = Date.now();
  }

  /** Locks the slot being built; throws `CheckpointMoved` unless it stands where this rebuild has left it. */
  async #assertStands(sql: Sql): Promise<void> {
    const next = (await loadSlots(sql, [this.projection], 'next', 'lock')).get(this.projection.name);
    if (!next || !sameCheckpoint(next.checkpoint, this.#recorded))
      throw new CheckpointMoved(this.projection.name);
  }

  async #takeMessages(sql: Sql, messages: readonly Message[]): Promise<number> {
    if (!isMessageProjection(this.projection)) return 0;
    await foldIntoTable(sql, this.projection, 'next', messages);
    await saveWatermarks(sql, 'next', new Map([[this.projection, messages]]));
    return messages.length;
  }

  /** Swaps unless the live table is ahead; readers of the live table in long transactions are waited for. */
  async #isDone(): Promise<boolean> {
    if (!this.#indexed)
      await inTransaction(this.options.database, (sql) => alignIndexes(sql, this.projection, 'next'));
    this.#indexed = true;
    for (;;) {
      try {
        const swapped = await this.#swap();
        if (swapped) this.#report('swapped');
        return swapped;
      } catch (error) {
        if (sqlState(error) !== lockTimeout) throw error;
        await pause(500, this.options.signal);
        if (this.options.signal.aborted) return false;
      }
    }
  }

  async #swap(): Promise<boolean> {
    return inTransaction(this.options.database, async (sql) => {
      await sql(`SET LOCAL lock_timeout = '2s'`);
      const live = (await loadSlots(sql, [this.projection], 'live', 'lock')).get(this.projection.name);
      if (live && !(await this.#isLevelWith(sql, live))) return false;
      await this.#assertStands(sql);
      await swapTables(sql, this.projection);
      await promoteSlot(sql, this.projection);
      return true;
    });
  }

  /** The live slot is locked, so it moves no more; where it stands beyond the store's end, the store was restored. */
  async #isLevelWith(sql: Sql, live: SlotState): Promise<boolean> {
    const watermarks = await loadWatermarks(sql, [this.projection], 'live');
    const marks = [...(watermarks.get(this.projection.name)?.values() ?? [])];
    if (live.checkpoint) marks.push(live.checkpoint.position);
    const reached = this.#reached?.position;
    if (marks.every((mark) => reached && comparePositions(mark, reached) <= 0)) return true;
    const head = await this.options.store.head();
    return isAtHead(this.#reached, head);
  }

  #report(phase: RebuildProgress['phase']): void {
    const seconds = Math.max(0.001, (Date.now() - this.#startedAtMs) / 1_000);
    this.options.onProgress({
      name: this.projection.name,
      phase,
      position: this.#reached?.position,
      head: this.#head?.position,
      events: this.#events,
      eventsPerSecond: Math.round(this.#events / seconds),
    });
  }
}

/** A checkpoint that moved over events of others only is written down this often at most. */
const recordEmptyEveryMs = 1_000;

/** SQLSTATE of a lock that was not to be had in time. */
const lockTimeout = '55P03';
