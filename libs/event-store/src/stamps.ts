import { randomBytes } from 'node:crypto';
import type { DomainEvent, EventMetadata, NewEvent } from '#kernel/domain-event.js';

/** What all events of one decision have in common. */
export type Origin = Omit<EventMetadata, 'salt'>;

/**
 * Makes decided events ready for the store. The n-th event of one call keeps its id and salt through all retries of
 * that call.
 */
export class Stamps {
  private readonly made: { readonly id: string; readonly salt: string }[] = [];

  constructor(private readonly ids: () => string) {}

  stamp<Event extends DomainEvent>(events: readonly Event[], origin: Origin): readonly NewEvent<Event>[] {
    return events.map((event, index) => ({
      ...origin,
      ...(this.made[index] ??= { id: this.ids(), salt: randomBytes(16).toString('base64url') }),
      type: event.type,
      schemaVersion: event.schemaVersion ?? 1,
      data: event.data,
    }));
  }
}
