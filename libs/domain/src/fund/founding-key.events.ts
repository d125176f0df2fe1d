import type { DomainEvent } from '#kernel/domain-event.js';

/** In `founding-<command>`: a person's command to open a fund was taken up; no other body may come under its key. */
export type FoundingAsked = DomainEvent<'FoundingAsked', { readonly fundId: string }>;
