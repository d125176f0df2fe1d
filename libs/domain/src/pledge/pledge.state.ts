import { minus, money, plus, zero, type Money } from '#kernel/money.js';
import { InvariantViolation } from '#kernel/refusal.js';
import type { PledgeEvent } from './pledge.events.js';

/** A pledge that was made. */
export interface MadePledge {
  /** `open` and `fulfilled` follow what was paid; `withdrawn` stays whatever is paid later. */
  readonly status: 'open' | 'fulfilled' | 'withdrawn';
  readonly pledgeId: string;
  readonly fundId: string;
  readonly campaignId: string;
  readonly donorId: string;
  readonly amount: Money;
  readonly dueOn: string;
  /** What counts towards it, of all donations together. */
  readonly paid: Money;
  /** What counts of each donation. */
  readonly paidBy: Readonly<Record<string, Money>>;
}

/** A pledge's state. */
export type PledgeState = { readonly status: 'none' } | MadePledge;

/** Nothing promised yet. */
export const noPledge: PledgeState = { status: 'none' };

/** Folds one event; throws `InvariantViolation` for anything before the promise, and for sums of another currency. */
export function evolvePledge(state: PledgeState, event: PledgeEvent): PledgeState {
  if (event.type === 'PledgeMade') {
    const amount = money(event.data.amount);
    return { ...event.data, status: 'open', amount, paid: zero(amount.currency), paidBy: {} };
  }
  if (state.status === 'none') throw new InvariantViolation(`${event.type} before PledgeMade`);
  switch (event.type) {
    case 'PledgePaid':
      return counted(state, event.data.donationId, money(event.data.amount), plus);
    case 'PledgePaymentUndone':
      return counted(state, event.data.donationId, money(event.data.amount), minus);
    case 'PledgeWithdrawn':
      return { ...state, status: 'withdrawn' };
  }
}

function counted(state: MadePledge, donationId: string, sum: Money, count: typeof plus): MadePledge {
  const paid = count(state.paid, sum);
  const before = state.paidBy[donationId] ?? zero(sum.currency);
  const fulfilled = paid.minor >= state.amount.minor ? 'fulfilled' : 'open';
  return {
    ...state,
    status: state.status === 'withdrawn' ? 'withdrawn' : fulfilled,
    paid,
    paidBy: { ...state.paidBy, [donationId]: count(before, sum) },
  };
}
