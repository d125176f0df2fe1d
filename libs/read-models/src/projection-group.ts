import type { Checkpoint } from '#kernel/checkpoint.js';
import { comparePositions } from '#kernel/position.js';
import type { EventBatch, SubscribeOptions } from '#event-store/event-store.js';
import type { DataSource } from 'typeorm';
import { applyEvents } from './apply.js';
import type { EventProjection } from './projection.js';

/** A checkpoint that moved over foreign events only is written down this often at most; a restart merely reads them again. */
const recordEmptyEveryMs = 1_000;

/** Live tables of one schema that stand at one checkpoint and are fed by one subscription. */
export class ProjectionGroup {
  readonly projections: EventProjection[] = [];
  #recorded: Checkpoint | undefined;
  #recordedAtMs = Date.now();

  constructor(
    private readonly database: DataSource,
    recorded: Checkpoint | undefined,
  ) {
    this.#recorded = recorded;
  }

  /** The checkpoint in the database, as far as this process knows. */
  get recorded(): Checkpoint | undefined {
    return this.#recorded;
  }

  /** Where its subscription begins and what it hands over. */
  get feed(): Pick<SubscribeOptions, 'after' | 'streams'> {
    return {
      ...(this.#recorded ? { after: this.#recorded } : {}),
      streams: [...new Set(this.projections.flatMap((projection) => projection.streams))],
    };
  }

  /** Folds a batch read after the checkpoint, up to `until`; true once that is reached. Throws as `applyEvents`. */
  async take(batch: EventBatch, until?: Checkpoint): Promise<boolean> {
    const { events, checkpoint } = cut(batch, until);
    if (events.length > 0 || until || Date.now() - this.#recordedAtMs >= recordEmptyEveryMs) {
      await applyEvents(this.database, this.projections, 'live', {
        events,
        after: this.#recorded,
        checkpoint,
      });
      this.#recorded = checkpoint;
      this.#recordedAtMs = Date.now();
    }
    return until === checkpoint;
  }
}

/** The part of a batch that lies at or before a checkpoint. */
function cut(batch: EventBatch, until: Checkpoint | undefined): Pick<EventBatch, 'events' | 'checkpoint'> {
  if (!until || comparePositions(batch.checkpoint.position, until.position) < 0) return batch;
  const events = batch.events.filter((event) => comparePositions(event.position, until.position) <= 0);
  return { events, checkpoint: until };
}
