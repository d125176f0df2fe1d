import type { DomainEvent } from '#kernel/domain-event.js';

/** A person's command to open a fund was taken up; no other body may come under its key. */
export type FoundingAsked = DomainEvent<'FoundingAsked', { readonly fundId: string }>;

/** Whether the command was taken up, and for which fund. */
export interface FoundingKeyState {
  readonly fundId?: string;
}

/** Folds the one event; never mutates. */
export function evolveFoundingKey(_state: FoundingKeyState, event: FoundingAsked): FoundingKeyState {
  return { fundId: event.data.fundId };
}
