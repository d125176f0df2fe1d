import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { password } from '#apps/standalone/src/demo/people.js';
import { contextHeader } from '#platform/http/signed-context.js';
import { Browser } from '#testing/browser.js';
import { eventually } from '#testing/eventually.js';
import { attachmentOf, entered, mailsTo, pdfOf, receipted, record, sha256, walkMs } from './asking.js';
import { bank, FundAtWork } from './fund-at-work.js';
import { AtTheCommandLine } from './importing.js';

let work: FundAtWork;
beforeAll(async () => {
  work = await FundAtWork.open({ gatewayApart: true });
});
afterAll(() => work.close());

const anonymous = { donor: { kind: 'anonymous' } };
const named = {
  donor: {
    kind: 'named',
    details: { class: 'individual', inProvince: true, name: 'Hoàng Thị Mẫu', email: 'mau@example.org' },
  },
};

const refusal = (status: number, code: string) => ({ status, code, type: `/problems/${code}` });

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${work.url}${path}`, init);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : { text }) as Answer['body'],
  };
}

async function secretOf(login: string): Promise<string> {
  const { body } = await ask('/v1/sessions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  return String(body['secret']);
}

describe('a gateway in a process of its own', () => {
  it('hands a donation on and brings its receipt, the PDF and the mail back', async () => {
    const { donationId } = await record(work, named);
    expect(await entered(work, donationId, 1)).toHaveLength(1);
    const [receipt] = await receipted(work, donationId, { mail: { state: 'sent' } });
    expect(receipt).toMatchObject({ number: 'LS-2025-000001' });
    const pdf = await pdfOf(work, 'LS-2025-000001');
    const [mail] = await mailsTo(work, 'mau@example.org');
    expect(sha256(await attachmentOf(work, mail!))).toBe(sha256(pdf));
  });

  it('lets the same Idempotency-Key give the same answer', async () => {
    const first = await record(work, anonymous, { key: 'twice' });
    expect(await record(work, anonymous, { key: 'twice' })).toEqual(first);
    await expect(record(work, named, { key: 'twice' })).rejects.toMatchObject({ status: 422 });
  });

  it('hands a query on as it was written', async () => {
    const { api } = work.people.accountant;
    const search = `/v1/donations?fundId=${work.fundId}&purpose=${encodeURIComponent('100% a/../b')}`;
    expect(await api.get(search)).toMatchObject({ items: [] });
  });

  it('brings refusals back as the service tells them, in the language asked for', async () => {
    const refused = await ask('/v1/funds', { headers: { 'Accept-Language': 'vi' } });
    expect(refused.body).toMatchObject(refusal(401, 'access/unauthenticated'));
    expect(refused.headers.get('content-language')).toBe('vi');
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['GET', '/v1/nowhere', 404, 'http/not-found'],
    ['DELETE', '/v1/donations', 405, 'http/method-not-allowed'],
    ['GET', '/internal/description', 404, 'http/not-found'],
    ['POST', '/internal/doors/access/authenticate', 404, 'http/not-found'],
    ['GET', '/v1/../internal/description', 404, 'http/not-found'],
    ['GET', '/v1/donations/100%', 400, 'http/invalid'],
  ])('answers %s %s with %i %s', async (method, path, status, code) => {
    expect((await ask(path, { method })).body).toMatchObject(refusal(status, code));
  });

  it.each([
    ['{"login":"a","login":"b"}', 'application/json', 400, 'http/malformed-body'],
    ['a=b', 'application/x-www-form-urlencoded', 415, 'http/unsupported-media-type'],
    [JSON.stringify({ login: 'x'.repeat(20_000) }), 'application/json', 413, 'http/too-large'],
    [JSON.stringify({ login: 'x'.repeat(2_000_000) }), 'application/json', 413, 'http/too-large'],
  ])('has a body like %.20s refused', async (body, type, status, code) => {
    const headers = { 'Content-Type': type, 'X-Forwarded-For': '198.51.100.7' };
    expect((await ask('/v1/resets', { method: 'POST', headers, body })).body).toMatchObject(
      refusal(status, code),
    );
  });

  it('lets nobody name himself by a header that only the gateway may send', async () => {
    const forged = { [contextHeader]: 'eyJhbGciOiJIUzI1NiJ9.e30.AAAA', 'mangnon-service': 'gateway' };
    expect((await ask('/v1/funds', { headers: forged })).status).toBe(401);
    const secret = await secretOf(work.people.cashier.login);
    const headers = { ...forged, Authorization: `Bearer ${secret}` };
    expect((await ask('/v1/me', { headers })).status).toBe(200);
    const endless = { Cookie: `mangnon_session=${'x'.repeat(3_000)}` };
    expect((await ask('/v1/me', { headers: endless })).status).toBe(401);
  });

  it('keeps the services from being asked by anybody else', async () => {
    const doors = `${work.servicesUrl}/internal/doors/access/authenticate`;
    const headers = { 'Content-Type': 'application/json', 'mangnon-service': 'gateway' };
    expect((await fetch(doors, { method: 'POST', headers, body: '["x"]' })).status).toBe(401);
    expect((await fetch(`${work.servicesUrl}/internal/description`)).status).toBe(401);
    const secret = await secretOf(work.people.cashier.login);
    const direct = await fetch(`${work.servicesUrl}/v1/me`, {
      headers: { Authorization: `Bearer ${secret}` },
    });
    expect(direct.status).toBe(401);
  });

  it('slows down who guesses, through the API as on the pages', async () => {
    const guess = (path = '/v1/sessions'): Promise<Answer> =>
      ask(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ login: 'nobody-here', password: 'x' }),
      });
    const statuses: number[] = [];
    for (let times = 0; times < 11; times += 1) statuses.push((await guess()).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses[10]).toBe(429);
    // Another way to write the same address is the same guess.
    expect((await guess('/v1/session%73')).status).toBe(429);
  });

  it('hands a statement of a bank on as it is', async () => {
    const statement = gunzipSync(readFileSync('test/data/statement-2024-09.csv.gz')).toString('utf8');
    const lines = statement.split('\n').slice(0, 30);
    const clerk = await AtTheCommandLine.of(work, work.people.accountant);
    const statementId = await clerk.send(work.fundId, bank, lines.join('\n'));
    expect(await work.people.accountant.api.get(`/v1/statements/${statementId}`)).toMatchObject({
      statementId,
    });
  });

  it('signs people in on its pages and shows them the mailbox', async () => {
    const browser = new Browser(work.url);
    await browser.open('/sign-in');
    const page = await browser.submit('/sign-in', { login: work.people.cashier.login, password });
    expect(page.status).toBe(200);
    expect((await browser.open('/inbox')).status).toBe(403);
  });

  it('describes the whole API, and every problem', async () => {
    const { body } = await ask('/openapi.json');
    const paths = Object.keys(body['paths'] as object);
    expect(paths).toEqual(
      expect.arrayContaining(['/v1/donations', '/v1/receipts', '/v1/funds', '/v1/staff', '/v1/admin/status']),
    );
    expect(paths.filter((path) => path.startsWith('/internal'))).toEqual([]);
    expect((await ask('/problems/donation/never-heard-of')).status).toBe(404);
    expect((await ask('/problems/donation/donor-erased')).status).toBe(200);
  });

  it('puts together what operators see of every service', async () => {
    const { api } = work.people.administrator;
    const status = await api.get<{ projections: { service: string }[]; head: string }>('/v1/admin/status');
    const services = new Set(status.projections.map(({ service }) => service));
    expect([...services].sort()).toEqual(['access', 'donations', 'ledger', 'receipts']);
    expect(status.head).toMatch(/^1\.\d+$/);
    expect(await api.get('/v1/admin/held')).toEqual({ items: [] });
  });

  it('answers 503 with Retry-After while a service is away, and goes on once it is back', async () => {
    await work.stop();
    const away = await ask('/v1/resets', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login: 'somebody' }),
    });
    expect(away.body).toMatchObject(refusal(503, 'http/busy'));
    expect(away.headers.get('retry-after')).toBe('5');
    await work.start();
    await eventually(async () => {
      expect((await record(work, anonymous)).donationId).toBeDefined();
    }, walkMs);
  });
});
