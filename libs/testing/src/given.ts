import { expect } from '@jest/globals';
import type { Decider } from '#kernel/decider.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import { isDomainRefusal } from '#kernel/refusal.js';

/** What can be expected of a command. */
export interface Outcome<Event extends DomainEvent> {
  /** Exactly these events, in this order. */
  then(...events: readonly Event[]): void;
  /** Refused with this code, and with these details when they are given. */
  refuses(code: string, details?: Readonly<Record<string, string | number | boolean>>): void;
  /** Accepted, and nothing happened. */
  nothing(): void;
  /** The events decided, for what the others do not say. */
  events(): readonly Event[];
}

/** A decider after what has happened so far. */
export interface Given<Command, Event extends DomainEvent> {
  when(command: Command): Outcome<Event>;
}

/**
 * The three steps of a decider's spec: `given(fund, [opened]).when(post).then(posted)`. Asserts besides that neither
 * `evolve` nor `decide` changes what it is handed, and that every decided event can be folded.
 */
export function given<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  history: readonly Event[] = [],
): Given<Command, Event> {
  const fold = (state: State, events: readonly Event[]): State =>
    events.reduce((folded, event) => decider.evolve(freeze(folded), freeze(event)), state);
  return {
    when(command) {
      const state = freeze(fold(decider.initialState, history));
      const decide = (): readonly Event[] => {
        const events = decider.decide(state, freeze(command));
        fold(state, events);
        return events;
      };
      return outcome(decide);
    },
  };
}

function outcome<Event extends DomainEvent>(decide: () => readonly Event[]): Outcome<Event> {
  return {
    then: (...events) => {
      expect(decide()).toEqual(events);
    },
    nothing: () => {
      expect(decide()).toEqual([]);
    },
    events: decide,
    refuses: (code, details) => {
      const refusal = refusalOf(decide);
      expect(refusal.code).toBe(code);
      if (details) expect(refusal.details).toEqual(details);
    },
  };
}

function refusalOf(decide: () => readonly DomainEvent[]): {
  code: string;
  details: Readonly<Record<string, unknown>>;
} {
  try {
    return { code: `accepted: ${JSON.stringify(decide())}`, details: {} };
  } catch (error) {
    if (isDomainRefusal(error)) return error;
    throw error;
  }
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}
