import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gatewayService } from '#apps/gateway/src/gateway.module.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { dateInZone } from '#kernel/dates.js';
import { instantAfter } from '#kernel/instants.js';
import { roles, type Caller } from '#kernel/roles.js';
import { eventually } from '#testing/eventually.js';
import { madeStatement } from '#testing/made-statement.js';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { otherFundCases, type RouteSample, type SendAs } from '#testing/other-fund.js';
import { signedAs } from '#testing/signed-as.js';

const now = new Date();
const today = dateInZone(now.toISOString());
const inDays = (days: number): string => dateInZone(instantAfter(now.toISOString(), days * 86_400_000));
const vnd = (amount: string): object => ({ amount, currency: 'VND' });
const bilingual = { vi: 'Quà cho trẻ em', en: 'Presents for children' };
const paper = { number: '01/QĐ-GĐ', date: '2024-12-20' };
const bank = 'bank.0011';
const reason = { reason: 'Ghi nhầm (giả định)' };

const isFile = (body: object): body is Uint8Array => body instanceof Uint8Array;

/** Concern the whole installation and no fund: only administrators of every fund may. */
const ofNoFund = ['POST /v1/funds'];

describe('somebody with every role on another fund', () => {
  let running: OpenedServices;
  let fundId = '';
  let otherFundId = '';
  let samples: Readonly<Record<string, RouteSample>> = {};

  beforeAll(async () => {
    running = await openServices(services.filter((service) => service !== gatewayService));
    fundId = await openFund('LS');
    otherFundId = await openFund('CB');
    samples = await samplesOf(fundId);
  }, 120_000);

  afterAll(() => running.stop());

  function as(caller: Caller): SendAs {
    return async (method, path, body) => {
      const signed = await signedAs(caller, running.platform);
      const answer = await fetch(`${running.url}${path}`, {
        method,
        headers: {
          ...signed,
          'idempotency-key': randomUUID(),
          ...(body ? { 'content-type': isFile(body) ? 'text/csv' : 'application/json' } : {}),
        },
        ...(body ? { body: isFile(body) ? new Uint8Array(body) : JSON.stringify(body) } : {}),
      });
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
      const text = await answer.text();
      return { status: answer.status, json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {} };
    };
  }

  const everyRole = (id: string): Caller => ({
    staffId: randomUUID(),
    secondFactor: true,
    grants: roles.map((role) => ({ role, fundId: id })),
  });
  const first: Caller = {
    staffId: randomUUID(),
    secondFactor: true,
    grants: [{ role: 'administrator', fundId: '*' }],
  };

  /** POSTs and gives the id of what was made. */
  async function made(send: SendAs, path: string, body: object, id: string): Promise<string> {
    const { status, json } = await send('POST', path, body);
    if (status !== 201) throw new Error(`${path}: ${JSON.stringify(json)}`);
    const value = json[id];
    if (typeof value !== 'string') throw new Error(`${path} told no ${id}: ${JSON.stringify(json)}`);
    return value;
  }

  async function openFund(code: string): Promise<string> {
    const body = {
      code,
      level: 'province',
      name: { vi: `Quỹ ${code} (giả định)`, en: `Fund ${code} (made up)` },
      decision: { ...paper, issuer: 'UBND tỉnh (giả định)' },
      openedOn: '2025-01-01',
      bankAccounts: [{ account: bank }],
    };
    return made(as(first), '/v1/funds', body, 'fundId');
  }

  /** What an accountant does: journals, periods, cash counts. */
  async function bookSamples(send: SendAs, fund: string): Promise<Readonly<Record<string, RouteSample>>> {
    const postings = [
      { account: 'receivable', amount: vnd('1000') },
      { account: 'payable', amount: vnd('-1000') },
    ];
    const journal = { fundId: fund, kind: 'manual', effectiveOn: today, text: 'Thí dụ', postings };
    const j = `/v1/journals/${await made(send, '/v1/journals', journal, 'journalId')}`;
    const periods = `/v1/funds/${fund}/periods`;
    const closing = { through: '2025-01-01' };
    await send('POST', `${periods}/close`, closing);
    const asking = { from: '2025-01-01', ...reason };
    const o = `${periods}/reopenings/${await made(send, `${periods}/reopenings`, asking, 'reopeningId')}`;
    const counts = `/v1/funds/${fund}/cash-counts`;
    return {
      'GET /v1/journals': { path: `/v1/journals?fund=${fund}` },
      'POST /v1/journals': { path: '/v1/journals', body: journal },
      'GET /v1/journals/:id': { path: j },
      'POST /v1/journals/:id/approval': { path: `${j}/approval` },
      'POST /v1/journals/:id/rejection': { path: `${j}/rejection`, body: reason },
      'POST /v1/journals/:id/erasure': { path: `${j}/erasure` },
      'POST /v1/journals/:id/withdrawal': { path: `${j}/withdrawal` },
      'GET /v1/funds/:id/periods': { path: periods },
      'POST /v1/funds/:id/periods/close': { path: `${periods}/close`, body: { through: '2025-01-02' } },
      'POST /v1/funds/:id/periods/reopenings': { path: `${periods}/reopenings`, body: asking },
      'POST /v1/funds/:id/periods/reopenings/:reopeningId/approval': { path: `${o}/approval` },
      'POST /v1/funds/:id/periods/reopenings/:reopeningId/rejection': {
        path: `${o}/rejection`,
        body: reason,
      },
      'POST /v1/funds/:id/periods/reopenings/:reopeningId/erasure': { path: `${o}/erasure` },
      'POST /v1/funds/:id/periods/reopenings/:reopeningId/withdrawal': { path: `${o}/withdrawal` },
      'GET /v1/funds/:id/cash-counts': { path: counts },
      'POST /v1/funds/:id/cash-counts': { path: counts, body: { denominations: [] } },
    };
  }

  async function samplesOf(fund: string): Promise<Readonly<Record<string, RouteSample>>> {
    const send = as(everyRole(fund));
    const person = {
      fundId: fund,
      class: 'individual',
      inProvince: true,
      name: 'Hoàng Văn Mẫu',
      email: 'mau@example.org',
    };
    const donorId = await eventually(() => made(send, '/v1/donors', person, 'donorId'));
    const campaign = {
      ...{ fundId: fund, code: 'VUAM', name: bilingual, appeal: paper, committeeDecision: paper },
      ...{ receivingAccount: bank, opensOn: today, closesOn: inDays(60), purposeStatement: bilingual },
    };
    const campaignId = await made(send, '/v1/campaigns', campaign, 'campaignId');
    const pledge = { campaignId, donorId, amount: vnd('1000000'), dueOn: inDays(30) };
    const pledgeId = await made(send, '/v1/pledges', pledge, 'pledgeId');
    const donation = {
      ...{ fundId: fund, donor: { kind: 'named', donorId }, method: 'bank', account: bank },
      ...{ amount: vnd('500000'), receivedOn: today },
    };
    const donationId = await made(send, '/v1/donations', donation, 'donationId');
    const wrongId = await made(send, '/v1/donations', donation, 'donationId');
    const unknown = { ...donation, donor: { kind: 'unidentified' } };
    const foundId = await made(send, '/v1/donations', unknown, 'donationId');
    const matches = `/v1/donations/${foundId}/matches`;
    const matchId = await made(send, matches, { donor: { donorId } }, 'matchId');
    const refund = { ...reason, amount: vnd('100000') };
    const refundId = await made(send, `/v1/donations/${donationId}/refunds`, refund, 'id');
    const voidId = await made(send, `/v1/donations/${wrongId}/void`, reason, 'id');
    const purpose = { code: 'HOCBONG', name: bilingual };
    const purposeId = await made(send, `/v1/funds/${fund}/purposes`, purpose, 'purpose');
    const number = await eventually(async () => {
      const { json } = await send('GET', `/v1/receipts?fund=${fund}`);
      const [receipt] = json['items'] as readonly { readonly number: string }[];
      if (!receipt) throw new Error('no receipt yet');
      return receipt.number;
    });
    const entryId = await eventually(async () => {
      const { json } = await send('GET', `/v1/funds/${fund}/entries`);
      const [entry] = json['items'] as readonly { readonly entryId: string }[];
      if (!entry) throw new Error('no entry yet');
      return entry.entryId;
    });
    const rows = [
      { moved: 5_000, on: today },
      { moved: -1_000, on: today },
    ];
    const file = Buffer.from(madeStatement(0, rows));
    const upload = `/v1/statements?fundId=${fund}&account=bank.0022`;
    const statementId = await made(send, upload, file, 'statementId');
    await made(
      send,
      `/v1/statements/${statementId}/confirmation`,
      { doubts: ['account-new'] },
      'statementId',
    );
    const bankItemId = await eventually(async () => {
      const { json } = await send('GET', `/v1/bank-items?fundId=${fund}`);
      const [item] = json['items'] as readonly { readonly bankItemId: string }[];
      if (!item) throw new Error('no bank item yet');
      return item.bankItemId;
    });
    const saying = { as: 'other', account: 'expense.other' };
    const classifications = `/v1/bank-items/${bankItemId}/classifications`;
    const said = await made(send, classifications, saying, 'classificationId');
    const hired = { fundId: fund, login: 'thuquy', name: 'Mạc Thủ Quỹ', email: 'thuquy@example.org' };
    const staffId = await made(send, '/v1/staff', hired, 'staffId');
    const accountId = staffId;
    const grant = { role: 'cashier', fundId: fund, from: today };
    const grantId = await made(send, `/v1/staff/${staffId}/grants`, grant, 'grantId');
    const books = await bookSamples(send, fund);
    const template = await send('GET', `/v1/funds/${fund}/receipt-template`);

    const d = `/v1/donations/${donationId}`;
    const s = `/v1/staff/${staffId}`;
    const r = `/v1/receipts/${number}`;
    const f = `/v1/funds/${fund}`;
    return {
      'POST /v1/donations/:id/matches': { path: matches, body: { campaignId } },
      'POST /v1/donations/:id/matches/:matchId/undoing': {
        path: `${matches}/${matchId}/undoing`,
        body: reason,
      },
      'GET /v1/bank-items': { path: '/v1/bank-items', list: true },
      'GET /v1/bank-items/:id': { path: `/v1/bank-items/${bankItemId}` },
      'POST /v1/bank-items/:id/erasure': { path: `/v1/bank-items/${bankItemId}/erasure` },
      'POST /v1/bank-items/:id/classifications': { path: classifications, body: saying },
      'POST /v1/bank-items/:id/classifications/:classificationId/approval': {
        path: `${classifications}/${said}/approval`,
      },
      'POST /v1/bank-items/:id/classifications/:classificationId/rejection': {
        path: `${classifications}/${said}/rejection`,
        body: reason,
      },
      'POST /v1/bank-items/:id/classifications/:classificationId/withdrawal': {
        path: `${classifications}/${said}/withdrawal`,
        body: reason,
      },
      'POST /v1/bank-items/:id/classifications/:classificationId/undoing': {
        path: `${classifications}/${said}/undoing`,
        body: reason,
      },
      'GET /v1/campaigns': { path: '/v1/campaigns', list: true },
      'POST /v1/campaigns': { path: '/v1/campaigns', body: { ...campaign, code: 'KHAC' } },
      'GET /v1/campaigns/:id': { path: `/v1/campaigns/${campaignId}` },
      'POST /v1/campaigns/:id/closing': { path: `/v1/campaigns/${campaignId}/closing` },
      'POST /v1/campaigns/:id/extension': {
        path: `/v1/campaigns/${campaignId}/extension`,
        body: { closesOn: inDays(90), decision: paper },
      },
      'GET /v1/donations': { path: '/v1/donations', list: true },
      'POST /v1/donations': { path: '/v1/donations', body: donation },
      'GET /v1/donations/:id': { path: d },
      'GET /v1/donations/:id/history': { path: `${d}/history` },
      'POST /v1/donations/:id/refunds': { path: `${d}/refunds`, body: refund },
      'POST /v1/donations/:id/refunds/:undoingId/approval': { path: `${d}/refunds/${refundId}/approval` },
      'POST /v1/donations/:id/refunds/:undoingId/rejection': {
        path: `${d}/refunds/${refundId}/rejection`,
        body: reason,
      },
      'POST /v1/donations/:id/refunds/:undoingId/withdrawal': { path: `${d}/refunds/${refundId}/withdrawal` },
      'POST /v1/donations/:id/void': { path: `${d}/void`, body: reason },
      'POST /v1/donations/:id/void/:undoingId/approval': {
        path: `/v1/donations/${wrongId}/void/${voidId}/approval`,
      },
      'POST /v1/donations/:id/void/:undoingId/rejection': {
        path: `/v1/donations/${wrongId}/void/${voidId}/rejection`,
        body: reason,
      },
      'POST /v1/donations/:id/void/:undoingId/withdrawal': {
        path: `/v1/donations/${wrongId}/void/${voidId}/withdrawal`,
      },
      'POST /v1/donations/:id/erasure': { path: `/v1/donations/${wrongId}/erasure` },
      'POST /v1/donations/search': { path: '/v1/donations/search', body: { fundId: fund, words: 'mau' } },
      'GET /v1/donors': { path: '/v1/donors', list: true },
      'POST /v1/donors': { path: '/v1/donors', body: person },
      'GET /v1/donors/:id': { path: `/v1/donors/${donorId}` },
      'POST /v1/donors/:id/contact': {
        path: `/v1/donors/${donorId}/contact`,
        body: { email: 'khac@example.org' },
      },
      'POST /v1/donors/:id/details': {
        path: `/v1/donors/${donorId}/details`,
        body: { class: 'individual', inProvince: true, name: 'Khác' },
      },
      'POST /v1/donors/:id/erasure': { path: `/v1/donors/${donorId}/erasure` },
      'POST /v1/donors/search': { path: '/v1/donors/search', body: { fundId: fund, words: 'mau' } },
      'GET /v1/entries/:id': { path: `/v1/entries/${entryId}` },
      'GET /v1/funds': { path: '/v1/funds', list: true },
      'GET /v1/funds/:id': { path: f },
      'GET /v1/funds/:id/balances': { path: `${f}/balances` },
      'GET /v1/funds/:id/entries': { path: `${f}/entries` },
      'POST /v1/funds/:id/purposes': { path: `${f}/purposes`, body: { ...purpose, code: 'KHAC' } },
      'POST /v1/funds/:id/purposes/:purpose/close': { path: `${f}/purposes/${purposeId}/close` },
      'GET /v1/funds/:id/receipt-template': { path: `${f}/receipt-template` },
      'PUT /v1/funds/:id/receipt-template': {
        path: `${f}/receipt-template`,
        body: template.json['template'] as object,
      },
      'GET /v1/funds/:id/receipt-template/preview': { path: `${f}/receipt-template/preview` },
      'GET /v1/funds/:id/trial-balance': { path: `${f}/trial-balance` },
      'GET /v1/funds/:id/cash-book': { path: `${f}/cash-book?format=csv` },
      'GET /v1/funds/:id/bank-book': { path: `${f}/bank-book?account=${bank}&format=csv` },
      'GET /v1/funds/:id/receipt-register': { path: `${f}/receipt-register?format=csv` },
      'GET /v1/funds/:id/donations-by-class': { path: `${f}/donations-by-class?format=csv` },
      ...books,
      'GET /v1/pledges': { path: '/v1/pledges', list: true },
      'POST /v1/pledges': { path: '/v1/pledges', body: pledge },
      'GET /v1/pledges/:id': { path: `/v1/pledges/${pledgeId}` },
      'POST /v1/pledges/:id/withdrawal': { path: `/v1/pledges/${pledgeId}/withdrawal`, body: reason },
      'GET /v1/receipts': { path: '/v1/receipts', list: true },
      'POST /v1/receipts/search': { path: '/v1/receipts/search', body: { fundId: fund, words: 'mau' } },
      'GET /v1/receipts/:number': { path: r },
      'GET /v1/receipts/:number/pdf': { path: `${r}/pdf` },
      'POST /v1/receipts/:number/reissues': { path: `${r}/reissues`, body: reason },
      'POST /v1/receipts/:number/resends': { path: `${r}/resends`, body: reason },
      'GET /v1/statements': { path: '/v1/statements', list: true },
      'POST /v1/statements': { path: upload, body: file },
      'GET /v1/statements/:id': { path: `/v1/statements/${statementId}` },
      'POST /v1/statements/:id/confirmation': {
        path: `/v1/statements/${statementId}/confirmation`,
        body: {},
      },
      'POST /v1/statements/:id/discarding': { path: `/v1/statements/${statementId}/discarding` },
      'GET /v1/staff': { path: '/v1/staff', list: true },
      'POST /v1/staff': { path: '/v1/staff', body: { ...hired, login: 'khac' } },
      'GET /v1/staff/:id': { path: s },
      'POST /v1/staff/:id/accounts': { path: `${s}/accounts`, body: { login: 'khac' } },
      'POST /v1/staff/:id/accounts/:accountId/closing': { path: `${s}/accounts/${accountId}/closing` },
      'POST /v1/staff/:id/accounts/:accountId/link': { path: `${s}/accounts/${accountId}/link` },
      'POST /v1/staff/:id/accounts/:accountId/unlocking': { path: `${s}/accounts/${accountId}/unlocking` },
      'POST /v1/staff/:id/contact': {
        path: `${s}/contact`,
        body: { name: 'Khác', email: 'khac@example.org' },
      },
      'POST /v1/staff/:id/erasure': { path: `${s}/erasure` },
      'POST /v1/staff/:id/grants': { path: `${s}/grants`, body: { ...grant, role: 'viewer' } },
      'POST /v1/staff/:id/grants/:grantId/withdrawal': { path: `${s}/grants/${grantId}/withdrawal` },
      'POST /v1/staff/:id/reinstatement': { path: `${s}/reinstatement` },
      'POST /v1/staff/:id/second-factor-removal': { path: `${s}/second-factor-removal` },
      'POST /v1/staff/:id/suspension': { path: `${s}/suspension` },
      'POST /v1/staff/:id/withdrawal': { path: `${s}/withdrawal` },
      'GET /v1/admin/held': { path: '/v1/admin/held' },
      'POST /v1/admin/held/releases': {
        path: '/v1/admin/held/releases',
        body: { group: 'ledger', key: fund },
      },
      'GET /v1/admin/parked': { path: '/v1/admin/parked' },
      'POST /v1/admin/parked/replays': {
        path: '/v1/admin/parked/replays',
        body: { stream: `fund-${fund}` },
      },
      'POST /v1/admin/rebuilds/:name': { path: '/v1/admin/rebuilds/ledger.entries' },
      'GET /v1/admin/status': { path: '/v1/admin/status' },
    };
  }

  it('is let in nowhere: each route refuses, and each list is empty', async () => {
    const outsider = as(everyRole(otherFundId));
    const insider = as(everyRole(fundId));
    const failures: string[] = [];
    for (const { route, check } of otherFundCases(running.app, { fundId, samples, except: ofNoFund }))
      await check(outsider, insider).catch((error: unknown) => {
        failures.push(`${route}: ${error instanceof Error ? error.message : String(error)}`);
      });
    expect(failures).toEqual([]);
  });

  it('opens no fund', async () => {
    const body = { code: 'XX', level: 'commune', name: bilingual, decision: paper, openedOn: today };
    const answer = await as(everyRole(otherFundId))('POST', '/v1/funds', {
      ...body,
      decision: { ...paper, issuer: 'UBND (giả định)' },
    });
    expect(answer).toMatchObject({ status: 403 });
  });
});
