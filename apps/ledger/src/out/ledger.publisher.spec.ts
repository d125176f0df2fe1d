import { describe, expect, it } from '@jest/globals';
import { ledgerContracts } from '#contracts/ledger.v1.js';
import type { FundCommand } from '#domain/fund/fund.decide.js';
import type { FundEvent } from '#domain/fund/fund.events.js';
import type { JournalEvent } from '#domain/journal/journal.events.js';
import { localDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import {
  aBankItem,
  aSource,
  fundHistory,
  fundId,
  openLangSon,
  post,
  thingsSource,
  vnd,
} from '#testing/fund-stories.js';
import { ledgerPublisher } from './ledger.publisher.js';

const d1 = '11111111-1111-4111-8111-111111111111';
const d2 = '22222222-2222-4222-8222-222222222222';
const told = { effectiveOn: localDate('2024-04-01'), approvedAt: '2024-04-01T03:00:00Z' };
const refund = (refundId: string, amount: number, left: number) =>
  ({
    type: 'PostRefund',
    refundId,
    amount: vnd(amount),
    left: vnd(left),
    full: left === 0,
    paidFrom: 'bank.vcb1',
    source: aSource(d1),
    ...told,
  }) as const;

const d3 = '33333333-3333-4333-8333-333333333333';
const said = (classificationId: string) =>
  ({ classificationId, item: aBankItem(d2, -5), toldAt: '2024-10-01T03:00:00Z' }) as const;
const matched = (matchId: string, purpose: string): FundCommand => ({
  type: 'ReassignDonation',
  matchId,
  source: aSource(d3, { purpose }),
  was: aSource(d3),
  left: vnd(500_000),
  effectiveOn: localDate('2024-10-01'),
  toldAt: '2024-10-01T03:00:00Z',
});
const journal = (journalId: string, amount: string): FundCommand => ({
  type: 'PostJournal',
  journalId,
  kind: 'transfer',
  postings: [
    { account: 'cash', purpose: 'unrestricted', amount: { amount, currency: 'VND' } },
    { account: 'bank.vcb1', purpose: 'unrestricted', amount: { amount: amount.slice(1), currency: 'VND' } },
  ],
  effectiveOn: localDate('2024-10-01'),
  approvedAt: '2024-10-01T03:00:00Z',
});

const history = fundHistory(
  openLangSon({ openingBalances: [{ account: 'cash', purpose: 'unrestricted', amount: vnd(5) }] }),
  { type: 'ClosePurpose', purpose: openLangSon().purposes[0]!.purpose },
  post(aSource(d1)),
  post(thingsSource(d2)),
  refund(d1, 200_000, 300_000),
  refund(d2, 900_000, 0),
  { type: 'PostVoid', voidId: d1, left: vnd(300_000), source: aSource(d1), ...told },
  { type: 'PostVoid', voidId: d2, left: vnd(300_000), source: aSource(d1), ...told },
  {
    type: 'PostStatement',
    statementId: d1,
    account: 'bank.vcb1',
    openingEntry: { amount: vnd(7), effectiveOn: localDate('2024-09-01') },
    toldAt: '2024-10-01T03:00:00Z',
  },
  { type: 'PostBankItem', item: aBankItem(d2, -5), toldAt: '2024-10-01T03:00:00Z' },
  { type: 'ClassifyBankItem', ...said(d1), classification: { as: 'bank-fee', purpose: 'unrestricted' } },
  { type: 'ClassifyBankItem', ...said(d2), classification: { as: 'cash-withdrawn' } },
  post(aSource(d3)),
  matched(d1, 'unrestricted'),
  matched(d2, d2),
  journal(d1, '-3'),
  journal(d2, '-999999999'),
);

const translate = (event: FundEvent) =>
  ledgerPublisher.translate({ ...event, stream: `fund-${fundId}` } as unknown as RecordedEvent);

describe('what the ledger publishes', () => {
  const published = history.flatMap((event) => translate(event) ?? []);

  it('tells funds opened, purposes opened and closed, every entry, and every answer, and nothing else', () => {
    expect(published.map(({ type, subject }) => [type, subject])).toEqual([
      ['FundOpened.v1', fundId],
      ['AccountOpened.v1', fundId],
      ['PurposeOpened.v1', fundId],
      ['EntryPosted.v1', fundId],
      ['PurposeClosed.v1', fundId],
      ['DonationPosted.v1', d1],
      ['DonationPosted.v1', d2],
      ['RefundPosted.v1', d1],
      ['RefundRefused.v1', d1],
      ['VoidPosted.v1', d1],
      ['VoidRefused.v1', d1],
      ['EntryPosted.v1', fundId],
      ['EntryPosted.v1', d2],
      ['ClassificationPosted.v1', d2],
      ['ClassificationRefused.v1', d2],
      ['DonationPosted.v1', d3],
      ['DonationReassigned.v1', d3],
      ['ReassignmentRefused.v1', d3],
      ['JournalPosted.v1', d1],
      ['JournalRefused.v1', d2],
    ]);
    expect(published.every(({ key }) => key === fundId)).toBe(true);
  });

  it.each(published.map((message) => [message.type, message] as const))(
    'keeps the contract of %s, to the letter',
    (type, { data }) => {
      const contract = ledgerContracts[type as keyof typeof ledgerContracts];
      expect(contract.parse(data)).toEqual(data);
    },
  );
});

describe('what the ledger tells of journals', () => {
  const about = (event: JournalEvent) =>
    ledgerPublisher.translate({ ...event, stream: `journal-${d1}` } as unknown as RecordedEvent);
  const terms = {
    fundId,
    kind: 'reversal',
    postings: [],
    reversesEntryId: 'journal.1',
    effectiveOn: localDate('2024-10-01'),
  } as const;

  it('is that one was agreed on, under its fund, and nothing that people say of it', () => {
    const told = about({ type: 'JournalApproved', data: { ...terms, approvedBy: d2 } });
    expect(told).toEqual({
      type: 'JournalApproved.v1',
      key: fundId,
      subject: d1,
      data: { ...terms, journalId: d1 },
    });
    expect(ledgerContracts['JournalApproved.v1'].parse(told?.data)).toEqual(told?.data);
    expect(
      about({ type: 'JournalDrafted', data: { ...terms, draftedBy: d2, textRecordId: d3 } }),
    ).toBeUndefined();
    expect(about({ type: 'JournalWithdrawn', data: { withdrawnBy: d2 } })).toBeUndefined();
  });
});
