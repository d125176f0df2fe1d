import type { FoundingAsked } from './founding-key.events.js';

/** Whether the command was taken up, and for which fund. */
export interface FoundingKeyState {
  readonly fundId?: string;
}

/** Folds the one event; never mutates. */
export function evolveFoundingKey(_state: FoundingKeyState, event: FoundingAsked): FoundingKeyState {
  return { fundId: event.data.fundId };
}
