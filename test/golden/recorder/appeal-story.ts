import { localDate } from '#kernel/dates.js';
import { vnd } from './amounts.js';
import type { Recorder } from './recorder.js';

/** Everything that can happen to a donor. */
export async function donorsComeAndGo(recorder: Recorder): Promise<void> {
  const { donors } = recorder.handlers;
  const stream = `donor-${recorder.id('donor')}`;
  const person = {
    class: 'individual',
    inProvince: true,
    identityRecordId: recorder.id('identity'),
  } as const;
  await recorder.does('minh', donors, stream, {
    type: 'RegisterDonor',
    fundId: recorder.id('fund'),
    subjectId: recorder.id('subject'),
    contactSubjectId: recorder.id('contact subject'),
    contactRecordId: recorder.id('contact'),
    ...person,
  });
  await recorder.does('minh', donors, stream, {
    type: 'CorrectContact',
    contactRecordId: recorder.id('contact 2'),
  });
  await recorder.does('minh', donors, stream, {
    type: 'CorrectDetails',
    class: 'business',
    inProvince: false,
    identityRecordId: recorder.id('identity 2'),
    organisation: 'Công ty Thí Dụ',
  });
  await recorder.does('minh', donors, stream, { type: 'CorrectContact' });
  const gone = `donor-${recorder.id('donor gone')}`;
  await recorder.does('minh', donors, gone, {
    type: 'RegisterDonor',
    fundId: recorder.id('fund'),
    subjectId: recorder.id('subject gone'),
    contactSubjectId: recorder.id('contact subject gone'),
    ...person,
  });
  const giving = `donor-${recorder.id('donor giving')}`;
  await recorder.does('minh', donors, giving, {
    type: 'RegisterDonor',
    fundId: recorder.id('fund'),
    subjectId: recorder.id('subject giving'),
    contactSubjectId: recorder.id('contact subject giving'),
    receivedOn: localDate('2024-12-31'),
    ...person,
  });
  await recorder.does('minh', donors, giving, { type: 'NeedIdentity', receivedOn: localDate('2025-01-02') });
  const erase = { type: 'EraseDonor', lastReceivedOn: localDate('2024-06-01') } as const;
  await recorder.does('lan', donors, gone, { ...erase, today: recorder.today });
  await recorder.does('lan', donors, gone, { ...erase, today: localDate('2035-01-01') });
  await recorder.does('lan', donors, giving, { ...erase, today: recorder.today });
}

/** Everything that can happen to a campaign. */
export async function campaignRuns(recorder: Recorder): Promise<void> {
  const { appeals, campaigns } = recorder.handlers;
  const decision = { number: '2/QĐ', date: localDate('2024-12-01') };
  const open = (name: string, code: string) => ({
    type: 'OpenCampaign' as const,
    ...{ campaignId: recorder.id(name), fundId: recorder.id('fund'), code, today: recorder.today },
    name: { vi: 'Áo ấm', en: 'Warm clothes' },
    appeal: { number: '3/TM', date: localDate('2024-12-02') },
    committeeDecision: decision,
    receivingAccount: 'bank.vcb1',
    opensOn: localDate('2024-12-30'),
    closesOn: localDate('2025-01-10'),
    purposeStatement: { vi: 'Mua áo ấm', en: 'To buy warm clothes' },
    target: vnd(50_000_000),
  });
  const campaignId = recorder.id('campaign');
  await recorder.does('lan', appeals, `appeal-${recorder.id('appeal')}`, { type: 'AskCampaign', campaignId });
  const stream = `campaign-${campaignId}`;
  await recorder.does('lan', campaigns, stream, open('campaign', 'AO-AM'));
  const closesOn = localDate('2025-01-20');
  const { today } = recorder;
  await recorder.does('lan', campaigns, stream, { type: 'ExtendCampaign', closesOn, decision, today });
  await recorder.does('lan', campaigns, stream, { type: 'CloseAfterWindow', closesOn });
  const other = `campaign-${recorder.id('short campaign')}`;
  await recorder.does('lan', campaigns, other, {
    ...open('short campaign', 'SCH'),
    purpose: { purpose: recorder.id('school'), status: 'open' },
  });
  await recorder.does('lan', campaigns, other, { type: 'CloseCampaign', today: recorder.today });
}
