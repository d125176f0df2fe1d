import { journal, type JournalCommand } from '#domain/journal/journal.decide.js';
import type { JournalEvent } from '#domain/journal/journal.events.js';
import type { JournalState } from '#domain/journal/journal.state.js';
import type { EventStore } from '#event-store/event-store.js';
import { handle, type Handler } from '#event-store/handle.js';
import { handlingAs } from '#platform/transport/parked-alerts.js';

/** Token of {@link Journals}. */
export const JOURNALS = Symbol('Journals');

/** The ways to a journal. */
export type Journals = Handler<JournalState, JournalCommand, JournalEvent>;

/** The journals in a store. */
export function journalsIn(store: EventStore): Journals {
  return handle(store, journal, handlingAs('ledger'));
}
