import { Counter } from 'prom-client';

/** Keys that were held because their messages failed for good; any increase wants a look. */
export const keysHeld = new Counter({
  name: 'mangnon_keys_held_total',
  help: 'Keys held because a message could not be handled',
  labelNames: ['group', 'topic'] as const,
});

/** Messages of a type that the service does not know. */
export const messagesIgnored = new Counter({
  name: 'mangnon_messages_ignored_total',
  help: 'Messages of an unknown type, passed over',
  labelNames: ['group', 'topic', 'type'] as const,
});
