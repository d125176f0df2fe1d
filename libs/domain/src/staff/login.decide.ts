import type { Decider } from '#kernel/decider.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { LoginClaimed, LoginEvent } from './login.events.js';
import { evolve, freeLogin, type LoginState } from './login.state.js';

/** The only reason for which a login name is not given. */
export type LoginRefusal = 'login/taken';

/** Claims the login name for a person. */
export type ClaimLogin = { readonly kind: 'ClaimLogin' } & LoginClaimed['data'];

/**
 * Login names are unique because a stream has one first event. A name is claimed before the account that uses it is
 * opened, and by the same person again it is a no-op, so that a repeated command finds it his.
 */
export const login: Decider<LoginState, ClaimLogin, LoginEvent> = {
  initialState: freeLogin,
  evolve,
  decide: ({ ownerId }, { staffId }) => {
    if (ownerId === null) return [{ type: 'LoginClaimed', data: { staffId } }];
    if (ownerId !== staffId) throw new DomainRefusal<LoginRefusal>('login/taken');
    return [];
  },
};
