import { Counter } from 'prom-client';

/** Keys that were held because their messages failed for good; any increase wants a look. */
export const keysHeld = new Counter({
  name: 'mangnon_keys_held_total',
  help: 'Keys held because a message could not be handled',
  labelNames: ['group', 'topic'] as const,
});

/** Messages parked in their stream (`failed`, `behind` another of their subject), and replays that failed `again`; any increase wants a look. */
export const messagesParked = new Counter({
  name: 'mangnon_messages_parked_total',
  help: 'Messages parked because their handling failed, or behind one that did',
  labelNames: ['group', 'topic', 'why'] as const,
});

/** Messages of a type that the service does not know. */
export const messagesIgnored = new Counter({
  name: 'mangnon_messages_ignored_total',
  help: 'Messages of an unknown type, passed over',
  labelNames: ['group', 'topic', 'type'] as const,
});

/** Messages that could not be read; any increase wants a look. */
export const deadLetters = new Counter({
  name: 'mangnon_dead_letters_total',
  help: 'Messages put aside because they could not be read',
  labelNames: ['group', 'topic'] as const,
});
