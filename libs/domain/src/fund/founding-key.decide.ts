import type { Decider } from '#kernel/decider.js';
import type { FoundingAsked } from './founding-key.events.js';
import { evolveFoundingKey, type FoundingKeyState } from './founding-key.state.js';

/** Takes up the command that opens a fund. */
export interface AskFounding {
  readonly type: 'AskFounding';
  readonly fundId: string;
}

/**
 * Binds an Idempotency-Key to the body that it first came with. A fund's own stream cannot: it is named by the fund's
 * code, so that another code under the same key would be another stream.
 */
export const foundingKey: Decider<FoundingKeyState, AskFounding, FoundingAsked> = {
  initialState: {},
  evolve: evolveFoundingKey,
  decide: (state, { fundId }) =>
    state.fundId === undefined ? [{ type: 'FoundingAsked', data: { fundId } }] : [],
};
