import { CheckpointLost, CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { EventStore } from '#event-store/event-store.js';
import type { DataSource } from 'typeorm';
import { ProjectionSuperseded } from './apply.js';
import { compareCheckpoints, sameCheckpoint } from './checkpoints.js';
import { ProjectionFailed } from './fold.js';
import { pause } from './pause.js';
import type { EventProjection } from './projection.js';
import { ProjectionGroup } from './projection-group.js';
import { isCurrent, loadSlots } from './slots.js';
import { inTransaction } from './sql.js';
import type { Standings } from './standings.js';

/** What a service's projections run on. */
export interface ProjectorOptions {
  readonly service: string;
  readonly projections: readonly EventProjection[];
  readonly store: EventStore;
  readonly database: DataSource;
  readonly standings: Standings;
  readonly batchEventsMax: number;
  /** How long a subscription that has caught up gathers a batch. */
  readonly lingerMs: number;
}

/**
 * Folds one service's events into its live tables: one subscription for all projections that stand at one checkpoint,
 * and one each for those that lag, until they have caught up and join. A projection that cannot go on is stopped, with
 * the reason in its status, and the others go on; anything else is tried again.
 */
export class Projector {
  #round = new AbortController();
  #joining: ReadonlySet<string> = new Set();
  #faults = 0;

  constructor(private readonly options: ProjectorOptions) {}

  /** Runs until the signal; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const end = () => {
      this.#round.abort();
    };
    signal.addEventListener('abort', end);
    while (!signal.aborted) {
      this.#round = new AbortController();
      await this.#runRound(this.#round.signal).catch((error: unknown) => this.#onFault([], error));
    }
    signal.removeEventListener('abort', end);
  }

  /** Looks at the recorded checkpoints again: a table was rebuilt. */
  lookAgain(): void {
    this.#round.abort();
  }

  async #runRound(signal: AbortSignal): Promise<void> {
    const groups = await this.#groups();
    if (await this.#align(groups, signal)) return;
    const head = await this.options.store.head();
    const front = groups.at(-1);
    for (const group of groups)
      this.#noteReached(group, group.recorded, sameCheckpoint(group.recorded, head));
    if (!front) await aborted(signal);
    await Promise.all(groups.map((group) => this.#follow(group, group === front, signal)));
    await pause(1_000, signal);
  }

  /** Those that run, by checkpoint, the furthest behind first. */
  async #groups(): Promise<readonly ProjectionGroup[]> {
    const { database, projections, standings } = this.options;
    const running = projections.filter(
      (projection) => !['stopped', 'outdated'].includes(standings.get(projection.name).state),
    );
    const states = await inTransaction(database, (sql) => loadSlots(sql, running, 'live'));
    const groups: ProjectionGroup[] = [];
    for (const projection of running) {
      const state = states.get(projection.name);
      if (!state || !isCurrent(state, projection)) {
        this.#stop(projection.name, new ProjectionSuperseded(projection.name));
        continue;
      }
      let group = groups.find((other) => sameCheckpoint(other.recorded, state.checkpoint));
      if (!group) groups.push((group = new ProjectionGroup(database, state.checkpoint)));
      group.projections.push(projection);
    }
    return groups.sort((a, b) => compareCheckpoints(a.recorded, b.recorded));
  }

  /** Brings the groups that asked to join to the checkpoint of the foremost of them; true when the groups have changed. */
  async #align(groups: readonly ProjectionGroup[], signal: AbortSignal): Promise<boolean> {
    const joining = groups.filter((group) => group.projections.some(({ name }) => this.#joining.has(name)));
    this.#joining = new Set();
    const foremost = joining.at(-1)?.recorded;
    if (joining.length < 2 || !foremost) return false;
    for (const group of joining.slice(0, -1)) await this.#follow(group, true, signal, foremost);
    return true;
  }

  /** Folds until the round ends, `until` is reached, or a group that lagged has caught up. */
  async #follow(
    group: ProjectionGroup,
    foremost: boolean,
    signal: AbortSignal,
    until?: Checkpoint,
  ): Promise<void> {
    const { store, service, batchEventsMax, lingerMs } = this.options;
    const consumer = `${service} read models`;
    try {
      const pace = { batchEventsMax, lingerMs: until ? 0 : lingerMs, signal };
      for await (const batch of store.subscribe({ consumer, ...group.feed, ...pace })) {
        if (await group.take(batch, until)) return;
        this.#faults = 0;
        this.#noteReached(group, batch.checkpoint, batch.caughtUp);
        if (batch.caughtUp && !foremost) this.#askToJoin(group);
      }
    } catch (error) {
      await this.#onFault(group.projections, error);
      this.#round.abort();
    }
  }

  /** A group that lagged has caught up: the round ends and the next begins by bringing it level with the foremost. */
  #askToJoin(group: ProjectionGroup): void {
    const { projections, standings } = this.options;
    const live = projections.filter(({ name }) => standings.get(name).state === 'live');
    this.#joining = new Set([...group.projections, ...live].map(({ name }) => name));
    this.#round.abort();
  }

  #noteReached(group: ProjectionGroup, checkpoint: Checkpoint | undefined, caughtUp: boolean): void {
    for (const { name } of group.projections) {
      const before = this.options.standings.get(name).state;
      this.options.standings.note(name, {
        state: caughtUp || before === 'live' ? 'live' : 'catching-up',
        reason: undefined,
        ...(checkpoint ? { position: checkpoint.position } : {}),
      });
    }
  }

  async #onFault(projections: readonly EventProjection[], error: unknown): Promise<void> {
    if (error instanceof CheckpointLost) {
      for (const { name } of projections) this.#stop(name, error);
      return;
    }
    if (error instanceof ProjectionFailed || error instanceof ProjectionSuperseded) {
      this.#stop(error.projection, error);
      return;
    }
    if (!(error instanceof CheckpointMoved))
      for (const { name } of projections) this.options.standings.note(name, { reason: reasonOf(error) });
    this.#faults += 1;
    const waitMs =
      error instanceof CheckpointMoved ? 250 : Math.min(5_000, 100 * 2 ** Math.min(this.#faults, 6));
    await pause(waitMs / 2 + (Math.random() * waitMs) / 2, this.#round.signal);
  }

  #stop(name: string, error: Error): void {
    this.options.standings.note(name, { state: 'stopped', reason: error.message });
  }
}

/** An error in a few words, for a status. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}
