import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '#platform/open-api/document.js';
import { services } from '#apps/standalone/src/standalone.module.js';
import { balancesOf, everyItem } from '#apps/standalone/src/demo/figures.js';
import { newId } from '#event-store/command-id.js';
import { instantAfter } from '#kernel/instants.js';
import { AllowStaff } from '#platform/http/allow.js';
import type { Service } from '#platform/service.js';
import { expectAlerts } from '#testing/alerts.js';
import { eventually } from '#testing/eventually.js';
import { donationOf, mailsTo, receipted, walkMs } from '../journeys/asking.js';
import { replayed } from '../journeys/auditing.js';
import { vnd } from '../journeys/fund-at-work.js';
import { badDonations } from './bad-donations.js';
import { badOthers } from './bad-others.js';
import { Bench, type Asked, type BadInput, type Refusal } from './bench.js';

expectAlerts(/^\[Http\] urn:uuid:\S+ POST \/v1\/planted: Error: password=hunter2/);

@Controller('v1/planted')
class PlantedController {
  @Post()
  @AllowStaff()
  fail(): never {
    throw Object.assign(new Error('password=hunter2 at "books.events"'), { detail: 'Lữ Thị Hiếm' });
  }
}

@Module({ controllers: [PlantedController] })
class PlantedModule {}

const planted: Service = {
  name: 'planted',
  module: PlantedModule,
  publishers: [],
  streams: [],
  projections: [],
};

type Told = Pick<BadInput, 'what' | 'status' | 'code'>;

/** What takes more than one request to show. */
const alsoTold = {
  otherBody: {
    ...{ what: 'the same Idempotency-Key with another body', status: 422 },
    code: 'idempotency/body-differs',
  },
  roleLost: {
    ...{ what: 'a token whose person lost the role two seconds ago', status: 403 },
    code: 'access/forbidden',
  },
  expired: { what: 'a token that has expired', status: 401, code: 'access/unauthenticated' },
  fault: { what: 'a fault of ours, told by an id alone', status: 500, code: 'http/internal' },
} as const;

/** Every kind that one request shows, in the order of the page. */
const badInputs = [...badDonations, ...badOthers];

let bench: Bench;
let description: OpenAPIObject;
/** What was taken and how much of it is left, for the books to hold exactly. */
const accepted = new Map<string, bigint>();

beforeAll(async () => {
  bench = await Bench.open([planted, ...services]);
  description = openApiDocument(bench.work.running.app, undefined);
  const { whole, left, voided } = bench.donations;
  accepted.set(whole, 500_000n).set(left, 300_000n).set(voided, 0n);
}, 120_000);
afterAll(() => bench.close());

/** Where the store ends once everything that goes on by itself has come to rest. */
function head(): Promise<number> {
  const { store, readModels } = bench.work.running.platform;
  return eventually(async () => {
    const before = await store.head();
    for (const { name, projections } of services)
      if (before && projections.length > 0) await readModels.waitFor(name, before.position, 20_000);
    const after = await store.head();
    expect(after).toEqual(before);
    return after?.position.number ?? 0;
  }, walkMs);
}

/** The codes that the description names for such an answer. */
function describedCodes(path: string, method: string, status: number): unknown {
  const template = path.split('?', 1)[0]!.replace(/[0-9a-f-]{36}/, '{id}');
  const { responses } = description.paths[template]![method.toLowerCase() as 'get' | 'post']!;
  const told = responses[String(status)] as { content?: Record<string, { schema: unknown }> } | undefined;
  const schema = told?.content?.['application/problem+json']?.schema;
  return (schema as { properties: { code: { enum: unknown } } } | undefined)?.properties.code.enum;
}

/** What of an answer is not a clear refusal of that kind. */
function expectRefused(asked: Asked, { status, type, body }: Refusal, expected: Told): void {
  expect([asked.body, status, body['code']]).toEqual([asked.body, expected.status, expected.code]);
  expect(type).toBe('application/problem+json; charset=utf-8');
  expect(body).toMatchObject({
    type: `/problems/${expected.code}`,
    title: expect.stringMatching(/./),
    detail: expect.stringMatching(/./),
    status,
  });
  expect(describedCodes(asked.path, asked.method ?? 'POST', status)).toContain(expected.code);
}

describe('bad input', () => {
  it.each(badInputs)('is refused, and nothing recorded: $what', async (row) => {
    const before = await head();
    const requests = row.asked(bench);
    expect(requests).not.toEqual([]);
    for (const asked of requests) expectRefused(asked, await bench.send(asked), row);
    expect(await head()).toBe(before);
  });

  it('stands in docs/reference/bad-input.md with its answers', () => {
    const page = readFileSync('docs/reference/bad-input.md', 'utf8');
    const cells = (line: string) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const rows = page
      .split('\n')
      .filter((line) => /\| [0-9]{3} +\|/.test(line))
      .map(cells);
    expect(rows).toEqual(
      [...badInputs, ...Object.values(alsoTold)].map(({ what, status, code }) => [
        what,
        String(status),
        `\`${code}\``,
      ]),
    );
  });
});

describe('the same Idempotency-Key', () => {
  it('fifty times at once makes one donation and one answer', async () => {
    const asked = { path: '/v1/donations', body: bench.donation({ amount: vnd(50_000) }), key: newId() };
    const answers = await Promise.all(Array.from({ length: 50 }, () => bench.send(asked)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 201 });
    accepted.set(String(answers[0]!.body['donationId']), 50_000n);
  });

  it('with another body is refused, and the first answer stays', async () => {
    const key = newId();
    const path = '/v1/donations';
    const first = await bench.send({ path, body: bench.donation({ amount: vnd(70_000) }), key });
    accepted.set(String(first.body['donationId']), 70_000n);
    const other = { path, body: bench.donation({ amount: vnd(70_001) }), key };
    expectRefused(other, await bench.send(other), alsoTold.otherBody);
    expect(await bench.send({ path, body: bench.donation({ amount: vnd(70_000) }), key })).toEqual(first);
  });
});

describe('a name that is somebody’s way in', () => {
  it('is kept as it is written, and adds no header and no reader to a mail', async () => {
    const { work } = bench;
    for (const [nth, name] of [
      "=cmd|' /C calc'!A0",
      '@SUM(1+1)*cmd',
      'Lý" <vao@example.org>, "Mẫu',
    ].entries()) {
      const email = `ten-${String(nth)}@example.org`;
      const details = { class: 'individual', inProvince: true, name, email };
      const body = bench.donation({ donor: { kind: 'named', details }, amount: vnd(10_000) });
      const { status, body: told } = await bench.send({ path: '/v1/donations', body });
      expect(status).toBe(201);
      const donationId = String(told['donationId']);
      accepted.set(donationId, 10_000n);
      await receipted(work, donationId, { mail: { state: 'sent' } });
      const mails = await mailsTo(work, email);
      expect(mails).toHaveLength(1);
      expect(mails[0]).toMatchObject({ subject: expect.stringContaining('LS-2025-') });
      const { donor } = await donationOf(work, donationId);
      const shown = await work.people.accountant.api.get(`/v1/donors/${String(donor.donorId)}`);
      expect(shown).toMatchObject({ name });
    }
    expect(await mailsTo(work, 'vao@example.org')).toEqual([]);
  }, 120_000);
});

describe('a token', () => {
  it('of a person who lost the role two seconds ago is refused', async () => {
    const { people, fundId } = bench.work;
    const asked = { path: '/v1/donations', body: bench.donation(), as: bench.tokens.leaving };
    const taken = await bench.send(asked);
    expect(taken.status).toBe(201);
    accepted.set(String(taken.body['donationId']), 500_000n);
    const staff = `/v1/staff/${bench.ids.leaverId}`;
    const { grants } = await people.administrator.api.get<{ grants: readonly { grantId: string }[] }>(staff);
    for (const { grantId } of grants)
      await people.administrator.api.post(`${staff}/grants/${grantId}/withdrawal`);
    // A reading records nothing while the role is still believed.
    const reading = { method: 'GET', path: `/v1/funds/${fundId}`, as: asked.as } as const;
    const refused = async (): Promise<void> =>
      expect(await bench.send(reading)).toMatchObject({ status: 403 });
    await eventually(refused, { withinMs: 2_000, everyMs: 50 });
    expectRefused(asked, await bench.send(asked), alsoTold.roleLost);
  });
});

describe('a fault of ours', () => {
  it('is told by an id and nothing of what went wrong', async () => {
    const asked = { path: '/v1/planted', body: {} };
    const answer = await bench.send(asked);
    expectRefused(asked, answer, alsoTold.fault);
    expect(Object.keys(answer.body).sort()).toEqual([
      'code',
      'detail',
      'instance',
      'status',
      'title',
      'type',
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|Hiếm|books|Error|\.ts/);
  });
});

describe('after all of it', () => {
  it('the books hold exactly what was taken', async () => {
    const { work } = bench;
    const { api } = work.people.accountant;
    await head();
    const listed = await everyItem<{ readonly donationId: string }>(
      api,
      `/v1/donations?fundId=${work.fundId}`,
    );
    expect(listed.map(({ donationId }) => donationId).sort()).toEqual([...accepted.keys()].sort());
    const entries = await everyItem<{ readonly kind: string }>(
      api,
      `/v1/funds/${work.fundId}/entries?from=2024-01-01`,
    );
    expect(entries.filter(({ kind }) => kind === 'donation')).toHaveLength(accepted.size);
    const receipts = await everyItem<{ readonly number: string }>(api, `/v1/receipts?fund=${work.fundId}`);
    // The refund in part took one more.
    expect(receipts).toHaveLength(accepted.size + 1);
    const [unrestricted] = await balancesOf(api, work.fundId);
    const left = [...accepted.values()].reduce((sum, each) => sum + each, 0n);
    expect(unrestricted).toMatchObject({ purpose: 'unrestricted', available: { amount: String(left) } });
    await replayed(work);
  });

  it('and a token that has expired is refused', async () => {
    const { clock } = bench.work;
    await clock.moveTo(instantAfter(clock.now().toISOString(), 9 * 3_600_000));
    const asked = { path: '/v1/donations', body: bench.donation() };
    expectRefused(asked, await bench.send(asked), alsoTold.expired);
  });
});
