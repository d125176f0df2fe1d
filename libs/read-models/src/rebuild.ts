import { CheckpointLost, CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { TopicSource } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import type { EventBatch, EventStore } from '#event-store/event-store.js';
import type { DataSource } from 'typeorm';
import { isAtHead, sameCheckpoint } from './checkpoints.js';
import { tableFeed, type TableFeed } from './table-feed.js';
import { pause } from './pause.js';
import type { AnyProjection } from './projection.js';
import { isCurrent, loadSlots, moveCheckpoints, openSlot, promoteSlot, type SlotState } from './slots.js';
import { inTransaction, lockTimeout, sqlState, type Sql } from './sql.js';
import type { RebuildProgress } from './standings.js';
import { alignIndexes, createTable, swapTables } from './stored-table.js';
import type { TopicHistory } from './topic-history.js';
import { loadWatermarks } from './watermarks.js';

/** What rebuilds work with. */
export interface RebuildOptions {
  readonly store: EventStore;
  readonly database: DataSource;
  /** Publishers' translations, to feed projections of topics from the store. */
  readonly sources: readonly TopicSource[];
  /** Topics whose sources are in other processes; none when absent. */
  readonly topics?: TopicHistory | undefined;
  readonly batchEventsMax: number;
  readonly signal: AbortSignal;
}

/** The rebuild was stopped before its end; what was built stays and the next rebuild goes on from there. */
export class RebuildStopped extends Error {
  override readonly name = 'RebuildStopped';

  constructor(projection: string) {
    super(`the rebuild of ${projection} was stopped; the next one goes on from where it stands`);
  }
}

/**
 * Builds a projection's table beside the live one and puts it in that one's place in one transaction when it stands at
 * least as far. To be opened, given events for as long as wanted, and finished; by one at a time.
 */
export class Rebuild {
  readonly #feed: TableFeed;
  readonly #startedAtMs = Date.now();
  /** Where the events have been read to, and where the table being built says so. */
  #reached: Checkpoint | undefined;
  #recorded: Checkpoint | undefined;
  #recordedAtMs = Date.now();
  #head: Checkpoint | undefined;
  #events = 0;
  #indexed = false;

  /** Throws `NoSource`. */
  constructor(
    readonly projection: AnyProjection,
    private readonly options: RebuildOptions,
    private readonly onProgress: (progress: RebuildProgress) => void,
  ) {
    this.#feed = tableFeed(projection, options.sources);
  }

  /** Prefixes of the streams that it is built from. */
  get streams(): readonly string[] {
    return this.#feed.streams;
  }

  /** Whether nothing was left to read when it was opened. */
  get isLevel(): boolean {
    return sameCheckpoint(this.#reached, this.#head);
  }

  /** Where the next batch begins. */
  get reached(): Checkpoint | undefined {
    return this.#reached;
  }

  /** Goes on from where an interrupted rebuild of this very version has left off; or begins. */
  async open(mode: 'resume' | 'anew' = 'resume'): Promise<void> {
    const { database, store } = this.options;
    const after = await inTransaction(database, async (sql) => {
      const state = (await loadSlots(sql, [this.projection], 'next', 'lock')).get(this.projection.name);
      if (mode === 'resume' && state && this.#isOurs(state)) return state.checkpoint;
      await openSlot(sql, this.projection, 'next');
      await createTable(sql, this.projection, 'next');
      return undefined;
    });
    this.#reached = after;
    this.#recorded = after;
    this.#head = await store.head();
  }

  /** What was filled from topics has no place in the log to go on from. */
  #isOurs(state: SlotState): boolean {
    return isCurrent(state, this.projection) && state.build === undefined;
  }

  /** Folds a batch read after {@link reached}, events of other streams among it; throws `ProjectionFailed`, `CheckpointMoved`. */
  async take(batch: EventBatch): Promise<void> {
    const { inputs, fold } = this.#feed.feed(batch.events);
    const isDue = batch.caughtUp || Date.now() - this.#recordedAtMs >= recordEmptyEveryMs;
    if (fold || isDue) await this.#record(batch.checkpoint, fold);
    this.#events += inputs;
    this.#reached = batch.checkpoint;
    if (batch.caughtUp) this.#head = batch.checkpoint;
    this.#report(batch.caughtUp ? 'catching-up' : 'building');
  }

  /** Folds what is left and swaps the tables. Throws what {@link take} throws, and {@link RebuildStopped}. */
  async finish(): Promise<void> {
    try {
      await this.#readOn();
    } catch (error) {
      if (!(error instanceof CheckpointLost)) throw error;
      await this.open('anew');
      await this.#readOn();
    }
  }

  async #readOn(): Promise<void> {
    const { store, batchEventsMax, signal } = this.options;
    if (this.isLevel && (await this.#isDone())) return;
    for await (const batch of store.subscribe({
      consumer: `rebuild of ${this.projection.name}`,
      ...(this.#reached ? { after: this.#reached } : {}),
      streams: this.streams,
      batchEventsMax,
      signal,
    })) {
      await this.take(batch);
      if (batch.caughtUp && (await this.#isDone())) return;
    }
    throw new RebuildStopped(this.projection.name);
  }

  /** The swap is flushed, and looks whether a crash of the server has undone any of these. */
  async #record(checkpoint: Checkpoint, fold: ((sql: Sql) => Promise<void>) | undefined): Promise<void> {
    const work = async (sql: Sql): Promise<void> => {
      await this.#assertStands(sql);
      await fold?.(sql);
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
    this.onProgress({
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
