import { CheckpointMoved } from '#kernel/checkpoint.js';
import type { Message } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import { foldIntoTable } from './apply.js';
import { pause } from './pause.js';
import { tableOf, type MessageProjection } from './projection.js';
import { RebuildStopped, type RebuildOptions } from './rebuild.js';
import { loadSlots, openSlot, promoteSlot } from './slots.js';
import { inTransaction, lockTimeout, sqlState, type Sql } from './sql.js';
import type { RebuildProgress } from './standings.js';
import { alignIndexes, createTable, swapTables } from './stored-table.js';
import { TopicBehind, type TopicHistory, type TopicReading } from './topic-history.js';
import { freshMessages, loadWatermarks, saveWatermarks } from './watermarks.js';

/** What a rebuild from topics works with. */
export type TopicRebuildOptions = Pick<RebuildOptions, 'database' | 'signal'> & {
  readonly topics: TopicHistory;
};

/**
 * Builds the table of a projection whose topics come from other processes: reads the topics from their first message,
 * folds beside the live table, and puts the new one in its place. The live table takes messages all the while but for the
 * last of them, which are read while it is held, so that however many arrive this comes to an end. Always begins anew.
 */
export class TopicRebuild {
  readonly #startedAtMs = Date.now();
  #messages = 0;

  constructor(
    private readonly projection: MessageProjection,
    private readonly options: TopicRebuildOptions,
    private readonly onProgress: (progress: RebuildProgress) => void,
  ) {}

  /** Resolves when the new table is live. Throws {@link TopicBehind}, {@link RebuildStopped}, `ProjectionFailed`, `CheckpointMoved`. */
  async run(): Promise<void> {
    const readings: TopicReading[] = [];
    const { schema } = tableOf(this.projection);
    try {
      for (const topic of this.projection.topics)
        readings.push(await this.options.topics.open(topic, schema));
      await this.#begin();
      await this.#read(readings, 'building');
      await this.#read(readings, 'catching-up');
      await inTransaction(this.options.database, (sql) => alignIndexes(sql, this.projection, 'next'));
      await this.#putInPlace(readings);
      this.#report('swapped');
    } finally {
      await Promise.all(readings.map((reading) => reading.close()));
    }
  }

  async #begin(): Promise<void> {
    await inTransaction(this.options.database, async (sql) => {
      await openSlot(sql, this.projection, 'next');
      await createTable(sql, this.projection, 'next');
    });
    this.#report('building');
  }

  async #read(
    readings: readonly TopicReading[],
    phase: RebuildProgress['phase'],
    within: <T>(work: (sql: Sql) => Promise<T>) => Promise<T> = (work) =>
      inTransaction(this.options.database, work),
  ): Promise<void> {
    for (const reading of readings)
      await reading.readOn(async (messages) => {
        if (this.options.signal.aborted) throw new RebuildStopped(this.projection.name);
        this.#messages += await within((sql) => this.#take(sql, messages));
        this.#report(phase);
      });
  }

  /** Rows and watermarks together, each message once, whoever else may be at the same table; how many were new. */
  async #take(sql: Sql, messages: readonly Message[]): Promise<number> {
    const { projection } = this;
    await this.#assertBegun(sql);
    const keys = [...new Set(messages.map(({ key }) => key))];
    const watermarks = await loadWatermarks(sql, [projection], 'next', keys);
    const fresh = freshMessages(messages, watermarks.get(projection.name));
    await foldIntoTable(sql, projection, 'next', fresh);
    await saveWatermarks(sql, 'next', new Map([[projection, fresh]]));
    return fresh.length;
  }

  /** Readers of the live table in long transactions are waited for. */
  async #putInPlace(readings: readonly TopicReading[]): Promise<void> {
    const { database, signal } = this.options;
    while (!signal.aborted) {
      const isDone = await inTransaction(database, (sql) => this.#swap(sql, readings)).catch(unlessLocked);
      if (isDone) return;
      await pause(500, signal);
    }
    throw new RebuildStopped(this.projection.name);
  }

  /**
   * The live slot is locked first: whatever its table has taken in stands on the topics by then, and it takes no more. All
   * through the one connection, since consumers that wait for the lock may have every other one. Whether it is in place;
   * what was read stays read.
   */
  async #swap(sql: Sql, readings: readonly TopicReading[]): Promise<boolean> {
    const { projection } = this;
    await sql(`SET LOCAL lock_timeout = '2s'`);
    await loadSlots(sql, [projection], 'live', 'lock');
    await this.#read(readings, 'catching-up', (work) => work(sql));
    await this.#assertBegun(sql);
    await this.#assertLevel(sql);
    await sql('SAVEPOINT before_the_swap');
    try {
      await swapTables(sql, projection);
    } catch (error) {
      await sql('ROLLBACK TO SAVEPOINT before_the_swap');
      return unlessLocked(error);
    }
    await promoteSlot(sql, projection);
    return true;
  }

  async #assertLevel(sql: Sql): Promise<void> {
    const { projection } = this;
    const live = await loadWatermarks(sql, [projection], 'live');
    const next = (await loadWatermarks(sql, [projection], 'next')).get(projection.name);
    for (const [key, mark] of live.get(projection.name) ?? []) {
      const reached = next?.get(key);
      if (!reached || comparePositions(reached, mark) < 0) throw new TopicBehind(projection.name);
    }
  }

  /** Throws `CheckpointMoved` where another process has put its table in place meanwhile. */
  async #assertBegun(sql: Sql): Promise<void> {
    const next = await loadSlots(sql, [this.projection], 'next', 'lock');
    if (!next.has(this.projection.name)) throw new CheckpointMoved(this.projection.name);
  }

  #report(phase: RebuildProgress['phase']): void {
    const seconds = Math.max(0.001, (Date.now() - this.#startedAtMs) / 1_000);
    this.onProgress({
      ...{ name: this.projection.name, phase, position: undefined, head: undefined },
      events: this.#messages,
      eventsPerSecond: Math.round(this.#messages / seconds),
    });
  }
}

/** False for a lock that was not to be had in time; throws any other error. */
function unlessLocked(error: unknown): false {
  if (sqlState(error) === lockTimeout) return false;
  throw error;
}
