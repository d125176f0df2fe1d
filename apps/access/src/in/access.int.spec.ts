import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { accessContracts } from '#contracts/access.v1.js';
import { ledgerTopic } from '#contracts/ledger.v1.js';
import type { DomainEvent, RecordedEvent } from '#kernel/domain-event.js';
import type { Caller, Role } from '#kernel/roles.js';
import { OrphanSweep } from '#platform/operations/orphan-sweep.js';
import type { Service } from '#platform/service.js';
import { eventually } from '#testing/eventually.js';
import { openServices, type OpenedServices } from '#testing/opened-services.js';
import { signedAs } from '#testing/signed-as.js';
import { accessService } from '../access.module.js';
import { accessPublisher } from '../out/access.publisher.js';
import { FundTreeQuery } from '../read/fund/fund.query.js';

const province = randomUUID();
const commune = randomUUID();
const hamlet = randomUUID();
const elsewhere = randomUUID();

@Module({})
class NoModule {}

type FundOpened = DomainEvent<'FundOpened', { readonly fundId: string; readonly parentFundId?: string }>;

/** Stands in for the ledger's topic. */
const funds: Service = {
  name: 'ledger',
  module: NoModule,
  publishers: [
    {
      topic: ledgerTopic,
      streams: ['fund-'],
      translate: ({ data }) => {
        const { fundId } = data as FundOpened['data'];
        return { type: 'FundOpened.v1', subject: fundId, key: fundId, data };
      },
    },
  ],
  streams: [],
  projections: [],
};

describe('the access service on its engines', () => {
  let running: OpenedServices;

  beforeAll(async () => {
    running = await openServices([accessService, funds]);
    await fundOpened(province);
    await fundOpened(commune, province);
    await fundOpened(hamlet, commune);
    await fundOpened(elsewhere);
    const tree = running.app.get(FundTreeQuery, { strict: false });
    await eventually(async () => expect((await tree.under([province])).get(province)).toHaveLength(2));
  });

  afterAll(() => running.stop());

  async function fundOpened(fundId: string, parentFundId?: string): Promise<void> {
    const commandId = randomUUID();
    await running.platform.store.append(
      `fund-${fundId}`,
      [
        {
          id: randomUUID(),
          type: 'FundOpened',
          schemaVersion: 1,
          data: { fundId, ...(parentFundId === undefined ? {} : { parentFundId }) },
          ...{ actor: 'system:spec', commandId, correlationId: commandId, salt: 'salt' },
          cause: { kind: 'command', id: commandId },
        },
      ],
      'no_stream',
    );
  }

  const holding = (role: Role, ...fundIds: readonly string[]): Caller => ({
    staffId: randomUUID(),
    secondFactor: true,
    grants: fundIds.map((fundId) => ({ role, fundId })),
    credential: { kind: 'session', id: randomUUID() },
  });
  const everywhere = holding('administrator', '*');

  async function send(
    as: Caller,
    method: string,
    path: string,
    body?: object,
    key: string = randomUUID(),
  ): Promise<{ status: number; json: Record<string, unknown> }> {
    const signed = await signedAs(as, running.platform);
    const answer = await fetch(`${running.url}${path}`, {
      method,
      headers: {
        ...signed,
        ...(method === 'POST' ? { 'idempotency-key': key } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  let people = 0;
  async function register(fundId: string, name: string): Promise<string> {
    people += 1;
    const body = { fundId, name, login: `staff.${String(people)}`, email: 'staff@quy.example' };
    const answer = await send(everywhere, 'POST', '/v1/staff', body);
    expect(answer.status).toBe(201);
    return String(answer.json['staffId']);
  }

  async function caughtUp(): Promise<void> {
    const head = await running.platform.store.head();
    if (head) await running.platform.readModels.waitFor('access', head.position, 10_000);
  }

  type Listed = readonly { readonly staffId: string; readonly name: string | null }[];
  async function names(as: Caller, query = ''): Promise<readonly unknown[]> {
    await caughtUp();
    const { json } = await send(as, 'GET', `/v1/staff${query}`);
    return (json['items'] as Listed).map(({ name }) => name);
  }

  it('lists to each administrator the staff of his funds, newest first, page by page', async () => {
    for (const name of ['An', 'Bình', 'Chi']) await register(commune, name);
    const dung = await register(elsewhere, 'Dũng');
    expect(await names(holding('administrator', commune))).toEqual(['Chi', 'Bình', 'An']);
    expect(await names(holding('auditor', elsewhere))).toEqual(['Dũng']);
    expect(await names(holding('administrator', hamlet))).toEqual([]);
    const grant = { role: 'viewer', fundId: hamlet, from: '2025-01-01' };
    await send(everywhere, 'POST', `/v1/staff/${dung}/grants`, grant);
    expect(await names(holding('administrator', hamlet))).toEqual(['Dũng']);

    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = await send(everywhere, 'GET', `/v1/staff?limit=3${cursor}`);
      seen.push(...(page.json['items'] as Listed).map(({ name }) => name));
      const next = page.json['next'] as string | null;
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(seen).toEqual(['Dũng', 'Chi', 'Bình', 'An']);
  });

  it.each(['eyJ', 'WyIxIl0', 'WyJ4IiwieSJd', `WyI5OTk5OTk5OTk5OTk5OTk5OTk5IiwiMSJd`])(
    'refuses the cursor %s',
    async (cursor) => {
      expect(await send(everywhere, 'GET', `/v1/staff?cursor=${cursor}`)).toMatchObject({
        status: 400,
        json: { code: 'http/invalid' },
      });
    },
  );

  it('gives roles on the funds under a fund only to who administers them so, those to come included', async () => {
    const staffId = await register(province, 'Giang');
    const grant = { role: 'cashier', fundId: province, below: true, from: '2025-01-01' };
    const some = holding('administrator', province, commune, hamlet);
    const lower: Caller = {
      ...some,
      grants: [...some.grants, { role: 'administrator', fundId: commune, below: true }],
    };
    for (const as of [some, lower])
      expect(await send(as, 'POST', `/v1/staff/${staffId}/grants`, grant)).toMatchObject({
        status: 403,
        json: { code: 'access/forbidden' },
      });
    const onCommune = { ...grant, fundId: commune };
    expect((await send(lower, 'POST', `/v1/staff/${staffId}/grants`, onCommune)).status).toBe(201);
    const all: Caller = {
      ...some,
      grants: [...some.grants, { role: 'administrator', fundId: province, below: true }],
    };
    const onHamlet = { ...grant, fundId: hamlet };
    expect((await send(all, 'POST', `/v1/staff/${staffId}/grants`, onHamlet)).status).toBe(201);
    const given = await send(all, 'POST', `/v1/staff/${staffId}/grants`, grant);
    expect(given).toMatchObject({ status: 201, json: { ...grant, until: null } });
    const path = `/v1/staff/${staffId}/grants/${String(given.json['grantId'])}/withdrawal`;
    expect((await send(some, 'POST', path)).json['code']).toBe('access/forbidden');
    const withdrawal = randomUUID();
    expect((await send(all, 'POST', path, undefined, withdrawal)).status).toBe(204);
    expect((await send(all, 'POST', path, undefined, withdrawal)).status).toBe(204);
    expect((await send(all, 'POST', path)).json['code']).toBe('staff/grant-unknown');
  });

  it('opens a further account, and links and closes it', async () => {
    const staffId = await register(commune, 'Hà');
    const admin = holding('administrator', commune);
    const opened = await send(admin, 'POST', `/v1/staff/${staffId}/accounts`, { login: 'ha.hai' });
    expect(opened.status).toBe(201);
    const account = `/v1/staff/${staffId}/accounts/${String(opened.json['accountId'])}`;
    expect((await send(admin, 'POST', `${account}/link`)).json['link']).toMatch(/^\/password\?link=mnl_/);
    expect((await send(admin, 'POST', `${account}/unlocking`)).status).toBe(204);
    expect((await send(admin, 'POST', `${account}/closing`)).status).toBe(204);
    const shown = await send(admin, 'GET', `/v1/staff/${staffId}`);
    expect(shown.json['accounts']).toHaveLength(1);
  });

  it('changes the contact, suspends, reinstates, and lets go', async () => {
    const staffId = await register(commune, 'Khánh');
    const admin = holding('administrator', commune);
    const contact = { name: 'Khánh Linh', email: 'linh@quy.example' };
    expect(await send(admin, 'POST', `/v1/staff/${staffId}/contact`, contact)).toMatchObject({
      status: 200,
      json: { contact },
    });
    for (const [path, status] of [
      ['suspension', 'suspended'],
      ['reinstatement', 'active'],
      ['withdrawal', 'withdrawn'],
    ])
      expect((await send(admin, 'POST', `/v1/staff/${staffId}/${path}`)).json['status']).toBe(status);
    await caughtUp();
    const list = await send(admin, 'GET', '/v1/staff?status=withdrawn');
    expect(list.json['items']).toMatchObject([{ staffId, name: 'Khánh Linh' }]);
  });

  it('erases a person who has left: no name is anywhere any more', async () => {
    const staffId = await register(commune, 'Liên');
    const admin = holding('administrator', commune);
    expect((await send(admin, 'POST', `/v1/staff/${staffId}/erasure`)).json['code']).toBe(
      'staff/not-withdrawn',
    );
    expect((await send(admin, 'GET', `/v1/staff/${staffId}`)).json['contact']).toMatchObject({
      name: 'Liên',
    });
    await send(admin, 'POST', `/v1/staff/${staffId}/withdrawal`);
    expect((await send(admin, 'POST', `/v1/staff/${staffId}/erasure`)).status).toBe(200);
    expect((await send(admin, 'GET', `/v1/staff/${staffId}`)).json['contact']).toBeNull();
    const contact = { name: 'Liên', email: 'lien@example.org' };
    expect(await send(admin, 'POST', `/v1/staff/${staffId}/contact`, contact)).toMatchObject({
      status: 409,
      json: { code: 'staff/withdrawn' },
    });
  });

  it('sweeps only what no event names', async () => {
    const staffId = await register(commune, 'Mai');
    const orphan = randomUUID();
    const room = running.platform.vault.room('staff');
    await room.put({ recordId: orphan, subjectId: randomUUID() }, { text: 'left over' });
    await caughtUp();
    expect(await running.app.get(OrphanSweep, { strict: false }).sweep(0)).toBe(1);
    const reading = { actor: 'system:spec', purpose: 'spec' } as const;
    expect(await room.find(orphan, reading)).toBeUndefined();
    expect((await send(everywhere, 'GET', `/v1/staff/${staffId}`)).json['contact']).toMatchObject({
      name: 'Mai',
    });
  });

  it('claims no login name for an account that is refused', async () => {
    const first = await register(commune, 'Hải');
    const second = await register(commune, 'Hậu');
    await send(everywhere, 'POST', `/v1/staff/${first}/suspension`);
    const open = (staffId: string, login: string, key?: string) =>
      send(everywhere, 'POST', `/v1/staff/${staffId}/accounts`, { login }, key);
    expect((await open(first, 'chung.ten')).json['code']).toBe('staff/suspended');
    const key = randomUUID();
    const opened = await open(second, 'chung.ten', key);
    expect(opened.status).toBe(201);
    expect(await open(second, 'chung.ten', key)).toEqual(opened);
    expect((await open(second, 'ten.khac', key)).json['code']).toBe('idempotency/body-differs');
    const body = { fundId: commune, name: 'Hân', login: 'ten.khac', email: 'han@quy.example' };
    const registered = await send(everywhere, 'POST', '/v1/staff', body, key);
    expect(registered.status).toBe(201);
    const other = { ...body, login: 'ten.khac.nua' };
    expect((await send(everywhere, 'POST', '/v1/staff', other, key)).json['code']).toBe(
      'idempotency/body-differs',
    );
    expect((await open(second, 'ten.khac.nua')).status).toBe(201);
    expect((await open(second, 'ten.khac')).json['code']).toBe('login/taken');
  });

  it('tells others who may do what, by contracts without names', async () => {
    const told: { type: string; data: unknown }[] = [];
    for await (const { events, caughtUp: done } of running.platform.store.subscribe({
      consumer: 'spec',
      streams: [...accessPublisher.streams],
      signal: new AbortController().signal,
    })) {
      told.push(...events.flatMap((event: RecordedEvent) => accessPublisher.translate(event) ?? []));
      if (done) break;
    }
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set(Object.keys(accessContracts)));
    for (const { type, data } of told)
      expect(accessContracts[type as keyof typeof accessContracts].parse(data)).toEqual(data);
  });
});
