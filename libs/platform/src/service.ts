import type { Type } from '@nestjs/common';
import type { TopicSource } from '#kernel/message.js';
import type { Migration } from '#postgres/migrate.js';
import type { AnyProjection } from '#read-models/projection.js';
import type { VaultKind } from '#vault/vault.js';
import type { Door } from './doors/door.js';

/**
 * A service as both ways to run know it: the default run puts all of them into one process, a distributed one starts
 * each by itself. Its tables live in the PostgreSQL schema of its name.
 */
export interface Service {
  /** Such as `ledger`; also its consumer group and the actor of what it decides by itself. */
  readonly name: string;
  readonly module: Type;
  /** Pure translations of its own events for others; one a topic. */
  readonly publishers: readonly TopicSource[];
  /** Prefixes of the streams that only it writes. */
  readonly streams: readonly string[];
  readonly projections: readonly AnyProjection[];
  /** Rooms of the vault that it enters; a process needs the master keys of these alone. None when absent. */
  readonly rooms?: readonly VaultKind[];
  /** Types of messages that it knows, by topic that it subscribes to; others are ignored and counted. */
  readonly knows?: Readonly<Record<string, readonly string[]>>;
  /** Tables of its own beside the projections. */
  readonly migrations?: readonly Migration[];
  /** What other services may ask of it where each runs by itself. */
  readonly doors?: readonly Door[];
  /** Reads the service's own settings; throws `ConfigRefused`. A process asks all its services before it starts. */
  readonly checkConfig?: () => void;
}
