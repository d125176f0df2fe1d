import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import { campaignIdOf } from './campaign-opening.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const colleague = staff(newId(), { role: 'accountant', fundId });
const vnd = (amount: string) => ({ amount, currency: 'VND' });
const name = { vi: 'Áo ấm (giả định)', en: 'Warm clothes (made up)' };
const today = '2025-05-29T02:00:00Z';
const appeal = {
  ...{ fundId, name, receivingAccount: 'bank.vcb', opensOn: '2025-05-29', closesOn: '2025-06-30' },
  appeal: { number: '08/TKG', date: '2025-05-12' },
  committeeDecision: { number: '21/QĐ', date: '2025-05-09' },
  purposeStatement: { vi: 'Mua áo ấm', en: 'To buy warm clothes' },
};
const transfer = {
  ...{ fundId, donor: { kind: 'anonymous' }, method: 'bank', account: 'bank.vcb', amount: vnd('400') },
  receivedOn: '2025-05-29',
};

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations(today);
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

const post = (url: string, body?: object, sending: { as?: typeof accountant; key?: string } = {}) =>
  service.post(`/v1/${url}`, { as: accountant, ...(body && { body }), ...sending });
const refused = (status: number, code: string) => expect.objectContaining({ status, ...withCode(code) });
const withCode = (code: string) => ({ json: expect.objectContaining({ code }) });
async function opened(code: string, changes: object = {}): Promise<string> {
  const answer = await post('campaigns', { ...appeal, code, ...changes });
  expect(answer).toMatchObject({ status: 201, json: { campaignId: campaignIdOf(fundId, code) } });
  return campaignIdOf(fundId, code);
}
async function registered(): Promise<string> {
  const body = { fundId, class: 'business', inProvince: true, name: 'Công ty Mẫu (giả định)' };
  const { json } = await post('donors', body);
  return String(json['donorId']);
}

describe('the code of a campaign', () => {
  it('is one campaign’s for ever, also of those opened in the same instant', async () => {
    const asked = [accountant, colleague, accountant, colleague].map((as) =>
      post('campaigns', { ...appeal, code: 'AO-AM' }, { as }),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    for (const answer of answers.filter(({ status }) => status === 409))
      expect(answer).toMatchObject({ json: { code: 'campaign/code-taken', details: { code: 'AO-AM' } } });
    expect(await service.events(`campaign-${campaignIdOf(fundId, 'AO-AM')}`)).toHaveLength(1);
    await post(`campaigns/${campaignIdOf(fundId, 'AO-AM')}/closing`);
    expect(await post('campaigns', { ...appeal, code: 'AO-AM' })).toEqual(
      refused(409, 'campaign/code-taken'),
    );
  });

  it('is not that of another purpose of the fund, unless the campaign is for that purpose', async () => {
    const purpose = newId();
    await service.say('ledger', 'PurposeOpened.v1', { fundId, purpose, code: 'SCHOOL', name });
    await opened('SCH-2025', { purpose });
    expect(await post('campaigns', { ...appeal, code: 'SCHOOL' })).toEqual(
      refused(409, 'campaign/code-taken'),
    );
    await opened('SCHOOL', { purpose });
  });

  it('goes with the key that it came with', async () => {
    const [key, body] = ['appeal once', { ...appeal, code: 'KEY' }];
    expect(await post('campaigns', { ...body, closesOn: '2025-05-01' }, { key })).toEqual(
      refused(422, 'campaign/window-reversed'),
    );
    const first = await post('campaigns', body, { key });
    expect(first.status).toBe(201);
    expect((await post('campaigns', body, { key })).text).toBe(first.text);
    for (const other of [
      { ...body, code: 'OTHER' },
      { ...body, closesOn: '2025-07-31' },
    ])
      expect(await post('campaigns', other, { key })).toEqual(refused(422, 'idempotency/body-differs'));
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post('campaigns', { ...body, code: 'TEN' }, { key: 'ten at once' })),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
  });
});

describe('the purpose of a campaign', () => {
  it('is one that the fund has and that takes donations, or its own', async () => {
    const purpose = newId();
    const unknown = await post('campaigns', { ...appeal, code: 'UNKNOWN', purpose });
    expect(unknown).toEqual(refused(404, 'campaign/purpose-unknown'));
    const waiting = post('campaigns', { ...appeal, code: 'TOLD', purpose });
    await service.say('ledger', 'PurposeOpened.v1', { fundId, purpose, code: 'HEART', name });
    expect(await waiting).toMatchObject({ status: 201 });
    await service.say('ledger', 'PurposeClosed.v1', { fundId, purpose });
    await told(purpose);
    expect(await post('campaigns', { ...appeal, code: 'TOO-LATE', purpose })).toEqual(
      refused(409, 'campaign/purpose-closed'),
    );
    const elsewhere = { fundId: newId(), purpose: newId() };
    await service.say('ledger', 'PurposeOpened.v1', { ...elsewhere, code: 'HEART', name });
    expect(await post('campaigns', { ...appeal, code: 'ELSEWHERE', purpose: elsewhere.purpose })).toEqual(
      refused(404, 'campaign/purpose-unknown'),
    );
  });

  /** Waits until the service has taken in that the purpose is closed: a later message about it has come through. */
  async function told(purpose: string): Promise<void> {
    await service.again('ledger', fundId);
    const rows = (await service.rows('donations.purpose')) as readonly Record<string, unknown>[];
    expect(rows.find((row) => row['purpose'] === purpose)).toMatchObject({ open: false });
  }

  it('of its own is reached through the campaign alone, so that its window holds', async () => {
    const campaignId = await opened('WINDOW');
    const past = { ...transfer, purpose: campaignId };
    expect(await post('donations', past)).toEqual(refused(422, 'donation/purpose-of-campaign'));
    expect(await post('donations', { ...past, campaignId })).toMatchObject({ status: 201 });
    await post(`campaigns/${campaignId}/closing`);
    service.setClock('2025-06-02T02:00:00Z');
    const late = { ...past, receivedOn: '2025-06-02' };
    expect(await post('donations', late)).toEqual(refused(422, 'donation/purpose-of-campaign'));
    expect(await post('donations', { ...late, campaignId })).toEqual(
      refused(422, 'donation/campaign-not-open'),
    );
    service.setClock(today);
  });
});

describe('a transfer for a campaign', () => {
  it('came in on the account that the appeal names', async () => {
    const campaignId = await opened('ACCOUNT');
    const elsewhere = { ...transfer, campaignId, account: 'bank.private' };
    expect(await post('donations', elsewhere)).toMatchObject({
      status: 422,
      json: { code: 'donation/account-not-of-campaign', details: { receivingAccount: 'bank.vcb' } },
    });
    const cash = { ...transfer, method: 'cash', account: 'cash', campaignId };
    for (const body of [{ ...transfer, campaignId }, cash])
      expect(await post('donations', body)).toMatchObject({ status: 201 });
  });
});

describe('the papers of a campaign', () => {
  const tomorrow = { number: '22/QĐ', date: '2025-05-30' };
  const before = { opensOn: '2025-05-01', closesOn: '2025-05-11' };

  it.each([
    ['campaign/decision-in-future', { committeeDecision: tomorrow }],
    ['campaign/window-before-appeal', before],
    ['campaign/target-not-positive', { target: vnd('0') }],
  ])('are refused with %s', async (code, changes) => {
    expect(await post('campaigns', { ...appeal, code: 'PAPERS', ...changes })).toEqual(refused(422, code));
  });

  it('do not open a window again that is over, nor by a decision of tomorrow', async () => {
    const campaignId = await opened('EXTEND');
    const extension = { closesOn: '2025-12-31', decision: tomorrow };
    const url = `campaigns/${campaignId}/extension`;
    expect(await post(url, extension)).toEqual(refused(422, 'campaign/decision-in-future'));
    service.setClock('2025-06-30T17:00:00Z');
    expect(await post(url, extension)).toEqual(refused(409, 'campaign/closed'));
    service.setClock('2025-06-30T16:59:59Z');
    expect(await post(url, extension)).toMatchObject({ status: 201 });
    service.setClock(today);
  });
});

describe('a pledge to a campaign', () => {
  it('can be kept: due while the campaign receives, and made while it is open', async () => {
    const campaignId = await opened('PLEDGE', { opensOn: '2025-06-05' });
    const promise = { campaignId, donorId: await registered(), amount: vnd('400') };
    const due = (dueOn: string) => post('pledges', { ...promise, dueOn });
    expect(await due('2025-06-04')).toEqual(refused(422, 'pledge/due-before-campaign'));
    expect(await due('2025-07-01')).toEqual(refused(422, 'pledge/due-after-campaign'));
    for (const dueOn of ['2025-06-05', '2025-06-30']) expect((await due(dueOn)).status).toBe(201);
    await post(`campaigns/${campaignId}/closing`);
    expect(await due('2025-06-30')).toEqual(refused(409, 'pledge/campaign-closed'));
  });

  it('is fulfilled by its own donor, and by nobody unknown', async () => {
    const campaignId = await opened('FULFIL');
    const [donorId, otherId] = [await registered(), await registered()];
    const { json } = await post('pledges', { campaignId, donorId, amount: vnd('400'), dueOn: '2025-06-30' });
    const pledgeId = String(json['pledgeId']);
    const given = (donor: object) => post('donations', { ...transfer, pledgeId, donor });
    const details = { class: 'individual', inProvince: true, name: 'Ai Thí Dụ' };
    for (const donor of [{ donorId: otherId }, { details }])
      expect(await given({ kind: 'named', ...donor })).toEqual(refused(422, 'donation/pledge-not-of-donor'));
    expect(await given({ kind: 'anonymous' })).toEqual(refused(422, 'donation/pledge-not-of-donor'));
    expect(await given({ kind: 'unidentified' })).toEqual(refused(422, 'donation/pledge-of-unidentified'));
    expect(await given({ kind: 'named', donorId })).toMatchObject({ status: 201 });
  });
});
