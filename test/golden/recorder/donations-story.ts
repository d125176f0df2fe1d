import type { RecordDonation } from '#domain/donation/recording.policy.js';
import type { DonationCommand } from '#domain/donation/donation.decide.js';
import { localDate } from '#kernel/dates.js';
import { campaignRuns, donorsComeAndGo } from './appeal-story.js';
import { vnd } from './amounts.js';
import type { Recorder } from './recorder.js';

/** A fund, what comes in before and after it opens, and everything that can happen to a donation, a donor, a campaign and a pledge. */
export async function donationsStory(recorder: Recorder): Promise<void> {
  await record(recorder, 'early', { donor: { kind: 'anonymous' }, method: 'cash', amount: vnd(200_000) });
  await fundOpens(recorder);
  recorder.wait(1);
  await donorsComeAndGo(recorder);
  await campaignRuns(recorder);
  recorder.wait(2);
  await moneyComesIn(recorder);
  await moneyGoesBack(recorder);
  await pledgeEnds(recorder);
}

async function fundOpens(recorder: Recorder): Promise<void> {
  const { foundings, funds } = recorder.handlers;
  const fundId = recorder.id('fund');
  await recorder.does('lan', foundings, `founding-${recorder.id('founding')}`, {
    type: 'AskFounding',
    fundId,
  });
  const school = {
    purpose: recorder.id('school'),
    code: 'SCHOOL',
    name: { vi: 'Trường học', en: 'Schools' },
  };
  await recorder.does('lan', funds, `fund-${fundId}`, {
    type: 'OpenFund',
    fundId,
    about: {
      code: 'TD',
      level: 'province',
      regime: 'public-service-unit',
      name: { vi: 'Quỹ thí dụ', en: 'Example fund' },
      decision: { number: '1/QĐ', date: localDate('2023-12-20'), issuer: 'UBND tỉnh (thí dụ)' },
      address: '1 Phố Thí Dụ',
      openedOn: localDate('2024-01-01'),
      zone: 'Asia/Ho_Chi_Minh',
      currency: 'VND',
    },
    parent: { fundId: recorder.id('national fund'), level: 'national' },
    bankAccounts: ['bank.vcb1'],
    purposes: [school],
    openingBalances: [{ account: 'bank.vcb1', purpose: 'unrestricted', amount: vnd(1_000_000) }],
    today: recorder.today,
  });
  await recorder.replay(`fund-${fundId}`);
  const old = { purpose: recorder.id('old'), code: 'OLD', name: { vi: 'Việc đã xong', en: 'Done with' } };
  await recorder.does('lan', funds, `fund-${fundId}`, { type: 'OpenPurpose', ...old });
  await recorder.does('lan', funds, `fund-${fundId}`, { type: 'ClosePurpose', purpose: old.purpose });
}

async function moneyComesIn(recorder: Recorder): Promise<void> {
  const { pledges } = recorder.handlers;
  const campaign = {
    campaignId: recorder.id('campaign'),
    purpose: recorder.id('campaign'),
    receivingAccount: 'bank.vcb1',
    opensOn: localDate('2024-12-30'),
    closesOn: localDate('2025-01-20'),
  };
  const pledgeId = recorder.id('pledge');
  await recorder.does('minh', pledges, `pledge-${pledgeId}`, {
    type: 'MakePledge',
    ...{ pledgeId, fundId: recorder.id('fund'), donorId: recorder.id('donor') },
    campaign: { ...campaign, status: 'open' },
    amount: vnd(900_000),
    dueOn: localDate('2025-01-15'),
    today: recorder.today,
  });
  const { campaignId } = campaign;
  const pledge = { pledgeId, campaignId, donorId: recorder.id('donor'), currency: 'VND' } as const;
  await record(recorder, 'pledged', { amount: vnd(600_000), campaign, pledge });
  await record(recorder, 'cash', { method: 'cash', amount: vnd(400_000), language: 'en' });
  await record(recorder, 'unknown', {
    donor: { kind: 'unidentified' },
    account: 'bank.agri2',
    amount: vnd(70_000),
    memoRecordId: recorder.id('memo'),
  });
  await record(recorder, 'diverted', { amount: vnd(80_000), purpose: recorder.id('old') });
  await record(recorder, 'things', { method: 'in-kind', purpose: recorder.id('school'), items: things });
}

const things: RecordDonation['items'] = [
  {
    item: 'milk',
    name: 'Sữa hộp',
    quantity: '12.5',
    unit: 'box',
    valuation: { value: vnd(2_500_000), basis: 'invoice' },
  },
  { item: 'blanket', name: 'Chăn bông', quantity: '3', unit: 'piece' },
];

async function moneyGoesBack(recorder: Recorder): Promise<void> {
  const part = { type: 'RequestRefund', amount: vnd(250_000), ...asked(recorder, 'part') } as const;
  await undo(recorder, 'pledged', part, 'ApproveUndoing');
  await undo(
    recorder,
    'pledged',
    { type: 'RequestRefund', ...asked(recorder, 'not meant') },
    'WithdrawUndoing',
  );
  await undo(recorder, 'pledged', { type: 'RequestRefund', ...asked(recorder, 'refused') }, 'RejectUndoing');
  await undo(recorder, 'pledged', { type: 'RequestVoid', ...asked(recorder, 'doubted') }, 'RejectUndoing');
  await undo(
    recorder,
    'pledged',
    { type: 'RequestVoid', ...asked(recorder, 'not doubted') },
    'WithdrawUndoing',
  );
  await undo(recorder, 'pledged', { type: 'RequestVoid', ...asked(recorder, 'wrong') }, 'ApproveUndoing');
  const fromCash = { type: 'RequestRefund', paidFrom: 'cash' } as const;
  await undo(recorder, 'diverted', { ...fromCash, ...asked(recorder, 'diverted back') }, 'ApproveUndoing');
  const tooMuch = { ...fromCash, paidFrom: 'bank.none', ...asked(recorder, 'from nowhere') };
  await undo(recorder, 'cash', tooMuch, 'ApproveUndoing');
  await undo(
    recorder,
    'things',
    { type: 'RequestRefund', ...asked(recorder, 'things back') },
    'ApproveUndoing',
  );
  await record(recorder, 'large', { amount: vnd(500_000) });
  await undo(recorder, 'large', { ...fromCash, ...asked(recorder, 'large from cash') }, 'ApproveUndoing');
  await undo(recorder, 'cash', { type: 'RequestVoid', ...asked(recorder, 'no cash left') }, 'ApproveUndoing');
}

function asked(recorder: Recorder, what: string) {
  const id = recorder.id(what);
  return { refundId: id, voidId: id, by: recorder.id('minh'), reasonRecordId: recorder.id(`why ${what}`) };
}

type Asking = Extract<DonationCommand, { readonly type: 'RequestRefund' | 'RequestVoid' }>;
type Answering = 'ApproveUndoing' | 'RejectUndoing' | 'WithdrawUndoing';

async function undo(recorder: Recorder, name: string, asking: Asking, answering: Answering): Promise<void> {
  const { donations } = recorder.handlers;
  const stream = `donation-${recorder.id(name)}`;
  const kind = asking.type === 'RequestRefund' ? 'refund' : 'void';
  const id = asking.type === 'RequestRefund' ? asking.refundId : asking.voidId;
  await recorder.does('minh', donations, stream, asking);
  const answers = {
    ApproveUndoing: { by: recorder.id('lan'), today: recorder.today },
    RejectUndoing: { by: recorder.id('lan'), reasonRecordId: recorder.id('why not') },
    WithdrawUndoing: { by: recorder.id('minh') },
  };
  const answer = { type: answering, kind, id, ...answers[answering] } as DonationCommand;
  await recorder.does(answering === 'WithdrawUndoing' ? 'minh' : 'lan', donations, stream, answer);
}

async function pledgeEnds(recorder: Recorder): Promise<void> {
  const command = { type: 'WithdrawPledge', reasonRecordId: recorder.id('why no more') } as const;
  await recorder.does('minh', recorder.handlers.pledges, `pledge-${recorder.id('pledge')}`, command);
}

/** Records a donation: by bank from the named donor unless said otherwise. */
export async function record(
  recorder: Recorder,
  name: string,
  given: Partial<RecordDonation>,
): Promise<void> {
  const donationId = recorder.id(name);
  const { method = 'bank' } = given;
  const account = { cash: {}, bank: { account: 'bank.vcb1' }, 'in-kind': {} }[method];
  await recorder.does('minh', recorder.handlers.donations, `donation-${donationId}`, {
    type: 'RecordDonation',
    donationId,
    fund: { fundId: recorder.id('fund'), openedOn: localDate('2024-01-01') },
    today: recorder.today,
    donor: namedDonor(recorder),
    method,
    ...account,
    items: [],
    receivedOn: recorder.today,
    language: 'vi',
    ...given,
  });
}

function namedDonor(recorder: Recorder): RecordDonation['donor'] {
  return {
    kind: 'named',
    donorId: recorder.id('donor'),
    class: 'business',
    inProvince: false,
    subjectId: recorder.id('subject'),
    identityRecordId: recorder.id('identity 2'),
    contactRecordId: recorder.id('contact 2'),
    organisation: 'Công ty Thí Dụ',
  };
}
