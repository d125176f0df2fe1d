import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';

/** The books are closed up to and with this day: what arrives for it later counts on the first open day. */
export type PeriodClosed = DomainEvent<'PeriodClosed', { readonly through: LocalDate }>;

/** Somebody asked to open the books again from this day on; the reason is sealed (vault, books). */
export type ReopeningAsked = DomainEvent<
  'ReopeningAsked',
  {
    readonly reopeningId: string;
    readonly from: LocalDate;
    /** Staff id of the person who asked. */
    readonly requestedBy: string;
    /** Staff through whose hands that access went; absent where there is nobody. */
    readonly requesterEnabledBy?: readonly string[];
    readonly reasonRecordId: string;
  }
>;

/** A second person agreed; the books are open again from this day on. */
export type PeriodReopened = DomainEvent<
  'PeriodReopened',
  { readonly reopeningId: string; readonly from: LocalDate; readonly approvedBy: string }
>;

/** A second person said no. */
export type ReopeningRejected = DomainEvent<
  'ReopeningRejected',
  { readonly reopeningId: string; readonly rejectedBy: string; readonly reasonRecordId: string }
>;

/** The person who asked took it back. */
export type ReopeningWithdrawn = DomainEvent<
  'ReopeningWithdrawn',
  { readonly reopeningId: string; readonly withdrawnBy: string }
>;

/** Why somebody asked, and why somebody said no, are destroyed; what was decided stands. */
export type ReopeningTextsErased = DomainEvent<
  'ReopeningTextsErased',
  {
    readonly reopeningId: string;
    /** Counts the erasures of this request from 1. */
    readonly erasure: number;
    readonly erasedBy: string;
  }
>;

/** What can happen to the periods of a fund. */
export type PeriodEvent =
  | PeriodClosed
  | ReopeningAsked
  | PeriodReopened
  | ReopeningRejected
  | ReopeningWithdrawn
  | ReopeningTextsErased;
