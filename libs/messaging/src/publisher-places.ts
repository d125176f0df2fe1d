import type { Checkpoint } from '#kernel/checkpoint.js';
import type { Position } from '#kernel/position.js';

/** How far a topic's publisher has sent. */
export interface PublisherPlace {
  /** The last event scanned whose message, if it has one, was sent. */
  readonly checkpoint: Checkpoint;
  /** Where the last message of each key stands up to there. */
  readonly last: ReadonlyMap<string, Position>;
}

/** Keeps one {@link PublisherPlace} a topic, durably, for all processes. */
export interface PublisherPlaces {
  /** Undefined where nothing was ever sent. */
  find(topic: string): Promise<PublisherPlace | undefined>;
  /** Only the checkpoint: cheap enough to be asked several times a second. */
  standing(topic: string): Promise<Checkpoint | undefined>;
  /**
   * Moves the checkpoint by compare-and-set from exactly `expected`, and with it the last positions of the keys in
   * `last`; other keys keep theirs. Throws `CheckpointMoved`, changing nothing, where it stands elsewhere.
   */
  move(
    topic: string,
    expected: Checkpoint | undefined,
    next: Checkpoint,
    last: ReadonlyMap<string, Position>,
  ): Promise<void>;
  /** Forgets the topic, so that it is sent again from the first event. */
  forget(topic: string): Promise<void>;
}
