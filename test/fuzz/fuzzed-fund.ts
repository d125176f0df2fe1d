import { readFileSync } from 'node:fs';
import { ApiDocument } from '#platform/open-api/api-document.js';
import { openApiDocument } from '#platform/open-api/document.js';
import type { ApiAnswers } from '#platform/open-api/answers.js';
import type { Api } from '#apps/standalone/src/demo/api.js';
import { roles } from '#kernel/roles.js';
import { instantAfter } from '#kernel/instants.js';
import { eventually } from '#testing/eventually.js';
import { madeStatement } from '#testing/made-statement.js';
import { walkMs } from '../journeys/asking.js';
import { bank, FundAtWork, vnd } from '../journeys/fund-at-work.js';
import { build } from '../terminal.js';

/** Ids of what a fund has, for {@link file://./real_ids.py}. */
export interface KnownIds {
  /** Where the fund is. */
  readonly today: string;
  /** By the name of a member of a body or a query. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** By what stands before a parameter in a path, such as `/v1/donors/`. */
  readonly places: Readonly<Record<string, readonly string[]>>;
}

const text = { vi: 'Thí dụ', en: 'Example' };
const paper = { number: '01/QĐ', date: '2025-03-01' };
const reason = { reason: 'Ghi nhầm (giả định)' };
const statementAccount = 'bank.0022';

/** A fund with one of everything, and somebody who holds every role on every fund. */
export class FuzzedFund {
  private constructor(
    readonly work: FundAtWork,
    /** An access token of that person. */
    readonly token: string,
    readonly known: KnownIds,
    /** The same person by a session. */
    readonly ask: Api,
  ) {}

  /** Its `/openapi.json` tells the answers too, so what is built must be of these sources. */
  static async open(): Promise<FuzzedFund> {
    build();
    const work = await FundAtWork.open();
    try {
      const { app } = work.running;
      const answers = JSON.parse(readFileSync('dist/openapi-answers.json', 'utf8')) as ApiAnswers;
      app.get(ApiDocument, { strict: false }).keep(async () => openApiDocument(app, answers));
      const { staffId, person } = await work.join(
        'moi.vai',
        roles.filter((role) => role !== 'administrator'),
      );
      const { api } = work.people.administrator;
      const everyFund = { role: 'administrator', fundId: '*', from: work.today };
      await api.post(`/v1/staff/${staffId}/grants`, everyFund);
      await person.enrol();
      const expiresAt = instantAfter(work.clock.now().toISOString(), 3_600_000);
      const issued = await person.api.post<Made>('/v1/tokens', { label: 'fuzz', expiresAt });
      const { secret = '' } = issued;
      return new FuzzedFund(work, secret, await madeIn(work, person.api, secret), person.api);
    } catch (error) {
      await work.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.work.close();
  }
}

type Made = Readonly<Record<string, string>>;
type Places = Readonly<Record<string, readonly string[]>>;

async function made(by: Api, path: string, body: object, id: string): Promise<string> {
  return (await by.post<Made>(path, body))[id] ?? '';
}

async function madeIn(work: FundAtWork, api: Api, token: string): Promise<KnownIds> {
  const { fundId } = work;
  const given = await gifts(work);
  return {
    today: work.today,
    members: {
      ...{ fundId: [fundId], fund: [fundId] },
      ...{ donorId: given.donors, campaignId: given.campaigns, pledgeId: given.pledges },
      ...{
        donationId: given.donations,
        donation: given.donations,
        purpose: [...given.purposes, 'unrestricted'],
      },
      ...{ account: ['cash', bank, statementAccount, 'expense.other'], paidFrom: ['cash', bank] },
    },
    places: {
      '/v1/funds/': [fundId],
      '/v1/funds/{id}/purposes/': given.purposes,
      '/v1/donors/': given.donors,
      '/v1/campaigns/': given.campaigns,
      '/v1/pledges/': given.pledges,
      '/v1/donations/': given.donations,
      ...(await undoings(work, given.donations)),
      ...(await books(work)),
      ...(await person(work)),
      ...(await statements(work, api, token)),
      '/v1/tokens/': [
        await made(api, '/v1/tokens', { label: 'other', expiresAt: '2025-03-11T00:00:00Z' }, 'tokenId'),
      ],
      ...(await derived(work, given.donations.length)),
    },
  };
}

/** Donors, a campaign with a purpose and a pledge, and donations to them. */
async function gifts({ fundId, today, people }: FundAtWork) {
  const { api } = people.accountant;
  const donor = { fundId, class: 'individual', inProvince: true, name: 'Hoàng Văn Mẫu' };
  const donors = [
    await made(api, '/v1/donors', donor, 'donorId'),
    await made(api, '/v1/donors', { ...donor, email: 'mau@example.org' }, 'donorId'),
  ];
  const purposes = [await made(api, `/v1/funds/${fundId}/purposes`, { code: 'TIM', name: text }, 'purpose')];
  const campaign = {
    ...{
      fundId,
      code: 'VUAM',
      name: text,
      appeal: paper,
      committeeDecision: paper,
      receivingAccount: 'cash',
    },
    ...{ opensOn: today, closesOn: '2025-12-31', purposeStatement: text },
  };
  const campaignId = await made(api, '/v1/campaigns', campaign, 'campaignId');
  const pledge = { campaignId, donorId: donors[0], amount: vnd(1_000_000), dueOn: '2025-06-30' };
  const pledges = [await made(api, '/v1/pledges', pledge, 'pledgeId')];
  const donations: string[] = [];
  for (const more of [{}, { campaignId }, {}, {}, {}, { campaignId }, {}, {}]) {
    const body = { fundId, method: 'cash', amount: vnd(500_000), receivedOn: today, ...more };
    const named = { ...body, donor: { kind: 'named', donorId: donors[1] } };
    donations.push(await made(people.cashier.api, '/v1/donations', named, 'donationId'));
  }
  return { donors, purposes, campaigns: [campaignId], pledges, donations };
}

/** A refund and a void that wait for a second person. */
async function undoings(
  { people }: FundAtWork,
  [first = '', , third = '']: readonly string[],
): Promise<Places> {
  const { api } = people.accountant;
  const asked = [
    await made(api, `/v1/donations/${first}/refunds`, reason, 'id'),
    await made(api, `/v1/donations/${third}/void`, reason, 'id'),
  ];
  return { '/v1/donations/{id}/refunds/': asked, '/v1/donations/{id}/void/': asked };
}

/** Journals of each end, and books that somebody asks to open again. */
async function books({ fundId, people }: FundAtWork): Promise<Places> {
  const { api } = people.accountant;
  const postings = [
    { account: 'expense.other', amount: vnd(5_000) },
    { account: 'cash', amount: vnd(-5_000) },
  ];
  const journal = { fundId, kind: 'manual', effectiveOn: '2025-03-10', text: 'Thí dụ', postings };
  const journals = [
    await made(api, '/v1/journals', journal, 'journalId'),
    await made(api, '/v1/journals', journal, 'journalId'),
  ];
  await api.post(`/v1/funds/${fundId}/periods/close`, { through: '2024-06-30' });
  const asking = { from: '2024-06-01', reason: 'Thí dụ' };
  const reopening = await made(api, `/v1/funds/${fundId}/periods/reopenings`, asking, 'reopeningId');
  return { '/v1/journals/': journals, '/v1/funds/{id}/periods/reopenings/': [reopening] };
}

/** Somebody with a role and an account, for whatever is done to people. */
async function person({ fundId, people, today }: FundAtWork): Promise<Places> {
  const { api } = people.administrator;
  const hired = { fundId, login: 'nguoi.moi', name: 'Mạc Thí Dụ', email: 'moi@example.org' };
  const staffId = await made(api, '/v1/staff', hired, 'staffId');
  const grant = { role: 'viewer', fundId, from: today };
  const grantId = await made(api, `/v1/staff/${staffId}/grants`, grant, 'grantId');
  return {
    '/v1/staff/': [staffId],
    '/v1/staff/{id}/grants/': [grantId],
    '/v1/staff/{id}/accounts/': [staffId],
  };
}

/** A statement that waits to be confirmed, and one with items that nobody has said anything of. */
async function statements({ fundId, url }: FundAtWork, api: Api, token: string): Promise<Places> {
  const sent = async (account: string): Promise<string> => {
    const answer = await fetch(`${url}/v1/statements?fundId=${fundId}&account=${account}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'text/csv',
        'idempotency-key': account,
      },
      body: madeStatement(0, [{ moved: 5_000 }, { moved: -1_000 }]),
    });
    return ((await answer.json()) as Made)['statementId'] ?? '';
  };
  const confirmed = await sent(statementAccount);
  await api.post(`/v1/statements/${confirmed}/confirmation`, { doubts: ['account-new'] });
  const path = `/v1/bank-items?fundId=${fundId}`;
  const items = await eventually(async () => {
    const { items: listed } = await api.get<{ items: readonly Made[] }>(path);
    if (listed.length === 0) throw new Error('no bank item yet');
    return listed.map(({ bankItemId = '' }) => bankItemId);
  }, walkMs);
  return { '/v1/statements/': [confirmed, await sent('bank.0033')], '/v1/bank-items/': items };
}

/** What the services made of the donations by themselves. */
async function derived({ fundId, people }: FundAtWork, count: number): Promise<Places> {
  const listed = (path: string, id: string): Promise<readonly string[]> =>
    eventually(async () => {
      const { items } = await people.accountant.api.get<{ items: readonly Made[] }>(path);
      if (items.length < count) throw new Error(`${path}: not yet`);
      return items.map((item) => item[id] ?? '');
    }, walkMs);
  return {
    '/v1/entries/': await listed(`/v1/funds/${fundId}/entries`, 'entryId'),
    '/v1/receipts/': await listed(`/v1/receipts?fund=${fundId}`, 'number'),
  };
}
