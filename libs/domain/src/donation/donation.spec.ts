import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#kernel/dates.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { given } from '#testing/given.js';
import { donation, type DonationCommand } from './donation.decide.js';
import type { DonationEvent, DonationSource, RefundTerms } from './donation.events.js';
import { standingOf } from './donation.state.js';

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const;
const today = localDate('2025-06-02');
const source: DonationSource = {
  ...{ donationId: 'd1', donor: { kind: 'anonymous' }, method: 'cash', account: 'cash' },
  ...{ amount: vnd('500000'), items: [], purpose: 'unrestricted' },
  ...{ receivedOn: localDate('2025-05-28'), language: 'vi' },
};
const recorded: DonationEvent = { type: 'DonationRecorded', data: { fundId: 'f1', source } };
const { amount: _money, account: _account, ...unvalued } = source;
const inKind: DonationEvent = {
  type: 'DonationRecorded',
  data: { fundId: 'f1', source: { ...unvalued, method: 'in-kind' } },
};
const all: RefundTerms = { amount: vnd('500000'), left: vnd('0'), full: true, paidFrom: 'cash' };
const part: RefundTerms = { amount: vnd('200000'), left: vnd('300000'), full: false, paidFrom: 'cash' };

const askRefund = { type: 'RequestRefund', refundId: 'r1', by: 'an', reasonRecordId: 'why' } as const;
const askVoid = { type: 'RequestVoid', voidId: 'v1', by: 'an', reasonRecordId: 'why' } as const;
const refund = { kind: 'refund', id: 'r1' } as const;
const wrong = { kind: 'void', id: 'v1' } as const;
const asked = { requestedBy: 'an', reasonRecordId: 'why' };
const requested = (terms: RefundTerms): DonationEvent => ({
  type: 'RefundRequested',
  data: { refundId: 'r1', ...terms, ...asked },
});
const approved = (terms: RefundTerms): DonationEvent => ({
  type: 'RefundApproved',
  data: { refundId: 'r1', ...terms, approvedBy: 'binh', effectiveOn: today, fundId: 'f1', source },
});
const completed: DonationEvent = { type: 'RefundCompleted', data: { refundId: 'r1', entryId: 'e2' } };
const voidRequested: DonationEvent = { type: 'VoidRequested', data: { voidId: 'v1', ...asked } };
const voidApproved: DonationEvent = {
  type: 'VoidApproved',
  data: {
    ...{ voidId: 'v1', approvedBy: 'binh', effectiveOn: today, fundId: 'f1', source },
    left: vnd('500000'),
  },
};
const voided: DonationEvent = { type: 'VoidCompleted', data: { voidId: 'v1', entryId: 'e2' } };
const refunded = [recorded, requested(all), approved(all), completed];

function standing(history: readonly DonationEvent[]) {
  const state = history.reduce((folded, event) => donation.evolve(folded, event), donation.initialState);
  return state.status === 'none' ? undefined : standingOf(state);
}

describe('a refund', () => {
  it('is of all that is left, from where it came in, unless the request says otherwise', () => {
    given(donation, [recorded]).when(askRefund).then(requested(all));
    given(donation, [recorded])
      .when({ ...askRefund, amount: vnd('200000') })
      .then(requested(part));
    given(donation, [recorded])
      .when({ ...askRefund, paidFrom: 'bank.vcb' })
      .then(requested({ ...all, paidFrom: 'bank.vcb' }));
  });

  it('is approved by a second person with all that the ledger needs', () => {
    given(donation, [recorded, requested(part)])
      .when({ type: 'ApproveUndoing', ...refund, by: 'binh', today })
      .then(approved(part));
  });

  it('of what came in kind goes back whole', () => {
    given(donation, [inKind])
      .when(askRefund)
      .then(requested({ full: true }));
    given(donation, [inKind])
      .when({ ...askRefund, amount: vnd('1') })
      .refuses('donation/in-kind-whole');
    given(donation, [inKind])
      .when({ ...askRefund, paidFrom: 'cash' })
      .refuses('donation/in-kind-whole');
  });

  it('is completed by the ledger, and leaves the rest to another', () => {
    given(donation, [recorded, requested(part), approved(part)])
      .when({ type: 'CompleteUndoing', ...refund, entryId: 'e2' })
      .then(completed);
    given(donation, [recorded, requested(part), approved(part), completed])
      .when({ ...askRefund, refundId: 'r2' })
      .then({
        type: 'RefundRequested',
        data: {
          ...{ refundId: 'r2', amount: vnd('300000'), left: vnd('0'), full: true, paidFrom: 'cash' },
          ...asked,
        },
      });
  });

  it('that the ledger declined leaves the donation as it was', () => {
    const declined: DonationEvent = {
      type: 'RefundDeclined',
      data: { refundId: 'r1', code: 'fund/short', shortBy: vnd('9') },
    };
    given(donation, [recorded, requested(all), approved(all)])
      .when({ type: 'DeclineUndoing', ...refund, code: 'fund/short', shortBy: vnd('9') })
      .then(declined);
    given(donation, [recorded, requested(all), approved(all), declined])
      .when(askRefund)
      .then(requested(all));
  });

  it('is rejected by a second person, or withdrawn by the person who asked', () => {
    given(donation, [recorded, requested(all)])
      .when({ type: 'RejectUndoing', ...refund, by: 'binh', reasonRecordId: 'no' })
      .then({ type: 'RefundRejected', data: { refundId: 'r1', rejectedBy: 'binh', reasonRecordId: 'no' } });
    given(donation, [recorded, requested(all)])
      .when({ type: 'WithdrawUndoing', ...refund, by: 'an' })
      .then({ type: 'RefundWithdrawn', data: { refundId: 'r1', withdrawnBy: 'an' } });
  });
});

describe('a void', () => {
  it('is asked for, approved by a second person and completed by the ledger', () => {
    given(donation, [recorded]).when(askVoid).then(voidRequested);
    given(donation, [recorded, voidRequested])
      .when({ type: 'ApproveUndoing', ...wrong, by: 'binh', today })
      .then(voidApproved);
    given(donation, [recorded, voidRequested, voidApproved])
      .when({ type: 'CompleteUndoing', ...wrong, entryId: 'e2' })
      .then(voided);
  });

  it('after a partial refund reverses what is left', () => {
    const history = [recorded, requested(part), approved(part), completed, voidRequested];
    const [event] = given(donation, history)
      .when({ type: 'ApproveUndoing', ...wrong, by: 'binh', today })
      .events();
    expect(event?.data).toMatchObject({ left: vnd('300000') });
  });

  it('leaves nothing standing, whatever a refund had left before', () => {
    const before = [recorded, requested(part), approved(part), completed];
    expect(standing(before)).toEqual({ minor: 300_000n, currency: 'VND' });
    expect(standing([...before, voidRequested, voidApproved])).toEqual({ minor: 300_000n, currency: 'VND' });
    expect(standing([...before, voidRequested, voidApproved, voided])).toEqual({
      minor: 0n,
      currency: 'VND',
    });
    expect(standing([inKind, voidRequested, voidApproved, voided])).toBeUndefined();
  });

  it('is declined, rejected or withdrawn like a refund', () => {
    given(donation, [recorded, voidRequested, voidApproved])
      .when({ type: 'DeclineUndoing', ...wrong, code: 'fund/short' })
      .then({ type: 'VoidDeclined', data: { voidId: 'v1', code: 'fund/short' } });
    given(donation, [recorded, voidRequested])
      .when({ type: 'RejectUndoing', ...wrong, by: 'binh', reasonRecordId: 'no' })
      .then({ type: 'VoidRejected', data: { voidId: 'v1', rejectedBy: 'binh', reasonRecordId: 'no' } });
    given(donation, [recorded, voidRequested])
      .when({ type: 'WithdrawUndoing', ...wrong, by: 'an' })
      .then({ type: 'VoidWithdrawn', data: { voidId: 'v1', withdrawnBy: 'an' } });
  });
});

describe('who asks', () => {
  it.each([askRefund, askVoid])('is kept with whose hands that access went through: $type', (ask) => {
    const [asked] = given(donation, [recorded])
      .when({ ...ask, enabledBy: ['chi'] })
      .events();
    expect(asked?.data).toMatchObject({ requestedBy: 'an', requesterEnabledBy: ['chi'] });
    const approval = { type: 'ApproveUndoing', by: 'binh', enabledBy: ['chi'], today } as const;
    const named = ask.type === 'RequestRefund' ? refund : wrong;
    expect(
      given(donation, [recorded, asked!])
        .when({ ...approval, ...named })
        .events(),
    ).toHaveLength(1);
  });
});

describe('undoing is refused', () => {
  const approve = { type: 'ApproveUndoing', ...refund, by: 'binh', today } as const;
  const reject = { type: 'RejectUndoing', ...refund, by: 'binh', reasonRecordId: 'no' } as const;
  const withdraw = { type: 'WithdrawUndoing', ...refund, by: 'an' } as const;
  const withdrawn: DonationEvent = { type: 'RefundWithdrawn', data: { refundId: 'r1', withdrawnBy: 'an' } };
  const cases: readonly (readonly [string, string, readonly DonationEvent[], DonationCommand])[] = [
    ['of nothing', 'donation/unknown', [], askRefund],
    ['of nothing', 'donation/unknown', [], approve],
    ['of a voided donation', 'donation/voided', [recorded, voidRequested, voidApproved, voided], askRefund],
    ['of a donation paid back whole', 'donation/nothing-left', refunded, askVoid],
    ['while a refund is pending', 'donation/undoing-pending', [recorded, requested(all)], askVoid],
    ['while a void is pending', 'donation/undoing-pending', [recorded, voidRequested], askRefund],
    ['of nothing at all', 'donation/refund-not-positive', [recorded], { ...askRefund, amount: vnd('0') }],
    [
      'in another currency',
      'donation/refund-other-currency',
      [recorded],
      { ...askRefund, amount: { amount: '1', currency: 'USD' } },
    ],
    ['above what is left', 'donation/refund-above-left', [recorded], { ...askRefund, amount: vnd('500001') }],
    ['that nobody asked for', 'donation/undoing-unknown', [recorded], approve],
    ['as a void of a refund', 'donation/undoing-unknown', [recorded, voidRequested], approve],
    ['that is approved', 'donation/undoing-decided', [recorded, requested(all), approved(all)], withdraw],
    ['that is withdrawn', 'donation/undoing-decided', [recorded, requested(all), withdrawn], reject],
    ['by its maker', 'donation/same-person', [recorded, requested(all)], { ...approve, by: 'an' }],
    ['by its maker', 'donation/same-person', [recorded, requested(all)], { ...reject, by: 'an' }],
    [
      'by whom the maker made',
      'donation/approver-made-by-maker',
      [recorded, requested(all)],
      { ...approve, enabledBy: ['chi', 'an'] },
    ],
    [
      'by who made the maker',
      'donation/approver-made-by-maker',
      [recorded, { type: 'VoidRequested', data: { ...voidRequested.data, requesterEnabledBy: ['binh'] } }],
      { ...approve, ...wrong },
    ],
    ['by another', 'donation/not-the-maker', [recorded, requested(all)], { ...withdraw, by: 'binh' }],
  ];

  it.each(cases)('%s: %s', (_what, code, history, command) => {
    given(donation, history).when(command).refuses(code);
  });

  it('never by message: an answer that nobody waits for is our own bug', () => {
    const complete = { type: 'CompleteUndoing', ...refund, entryId: 'e2' } as const;
    for (const history of [[], [recorded], [recorded, requested(all)], refunded])
      expect(() => {
        given(donation, history).when(complete).nothing();
      }).toThrow('waits for no answer');
  });
});

describe('any order of refunds and voids', () => {
  const step = fc.record({
    amount: fc.option(fc.bigInt({ min: -5n, max: 700_000n }), { nil: undefined }),
    currency: fc.constantFrom('VND', 'VND', 'VND', 'USD'),
    kind: fc.constantFrom('refund', 'refund', 'void'),
    approver: fc.constantFrom('an', 'binh'),
    ending: fc.constantFrom('complete', 'complete', 'decline', 'withdraw'),
  });

  it('never pays back more than was given, and then nothing is left to void', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const events = steps.reduce<readonly DonationEvent[]>(
          (history, one, index) => [...history, ...play(history, one, index.toString())],
          [recorded],
        );
        const paid = completedRefunds(events).reduce(
          (sum, terms) => sum + BigInt(terms.amount?.amount ?? 0),
          0n,
        );
        const reversed = events.some((event) => event.type === 'VoidCompleted');
        const left = voidedLeft(events);
        expect(paid <= 500_000n).toBe(true);
        expect(reversed ? paid + left : paid).toBe(reversed ? 500_000n : paid);
        expect(completedRefunds(events).every((terms) => terms.amount?.currency === 'VND')).toBe(true);
      }),
    );
  });
});

type Step = {
  readonly amount: bigint | undefined;
  readonly currency: 'VND' | 'USD';
  readonly kind: 'refund' | 'void';
  readonly approver: string;
  readonly ending: 'complete' | 'decline' | 'withdraw';
};

function play(history: readonly DonationEvent[], one: Step, id: string): readonly DonationEvent[] {
  const amount =
    one.amount === undefined ? {} : { amount: { amount: one.amount.toString(), currency: one.currency } };
  const named = { kind: one.kind, id };
  const commands: DonationCommand[] = [
    one.kind === 'void' ? { ...askVoid, voidId: id } : { ...askRefund, refundId: id, ...amount },
  ];
  if (one.ending === 'withdraw') commands.push({ type: 'WithdrawUndoing', ...named, by: 'an' });
  else {
    commands.push({ type: 'ApproveUndoing', ...named, by: one.approver, today });
    if (one.ending === 'complete') commands.push({ type: 'CompleteUndoing', ...named, entryId: id });
    else commands.push({ type: 'DeclineUndoing', ...named, code: 'fund/short' });
  }
  const made: DonationEvent[] = [];
  for (const command of commands) {
    try {
      made.push(
        ...given(donation, [...history, ...made])
          .when(command)
          .events(),
      );
    } catch (error) {
      if (!isDomainRefusal(error)) return made;
    }
  }
  return made;
}

function completedRefunds(events: readonly DonationEvent[]): readonly RefundTerms[] {
  const done = new Set(
    events.flatMap((event) => (event.type === 'RefundCompleted' ? [event.data.refundId] : [])),
  );
  return events.flatMap((event) =>
    event.type === 'RefundApproved' && done.has(event.data.refundId) ? [event.data] : [],
  );
}

function voidedLeft(events: readonly DonationEvent[]): bigint {
  const last = events.findLast((event) => event.type === 'VoidApproved');
  return BigInt(last?.data.left?.amount ?? 0);
}

describe('an erasure of what was said of a donation', () => {
  const erase = (erasures: number): DonationCommand => ({ type: 'EraseTexts', erasures });
  const erased = (erasure: number): DonationEvent => ({
    type: 'PersonalDataErased',
    data: { fundId: 'f1', donationId: 'd1', erasure },
  });

  it('is counted, and leaves the donation as it was', () => {
    given(donation, [recorded]).when(erase(0)).then(erased(1));
    given(donation, [recorded, erased(1)])
      .when(erase(1))
      .then(erased(2));
    given(donation, refunded).when(erase(0)).then(erased(1));
    given(donation, [recorded, erased(1)])
      .when(askRefund)
      .then(requested(all));
    expect(standing([recorded, erased(1)])).toEqual(standing([recorded]));
  });

  it('is nothing where another came first, and refused of nothing', () => {
    given(donation, [recorded, erased(1)])
      .when(erase(0))
      .nothing();
    given(donation, []).when(erase(0)).refuses('donation/unknown');
  });
});
