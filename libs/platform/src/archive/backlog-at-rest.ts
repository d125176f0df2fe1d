import type { TopicSource } from '#kernel/message.js';
import type { Backlog } from '#messaging/backlog.js';
import { DirectBacklog } from '#messaging/direct/direct-backlog.js';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import type { EventLog } from './event-log.js';

/** Schema of what platform itself keeps in the default run. */
const platformSchema = 'platform';

/** How far behind the default run's consumers are, read from its databases, whether or not it runs. */
export function backlogAtRest(
  { store, database }: Pick<EventLog, 'store' | 'database'>,
  sources: readonly TopicSource[],
): Backlog {
  const checkpoints = new PostgresCheckpointStore(database, platformSchema);
  return new DirectBacklog({ store, sources, checkpoints });
}
