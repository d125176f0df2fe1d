import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { formatPosition } from '#kernel/position.js';
import type { CommandContext, Handled, Handler } from '#event-store/handle.js';

/** Where the event that a POST made stands, as every such answer tells it. */
export interface RecordedPlace {
  /** RFC 3339, UTC. */
  readonly recordedAt: string;
  /** `incarnation.number`. */
  readonly position: string;
  readonly revision: number;
}

/** The place of an event. */
export function placeOf(event: RecordedEvent): RecordedPlace {
  const { recordedAt, position, revision } = event;
  return { recordedAt, position: formatPosition(position), revision };
}

/** The event that a command made; throws `InvariantViolation` where a command that always makes one made none. */
export function madeBy<Event extends DomainEvent>(handled: Handled<unknown, Event>): RecordedEvent<Event> {
  const [event] = handled.events;
  if (!event) throw new InvariantViolation('the command made no event');
  return event;
}

/**
 * Carries a command out. What it rests on is looked up, and what it seals is sealed, the first time only: a repeat is
 * answered from the stored event, whatever has changed since.
 */
export async function once<State, Command, Event extends DomainEvent>(
  handler: Handler<State, Command, Event>,
  stream: string,
  context: CommandContext,
  commandOf: () => Promise<Command>,
): Promise<Handled<State, Event>> {
  return (await handler.repeated(stream, context)) ?? handler.command(stream, await commandOf(), context);
}
