import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { InvariantViolation } from '#kernel/refusal.js';
import { given } from '#testing/given.js';
import { donation } from './donation.decide.js';
import type { DonationEvent, DonationSource, NamedDonor } from './donation.events.js';
import type { MatchDonation } from './matching.policy.js';

const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const;
const today = localDate('2025-06-02');
const unidentified: DonationSource = {
  ...{ donationId: 'd1', donor: { kind: 'unidentified' }, method: 'bank', account: 'bank.vcb' },
  ...{ amount: vnd('500000'), items: [], purpose: 'unrestricted' },
  ...{ receivedOn: localDate('2025-05-28'), language: 'vi' },
};
const recorded: DonationEvent = { type: 'DonationRecorded', data: { fundId: 'f1', source: unidentified } };
const school: NamedDonor = {
  ...{ kind: 'named', donorId: 'do1', class: 'unit', inProvince: true },
  ...{ subjectId: 's1', identityRecordId: 'i1' },
};
const campaign = {
  ...{ campaignId: 'c1', purpose: 'p1', receivingAccount: 'bank.vcb' },
  ...{ opensOn: localDate('2025-05-01'), closesOn: localDate('2025-06-30') },
};
const pledge = { pledgeId: 'pl1', campaignId: 'c1', donorId: 'do1', currency: 'VND' } as const;
const fund = { fundId: 'f1', openedOn: localDate('2024-01-01') };

function match(changes: Partial<MatchDonation['facts']>, matchId = 'm1'): MatchDonation {
  const facts = { fund, today, donor: unidentified.donor, ...changes };
  return { type: 'MatchDonation', matchId, facts, by: 'an' };
}
const moved = (source: DonationSource, was = unidentified) => ({
  ...{ fundId: 'f1', source, was, left: vnd('500000'), effectiveOn: today },
});
const matched = (source: DonationSource, matchId = 'm1', was = unidentified): DonationEvent => ({
  type: 'DonationMatched',
  data: { matchId, ...moved(source, was), matchedBy: 'an' },
});
const completed = (source: DonationSource, matchId = 'm1'): DonationEvent => ({
  type: 'MatchCompleted',
  data: { matchId, entryId: `match.${matchId}`, source },
});
const declined: DonationEvent = { type: 'MatchDeclined', data: { matchId: 'm1', code: 'fund/short' } };
const undo = (matchId: string) =>
  ({ type: 'UndoMatch', undoId: 'u1', matchId, today, by: 'an', reasonRecordId: 'why' }) as const;
const ofSchool: DonationSource = { ...unidentified, donor: school };
const forCampaign: DonationSource = { ...ofSchool, purpose: 'p1', campaignId: 'c1' };
const known = [recorded, matched(ofSchool), completed(ofSchool)];
const twice = [...known, matched(forCampaign, 'm2', ofSchool), completed(forCampaign, 'm2')];

describe('a match', () => {
  it.each([
    ['a donor', { donor: school }, ofSchool],
    ['a campaign, with its purpose', { campaign }, { ...unidentified, purpose: 'p1', campaignId: 'c1' }],
    ['a purpose', { purpose: 'p2' }, { ...unidentified, purpose: 'p2' }],
    [
      'the donor of a pledge, with its campaign',
      { donor: school, campaign, pledge },
      { ...forCampaign, pledgeId: 'pl1' },
    ],
  ])('says that the donation is of %s', (_what, facts, source) => {
    given(donation, [recorded]).when(match(facts)).then(matched(source));
  });

  it('keeps what was given as it is, whatever comes with the facts', () => {
    const { facts } = match({ donor: school });
    const more = { ...facts, amount: vnd('1'), receivedOn: today, method: 'cash' } as const;
    given(donation, [recorded])
      .when({ type: 'MatchDonation', matchId: 'm1', facts: more, by: 'an' })
      .then(matched(ofSchool));
  });

  it('carries the reason, and what refunds have left', () => {
    const part = { amount: vnd('200000'), left: vnd('300000'), full: false, paidFrom: 'cash' };
    const asked = { refundId: 'r1', requestedBy: 'an', reasonRecordId: 'why' };
    const approved = { approvedBy: 'binh', effectiveOn: today, fundId: 'f1', source: unidentified };
    const history: readonly DonationEvent[] = [
      recorded,
      { type: 'RefundRequested', data: { ...asked, ...part } },
      { type: 'RefundApproved', data: { refundId: 'r1', ...part, ...approved } },
      { type: 'RefundCompleted', data: { refundId: 'r1', entryId: 'e1' } },
    ];
    given(donation, history)
      .when({ ...match({ donor: school }), reasonRecordId: 'why' })
      .then({
        type: 'DonationMatched',
        data: {
          ...{ matchId: 'm1', ...moved(ofSchool), left: vnd('300000') },
          ...{ matchedBy: 'an', reasonRecordId: 'why' },
        },
      });
  });

  it('holds the rules of entering a donation', () => {
    const late = { ...campaign, closesOn: localDate('2025-05-27') };
    given(donation, [recorded])
      .when(match({ campaign: late }))
      .refuses('donation/campaign-not-open');
    given(donation, [recorded]).when(match({ campaign, pledge })).refuses('donation/pledge-of-unidentified');
  });

  it('is refused where it changes nothing, or names another than the donor known', () => {
    given(donation, [recorded]).when(match({})).refuses('donation/match-changes-nothing');
    given(donation, known)
      .when(match({ donor: { ...school, donorId: 'do2' } }, 'm2'))
      .refuses('donation/match-donor-known');
  });

  it('is refused of nothing, of what was undone, and while something waits', () => {
    const voiding = { voidId: 'v1', requestedBy: 'an', reasonRecordId: 'why' };
    const asked: DonationEvent = { type: 'VoidRequested', data: voiding };
    const gone: DonationEvent = { type: 'VoidCompleted', data: { voidId: 'v1', entryId: 'e1' } };
    given(donation, [])
      .when(match({ donor: school }))
      .refuses('donation/unknown');
    given(donation, [recorded, asked])
      .when(match({ donor: school }))
      .refuses('donation/undoing-pending');
    given(donation, [recorded, asked, gone])
      .when(match({ donor: school }))
      .refuses('donation/voided');
    given(donation, [recorded, matched(ofSchool)])
      .when(match({ donor: school }))
      .refuses('donation/match-pending');
    const part = { full: true, amount: vnd('500000'), left: vnd('0'), paidFrom: 'bank.vcb' };
    const paidBack: readonly DonationEvent[] = [
      recorded,
      {
        type: 'RefundRequested',
        data: { refundId: 'r1', requestedBy: 'an', reasonRecordId: 'why', ...part },
      },
      { type: 'RefundCompleted', data: { refundId: 'r1', entryId: 'e1' } },
    ];
    given(donation, paidBack)
      .when(match({ donor: school }))
      .refuses('donation/nothing-left');
  });

  it('keeps refunds and voids waiting until the ledger has answered', () => {
    const askVoid = { type: 'RequestVoid', voidId: 'v1', by: 'an', reasonRecordId: 'why' } as const;
    const pending = [recorded, matched(ofSchool)];
    given(donation, pending).when(askVoid).refuses('donation/match-pending');
    given(donation, [...pending, declined])
      .when(askVoid)
      .then({
        type: 'VoidRequested',
        data: { voidId: 'v1', requestedBy: 'an', reasonRecordId: 'why' },
      });
  });
});

describe('the ledger’s answer to a match', () => {
  it('makes the donation what it was matched to, or leaves it what it was', () => {
    given(donation, [recorded, matched(ofSchool)])
      .when({ type: 'CompleteMatch', matchId: 'm1', entryId: 'match.m1' })
      .then(completed(ofSchool));
    given(donation, [recorded, matched(ofSchool)])
      .when({ type: 'DeclineMatch', matchId: 'm1', code: 'fund/short' })
      .then(declined);
    given(donation, [recorded, matched(ofSchool), declined])
      .when(match({ donor: school }, 'm1'))
      .then(matched(ofSchool));
  });

  it.each([
    ['nothing waits', [recorded]],
    ['another match waits', [recorded, matched(ofSchool, 'm2')]],
  ])('is a fault of ours where %s', (_why, history) => {
    const state = history.reduce((folded, event) => donation.evolve(folded, event), donation.initialState);
    for (const command of [
      { type: 'CompleteMatch', matchId: 'm1', entryId: 'e' },
      { type: 'DeclineMatch', matchId: 'm1', code: 'c' },
    ] as const)
      expect(() => donation.decide(state, command)).toThrow(InvariantViolation);
  });
});

describe('a match taken back', () => {
  const undone: DonationEvent = {
    type: 'DonationMatchUndone',
    data: {
      ...{ matchId: 'u1', undoes: 'm2', ...moved(ofSchool, forCampaign) },
      ...{ undoneBy: 'an', reasonRecordId: 'why' },
    },
  };

  it('is the last that stands, and the donation is again what it was before', () => {
    given(donation, twice).when(undo('m2')).then(undone);
    const back = [...twice, undone, completed(ofSchool, 'u1')];
    given(donation, back)
      .when(undo('m1'))
      .then({
        type: 'DonationMatchUndone',
        data: {
          ...{ matchId: 'u1', undoes: 'm1', ...moved(unidentified, ofSchool) },
          ...{ undoneBy: 'an', reasonRecordId: 'why' },
        },
      });
  });

  it('is refused of any other match', () => {
    given(donation, twice).when(undo('m1')).refuses('donation/match-not-last');
    given(donation, twice).when(undo('m9')).refuses('donation/match-unknown');
    given(donation, [recorded]).when(undo('m1')).refuses('donation/match-unknown');
  });
});
