import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { nothingKeyed, underKey } from '#kernel/keyed.js';
import { InvariantViolation } from '#kernel/refusal.js';
import {
  aBankItem,
  aSource,
  fundAfter,
  fundHistory,
  openLangSon,
  post,
  schoolPurpose,
  thingsSource,
  vnd,
} from '#testing/fund-stories.js';
import { given } from '#testing/given.js';
import { purposeMoney } from './balances.policy.js';
import type { EntrySource } from './entry.events.js';
import { fund, type FundCommand } from './fund.decide.js';
import type { OpenFund } from './fund.state.js';
import type { ReassignDonation } from './reassignment.decide.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const d2 = '22222222-2222-4222-8222-222222222222';
const m1 = 'dddddddd-1111-4111-8111-111111111111';
const m2 = 'dddddddd-2222-4111-8111-111111111111';
const r1 = 'aaaaaaaa-1111-4111-8111-111111111111';
const nowhere = '0c0c0c0c-0000-4000-8000-000000000000';
const told = { effectiveOn: localDate('2024-04-01'), approvedAt: '2024-04-01T03:00:00Z' };

const given500 = aSource(d1);
const forSchool = aSource(d1, { purpose: schoolPurpose });
const close: FundCommand = { type: 'ClosePurpose', purpose: schoolPurpose };

function match(source: EntrySource, was: string, changes: Partial<ReassignDonation> = {}): ReassignDonation {
  return {
    type: 'ReassignDonation',
    matchId: m1,
    source,
    was: { ...source, purpose: was },
    ...(source.amount && { left: source.amount }),
    effectiveOn: localDate('2024-04-01'),
    toldAt: '2024-04-01T03:00:00Z',
    ...changes,
  };
}
const refund = (source: EntrySource, amount: number, left: number): FundCommand => ({
  type: 'PostRefund',
  refundId: r1,
  amount: vnd(amount),
  left: vnd(left),
  full: left === 0,
  paidFrom: 'bank.vcb1',
  source,
  ...told,
});
const inPurpose = (state: OpenFund, purpose: string) => purposeMoney(state.balances, purpose, 'VND');

describe('a donation that belongs to another purpose', () => {
  it('moves what is left of it, and says where it is now', () => {
    const story = [openLangSon(), post(given500), refund(given500, 200_000, 300_000)];
    const left = { left: vnd(300_000) };
    given(fund, fundHistory(...story))
      .when(match(forSchool, 'unrestricted', left))
      .then({
        type: 'DonationReassigned',
        data: {
          entryId: `match.${m1}`,
          entryNumber: 3,
          effectiveOn: localDate('2024-04-01'),
          postings: [
            { account: 'bank.vcb1', purpose: 'unrestricted', amount: vnd(-300_000) },
            { account: 'between-purposes', purpose: 'unrestricted', amount: vnd(300_000) },
            { account: 'bank.vcb1', purpose: schoolPurpose, amount: vnd(300_000) },
            { account: 'between-purposes', purpose: schoolPurpose, amount: vnd(-300_000) },
          ],
          stock: [],
          matchId: m1,
          postedPurpose: schoolPurpose,
          ...left,
          source: forSchool,
          was: given500,
        },
      });
  });

  it('is paid back from where it stands then', () => {
    const state = fundAfter(
      openLangSon(),
      post(given500),
      match(forSchool, 'unrestricted'),
      refund(forSchool, 500_000, 0),
    );
    expect([inPurpose(state, 'unrestricted'), inPurpose(state, schoolPurpose)]).toEqual([0n, 0n]);
  });

  it('goes back where it was when the match is taken back, linked to it', () => {
    const back = match(given500, schoolPurpose, { matchId: m2, undoes: m1 });
    const state = fundAfter(openLangSon(), post(given500), match(forSchool, 'unrestricted'), back);
    expect([inPurpose(state, 'unrestricted'), inPurpose(state, schoolPurpose)]).toEqual([500_000n, 0n]);
    const [event] = fund.decide(
      fundAfter(openLangSon(), post(given500), match(forSchool, 'unrestricted')),
      back,
    );
    expect(event?.data).toMatchObject({ reversesEntryId: `match.${m1}` });
  });

  it('posts no line where only the donor or the pledge is another, also of a purpose that was closed since', () => {
    for (const story of [
      [openLangSon(), post(forSchool)],
      [openLangSon(), post(forSchool), close],
    ]) {
      const [event] = given(fund, fundHistory(...story))
        .when(match(forSchool, schoolPurpose))
        .events();
      expect(event?.data).toMatchObject({ postings: [], postedPurpose: schoolPurpose });
    }
  });

  it('leaves suspense for good, its income earned then', () => {
    const unknown = aSource(d1, { purpose: nowhere });
    const [event] = given(fund, fundHistory(openLangSon(), post(unknown)))
      .when(match(forSchool, nowhere))
      .events();
    expect(event?.data).toMatchObject({
      postings: [{}, { account: 'suspense', purpose: 'suspense' }, {}, { account: 'income.donation' }],
    });
    const state = fundAfter(openLangSon(), post(unknown), match(forSchool, nowhere));
    expect(state.diverted).toEqual(nothingKeyed);
    expect([inPurpose(state, 'suspense'), inPurpose(state, schoolPurpose)]).toEqual([0n, 500_000n]);
  });

  it('leaves suspense for its own purpose once that is there, and waits on where it is not', () => {
    const unknown = aSource(d1, { purpose: nowhere });
    const admitted: FundCommand = {
      type: 'AdmitCampaign',
      purpose: nowhere,
      code: 'TET',
      name: { vi: 'Tết', en: 'New Year' },
      campaignId: nowhere,
    };
    const [waits] = fund.decide(fundAfter(openLangSon(), post(unknown)), match(unknown, nowhere));
    expect(waits?.data).toMatchObject({
      postings: [],
      postedPurpose: 'suspense',
      diverted: 'purpose-unknown',
    });
    const [placed] = fund.decide(fundAfter(openLangSon(), post(unknown), admitted), match(unknown, nowhere));
    expect(placed?.data).toMatchObject({ postedPurpose: nowhere });
    expect(placed?.data).not.toHaveProperty('diverted');
  });

  it('waits in suspense again where a match out of it is taken back', () => {
    const unknown = aSource(d1, { purpose: nowhere });
    const back = match(unknown, schoolPurpose, { matchId: m2, undoes: m1 });
    const story = [openLangSon(), post(unknown), match(forSchool, nowhere), close, back];
    const state = fundAfter(...story);
    expect(underKey(state.diverted, d1)).toMatchObject({ purpose: nowhere, reason: 'purpose-unknown' });
    expect(inPurpose(state, 'suspense')).toBe(500_000n);
    const paid = fundAfter(...story, refund(unknown, 500_000, 0));
    expect(inPurpose(paid, 'suspense')).toBe(0n);
  });

  it('takes things with it, by quantity and value', () => {
    const state = fundAfter(
      openLangSon(),
      post(thingsSource(d1, { purpose: 'unrestricted' })),
      match(thingsSource(d1), 'unrestricted'),
    );
    expect(Object.values(state.stock)).toEqual([0n, 0n, 12_500n, 3_000n]);
    expect(state.balances[schoolPurpose]?.['VND']).toEqual({
      'stock.milk': 2_500_000n,
      'between-purposes': -2_500_000n,
    });
  });

  it('that was a bank item goes back to it when it is void', () => {
    const item = aBankItem(m2, 500_000);
    const source = { bankItemId: m2, receivedOn: localDate('2024-09-10') };
    const toldAt = '2024-10-01T03:00:00Z';
    const state = fundAfter(
      openLangSon(),
      { type: 'PostBankItem', item, toldAt },
      post(aSource(d1, source), toldAt),
      match(aSource(d1, { ...source, purpose: schoolPurpose }), 'unrestricted', { toldAt }),
      {
        type: 'PostVoid',
        voidId: r1,
        left: vnd(500_000),
        source: aSource(d1, { ...source, purpose: schoolPurpose }),
        effectiveOn: localDate('2024-10-01'),
        approvedAt: toldAt,
      },
    );
    expect(inPurpose(state, schoolPurpose)).toBe(0n);
    expect(inPurpose(state, 'suspense')).toBe(500_000n);
    expect(underKey(state.bankItems, m2)).not.toHaveProperty('entryId');
  });
});

describe('a donation is not moved', () => {
  const refused = (code: string, more: object = {}) => [
    { type: 'ReassignmentRefused', data: { donationId: d1, matchId: m1, code, ...more } },
  ];

  it('to a purpose that is closed or not there, by a person’s choice', () => {
    const state = fundAfter(openLangSon(), post(given500), close);
    expect(fund.decide(state, match(forSchool, 'unrestricted'))).toEqual(refused('fund/purpose-closed'));
    const elsewhere = aSource(d1, { purpose: nowhere });
    expect(fund.decide(state, match(elsewhere, 'unrestricted'))).toEqual(refused('fund/purpose-unknown'));
  });

  it('from the purpose that it was given for, unless that takes a match back', () => {
    const state = fundAfter(openLangSon(), post(forSchool));
    expect(fund.decide(state, match(given500, schoolPurpose))).toEqual(refused('fund/given-for-purpose'));
    const back = match(given500, schoolPurpose, { undoes: m2 });
    expect(fund.decide(state, back)).toMatchObject([{ type: 'DonationReassigned' }]);
  });

  it('where its old purpose has spent it', () => {
    const fee: FundCommand = {
      type: 'ClassifyBankItem',
      classificationId: m2,
      item: aBankItem(d2, -100_000),
      classification: { as: 'bank-fee', purpose: 'unrestricted' },
      toldAt: '2024-10-01T03:00:00Z',
    };
    const item: FundCommand = { type: 'PostBankItem', item: fee.item, toldAt: fee.toldAt };
    const state = fundAfter(openLangSon(), post(given500), item, fee);
    expect(fund.decide(state, match(forSchool, 'unrestricted'))).toEqual(
      refused('fund/short', { shortBy: vnd(100_000) }),
    );
    const free = thingsSource(d1, { purpose: 'unrestricted' });
    const things = { ...fundAfter(openLangSon(), post(free)), stock: {} };
    expect(fund.decide(things, match(thingsSource(d1), 'unrestricted'))).toEqual(refused('fund/stock-short'));
  });

  it('once nothing is left of it', () => {
    const gone = fundAfter(openLangSon(), post(given500), refund(given500, 500_000, 0));
    expect(fund.decide(gone, match(forSchool, 'unrestricted'))).toEqual(refused('fund/already-reversed'));
    const free = thingsSource(d1, { purpose: 'unrestricted' });
    const voided: FundCommand = { type: 'PostVoid', voidId: r1, source: free, ...told };
    const things = fundAfter(openLangSon(), post(free), voided);
    expect(fund.decide(things, match(thingsSource(d1), 'unrestricted'))).toEqual(
      refused('fund/already-reversed'),
    );
  });

  it('but parked where the message disagrees about what is left', () => {
    const state = fundAfter(openLangSon(), post(given500));
    for (const left of [{ left: vnd(1) }, { left: { amount: '500000', currency: 'USD' as const } }])
      expect(() => fund.decide(state, match(forSchool, 'unrestricted', left))).toThrow(InvariantViolation);
  });
});
