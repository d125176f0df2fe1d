import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { localDate } from '#kernel/dates.js';
import { given } from '#testing/given.js';
import { pledge, type MakePledge, type PledgeCommand } from './pledge.decide.js';
import type { PledgeEvent } from './pledge.events.js';
import type { PledgeState } from './pledge.state.js';

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const;
const make: MakePledge = {
  type: 'MakePledge',
  ...{ pledgeId: 'p1', fundId: 'f1', donorId: 'd1', amount: vnd('1000'), dueOn: localDate('2025-06-30') },
  campaign: {
    ...{ campaignId: 'c1', status: 'open' },
    ...{ opensOn: localDate('2025-05-29'), closesOn: localDate('2025-06-30') },
  },
  today: localDate('2025-05-29'),
};
/** Made weeks before the campaign begins to receive. */
const early = (changes: Partial<MakePledge>): MakePledge => ({
  ...{ ...make, today: localDate('2025-05-02') },
  ...changes,
});
const made: PledgeEvent = {
  type: 'PledgeMade',
  data: {
    ...{ pledgeId: 'p1', fundId: 'f1', campaignId: 'c1', donorId: 'd1', amount: vnd('1000') },
    dueOn: localDate('2025-06-30'),
  },
};
const paid = (donationId: string, amount: string): PledgeEvent => ({
  type: 'PledgePaid',
  data: { donationId, amount: vnd(amount) },
});
const undone = (donationId: string, amount: string, by: 'refund' | 'void'): PledgeEvent => ({
  type: 'PledgePaymentUndone',
  data: { donationId, amount: vnd(amount), by },
});
const withdraw = { type: 'WithdrawPledge', reasonRecordId: 'why' } as const;
const withdrawn: PledgeEvent = { type: 'PledgeWithdrawn', data: { reasonRecordId: 'why' } };
const fold = (...events: readonly PledgeEvent[]): PledgeState =>
  events.reduce((state, event) => pledge.evolve(state, event), pledge.initialState);

describe('a pledge', () => {
  it('promises a sum to a campaign by a day', () => {
    given(pledge).when(make).then(made);
  });

  it('is made before the campaign receives, and due on its first or last day', () => {
    for (const dueOn of [make.campaign.opensOn, make.campaign.closesOn])
      given(pledge)
        .when(early({ dueOn }))
        .then({ ...made, data: { ...made.data, dueOn } });
  });

  it('is fulfilled bit by bit by the donations under it', () => {
    given(pledge, [made])
      .when({ type: 'CountDonation', donationId: 'a', amount: vnd('400') })
      .then(paid('a', '400'));
    expect(fold(made, paid('a', '400'))).toMatchObject({ status: 'open' });
    expect(fold(made, paid('a', '400'), paid('b', '600'))).toMatchObject({ status: 'fulfilled' });
  });

  it('is open again when such a donation is refunded or voided', () => {
    given(pledge, [made, paid('a', '1000')])
      .when({ type: 'UndoDonation', donationId: 'a', by: 'refund', amount: vnd('300') })
      .then(undone('a', '300', 'refund'));
    expect(fold(made, paid('a', '1000'), undone('a', '300', 'refund'))).toMatchObject({ status: 'open' });
    given(pledge, [made, paid('a', '1000'), undone('a', '300', 'refund')])
      .when({ type: 'UndoDonation', donationId: 'a', by: 'void' })
      .then(undone('a', '700', 'void'));
    given(pledge, [made, paid('a', '9'), undone('a', '9', 'refund')])
      .when({ type: 'UndoDonation', donationId: 'a', by: 'void' })
      .nothing();
  });

  it('is withdrawn by the donor, and what is given for it later counts all the same', () => {
    given(pledge, [made]).when(withdraw).then(withdrawn);
    given(pledge, [made, withdrawn])
      .when({ type: 'CountDonation', donationId: 'a', amount: vnd('1000') })
      .then(paid('a', '1000'));
    expect(fold(made, withdrawn, paid('a', '1000'))).toMatchObject({ status: 'withdrawn' });
  });

  const cases: readonly (readonly [string, readonly PledgeEvent[], PledgeCommand])[] = [
    ['pledge/unknown', [], withdraw],
    ['pledge/amount-not-positive', [], { ...make, amount: vnd('0') }],
    ['pledge/campaign-closed', [], { ...make, today: localDate('2025-07-01') }],
    ['pledge/campaign-closed', [], { ...make, campaign: { ...make.campaign, status: 'closed' } }],
    ['pledge/due-in-past', [], { ...make, dueOn: localDate('2025-05-28') }],
    ['pledge/due-before-campaign', [], early({ dueOn: localDate('2025-05-28') })],
    ['pledge/due-after-campaign', [], { ...make, dueOn: localDate('2025-07-01') }],
    ['pledge/fulfilled', [made, paid('a', '1000')], withdraw],
    ['pledge/withdrawn', [made, withdrawn], withdraw],
  ];

  it.each(cases)('is refused with %s', (code, history, command) => {
    given(pledge, history).when(command).refuses(code);
  });

  it('takes it as our own bug when a donation is counted for no pledge, or undone without having counted', () => {
    expect(() => {
      given(pledge)
        .when({ type: 'CountDonation', donationId: 'a', amount: vnd('1') })
        .nothing();
    }).toThrow('for no pledge');
    expect(() => {
      given(pledge, [made]).when({ type: 'UndoDonation', donationId: 'a', by: 'void' }).nothing();
    }).toThrow('never counted');
    expect(() => {
      given(pledge, [made]).when(make).nothing();
    }).toThrow('made once');
  });

  it('counts exactly what its donations still stand for', () => {
    const payment = fc.record({
      sum: fc.nat({ max: 800 }),
      back: fc.nat({ max: 800 }),
      voided: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(payment, { maxLength: 8 }), (payments) => {
        const history: PledgeEvent[] = [made];
        let expected = 0n;
        for (const [index, { sum, back, voided }] of payments.entries()) {
          const donationId = index.toString();
          const refunded = Math.min(sum, back);
          history.push(paid(donationId, sum.toString()), undone(donationId, refunded.toString(), 'refund'));
          if (voided)
            history.push(
              ...given(pledge, history).when({ type: 'UndoDonation', donationId, by: 'void' }).events(),
            );
          else expected += BigInt(sum - refunded);
        }
        const state = fold(...history);
        if (state.status === 'none') throw new Error('no pledge');
        expect(state.paid.minor).toBe(expected);
        expect(state.status).toBe(expected >= 1000n ? 'fulfilled' : 'open');
      }),
    );
  });
});
