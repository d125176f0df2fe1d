import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { ReceiptView } from '#apps/receipts/src/in/receipts.http.js';
import { Api } from '#apps/standalone/src/demo/api.js';
import { everyItem } from '#apps/standalone/src/demo/figures.js';
import { eventually } from '#testing/eventually.js';
import { SmtpPeer } from '#testing/smtp-peer.js';
import { build } from '../terminal.js';
import { walkMs } from './asking.js';
import { canary, canaryAccount, canaryPhone, plainCanary, sightings } from './canaries.js';
import { administer, CanaryFund, contactOf, mailOf, personal, vnd } from './canary-fund.js';
import { inDatabase, inFiles, inTopics } from './places.js';

const fund = new CanaryFund();
const details = { inProvince: true, address: personal('Thôn'), ...contactOf('nguoicho') };
const somebody = { kind: 'named', details: { class: 'individual', ...details } };
/** Heads of all answers, and where their next pages begin. */
const heads: string[] = [];
let peer: SmtpPeer;
let bouncesPort: number;

const realFetch = globalThis.fetch;
beforeAll(async () => {
  build();
  peer = await SmtpPeer.listen();
  bouncesPort = await freePort();
  globalThis.fetch = async (...request) => {
    const answer = await realFetch(...request);
    const next = /"next":"([^"]+)"/.exec(await answer.clone().text())?.[1] ?? '';
    heads.push(JSON.stringify([...answer.headers]), next, Buffer.from(next, 'base64url').toString());
    return answer;
  };
  await fund.start();
  await fund.open();
}, 120_000);
afterAll(async () => {
  globalThis.fetch = realFetch;
  await fund.close();
  await peer.close();
}, 60_000);

describe('personal data is given', () => {
  it('by staff, who mistype, are locked out, leave and are erased', async () => {
    const { staffId } = await fund.hire('nghiviec', 'viewer');
    const { api } = fund.administrator;
    const nobody = new Api(fund.url);
    await api.post(`/v1/staff/${staffId}/contact`, contactOf('doiten'));
    await api.post(`/v1/staff/${staffId}/accounts`, { login: `${plainCanary}.khac` });
    const mistyped = { password: personal('mật khẩu sai') };
    for (const who of ['nghiviec', 'nghiviec', 'nghiviec', 'nghiviec', 'nghiviec', 'nghiviec', 'khongco'])
      await nobody
        .post('/v1/sessions', { login: `${plainCanary}.${who}`, ...mistyped })
        .catch(() => undefined);
    for (const who of ['ketoan', 'khongco'])
      await nobody.post('/v1/resets', { login: `${plainCanary}.${who}` }).catch(() => undefined);
    expect(JSON.stringify(await api.get('/v1/staff'))).toContain(personal('doiten'));
    for (const step of ['suspension', 'reinstatement', 'withdrawal', 'erasure'])
      await api.post(`/v1/staff/${staffId}/${step}`);
    expect(JSON.stringify(await api.get('/v1/staff'))).not.toContain(personal('doiten'));
  });

  it('of donors of every kind, with memos', async () => {
    const soleTrader = { class: 'business', soleTrader: true, ...details, contactPerson: personal('vợ') };
    const traded = await fund.record({ donor: { kind: 'named', details: soleTrader } });
    const company = { ...soleTrader, soleTrader: false, name: 'Công ty Thí Dụ' };
    const items = [{ item: 'milk', name: 'Sữa', quantity: '10', unit: 'hộp' }];
    const inKind = { method: 'in-kind', items, amount: undefined };
    await fund.record({ donor: { kind: 'named', details: company }, ...inKind });
    const memo = personal(`chuyen tien ${canaryAccount}`);
    const bank = { method: 'bank', account: 'bank.1900000001', memo };
    for (const kind of ['unidentified', 'anonymous']) await fund.record({ donor: { kind }, ...bank });
    await fund.receipted(traded, { mail: { state: 'sent' } });
    await voided(traded);
  });

  it('in corrections, pledges, reasons, mails, searches, and before an erasure', async () => {
    const { api } = fund.accountant;
    const { fundId } = fund;
    const registered = { fundId, ...somebody.details };
    const { donorId } = await api.post<{ readonly donorId: string }>('/v1/donors', registered);
    const given = await fund.record({ donor: { kind: 'named', donorId }, memo: personal(canaryPhone) });
    const first = await fund.receipted(given, { mail: { state: 'sent' } });
    await api.post(`/v1/donors/${donorId}/contact`, { email: mailOf('moi'), phone: canaryPhone });
    const renamed = { name: personal('tên mới'), address: personal('Phố') };
    await api.post(`/v1/donors/${donorId}/details`, { class: 'individual', inProvince: true, ...renamed });
    const resend = { reason: personal('lạc'), email: mailOf('guilai') };
    await api.post(`/v1/receipts/${first.number}/resends`, resend);
    await eventually(async () => expect(await inbox()).toContain(mailOf('guilai')), walkMs);
    const reissue = { reason: personal('sai tên'), payer: renamed };
    await api.post(`/v1/receipts/${first.number}/reissues`, reissue);
    const second = await fund.receipted(given, { replaces: first.number, mail: { state: 'sent' } });
    expect((await api.getBytes(`/v1/receipts/${second.number}/pdf`)).length).toBeGreaterThan(1_000);
    const refunds = `/v1/donations/${given}/refunds`;
    for (const step of ['rejection', 'approval']) {
      const terms = { amount: vnd(200_000), reason: personal('hoàn') };
      const { id } = await api.post<{ readonly id: string }>(refunds, terms);
      const why = step === 'rejection' ? { reason: personal('không') } : {};
      await fund.approver.api.post(`${refunds}/${id}/${step}`, why);
    }
    await fund.receipted(given, { amount: vnd(300_000), mail: { state: 'sent' } });
    await pledged(donorId);
    for (const words of [canary, plainCanary.slice(0, 4), `${plainCanary} nguoicho`])
      for (const path of ['/v1/donors/search', '/v1/donations/search', '/v1/receipts/search'])
        expect(await api.post(path, { fundId, words })).toMatchObject({ items: expect.any(Array) });
    expect(await api.get(`/v1/donors/${donorId}`)).toMatchObject({ name: personal('tên mới') });
    expect(JSON.stringify(await api.get(`/v1/donations/${given}/history`))).toContain(personal('hoàn'));
    for (const [, id = ''] of (await inbox()).matchAll(/"\/inbox\/([0-9a-f-]{36})"/g))
      await fund.administrator.api.getBytes(`/inbox/${id}`);
    await fund.administrator.api.post(`/v1/donors/${donorId}/erasure`);
    await fund.receipted(await fund.record({ donor: somebody }), { mail: { state: 'sent' } });
  }, 90_000);

  it('in statements of a bank, and what is said of their rows', async () => {
    const { api } = fund.accountant;
    const columns = { date: 'd', reference: 'r', details: 't', counterparty: 'c', debit: 'n', credit: 'k' };
    const profile = { name: 'x', columns: { ...columns, balance: 'b' }, dateFormat: 'yyyy-mm-dd' };
    const row = (sums: string) => [fund.today, plainCanary, personal('memo'), canaryAccount, sums].join();
    const file = ['d,r,t,c,n,k,b', row('0,5000,5000'), row('2000,0,3000'), row('0,0,4000')].join('\n');
    const headers = { authorization: `Bearer ${await fund.token()}`, 'content-type': 'text/csv' };
    const upload = (body: string, shape: object | string) => {
      const query = { fundId: fund.fundId, account: 'bank.1900000077', profile: JSON.stringify(shape) };
      const path = `/v1/statements?${new URLSearchParams(query).toString()}`;
      return fund.send('POST', path, { headers: { ...headers, 'idempotency-key': randomUUID() }, body });
    };
    expect(await upload(file, personal('mẫu'))).toBe(422);
    expect(await upload(file.replaceAll(fund.today, canary), profile)).toBe(422);
    expect(await upload(file, profile)).toBe(201);
    const list = `/v1/statements?fundId=${fund.fundId}`;
    const { items } = await eventually(async () => {
      const found = await api.get<{ readonly items: readonly { readonly statementId: string }[] }>(list);
      expect(found.items).toHaveLength(1);
      return found;
    }, walkMs);
    const statement = `/v1/statements/${items[0]?.statementId ?? ''}`;
    await api.post(`${statement}/confirmation`, { doubts: ['account-new'] });
    await eventually(
      async () => expect(await api.get(statement)).toMatchObject({ progress: { complete: true } }),
      walkMs,
    );
    const rows = await everyItem<{ readonly bankItemId: string }>(
      api,
      `/v1/bank-items?fundId=${fund.fundId}`,
    );
    expect(rows).toHaveLength(2);
    for (const { bankItemId } of rows) {
      const item = `/v1/bank-items/${bankItemId}`;
      const said = { as: 'own-transfer', account: 'bank.1900000001', note: personal('ghi chú') };
      await api.post(`${item}/classifications`, said);
      const shown = JSON.stringify(await api.get(item));
      for (const words of [personal('memo'), canaryAccount, personal('ghi chú')])
        expect(shown).toContain(words);
    }
  }, 60_000);

  it('in journals, reopened periods and matches of donations', async () => {
    const { api } = fund.accountant;
    const postings = [
      { account: 'receivable', amount: vnd(1_000) },
      { account: 'payable', amount: vnd(-1_000) },
    ];
    const about = { fundId: fund.fundId, kind: 'manual', effectiveOn: fund.today, postings };
    const journal = await api.post<{ readonly journalId: string }>('/v1/journals', {
      ...about,
      text: personal('diễn giải'),
    });
    const drafted = `/v1/journals/${journal.journalId}`;
    await fund.approver.api.post(`${drafted}/rejection`, { reason: personal('không đúng') });
    const shown = JSON.stringify(await api.get(drafted));
    for (const words of [personal('diễn giải'), personal('không đúng')]) expect(shown).toContain(words);
    const periods = `/v1/funds/${fund.fundId}/periods`;
    await api.post(`${periods}/close`, { through: '2024-01-01' });
    await api.post(`${periods}/reopenings`, { from: '2024-01-01', reason: personal('mở lại') });
    const found = await fund.record({
      ...{ donor: { kind: 'unidentified' }, method: 'bank', account: 'bank.1900000001' },
      memo: personal('ai đây'),
    });
    const matches = `/v1/donations/${found}/matches`;
    const match = { donor: { details: somebody.details }, note: personal('nhận ra') };
    const { matchId } = await api.post<{ readonly matchId: string }>(matches, match);
    await fund.receipted(found, { status: 'in-force', mail: { state: 'sent' } });
    await api.post(`${matches}/${matchId}/undoing`, { reason: personal('nhầm') });
    expect(JSON.stringify(await api.get(`/v1/donations/${found}/history`))).toContain(personal('nhận ra'));
  }, 60_000);

  it('in requests that are refused', async () => {
    const donation = { fundId: fund.fundId, method: 'cash', amount: vnd(1), receivedOn: fund.today };
    const named = (more: object) => ({
      ...donation,
      donor: { ...somebody, details: { ...somebody.details, ...more } },
    });
    const headers = {
      ...{ authorization: `Bearer ${await fund.token()}`, 'content-type': 'application/json' },
      'idempotency-key': 'journey',
    };
    const bodies = [
      `{"donor": {"kind": "named", "details": {"name": "${personal('hỏng')}"`,
      `{"name": "${personal('hai')}", "name": "${personal('lần')}"}`,
      `{"${personal('khóa')}": {"__proto__": "${personal('x')}"}}`,
      personal('trần'),
      JSON.stringify({ ...donation, [plainCanary]: personal('thừa') }),
      JSON.stringify(named({ email: `${plainCanary}@` })),
      JSON.stringify(named({ phone: personal('điện thoại') })),
      JSON.stringify(named({ name: `${canary}\u0000` })),
      JSON.stringify(named({ name: `${canary}\ud800` })),
      JSON.stringify(named({ name: canary.repeat(100) })),
      JSON.stringify({ ...named({}), receivedOn: personal('ngày'), method: personal('cách') }),
      JSON.stringify({ ...named({}), fundId: personal('quỹ') }),
      JSON.stringify({ ...named({}), memo: canary.repeat(200_000) }),
    ];
    const statuses: number[] = [];
    const send = async (...request: Parameters<typeof fund.send>): Promise<void> => {
      statuses.push(await fund.send(...request));
    };
    for (const body of bodies) await send('POST', '/v1/donations', { headers, body });
    await send('POST', '/v1/donors', { headers: { ...headers, 'content-type': 'text/plain' }, body: canary });
    const told = { 'user-agent': plainCanary, referer: `http://example.org/${plainCanary}` };
    for (const path of [
      `/v1/${plainCanary}`,
      `/v1/donors/${encodeURIComponent(canary)}`,
      `/v1/donors?name=${encodeURIComponent(canary)}`,
      `/v1/donations?donorId=${plainCanary}&cursor=${encodeURIComponent(canary)}`,
      `/v1/receipts/${plainCanary}/pdf`,
    ])
      await send('GET', path, { headers: { ...headers, ...told, traceparent: plainCanary } });
    for (const other of [
      { authorization: `Bearer ${plainCanary}` },
      { cookie: `mangnon_session=${plainCanary}` },
      { 'idempotency-key': plainCanary, 'content-type': 'application/json' },
      { 'x-request-id': plainCanary, origin: `http://${plainCanary}.example` },
    ])
      await send('POST', '/v1/donations', { headers: other, body: JSON.stringify(named({})) });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `login=${plainCanary}&password=${encodeURIComponent(canary)}&link=${plainCanary}`;
    for (const path of ['/sign-in', '/reset', '/setup']) await send('POST', path, { headers: form, body });
    expect(statuses.map((status) => Math.floor(status / 100))).toEqual(statuses.map(() => 4));
  });

  it('in requests that fail by a fault of ours', async () => {
    const { url, vaultUrl } = fund.databases();
    const without = async (where: string, schema: string, table: string, work: () => Promise<void>) => {
      await administer(where, `ALTER TABLE ${schema}.${table} RENAME TO away`);
      await work();
      await administer(where, `ALTER TABLE ${schema}.away RENAME TO ${table}`);
    };
    const { fundId, accountant, administrator } = fund;
    const fails = (promise: Promise<unknown>) => expect(promise).rejects.toMatchObject({ status: 500 });
    await without(vaultUrl, 'donors', 'records', async () => {
      await fails(accountant.api.post('/v1/donors', { fundId, ...somebody.details }));
      await fails(accountant.api.post('/v1/donors/search', { fundId, words: canary }));
    });
    await without(url, 'receipts', 'inbox_mails', async () => {
      const donationId = await fund.record({ donor: somebody });
      await fund.receipted(donationId, { mail: { state: 'pending', status: expect.stringMatching(/^4/) } });
      await fails(administrator.api.getBytes('/inbox'));
      // Or its mail would be tried again in the middle of what follows.
      await voided(donationId);
    });
    expect(fund.terminal.output).toContain('does not exist');
  });

  it('to a mail server that quotes addresses in whatever it answers', async () => {
    await fund.stop();
    await fund.start({
      ...{ PORT: new URL(fund.url).port, SMTP_URL: peer.url, MAIL_FROM: 'bien-lai@quy.example' },
      ...{ BOUNCES_HOST: '127.0.0.1', BOUNCES_PORT: String(bouncesPort) },
    });
    const quoting = `<${mailOf('nguoicho')}> ${canary}: no such user`;
    const mailed = async (like: object): Promise<string> =>
      (await fund.receipted(await fund.record({ donor: somebody }), { mail: like })).number;
    peer.refuseNext('receiver', `550 5.1.1 ${quoting}`);
    await mailed({ state: 'bounced', status: '5.1.1' });
    peer.refuseNext('data', `554 5.7.1 ${quoting}`);
    await mailed({ state: 'bounced', status: '5.7.1' });
    peer.refuseNext('receiver', `450 4.2.1 ${quoting}`);
    await mailed({ state: 'pending', status: '4.2.1' });
    const returned = await mailed({ state: 'sent' });
    const raw = [
      'From: MAILER-DAEMON@mx.example',
      `Subject: ${plainCanary}`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      `--b\r\nContent-Type: text/plain\r\n\r\n${quoting}`,
      '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n',
      `Final-Recipient: rfc822; ${mailOf('nguoicho')}\r\nAction: failed\r\nStatus: 5.2.2 (${plainCanary})`,
      `Diagnostic-Code: smtp; 552 5.2.2 ${quoting}\r\n`,
      '--b--\r\n',
    ].join('\r\n');
    const transport = createTransport({ host: '127.0.0.1', port: bouncesPort, secure: false });
    await transport.sendMail({ envelope: { from: '', to: [peer.mails.at(-1)!.from] }, raw });
    await eventually(async () => {
      const { mail } = await fund.accountant.api.get<ReceiptView>(`/v1/receipts/${returned}`);
      expect(mail).toMatchObject({ state: 'bounced', status: '5.2.2' });
    }, walkMs);
  }, 90_000);
});

async function voided(donationId: string): Promise<void> {
  const path = `/v1/donations/${donationId}/void`;
  const reason = personal('nhầm');
  const { id } = await fund.accountant.api.post<{ readonly id: string }>(path, { reason });
  await fund.approver.api.post(`${path}/${id}/approval`);
  await fund.receipted(donationId, { status: 'void' });
}

async function pledged(donorId: string): Promise<void> {
  const { api } = fund.accountant;
  const text = { vi: 'Tháng hành động', en: 'Action Month' };
  const paper = { number: '08/TKG', date: '2024-05-12' };
  const { campaignId } = await api.post<{ readonly campaignId: string }>('/v1/campaigns', {
    ...{ fundId: fund.fundId, code: 'LS1', name: text, purposeStatement: text },
    ...{ appeal: paper, committeeDecision: paper, receivingAccount: 'cash' },
    ...{ opensOn: fund.today, closesOn: fund.today },
  });
  const pledge = { campaignId, donorId, amount: vnd(1_000), dueOn: fund.today };
  const { pledgeId } = await api.post<{ readonly pledgeId: string }>('/v1/pledges', pledge);
  await api.post(`/v1/pledges/${pledgeId}/withdrawal`, { reason: personal('đổi ý') });
}

async function inbox(): Promise<string> {
  return Buffer.from(await fund.administrator.api.getBytes('/inbox')).toString('utf8');
}

describe('and turns up', () => {
  let exported: string;

  it('in no row of the events, the read models, the holds or anything else', async () => {
    const { seen, rows } = await inDatabase('mangnon', fund.databases().url);
    expect(seen).toEqual([]);
    expect(rows.get('event_store.events')).toBeGreaterThan(100);
    const filled = ['donations.history', 'donations.donor', 'receipts.register', 'receipts.inbox_mails'];
    expect(filled.filter((table) => (rows.get(table) ?? 0) === 0)).toEqual([]);
    expect([...rows.keys()]).toEqual(expect.arrayContaining(['ledger.held_messages', 'donations.parked']));
  });

  it('in the vault, but sealed', async () => {
    const { seen, rows } = await inDatabase('vault', fund.databases().vaultUrl);
    expect(seen).toEqual([]);
    for (const table of ['donors.records', 'donors.access_log']) expect(rows.get(table)).toBeGreaterThan(20);
    expect(rows.get('staff.records')).toBeGreaterThan(10);
  });

  it('in no message on a topic', () => {
    exported = fund.mangnon('export', 'events');
    const { seen, messages } = inTopics(exported);
    expect(seen).toEqual([]);
    expect(messages).toBeGreaterThan(30);
  });

  it('in no export, backup or replay', () => {
    fund.mangnon('backup', join(fund.folder, 'backup'));
    expect(sightings('export', Buffer.from(exported))).toEqual([]);
    expect(sightings('replay', Buffer.from(fund.mangnon('replay')))).toEqual([]);
  });

  it('in no metric, and in no head or cursor of an answer', async () => {
    const metrics = await (await fetch(`${fund.url}/metrics`)).text();
    expect(metrics).toContain('# TYPE');
    expect(sightings('/metrics', Buffer.from(metrics))).toEqual([]);
    expect(heads.length).toBeGreaterThan(200);
    expect(sightings('heads', Buffer.from(heads.join('\n')))).toEqual([]);
  });

  it('in nothing that was printed, and in no file', async () => {
    await fund.stop();
    expect(sightings('printed', Buffer.from(fund.printed))).toEqual([]);
    expect(inFiles(fund.folder)).toEqual([]);
  });

  it('where somebody leaks it: then it is seen', async () => {
    await fund.start();
    const { url } = fund.databases();
    const leaked = Buffer.from(personal('lộ')).toString('base64');
    await administer(url, `CREATE TABLE donations.leak AS SELECT '${leaked}' AS note`);
    writeFileSync(join(fund.folder, 'tmp', 'leak.txt'), personal('lộ').toUpperCase(), 'utf16le');
    const places = (seen: readonly { readonly place: string }[]) => seen.map(({ place }) => place);
    expect(places((await inDatabase('mangnon', url)).seen)).toContain('mangnon donations.leak');
    expect(places(inFiles(join(fund.folder, 'tmp')))).toContain('file leak.txt');
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
