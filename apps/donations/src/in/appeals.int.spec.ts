import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#event-store/command-id.js';
import { roles } from '#kernel/roles.js';
import { expectAlerts } from '#testing/alerts.js';
import { openDonations, staff, type DonationsUnderTest } from '#testing/donations-service.js';
import type { Answer } from '#testing/service-under-test.js';
import { eventually } from '#testing/eventually.js';

const fundId = newId();
const accountant = staff(newId(), { role: 'accountant', fundId });
const administrator = staff(newId(), { role: 'administrator', fundId });
const elsewhere = staff(newId(), { role: 'accountant', fundId: newId() });
const vnd = (amount: string) => ({ amount, currency: 'VND' });
const today = '2025-05-29T02:00:00Z';
const appeal = {
  ...{ fundId, code: 'THD2025', receivingAccount: 'bank.vcb', opensOn: '2025-05-29', closesOn: '2025-06-30' },
  name: { vi: 'Tháng hành động 2025 (giả định)', en: 'Action month 2025 (made up)' },
  appeal: { number: '08/TKG', date: '2025-05-12' },
  committeeDecision: { number: '21/QĐ', date: '2025-05-09' },
  purposeStatement: { vi: 'Trẻ em mồ côi', en: 'Orphans' },
};
const donorBody = { fundId, class: 'business', inProvince: false, name: 'Công ty Trăng Non (giả định)' };

let service: DonationsUnderTest;
beforeAll(async () => {
  service = await openDonations(today);
  await service.fundOpened(fundId);
});
afterAll(() => service.close());

const post = (url: string, body?: object, as = accountant) =>
  service.post(`/v1/${url}`, { as, ...(body && { body }) });
const get = async (url: string, as = accountant) =>
  (await service.get(`/v1/${url}`, as)).json as unknown as Record<string, unknown>;
async function made(answering: Promise<Answer>, id: string): Promise<string> {
  const answer = await answering;
  expect(answer).toMatchObject({ status: 201 });
  return String((answer.json as Record<string, unknown>)[id]);
}
const register = (changes: object = {}) => made(post('donors', { ...donorBody, ...changes }), 'donorId');
let campaigns = 0;
/** Under a code of its own: no two campaigns of a fund have the same. */
const openCampaign = (changes: object = {}) => {
  campaigns += 1;
  const code = `${appeal.code}-${String(campaigns)}`;
  return made(post('campaigns', { ...appeal, code, ...changes }), 'campaignId');
};
const given = (more: object) => ({
  ...{ fundId, donor: { kind: 'anonymous' }, method: 'cash', amount: vnd('400'), receivedOn: '2025-05-29' },
  ...more,
});

describe('a campaign', () => {
  it.each(['appeal', 'committeeDecision', 'receivingAccount', 'purposeStatement'])(
    'is refused without its %s',
    async (paper) => {
      const { [paper as keyof typeof appeal]: _absent, ...without } = appeal;
      const answer = await post('campaigns', without);
      expect(answer.status).toBe(422);
      expect(answer.text).toContain('campaign/');
    },
  );

  it('receives for its own purpose, within its window, from the moment it is open', async () => {
    const campaignId = await openCampaign();
    const donationId = await made(post('donations', given({ campaignId })), 'donationId');
    expect(await get(`donations/${donationId}`)).toMatchObject({ campaignId, purpose: campaignId });
    expect(await post('donations', given({ campaignId, receivedOn: '2025-05-28' }))).toMatchObject({
      status: 422,
      json: { code: 'donation/campaign-not-open' },
    });
    expect(await post('donations', given({ campaignId: newId() }))).toMatchObject({ status: 404 });
    expect(await get(`campaigns/${campaignId}`)).toMatchObject({ status: 'open', purpose: campaignId });
  });

  it('is extended and closed, by staff of its fund', async () => {
    const campaignId = await openCampaign();
    const extension = { closesOn: '2025-07-31', decision: { number: '22/QĐ', date: '2025-05-28' } };
    expect((await post(`campaigns/${campaignId}/extension`, extension, elsewhere)).status).toBe(403);
    expect((await post(`campaigns/${campaignId}/extension`, extension)).status).toBe(201);
    expect(await get(`campaigns/${campaignId}`)).toMatchObject({ closesOn: '2025-07-31' });
    expect((await post(`campaigns/${campaignId}/closing`)).status).toBe(201);
    expect(await get(`campaigns/${campaignId}`)).toMatchObject({ status: 'closed', closesOn: '2025-05-29' });
    await service.caughtUp();
    const { items } = await get('campaigns?status=closed');
    expect(items).toMatchObject([{ campaignId, closesOn: '2025-05-29' }]);
  });

  it('closes by itself after its window, and still takes what came in before', async () => {
    const campaignId = await openCampaign();
    service.setClock('2025-07-02T02:00:00Z');
    await eventually(async () => {
      expect(await get(`campaigns/${campaignId}`)).toMatchObject({ status: 'closed' });
    });
    const [, closed] = await service.events(`campaign-${campaignId}`);
    expect(closed).toMatchObject({
      type: 'CampaignClosed',
      actor: 'service:donations',
      data: { by: 'window' },
    });
    await made(post('donations', given({ campaignId, receivedOn: '2025-06-30' })), 'donationId');
    service.setClock(today);
  });
});

describe('a pledge', () => {
  // Nobody asked the donations for what the ledger answers here; pledges are told all the same.
  expectAlerts(
    /^\[parked\] .*"type":"RefundPosted\.v1".*"reason":"InvariantViolation: the donation waits for no answer/,
    /^\[parked\] .*"type":"VoidPosted\.v1".*"reason":"InvariantViolation: the donation waits for no answer/,
  );

  const posted = async (donationId: string, type: string, more: object) => {
    const [event] = await service.events(`donation-${donationId}`);
    const { source } = event?.data as { readonly source: object };
    const entry = {
      fundId,
      entryId: newId(),
      entryNumber: 1,
      effectiveOn: '2025-05-29',
      postings: [],
      source,
    };
    await service.say('ledger', type, { ...entry, ...more });
  };

  it('is fulfilled by donations as the ledger posts them, and open again when one is paid back', async () => {
    const [campaignId, donorId] = [await openCampaign(), await register()];
    const promise = { campaignId, donorId, amount: vnd('1000'), dueOn: '2025-06-15' };
    const pledgeId = await made(post('pledges', promise), 'pledgeId');
    const donor = { kind: 'named', donorId };
    const first = await made(post('donations', given({ pledgeId, donor })), 'donationId');
    const second = await made(
      post('donations', given({ pledgeId, donor, amount: vnd('600') })),
      'donationId',
    );
    await posted(first, 'DonationPosted.v1', { postedPurpose: campaignId });
    await posted(second, 'DonationPosted.v1', { postedPurpose: campaignId });
    const expectPledge = (shape: object) =>
      eventually(async () => expect(await get(`pledges/${pledgeId}`)).toMatchObject(shape));
    await expectPledge({ status: 'fulfilled', paid: vnd('1000') });
    const back = {
      reversesEntryId: 'e',
      refundId: newId(),
      amount: vnd('100'),
      left: vnd('500'),
      full: false,
    };
    await posted(second, 'RefundPosted.v1', back);
    await expectPledge({ status: 'open', paid: vnd('900') });
    await posted(first, 'VoidPosted.v1', { reversesEntryId: 'e', voidId: newId() });
    await expectPledge({ status: 'open', paid: vnd('500') });
    await service.again('ledger', fundId);
    await expectPledge({ paid: vnd('500') });
    await service.caughtUp();
    const { items } = await get(`pledges?campaignId=${campaignId}`);
    expect(items).toMatchObject([{ pledgeId, paid: vnd('500'), status: 'open' }]);
  });

  it('is withdrawn with a reason that only the vault keeps', async () => {
    const [campaignId, donorId] = [await openCampaign(), await register()];
    const promise = { campaignId, donorId, amount: vnd('1000'), dueOn: '2025-06-15' };
    const pledgeId = await made(post('pledges', promise), 'pledgeId');
    await made(post(`pledges/${pledgeId}/withdrawal`, { reason: 'Ông Khánh Thí Dụ đổi ý' }), 'pledgeId');
    expect(await get(`pledges/${pledgeId}`)).toMatchObject({ status: 'withdrawn' });
    expect(JSON.stringify(await service.events(`pledge-${pledgeId}`))).not.toContain('Khánh');
    expect(await post('pledges', { ...promise, donorId: newId() })).toMatchObject({ status: 404 });
    expect(await post('pledges', promise, elsewhere)).toMatchObject({ status: 403 });
  });
});

describe('a donor', () => {
  const uoc = {
    class: 'individual',
    inProvince: true,
    name: 'Đặng Thị Ước Thí Dụ',
    email: 'uoc@example.org',
  };

  it('is found by words of the name without accents, within the fund alone', async () => {
    const donorId = await register(uoc);
    const donationId = await made(
      post('donations', given({ donor: { kind: 'named', donorId } })),
      'donationId',
    );
    await service.caughtUp();
    const found = await service.post('/v1/donors/search', {
      as: accountant,
      body: { fundId, words: 'uoc dang' },
    });
    expect(found).toMatchObject({
      status: 200,
      json: { items: [{ donorId, name: uoc.name, organisation: null }] },
    });
    const theirs = await service.post('/v1/donations/search', {
      as: accountant,
      body: { fundId, words: 'dang' },
    });
    expect(theirs).toMatchObject({ status: 200, json: { items: [{ donationId }] } });
    expect(await post('donors/search', { fundId, words: 'uoc' }, elsewhere)).toMatchObject({ status: 403 });
    const nobody = await post('donors/search', { fundId, words: 'khong ai' });
    expect(nobody).toMatchObject({ json: { items: [] } });
  });

  it('is corrected; what was recorded before keeps the old name', async () => {
    const donorId = await register(uoc);
    const donor = { kind: 'named', donorId };
    await made(post('donations', given({ donor })), 'donationId');
    await made(post(`donors/${donorId}/contact`, { email: 'moi@example.org' }), 'donorId');
    const details = { class: 'individual', inProvince: false, name: 'Đặng Thị Ước Mẫu' };
    await made(post(`donors/${donorId}/details`, details), 'donorId');
    expect(await get(`donors/${donorId}`)).toMatchObject({ ...details, email: 'moi@example.org' });
    const events = await service.events(`donor-${donorId}`);
    expect(events.map(({ type }) => type)).toEqual([
      'DonorRegistered',
      'IdentityNeeded',
      'DonorContactCorrected',
      'DonorDetailsCorrected',
    ]);
    expect(JSON.stringify(events)).not.toMatch(/Ước|example\.org/);
  });

  it('is erased: the contact at once, the identity only when no donation keeps it', async () => {
    const [gave, never] = [await register(uoc), await register(uoc)];
    await made(post('donations', given({ donor: { kind: 'named', donorId: gave } })), 'donationId');
    for (const donorId of [gave, never]) {
      expect(await post(`donors/${donorId}/erasure`)).toMatchObject({ status: 403 });
      await made(post(`donors/${donorId}/erasure`, undefined, administrator), 'donorId');
    }
    expect(await get(`donors/${gave}`)).toMatchObject({
      ...{ status: 'erased', name: uoc.name, email: null, identityKeptUntil: '2035-12-31' },
    });
    expect(await get(`donors/${never}`)).toMatchObject({ status: 'erased', name: null, email: null });
    expect(await post(`donors/${gave}/contact`, { email: 'x@example.org' })).toMatchObject({ status: 409 });
    service.setClock('2036-01-02T02:00:00Z');
    await eventually(async () => {
      expect(await get(`donors/${gave}`)).toMatchObject({ name: null, identityKeptUntil: null });
    });
    service.setClock(today);
  });

  it('who trades alone is a person in the events, an organisation is not', async () => {
    const [company, trader] = [await register(), await register({ soleTrader: true })];
    const nameOf = async (id: string) => (await service.events(`donor-${id}`))[0]?.data;
    expect(await nameOf(company)).toMatchObject({ organisation: donorBody.name });
    expect(JSON.stringify(await nameOf(trader))).not.toContain(donorBody.name);
  });
});

describe('staff of another fund', () => {
  it('get nowhere with any of our routes', async () => {
    const other = newId();
    const everything = staff(newId(), ...roles.map((role) => ({ role, fundId: other })));
    const [campaignId, donorId] = [await openCampaign(), await register()];
    const donationId = await made(post('donations', given({})), 'donationId');
    const promise = { campaignId, donorId, amount: vnd('1000'), dueOn: '2025-06-15' };
    const pledgeId = await made(post('pledges', promise), 'pledgeId');
    const reason = { reason: 'không' };
    const decision = { number: '2', date: '2025-05-20' };
    const details = { class: 'individual', inProvince: true, name: 'Ai Thí Dụ' };
    const posts: Record<string, object | undefined> = {
      donors: donorBody,
      'donors/search': { fundId, words: 'an' },
      [`donors/${donorId}/contact`]: {},
      [`donors/${donorId}/details`]: details,
      [`donors/${donorId}/erasure`]: undefined,
      campaigns: appeal,
      [`campaigns/${campaignId}/extension`]: { closesOn: '2025-08-01', decision },
      [`campaigns/${campaignId}/closing`]: undefined,
      pledges: promise,
      [`pledges/${pledgeId}/withdrawal`]: reason,
      donations: given({}),
      'donations/search': { fundId, words: 'an' },
      [`donations/${donationId}/refunds`]: reason,
      [`donations/${donationId}/void`]: reason,
    };
    for (const way of ['refunds', 'void'])
      for (const [step, body] of Object.entries({
        approval: undefined,
        rejection: reason,
        withdrawal: undefined,
      }))
        posts[`donations/${donationId}/${way}/${newId()}/${step}`] = body;
    const before = await service.store.head();
    for (const [url, body] of Object.entries(posts))
      expect([url, (await post(url, body, everything)).status]).toEqual([url, 403]);
    for (const kind of ['donors', 'campaigns', 'pledges', 'donations']) {
      expect((await service.get(`/v1/${kind}?fundId=${fundId}`, everything)).status).toBe(403);
      expect(await get(kind, everything)).toMatchObject({ items: [] });
    }
    const ones = [
      `donors/${donorId}`,
      `campaigns/${campaignId}`,
      `pledges/${pledgeId}`,
      `donations/${donationId}`,
    ];
    for (const one of [...ones, `donations/${donationId}/history`])
      expect([one, (await service.get(`/v1/${one}`, everything)).status]).toEqual([one, 403]);
    expect(await service.store.head()).toEqual(before);
  });
});

describe('the list of donations', () => {
  it('pages from the latest, by filters, and names its position', async () => {
    const [campaignId, donorId] = [await openCampaign(), await register()];
    const donor = { kind: 'named', donorId };
    const ids: string[] = [];
    for (const more of [{}, { donor }, { donor, receivedOn: '2025-05-29' }])
      ids.unshift(await made(post('donations', given({ campaignId, ...more })), 'donationId'));
    await service.caughtUp();
    const idsOf = ({ items }: Record<string, unknown>) =>
      (items as readonly { donationId: string }[]).map(({ donationId }) => donationId);
    const first = await get(`donations?campaignId=${campaignId}&limit=2`);
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    const rest = await get(`donations?campaignId=${campaignId}&limit=2&cursor=${String(first['next'])}`);
    expect(idsOf(rest)).toEqual(ids.slice(2));
    expect(rest).toMatchObject({ next: null, position: expect.stringMatching(/^\d+\.\d+$/) });
    const of = `donations?campaignId=${campaignId}&fundId=${fundId}`;
    expect(idsOf(await get(`${of}&donorId=${donorId}&method=cash&status=standing`))).toEqual(ids.slice(0, 2));
    expect(
      idsOf(await get(`${of}&purpose=${campaignId}&receivedFrom=2025-05-29&receivedTo=2025-05-29`)),
    ).toEqual(ids);
    expect(idsOf(await get(`${of}&receivedFrom=2025-05-30`))).toEqual([]);
    expect(idsOf(await get(`${of}&recordedTo=2025-05-29T01:59:59Z`))).toEqual([]);
    expect(idsOf(await get(`${of}&recordedFrom=2025-05-29T02:00:00Z`))).toEqual(ids);
    await made(post(`donations/${String(ids[0])}/void`, { reason: 'nhầm' }), 'id');
    await service.caughtUp();
    expect(idsOf(await get(`${of}&pending=void`))).toEqual(ids.slice(0, 1));
  });

  it('tells the number that each got last, once receipts have told it', async () => {
    const [donationId, another] = [
      await made(post('donations', given({})), 'donationId'),
      await made(post('donations', given({})), 'donationId'),
    ];
    for (const [number, reissue] of [
      ['LS-2025-000001', false],
      ['LS-2025-000002', true],
    ] as const)
      await service.say('receipts', 'ReceiptIssued.v1', {
        fundId,
        donationId,
        number,
        entryId: 'e',
        reissue,
      });
    await eventually(async () =>
      expect((await get('donations?limit=2'))['items']).toMatchObject([
        { donationId: another, receiptNumber: null },
        { donationId, receiptNumber: 'LS-2025-000002' },
      ]),
    );
  });

  it('shows nobody the donations of another fund', async () => {
    expect(await get('donations', elsewhere)).toMatchObject({ items: [] });
    expect((await service.get(`/v1/donations?fundId=${fundId}`, elsewhere)).status).toBe(403);
  });

  it('refuses a cursor of another list', async () => {
    const cursor = Buffer.from(JSON.stringify(['x', '1; DROP'])).toString('base64url');
    expect((await service.get(`/v1/donations?cursor=${cursor}`, accountant)).status).toBe(400);
  });

  it('is the same after every table was built anew', async () => {
    await service.caughtUp();
    const [donations, pledges, donors] = ['donations?limit=200', 'pledges?limit=200', 'donors?limit=200'];
    const before = [await get(donations), await get(pledges), await get(donors)];
    const rows = await service.rows('donations.history');
    for (const name of [
      'donation',
      'pledge',
      'donor',
      'campaign',
      'fund',
      'purpose',
      'history',
      'named_record',
    ])
      await service.readModels.rebuild(`donations.${name}`);
    await service.caughtUp();
    expect([await get(donations), await get(pledges), await get(donors)]).toEqual(before);
    expect(await service.rows('donations.history')).toEqual(rows);
    expect(rows.length).toBeGreaterThan(0);
  });
});
