import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '#apps/standalone/src/demo/api.js';
import { password } from '#apps/standalone/src/demo/people.js';
import { instantAfter } from '#kernel/instants.js';
import { roles, type Role } from '#kernel/roles.js';
import { routeTable, type RouteRow } from '#platform/http/routes.js';
import { eventually } from '#testing/eventually.js';
import { FundAtWork, type Colleague } from './fund-at-work.js';

/** What the API tells of a token when it is issued. */
interface Issued {
  readonly tokenId: string;
  readonly secret: string;
}

/** The API’s routes but for the public ones, from the controllers themselves. */
type GuardedRoute = RouteRow & { readonly access: { readonly kind: 'staff' | 'roles' } };

const nobody = '00000000-0000-4000-8000-000000000000';
/** A session lasts so long. */
const workingDayMs = 12 * 3_600_000;
/** A grant or token that is taken away counts for a second at most. */
const soon = { withinMs: 1_100, everyMs: 20 };

let work: FundAtWork;
let everything: Colleague;
let routes: readonly GuardedRoute[];

beforeAll(async () => {
  work = await FundAtWork.open();
  everything = await work.join(
    'moi.vai',
    roles.filter((role) => role !== 'administrator'),
  );
  const ofAll = { role: 'administrator', fundId: '*', from: work.today };
  await work.people.administrator.api.post(`/v1/staff/${everything.staffId}/grants`, ofAll);
  await everything.person.enrol();
  const guarded = routeTable(work.running.app).filter(
    (route): route is GuardedRoute => route.access !== undefined && route.access.kind !== 'public',
  );
  routes = guarded.filter(({ path }) => path.startsWith('/v1/'));
});
afterAll(() => work.close());

const named = ({ method, path }: RouteRow): string => `${method} ${path}`;

/** Asks a route about things of the fund that are not there; what matters is who is let in. */
async function ask({ method, path }: RouteRow, secret?: string): Promise<{ status: number; code: string }> {
  const place = path.replace('funds/:id', `funds/${work.fundId}`).replaceAll(/:[a-zA-Z]+/g, nobody);
  const answer = await fetch(`${work.url}${place}`, {
    method,
    headers: {
      'idempotency-key': crypto.randomUUID(),
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
  });
  const text = await answer.text();
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  return { status: answer.status, code: isProblem ? (JSON.parse(text) as { code: string }).code : '' };
}

/** Routes that answer otherwise than expected, with what they answered. */
async function others(
  asked: readonly GuardedRoute[],
  secret: string | undefined,
  isExpected: (answer: { status: number; code: string }) => boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const route of asked) {
    const answer = await ask(route, secret);
    if (!isExpected(answer)) found.push(`${named(route)}: ${String(answer.status)} ${answer.code}`);
  }
  return found;
}

const isUnknown = (answer: { status: number; code: string }): boolean =>
  answer.status === 401 && answer.code === 'access/unauthenticated';

/** A token of somebody with every role on every fund, narrowed to these. */
async function token(of: { readonly roles?: readonly Role[]; readonly lastsMs?: number }): Promise<Issued> {
  const { lastsMs = 3_600_000, ...scope } = of;
  const expiresAt = instantAfter(work.clock.now().toISOString(), lastsMs);
  return everything.person.api.post<Issued>('/v1/tokens', { label: 'journey', expiresAt, ...scope });
}

describe('every route of the API', () => {
  it('is among those that are asked here', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.map(named)).toEqual(
      expect.arrayContaining(['POST /v1/donations', 'GET /v1/me', 'GET /v1/admin/status']),
    );
  });

  it('knows nobody without a token or with a made-up one', async () => {
    expect(await others(routes, undefined, isUnknown)).toEqual([]);
    expect(await others(routes, `mnt_${'A'.repeat(43)}`, isUnknown)).toEqual([]);
  });

  it('lets in each role that it names, and none that it does not', async () => {
    for (const role of roles) {
      const { secret } = await token({ roles: [role] });
      const asksFor = ({ access }: GuardedRoute): boolean =>
        access.kind === 'staff' || (access as { roles: readonly Role[] }).roles.includes(role);
      const shut = routes.filter((route) => !asksFor(route));
      expect([role, await others(shut, secret, ({ code }) => code === 'access/forbidden')]).toEqual([
        role,
        [],
      ]);
      const open = routes.filter((route) => asksFor(route) && route.method === 'GET');
      const isLetIn = ({ status, code }: { status: number; code: string }): boolean =>
        status !== 401 && code !== 'access/forbidden';
      expect([role, await others(open, secret, isLetIn)]).toEqual([role, []]);
    }
  });

  it('knows nobody by a token that was revoked, within a second', async () => {
    const { tokenId, secret } = await token({});
    const [me] = routes.filter((route) => named(route) === 'GET /v1/me');
    expect(await ask(me!, secret)).toMatchObject({ status: 200 });
    await everything.person.api.post(`/v1/tokens/${tokenId}/revocation`);
    await eventually(async () => expect(await ask(me!, secret)).toMatchObject({ status: 401 }), soon);
    expect(await others(routes, secret, isUnknown)).toEqual([]);
  });

  it('knows nobody by a token or a session that has expired', async () => {
    const session = await new Api(work.url).post<Issued>('/v1/sessions', { login: 'thuquy', password });
    const secrets = [session.secret, (await token({ lastsMs: 60_000 })).secret];
    const [me] = routes.filter((route) => named(route) === 'GET /v1/me');
    for (const secret of secrets) expect(await ask(me!, secret)).toMatchObject({ status: 200 });
    await work.clock.moveTo(instantAfter(work.clock.now().toISOString(), workingDayMs));
    for (const secret of secrets) expect(await others(routes, secret, isUnknown)).toEqual([]);
  });
});

describe('a person', () => {
  const fundPath = () => `/v1/funds/${work.fundId}`;

  it('whose grant is withdrawn is let in no more, within a second, and goes on elsewhere', async () => {
    const { staffId, person } = await work.join('nghi.viec', ['viewer', 'cashier']);
    await person.api.get(fundPath());
    const shown = await work.people.administrator.api.get<{
      readonly grants: readonly { readonly grantId: string; readonly role: Role }[];
    }>(`/v1/staff/${staffId}`);
    for (const { grantId } of shown.grants)
      await work.people.administrator.api.post(`/v1/staff/${staffId}/grants/${grantId}/withdrawal`);
    await eventually(
      async () => expect(person.api.get(fundPath())).rejects.toMatchObject({ status: 403 }),
      soon,
    );
    expect(await person.api.get('/v1/me')).toMatchObject({ staffId });
  });

  it('whose grant begins tomorrow or ended yesterday has it not today', async () => {
    const { staffId, person } = await work.join('sap.vao', []);
    const grants = `/v1/staff/${staffId}/grants`;
    const { api } = work.people.administrator;
    await api.post(grants, { role: 'viewer', fundId: work.fundId, from: '2025-03-11' });
    await api.post(grants, { role: 'auditor', fundId: work.fundId, from: '2025-03-01', until: '2025-03-09' });
    await expect(person.api.get(fundPath())).rejects.toMatchObject({ status: 403 });
    await work.clock.moveTo('2025-03-11T08:00:00+07:00');
    expect(await person.api.get(fundPath())).toMatchObject({ code: 'LS' });
  });
});
