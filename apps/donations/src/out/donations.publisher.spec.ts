import { describe, expect, it } from '@jest/globals';
import { donationsContracts, donationsTopic } from '#contracts/donations.v1.js';
import type { DonationSource } from '#domain/donation/donation.events.js';
import { localDate } from '#kernel/dates.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { donationsPublisher } from './donations.publisher.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString().padStart(12, '0')}`;
const [fundId, donationId, refundId, campaignId, donorId] = [1, 2, 3, 4, 5].map(uuid) as [
  string,
  string,
  string,
  string,
  string,
];
const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const;
const day = localDate('2025-05-29');
const source: DonationSource = {
  donationId,
  donor: {
    ...{ kind: 'named', donorId, class: 'business', inProvince: true, subjectId: uuid(6) },
    ...{ identityRecordId: uuid(7), contactRecordId: uuid(8), organisation: 'HTX Hồi (giả định)' },
  },
  method: 'in-kind',
  items: [
    {
      ...{ item: 'milk', name: 'Sữa', quantity: '48.5', unit: 'hộp' },
      valuation: { value: vnd('384000'), basis: 'council' },
    },
    { item: 'rice', name: 'Gạo', quantity: '10', unit: 'kg' },
  ],
  purpose: campaignId,
  campaignId,
  receivedOn: day,
  language: 'vi',
};
const approval = { approvedBy: uuid(9), effectiveOn: day, fundId, source };

const [statementId, bankItemId] = [uuid(11), uuid(12)];
const confirmed = { statementId, fundId, account: 'bank.1', confirmedBy: uuid(9) };
const item = {
  ...{ bankItemId, fundId, account: 'bank.1', kind: 'debit', amount: vnd('-7'), bookedOn: day },
  ...{ statementId, line: 3 },
} as const;

function translated(stream: string, type: string, data: object) {
  return donationsPublisher.translate({ stream, type, data } as RecordedEvent);
}

describe('the topic of donations', () => {
  it.each([
    [
      'CampaignOpened',
      `campaign-${campaignId}`,
      {
        ...{ campaignId, fundId, code: 'THD', purpose: campaignId, opensOn: day, closesOn: day },
        ...{ name: { vi: 'a', en: 'b' }, purposeStatement: { vi: 'a', en: 'b' } },
        appeal: { number: '1', date: day },
        committeeDecision: { number: '2', date: day },
        receivingAccount: 'cash',
      },
      campaignId,
    ],
    ['DonationRecorded', `donation-${donationId}`, { fundId, source, memoRecordId: uuid(10) }, donationId],
    ['RefundApproved', `donation-${donationId}`, { refundId, full: true, ...approval }, donationId],
    [
      'RefundApproved',
      `donation-${donationId}`,
      { refundId, amount: vnd('2'), left: vnd('3'), full: false, paidFrom: 'cash', ...approval },
      donationId,
    ],
    ['VoidApproved', `donation-${donationId}`, { voidId: refundId, left: vnd('3'), ...approval }, donationId],
    [
      'DonorContactCorrected',
      `donor-${donorId}`,
      { fundId, subjectId: uuid(6), contactRecordId: uuid(8) },
      donorId,
    ],
    ['StatementConfirmed', `statement-${statementId}`, confirmed, statementId],
    [
      'StatementConfirmed',
      `statement-${statementId}`,
      { ...confirmed, openingEntry: { amount: vnd('5'), effectiveOn: day } },
      statementId,
    ],
    ['BankItemRecorded', `bank-item-${bankItemId}`, { ...item, memoRecordId: uuid(10) }, bankItemId],
    [
      'BankItemClassified',
      `bank-item-${bankItemId}`,
      {
        classificationId: refundId,
        item,
        classification: { as: 'donation', donorId, language: 'vi' },
        classifiedBy: uuid(9),
      },
      bankItemId,
    ],
    [
      'ClassificationUndone',
      `bank-item-${bankItemId}`,
      {
        ...{ classificationId: refundId, item, classification: { as: 'bank-fee', purpose: 'unrestricted' } },
        ...{ undoneBy: uuid(9), reasonRecordId: uuid(10) },
      },
      bankItemId,
    ],
  ])('tells %s as its contract says, to the fund, about its subject', (type, stream, data, subject) => {
    const message = translated(stream, type, data);
    const contract = donationsContracts[`${type}.v1` as keyof typeof donationsContracts];
    expect(message).toMatchObject({ type: `${type}.v1`, subject, key: fundId });
    expect(contract.strict().parse(message?.data)).toEqual(message?.data);
    expect(JSON.parse(JSON.stringify(message?.data))).toEqual(message?.data);
  });

  it('keeps to itself who approved, and all that only its own staff need', () => {
    expect(
      translated('donation-1', 'RefundApproved', { refundId, full: true, ...approval })?.data,
    ).not.toHaveProperty('approvedBy');
    for (const type of [
      'RefundRequested',
      'RefundRejected',
      'VoidWithdrawn',
      'RefundCompleted',
      'MessageParked',
    ])
      expect(translated('donation-1', type, {})).toBeUndefined();
    for (const type of ['StatementUploaded', 'StatementImported', 'StatementDiscarded'])
      expect(translated('statement-1', type, {})).toBeUndefined();
    for (const type of ['ClassificationProposed', 'ClassificationPosted', 'BankItemReleased'])
      expect(translated('bank-item-1', type, {})).toBeUndefined();
    for (const type of ['DonorRegistered', 'DonorDetailsCorrected', 'PersonalDataErased'])
      expect(translated('donor-1', type, {})).toBeUndefined();
    expect(translated('campaign-1', 'CampaignClosed', {})).toBeUndefined();
  });

  it('is fed by streams of its own, pledges left out', () => {
    expect(donationsPublisher.topic).toBe(donationsTopic);
    expect(donationsPublisher.streams).toEqual([
      'donation-',
      'campaign-',
      'donor-',
      'statement-',
      'bank-item-',
    ]);
  });
});
