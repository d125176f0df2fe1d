import type { LoginEvent } from './login.events.js';

/** Whose login name it is; null while it is nobody's. */
export interface LoginState {
  readonly ownerId: string | null;
}

/** A login name that nobody has claimed. */
export const freeLogin: LoginState = { ownerId: null };

/** Folds one event; never mutates. */
export function evolve(_state: LoginState, event: LoginEvent): LoginState {
  return { ownerId: event.data.staffId };
}
