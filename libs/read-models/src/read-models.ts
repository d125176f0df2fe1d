import type { Message, TopicSource } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import type { EventStore } from '#event-store/event-store.js';
import type { DataSource } from 'typeorm';
import { foldMessages, stopForMessages } from './apply-messages.js';
import { hasSources } from './feed.js';
import { ProjectionFailed } from './fold.js';
import { isStillDue, prepareTables } from './prepare.js';
import {
  isEventProjection,
  isMessageProjection,
  type AnyProjection,
  type MessageProjection,
} from './projection.js';
import { Projector, reasonOf } from './projector.js';
import { Rebuilds, RebuildUnderWay } from './rebuilds.js';
import type { TopicHistory } from './topic-history.js';
import { Standings, waitingRebuild, type ProjectionStatus, type RebuildProgress } from './standings.js';
import { untilBuilt } from './until-built.js';

/** What read models run on. */
export interface ReadModelsOptions {
  readonly store: EventStore;
  /**
   * PostgreSQL; its pool serves one connection a service and two the rebuilds under way, which open another beside the
   * pool. It lives on after `stop()`.
   */
  readonly database: DataSource;
  /** Where topics are read from whose sources are in other processes; from nowhere when absent. */
  readonly topics?: TopicHistory;
  /** Events read at a time; 1,000 when absent, and 2,500 by rebuilds. */
  readonly batchEventsMax?: number;
  /** How long a service that has caught up waits to gather a batch, in milliseconds; 50 when absent. */
  readonly lingerMs?: number;
}

/**
 * Keeps every registered projection's table from the event store: makes it, folds new events into it, rebuilds it beside
 * the live one when its version or columns changed. Any number of processes may run the same projections; each event
 * counts once.
 */
export class ReadModels {
  readonly #services = new Map<string, AnyProjection[]>();
  readonly #sources: TopicSource[] = [];
  readonly #standings = new Standings();
  readonly #projectors = new Map<string, Projector>();
  readonly #running: Promise<void>[] = [];
  readonly #rebuilding = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #started = false;

  readonly #rebuilds: Rebuilds;

  constructor(private readonly options: ReadModelsOptions) {
    const { store, database, topics, batchEventsMax = 2_500 } = options;
    const signal = this.#stopping.signal;
    this.#rebuilds = new Rebuilds({
      store,
      database,
      sources: this.#sources,
      topics,
      batchEventsMax,
      signal,
    });
  }

  /** Adds projections of a service, all in one schema; before `start()`. Throws `TypeError` for a name known already. */
  register(service: string, projections: readonly AnyProjection[]): void {
    if (this.#started) throw new TypeError('projections are registered before start()');
    for (const projection of projections) this.#standings.add(service, projection);
    this.#services.set(service, [...(this.#services.get(service) ?? []), ...projections]);
  }

  /** Adds publishers' translations, from which projections fed by topics are built and rebuilt out of the store. */
  registerSources(sources: readonly TopicSource[]): void {
    this.#sources.push(...sources);
  }

  /** Makes missing tables and indexes, then folds in the background, beginning with the rebuilds that are due. */
  async start(): Promise<void> {
    this.#started = true;
    const { store, database, topics, batchEventsMax = 1_000, lingerMs = 50 } = this.options;
    const due: AnyProjection[] = [];
    for (const [service, projections] of this.#services) {
      due.push(
        ...(await prepareTables({
          database,
          projections,
          sources: this.#sources,
          topics,
          standings: this.#standings,
        })),
      );
      const projector = new Projector({
        service,
        projections: projections.filter(isEventProjection),
        store,
        database,
        standings: this.#standings,
        batchEventsMax,
        lingerMs,
      });
      this.#projectors.set(service, projector);
      this.#running.push(projector.run(this.#stopping.signal));
    }
    this.#running.push(this.#rebuildDue(due));
  }

  /** Ends what is under way after its present batch. The database stays open; it is its opener's. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled([...this.#running, ...this.#rebuilding.values()]);
  }

  /**
   * Folds messages of one key, in order, into projections of one service that are fed by topics; resolves when they are
   * durably taken in, and doubles nothing. Where a fold itself fails, its projection is stopped until it is rebuilt, the
   * others go on, and this resolves: a read model holds up nobody's messages. Throws `ProjectionFailed` instead where no
   * rebuild could mend it, and `ProjectionSuperseded`.
   */
  async applyMessages(
    projections: readonly MessageProjection[],
    messages: readonly Message[],
  ): Promise<void> {
    if (messages.length === 0) return;
    try {
      await foldMessages(this.options.database, projections, messages);
    } catch (error) {
      if (!(error instanceof ProjectionFailed)) throw error;
      for (const projection of projections) await this.#foldAlone(projection, messages);
    }
  }

  async #foldAlone(projection: MessageProjection, messages: readonly Message[]): Promise<void> {
    try {
      await foldMessages(this.options.database, [projection], messages);
    } catch (error) {
      if (!(error instanceof ProjectionFailed) || !this.#canRebuild(projection)) throw error;
      await stopForMessages(this.options.database, projection, messages, error);
      this.#standings.note(projection.name, { state: 'stopped', reason: error.message });
    }
  }

  /** Where every projection stands in this process. */
  status(): readonly ProjectionStatus[] {
    return this.#standings.all();
  }

  /** The event that all of a service's tables fed by its own streams have taken in; undefined before the first. */
  position(service: string): Position | undefined {
    return this.#standings.position(service);
  }

  /**
   * Waits until the service's tables fed by its own streams have taken in the event at that position; only those of these
   * projections where they are named, while the others may lag or be stopped. Throws `NotReached` after the time, or at
   * once when one of them is stopped.
   */
  async waitFor(
    service: string,
    position: Position,
    timeoutMs: number,
    names?: readonly string[],
  ): Promise<void> {
    await this.#standings.reached(service, position, timeoutMs, names);
  }

  /** Waits until every projection is live or stopped, rebuilds included; throws `NotReached` after the time. */
  async settled(timeoutMs: number): Promise<void> {
    const quiet = () =>
      this.status().every(
        ({ state, rebuild }) => (state === 'live' || state === 'stopped') && rebuild === undefined,
      );
    await this.#standings.until(quiet, timeoutMs, 'all read models live');
  }

  /**
   * Builds a projection's table beside the live one and swaps them; resolves when it is done. What is asked for while a
   * rebuild of this process runs waits for it, and all that waits is then built from one reading of the log. Throws
   * `RebuildUnderWay` when it runs or waits already here or runs in another process, `NoSource`, `TopicBehind`, `TopicCut`, `ProjectionFailed`,
   * `CheckpointMoved` when a crash of the server has undone part of it, `RebuildStopped` after `stop()`.
   */
  async rebuild(
    name: string,
    onProgress: (progress: RebuildProgress) => void = () => undefined,
  ): Promise<void> {
    if (this.#rebuilding.has(name)) throw new RebuildUnderWay(name);
    const projection = this.#projection(name);
    this.#standings.note(name, { rebuildFault: undefined, rebuild: waitingRebuild(name) });
    const work = this.#rebuild(projection, onProgress)
      .catch((error: unknown) => {
        this.#standings.note(name, { rebuildFault: reasonOf(error) });
        throw error;
      })
      .finally(() => {
        this.#rebuilding.delete(name);
        this.#standings.note(name, { rebuild: undefined });
      });
    this.#rebuilding.set(name, work);
    await work;
  }

  async #rebuild(projection: AnyProjection, onProgress: (progress: RebuildProgress) => void): Promise<void> {
    await this.#rebuilds.of(projection, (progress) => {
      this.#standings.note(projection.name, { rebuild: progress });
      onProgress(progress);
    });
    this.#onRebuilt(projection);
  }

  /** All together; see {@link untilBuilt}. */
  async #rebuildDue(due: readonly AnyProjection[]): Promise<void> {
    const { signal } = this.#stopping;
    const built = (projection: AnyProjection): Promise<void> =>
      untilBuilt({
        build: async () => {
          if (await isStillDue(this.options.database, projection)) await this.rebuild(projection.name);
          else this.#onRebuilt(projection);
        },
        tell: (state, reason) => this.#standings.note(projection.name, { state, reason }),
        signal,
      });
    await Promise.all(due.map(built));
  }

  #onRebuilt(projection: AnyProjection): void {
    const state = isMessageProjection(projection) ? 'live' : 'catching-up';
    this.#standings.note(projection.name, { state, reason: undefined, unbuilt: undefined });
    this.#projectors.get(this.#standings.get(projection.name).service)?.lookAgain();
  }

  #canRebuild(projection: MessageProjection): boolean {
    return this.options.topics !== undefined || hasSources(projection, this.#sources);
  }

  #projection(name: string): AnyProjection {
    const found = [...this.#services.values()].flat().find((projection) => projection.name === name);
    if (!found) throw new TypeError(`no projection ${name}`);
    return found;
  }
}
