import { describe, expect, it } from '@jest/globals';
import { localDate } from '#kernel/dates.js';
import { given } from '#testing/given.js';
import { campaign, type CampaignCommand, type ExtendCampaign, type OpenCampaign } from './campaign.decide.js';
import type { CampaignEvent } from './campaign.events.js';

const data = {
  ...{ campaignId: 'c1', fundId: 'f1', code: 'THD2025' },
  name: { vi: 'Tháng hành động vì trẻ em 2025', en: 'Action month for children 2025' },
  appeal: { number: '512/TKG-UBND', date: localDate('2025-05-05') },
  committeeDecision: { number: '17/QĐ-HĐBT', date: localDate('2025-05-06') },
  receivingAccount: 'bank.vcb',
  opensOn: localDate('2025-05-29'),
  closesOn: localDate('2025-06-30'),
  purposeStatement: { vi: 'Trẻ em có hoàn cảnh đặc biệt', en: 'Children in special circumstances' },
};
const open: OpenCampaign = { type: 'OpenCampaign', ...data, today: localDate('2025-05-20') };
const opened: CampaignEvent = { type: 'CampaignOpened', data: { ...data, purpose: 'c1' } };
const decision = { number: '21/QĐ-HĐBT', date: localDate('2025-06-20') };
const extend: ExtendCampaign = {
  ...{ type: 'ExtendCampaign', closesOn: localDate('2025-07-31'), decision },
  today: localDate('2025-06-25'),
};
const extended: CampaignEvent = {
  type: 'CampaignExtended',
  data: { closesOn: localDate('2025-07-31'), decision },
};
const windowPassed = { type: 'CloseAfterWindow', closesOn: localDate('2025-06-30') } as const;
const closed: CampaignEvent = {
  type: 'CampaignClosed',
  data: { lastDay: localDate('2025-06-30'), by: 'window' },
};
const without = (key: keyof OpenCampaign): OpenCampaign => {
  const { [key]: _absent, ...rest } = open;
  return rest as OpenCampaign;
};

describe('a campaign', () => {
  it('opens with all its papers, for a purpose of its own unless it names another', () => {
    given(campaign).when(open).then(opened);
    given(campaign)
      .when({ ...open, purpose: { purpose: 'p7', status: 'open' }, purposeOfCode: 'p7' })
      .then({ type: 'CampaignOpened', data: { ...data, purpose: 'p7' } });
  });

  it('is extended by another decision, up to the last day of its window', () => {
    given(campaign, [opened]).when(extend).then(extended);
    given(campaign, [opened])
      .when({ ...extend, today: data.closesOn })
      .then(extended);
  });

  it('receives from before its letter was signed, but not only', () => {
    const window = { opensOn: localDate('2025-04-01'), closesOn: data.appeal.date };
    const [event] = given(campaign)
      .when({ ...open, ...window })
      .events();
    expect(event?.data).toMatchObject(window);
  });

  it('has a target of more than nothing', () => {
    const target = { amount: '50000000', currency: 'VND' } as const;
    const [event] = given(campaign)
      .when({ ...open, target })
      .events();
    expect(event?.data).toMatchObject({ target });
  });

  it('closes when a person says so, and receives up to that day', () => {
    given(campaign, [opened])
      .when({ type: 'CloseCampaign', today: localDate('2025-06-10') })
      .then({ type: 'CampaignClosed', data: { lastDay: localDate('2025-06-10'), by: 'person' } });
  });

  it('closes after its window, unless the window was moved or it is closed already', () => {
    given(campaign, [opened]).when(windowPassed).then(closed);
    given(campaign, [opened, extended]).when(windowPassed).nothing();
    given(campaign, [opened, closed]).when(windowPassed).nothing();
    given(campaign).when(windowPassed).nothing();
  });

  it('closed late never receives longer than its window', () => {
    const late: CampaignEvent = {
      type: 'CampaignClosed',
      data: { lastDay: localDate('2025-07-05'), by: 'person' },
    };
    const state = [opened, late].reduce(
      (folded, event) => campaign.evolve(folded, event),
      campaign.initialState,
    );
    expect(state).toMatchObject({ status: 'closed', closesOn: '2025-06-30' });
  });

  const afterToday = localDate('2025-05-21');
  const over = { opensOn: localDate('2025-04-01'), closesOn: localDate('2025-05-04') };
  const blank = { number: ' ', date: localDate('2025-05-05') };
  const cases: readonly (readonly [string, readonly CampaignEvent[], CampaignCommand])[] = [
    ['campaign/unknown', [], extend],
    ['campaign/appeal-missing', [], without('appeal')],
    ['campaign/appeal-missing', [], { ...open, appeal: blank }],
    ['campaign/appeal-in-future', [], { ...open, appeal: { ...data.appeal, date: localDate('2025-05-21') } }],
    ['campaign/committee-decision-missing', [], without('committeeDecision')],
    ['campaign/committee-decision-missing', [], { ...open, committeeDecision: blank }],
    ['campaign/decision-in-future', [], { ...open, committeeDecision: { ...decision, date: afterToday } }],
    ['campaign/receiving-account-missing', [], without('receivingAccount')],
    ['campaign/window-missing', [], without('opensOn')],
    ['campaign/window-missing', [], without('closesOn')],
    ['campaign/window-reversed', [], { ...open, closesOn: localDate('2025-05-28') }],
    ['campaign/window-before-appeal', [], { ...open, ...over }],
    ['campaign/purpose-missing', [], without('purposeStatement')],
    ['campaign/purpose-missing', [], { ...open, purposeStatement: { vi: 'x', en: ' ' } }],
    ['campaign/purpose-closed', [], { ...open, purpose: { purpose: 'p7', status: 'closed' } }],
    ['campaign/purpose-unknown', [], { ...open, purpose: { purpose: 'p7', status: 'unknown' } }],
    ['campaign/target-not-positive', [], { ...open, target: { amount: '0', currency: 'VND' } }],
    ['campaign/code-taken', [], { ...open, purposeOfCode: 'p7' }],
    ['campaign/code-taken', [opened], open],
    ['campaign/code-taken', [opened, closed], open],
    ['campaign/closed', [opened, closed], extend],
    ['campaign/closed', [opened], { ...extend, today: localDate('2025-07-01') }],
    ['campaign/closed', [opened, closed], { type: 'CloseCampaign', today: localDate('2025-07-01') }],
    ['campaign/not-later', [opened], { ...extend, closesOn: localDate('2025-06-30') }],
    ['campaign/committee-decision-missing', [opened], { ...extend, decision: blank }],
    ['campaign/decision-in-future', [opened], { ...extend, today: localDate('2025-06-19') }],
  ];

  it.each(cases)('is refused with %s', (code, history, command) => {
    given(campaign, history).when(command).refuses(code);
  });
});
