import type { Position } from './position.js';

/**
 * The last event that a consumer has handled. `cursor` is what the engine resumes from (opaque text); `eventId` is the
 * event that must still stand there, which the engine verifies before it goes on.
 */
export interface Checkpoint {
  readonly cursor: string;
  readonly position: Position;
  readonly eventId: string;
}

/** The event of a checkpoint no longer stands where it stood: the store was restored from before it. The consumer stops. */
export class CheckpointLost extends Error {
  override readonly name = 'CheckpointLost';

  constructor(
    readonly consumer: string,
    readonly checkpoint: Checkpoint,
  ) {
    super(
      `${consumer}: event ${checkpoint.eventId} no longer stands at position ` +
        `${String(checkpoint.position.incarnation)}.${String(checkpoint.position.number)}; the store was restored from before it`,
    );
  }
}

/** Somebody else moved the checkpoint meanwhile; what was done with the batch must be thrown away. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';

  constructor(readonly consumer: string) {
    super(`${consumer}: another process moved the checkpoint`);
  }
}

/** Keeps one checkpoint a consumer, durably. */
export interface CheckpointStore {
  /** The consumer's checkpoint, or undefined where it has handled nothing yet. */
  find(consumer: string): Promise<Checkpoint | undefined>;
  /** Moves it by compare-and-set from exactly `expected`; throws {@link CheckpointMoved} when it stands elsewhere. */
  move(consumer: string, expected: Checkpoint | undefined, next: Checkpoint): Promise<void>;
}
