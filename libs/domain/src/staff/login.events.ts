import type { DomainEvent } from '#kernel/domain-event.js';

/** A login name (by its keyed hash, which names the stream) belongs to this person for ever. */
export type LoginClaimed = DomainEvent<'LoginClaimed', { readonly staffId: string }>;

/** Everything on a `login-<hash>` stream. */
export type LoginEvent = LoginClaimed;
