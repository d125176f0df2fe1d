import type { TopicSource } from '#kernel/message.js';
import type { AnyProjection } from '#read-models/projection.js';

/** What of a service has to be known to move what it keeps: its pure parts alone. */
export interface MovedService {
  readonly name: string;
  /** Prefixes of the streams that it writes. */
  readonly streams: readonly string[];
  readonly publishers: readonly TopicSource[];
  /** Every table that it builds from events or messages. */
  readonly projections: readonly AnyProjection[];
}
