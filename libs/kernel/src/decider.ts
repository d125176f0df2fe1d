import type { DomainEvent } from './domain-event.js';

/**
 * One aggregate's rules as three members. `evolve` never mutates; `decide` returns the events of an accepted command,
 * none for a no-op, and throws `DomainRefusal` only for a person's command: a command that came by message decides an
 * event instead, because somebody waits for the answer. Neither reads a clock nor makes an id.
 */
export interface Decider<State, Command, Event extends DomainEvent> {
  readonly initialState: State;
  evolve(state: State, event: Event): State;
  decide(state: State, command: Command): readonly Event[];
}
