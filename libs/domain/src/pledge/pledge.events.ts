import type { LocalDate } from '#kernel/dates.js';
import type { DomainEvent } from '#kernel/domain-event.js';
import type { MoneyJson } from '#kernel/money.js';

/** A promise to a campaign. It is never posted: only donations are money. */
export type PledgeMade = DomainEvent<
  'PledgeMade',
  {
    readonly pledgeId: string;
    readonly fundId: string;
    readonly campaignId: string;
    readonly donorId: string;
    readonly amount: MoneyJson;
    /** Day by which the donor means to give. */
    readonly dueOn: LocalDate;
  }
>;

/** A donation under the pledge stands in the books; it counts towards it. */
export type PledgePaid = DomainEvent<
  'PledgePaid',
  { readonly donationId: string; readonly amount: MoneyJson }
>;

/** A donation that counted was refunded, voided or matched elsewhere; this much of it counts no longer. */
export type PledgePaymentUndone = DomainEvent<
  'PledgePaymentUndone',
  { readonly donationId: string; readonly amount: MoneyJson; readonly by: 'refund' | 'void' | 'match' }
>;

/** The donor does not mean to give any more. */
export type PledgeWithdrawn = DomainEvent<'PledgeWithdrawn', { readonly reasonRecordId: string }>;

/** Everything that can happen to a pledge. */
export type PledgeEvent = PledgeMade | PledgePaid | PledgePaymentUndone | PledgeWithdrawn;
