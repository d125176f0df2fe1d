import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { accessService } from '#apps/access/src/access.module.js';
import { SetUp } from '#apps/access/src/in/set-up.js';
import { ledgerPublisher } from '#apps/ledger/src/out/ledger.publisher.js';
import { edgeGuards, gatewayService, prepareGateway } from '#apps/gateway/src/gateway.module.js';
import { Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { refusalTable } from '#platform/http/refusal-table.js';
import type { Service } from '#platform/service.js';
import { Browser } from '#testing/browser.js';
import { eventually } from '#testing/eventually.js';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { systemClock, type Clock } from '#platform/clock.js';

@Module({})
class NoModule {}

/** Access learns of funds from the ledger's topic. */
const ledgersTopic: Service = {
  name: 'ledger',
  module: NoModule,
  publishers: [ledgerPublisher],
  streams: [],
  projections: [],
};

const password = 'mùa xuân trên núi';
let aheadMs = 0;
const clock: Clock = { now: () => new Date(systemClock.now().getTime() + aheadMs) };

/** Goes on past the present code, which counts once. */
function nextCode(secret: string): string {
  aheadMs += 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });
}

describe('a person at the door', () => {
  let running: OpenedServices;
  let codes = '';

  beforeAll(async () => {
    running = await openServices([accessService, ledgersTopic, gatewayService], {
      story: { clock, follow: () => Promise.resolve() },
      edgeGuards,
      prepare: prepareGateway,
    });
  });

  afterAll(() => running.stop());

  const browser = (language = 'en'): Browser => new Browser(running.url, language);
  async function signedIn(): Promise<Browser> {
    const at = browser();
    await at.open('/sign-in');
    await at.submit('/sign-in', { login: 'lan', password });
    await at.submit('/sign-in/code', { code: nextCode(codes) });
    return at;
  }

  it('becomes the first administrator by the link from the console, and sets up the second factor', async () => {
    const link = await running.app.get(SetUp, { strict: false }).linkAtBoot();
    const at = browser();
    expect(await at.open(link ?? '')).toMatchObject({ status: 200, path: '/setup' });
    const secret = link?.split('link=')[1] ?? 'none';
    expect(at.page.html.split(secret)).toHaveLength(2);
    expect((await at.open('/language/vi?back=%2Fsetup')).html).toContain('Người quản trị đầu tiên');
    await at.open('/language/en?back=%2Fsetup');
    const mistaken = { login: 'lan', password: 'lan', name: 'Nguyễn Thị Lan', email: 'lan@quy.example' };
    expect((await at.submit('/setup', mistaken)).html).toContain('The password is too weak');
    await at.submit('/setup', { ...mistaken, password });
    expect(at.page).toMatchObject({ status: 200, path: '/second-factor' });
    expect([...at.cookies.values()]).not.toContain(secret);
    await at.submit('/second-factor');
    expect(at.page.html).toContain('<svg');
    codes = /<code>([A-Z2-7 ]+)<\/code>/.exec(at.page.html)?.[1]?.replaceAll(' ', '') ?? '';
    expect((await at.submit('/second-factor/confirmation', { code: '000000' })).html).toContain(
      'The code is wrong',
    );
    await at.submit('/second-factor/confirmation', { code: nextCode(codes) });
    expect(at.page).toMatchObject({ status: 200, path: '/' });
    expect(at.page.html).toContain('Hello, Nguyễn Thị Lan');
    expect(at.page.html).toContain('Administrator: every fund');
    expect((await browser().open(link ?? '')).status).toBe(410);
  });

  it('signs in with password and code, and is led back', async () => {
    const at = browser('vi');
    expect((await at.open('/inbox')).path).toBe('/sign-in?next=%2Finbox');
    expect(at.page.html).toContain('Đăng nhập');
    const refused = await at.submit('/sign-in', { login: 'lan', password: 'sai mật khẩu' });
    expect(refused).toMatchObject({ status: 401, path: '/sign-in' });
    expect(refused.html).toContain('Tên đăng nhập hoặc mật khẩu không đúng');
    await at.submit('/sign-in', { login: 'lan', password });
    expect(at.page.path).toBe('/sign-in/code?next=%2Finbox');
    expect((await at.open('/')).path).toBe('/sign-in/code');
    await at.submit('/sign-in/code', { code: nextCode(codes) });
    expect(at.page).toMatchObject({ path: '/' });
    expect((await at.open('/inbox')).status).toBe(404);
  });

  it('has pages that no script, frame or other site can use', async () => {
    const at = await signedIn();
    expect(at.page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*frame-ancestors 'none'/,
    );
    expect(at.page.html).not.toMatch(/<script|style="|onclick/);
    const before = at.cookies.get('mangnon_session') ?? '';
    const forged = await at.request('POST', '/sign-out', new URLSearchParams({ formToken: 'x' }));
    expect(forged.status).toBe(403);
    const other = await fetch(`${running.url}/v1/tokens`, {
      method: 'POST',
      headers: { cookie: `mangnon_session=${before}`, origin: 'https://elsewhere.example' },
    });
    expect(await other.json()).toMatchObject({ status: 403, code: 'access/cross-site' });
  });

  it('gets a new secret with every step, and none after signing out', async () => {
    const at = browser();
    await at.open('/sign-in');
    await at.submit('/sign-in', { login: 'lan', password });
    const half = at.cookies.get('mangnon_session');
    await at.submit('/sign-in/code', { code: nextCode(codes) });
    const whole = at.cookies.get('mangnon_session') ?? '';
    expect(whole).not.toBe(half);
    await at.submit('/sign-out');
    expect(at.cookies.has('mangnon_session')).toBe(false);
    aheadMs += 1_001;
    expect((await bearer('GET', '/v1/me', whole)).status).toBe(401);
  });

  async function bearer(
    method: string,
    path: string,
    secret: string,
    body?: object,
    key = crypto.randomUUID() as string,
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const answer = await fetch(`${running.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        'accept-language': 'en',
        ...(method === 'POST' ? { 'idempotency-key': key } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  describe('with a program', () => {
    const fund = '5f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e';
    const otherFund = '6f0d2c1e-7a57-5c0e-9d53-0a6f5b1c2d3e';
    let admin = '';
    let cashierId = '';
    let cashierLink = '';

    beforeAll(async () => {
      const answer = await fetch(`${running.url}/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'lan', password, code: nextCode(codes) }),
      });
      admin = ((await answer.json()) as { secret: string }).secret;
    });

    it('issues a token that shows its secret once and ends when it is revoked, at once', async () => {
      const expiresAt = new Date(clock.now().getTime() + 86_400_000).toISOString();
      const body = { label: 'cli-laptop', roles: ['administrator'], expiresAt };
      const issued = await bearer('POST', '/v1/tokens', admin, body, 'token-1');
      expect(issued).toMatchObject({ status: 201, json: { label: 'cli-laptop', secondFactor: true } });
      const again = await bearer('POST', '/v1/tokens', admin, body, 'token-1');
      expect(again).toMatchObject({ status: 201, json: { tokenId: issued.json['tokenId'], secret: null } });
      const secret = String(issued.json['secret']);
      expect(await bearer('GET', '/v1/staff', secret)).toMatchObject({ status: 200 });
      expect(await bearer('POST', '/v1/tokens', secret, body)).toMatchObject({
        status: 403,
        json: { code: 'access/session-needed' },
      });
      await bearer('POST', `/v1/tokens/${String(issued.json['tokenId'])}/revocation`, admin);
      aheadMs += 1_001;
      expect(await bearer('GET', '/v1/staff', secret)).toMatchObject({ status: 401 });
    });

    it('lets a token end itself, and nothing else of its owner', async () => {
      const expiresAt = new Date(clock.now().getTime() + 86_400_000).toISOString();
      const issue = async (label: string) =>
        (await bearer('POST', '/v1/tokens', admin, { label, roles: ['viewer'], expiresAt })).json;
      const [one, other] = [await issue('one'), await issue('other')];
      const secret = String(one['secret']);
      const { items } = (await bearer('GET', '/v1/sessions', secret)).json as {
        items: { sessionId: string }[];
      };
      for (const [method, path] of [
        ['DELETE', `/v1/sessions/${items[0]?.sessionId ?? ''}`],
        ['POST', `/v1/tokens/${String(other['tokenId'])}/revocation`],
      ] as const)
        expect(await bearer(method, path, secret)).toMatchObject({
          status: 403,
          json: { code: 'access/session-needed' },
        });
      const itself = `/v1/tokens/${String(one['tokenId'])}/revocation`;
      expect((await bearer('POST', itself, secret)).status).toBe(204);
      expect((await bearer('GET', '/v1/me', admin)).status).toBe(200);
      await bearer('POST', `/v1/tokens/${String(other['tokenId'])}/revocation`, admin);
    });

    it('registers a person once, whatever is sent again, and gives a role', async () => {
      const body = {
        fundId: fund,
        login: 'minh',
        name: 'Trần Văn Minh',
        email: 'minh@quy.example',
        phone: '+84 900 000 000',
      };
      const first = await bearer('POST', '/v1/staff', admin, body, 'minh');
      expect(first).toMatchObject({
        status: 201,
        json: { link: expect.stringMatching(/^\/password\?link=mnl_/) },
      });
      const again = await bearer('POST', '/v1/staff', admin, body, 'minh');
      expect(again.json).toEqual({ ...first.json, link: null, linkExpiresAt: null });
      const other = await bearer('POST', '/v1/staff', admin, { ...body, name: 'Khác' }, 'minh');
      expect(other).toMatchObject({ status: 422, json: { code: 'idempotency/body-differs' } });
      const taken = await bearer('POST', '/v1/staff', admin, { ...body, name: 'Trần Minh' });
      expect(taken).toMatchObject({ status: 409, json: { code: 'login/taken' } });
      cashierId = String(first.json['staffId']);
      cashierLink = String(first.json['link']);
      const grant = { role: 'cashier', fundId: fund, from: '2025-01-01' };
      expect(await bearer('POST', `/v1/staff/${cashierId}/grants`, admin, grant)).toMatchObject({
        status: 201,
      });
      expect((await bearer('GET', `/v1/staff/${cashierId}`, admin)).json).toMatchObject({
        contact: { name: 'Trần Văn Minh', phone: '+84 900 000 000' },
        grants: [grant],
        accounts: [{ login: 'minh', hasPassword: false }],
      });
    });

    it('lets that person choose a password and in, with that role on that fund only', async () => {
      const at = browser();
      expect(await at.open(cashierLink)).toMatchObject({ status: 200, path: '/password' });
      expect(at.page.html.split('mnl_')).toHaveLength(2);
      await at.submit('/password', { password: 'mùa thu bên sông' });
      expect(at.page).toMatchObject({ path: '/sign-in?done=1' });
      await at.submit('/sign-in', { login: 'minh', password: 'mùa thu bên sông' });
      expect(at.page.html).toContain('Hello, Trần Văn Minh');
      const secret = at.cookies.get('mangnon_session') ?? '';
      expect((await bearer('GET', '/v1/me', secret)).json).toMatchObject({
        session: { grants: [{ role: 'cashier', fundId: fund }] },
      });
      expect(await bearer('GET', '/v1/staff', secret)).toMatchObject({ status: 403 });
      for (const path of ['/inbox', '/inbox/1', '/inbox/1/attachments/0'])
        expect([path, (await at.open(path)).status]).toEqual([path, 403]);
    });

    it('helps out who has forgotten the password, without telling who exists', async () => {
      const at = browser('vi');
      const told: string[] = [];
      for (const login of ['minh', 'khong-co-ai']) {
        await at.open('/sign-in');
        expect(at.page.html).toContain('href="/reset"');
        await at.open('/reset');
        const { status, html } = await at.submit('/reset', { login });
        expect([status, html]).toEqual([200, expect.stringContaining('quản trị')]);
        told.push(html.replaceAll(/name="formToken" value="[^"]*"/g, ''));
      }
      expect(told[1]).toBe(told[0]);
      const shown = `/v1/staff/${cashierId}`;
      await eventually(async () =>
        expect((await bearer('GET', shown, admin)).json).toMatchObject({
          accounts: [{ linkRequested: true }],
        }),
      );
      const { json } = await bearer('POST', `${shown}/accounts/${cashierId}/link`, admin);
      await at.open(String(json['link']));
      await at.submit('/password', { password: 'mùa đông bên bếp' });
      await at.submit('/sign-in', { login: 'minh', password: 'mùa thu bên sông' });
      expect(at.page.status).toBe(401);
      await at.submit('/sign-in', { login: 'minh', password: 'mùa đông bên bếp' });
      expect(at.page).toMatchObject({ status: 200, path: '/' });
    });

    it('keeps an administrator of one fund out of another, and from taking over others', async () => {
      const made = await bearer('POST', '/v1/staff', admin, {
        fundId: otherFund,
        login: 'hoa',
        name: 'Lê Thị Hoa',
        email: 'hoa@quy.example',
      });
      const hoaId = String(made.json['staffId']);
      const grant = { role: 'administrator', fundId: otherFund, from: '2025-01-01' };
      await bearer('POST', `/v1/staff/${hoaId}/grants`, admin, grant);
      const at = browser();
      await at.open(String(made.json['link']));
      await at.submit('/password', { password: 'mùa hạ trên đồng' });
      await at.submit('/sign-in', { login: 'hoa', password: 'mùa hạ trên đồng' });
      await at.submit('/second-factor');
      const hers = /<code>([A-Z2-7 ]+)<\/code>/.exec(at.page.html)?.[1]?.replaceAll(' ', '') ?? '';
      await at.submit('/second-factor/confirmation', { code: nextCode(hers) });
      const hoa = at.cookies.get('mangnon_session') ?? '';
      expect(await bearer('GET', '/v1/staff', hoa)).toMatchObject({ status: 200 });
      expect((await at.open('/inbox')).status).toBe(403);
      for (const [method, path, body] of [
        ['GET', `/v1/staff/${cashierId}`, undefined],
        ['GET', `/v1/staff?fundId=${fund}`, undefined],
        ['POST', `/v1/staff/${cashierId}/suspension`, undefined],
        ['POST', `/v1/staff/${cashierId}/accounts/${cashierId}/link`, undefined],
        ['POST', `/v1/staff/${cashierId}/second-factor-removal`, undefined],
        ['POST', `/v1/staff/${cashierId}/grants`, { role: 'viewer', fundId: fund, from: '2025-01-01' }],
        ['POST', `/v1/staff/${hoaId}/grants`, { role: 'viewer', fundId: '*', from: '2025-01-01' }],
        ['POST', '/v1/staff', { fundId: fund, login: 'x.y.z', name: 'X', email: 'x@y.example' }],
      ] as const)
        expect([path, (await bearer(method, path, hoa, body)).json['code']]).toEqual([
          path,
          'access/forbidden',
        ]);
    });

    it('stops a suspended person within a second', async () => {
      const at = browser();
      await at.open('/sign-in');
      await at.submit('/sign-in', { login: 'minh', password: 'mùa đông bên bếp' });
      const secret = at.cookies.get('mangnon_session') ?? '';
      expect((await bearer('GET', '/v1/me', secret)).status).toBe(200);
      await bearer('POST', `/v1/staff/${cashierId}/suspension`, admin);
      aheadMs += 1_001;
      expect((await bearer('GET', '/v1/me', secret)).status).toBe(401);
    });

    it('believes no context that a client signs or sends', async () => {
      const answer = await fetch(`${running.url}/v1/me`, { headers: { 'mangnon-context': admin } });
      expect(answer.status).toBe(401);
    });

    it('describes the API, every route with who may call it', async () => {
      const document = (await (await fetch(`${running.url}/openapi.json`)).json()) as {
        openapi: string;
        paths: Record<string, Record<string, { security: unknown[]; description: string }>>;
      };
      expect(document.openapi).toBe('3.1.0');
      expect(document.paths['/v1/staff']?.['post']).toMatchObject({ security: [{ bearer: [] }] });
      expect(document.paths['/v1/staff']?.['post']?.description).toContain('administrator');
      expect(document.paths['/v1/sessions']?.['post']?.security).toEqual([]);
      const docs = await fetch(`${running.url}/docs`);
      expect([docs.status, (await fetch(`${running.url}/docs/assets/swagger-ui.css`)).status]).toEqual([
        200, 200,
      ]);
    });
  });

  it('finds every refusal told at the address that its type names', async () => {
    const modules = running.app.get(ModulesContainer, { strict: false });
    for (const code of refusalTable(modules).keys()) {
      const page = await browser().open(`/problems/${code}`);
      expect([code, page.status]).toEqual([code, 200]);
    }
    expect((await browser().open('/problems/staff/locked')).html).toContain('Too many failures');
    expect((await browser().open('/problems/staff/nothing')).status).toBe(404);
  });

  it('is slowed down when guessing', async () => {
    const statuses = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      statuses.push(
        (
          await fetch(`${running.url}/v1/sessions`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ login: 'nobody', password: 'guess' }),
          })
        ).status,
      );
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });
});
