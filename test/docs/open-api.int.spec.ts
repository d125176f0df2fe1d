import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { readFileSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';
import { openApiDocument } from '#platform/open-api/document.js';
import { notDescribed, type ApiAnswers } from '#platform/open-api/answers.js';
import { eventually } from '#testing/eventually.js';
import { build } from '../terminal.js';
import { ApiAtWork } from './api-at-work.js';
import { ApiChecker } from './api-checker.js';

let api: ApiAtWork;
let answers: ApiAnswers;
let description: OpenAPIObject;
let checker: ApiChecker;
let operations: readonly (readonly [string, OperationObject])[];

beforeAll(async () => {
  build();
  answers = JSON.parse(readFileSync('dist/openapi-answers.json', 'utf8')) as ApiAnswers;
  api = await ApiAtWork.open();
  description = openApiDocument(api.running.app, answers);
  checker = new ApiChecker(description);
  operations = operationsOf(description);
}, 180_000);
afterAll(() => api.close());

function operationsOf({ paths }: OpenAPIObject): readonly (readonly [string, OperationObject])[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, OperationObject>).map(
      ([method, operation]) => [`${method} ${path}`, operation] as const,
    ),
  );
}

/** The validator resolves references in place. */
const copyOf = (document: OpenAPIObject) => JSON.parse(JSON.stringify(document)) as Record<string, unknown>;

const successOf = ({ responses }: OperationObject) =>
  Object.entries(responses).find(([code]) => code.startsWith('2'));
const without = (test: (operation: OperationObject, name: string) => boolean): readonly string[] =>
  operations.filter(([name, operation]) => !test(operation, name)).map(([name]) => name);

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(copyOf(description))).toMatchObject({
      valid: true,
    });
    expect(description.openapi).toBe('3.1.0');
  });

  it('says of every route what it does, whose it is and who may call it', () => {
    expect(operations.length).toBeGreaterThan(70);
    expect(without(({ summary }) => Boolean(summary))).toEqual([]);
    expect(without((operation) => /For(:| any)/.test(operation.description ?? ''))).toEqual([]);
    const tags = new Set(description.tags?.map(({ name }) => name));
    expect(without((operation) => operation.tags?.length === 1 && tags.has(operation.tags[0] ?? ''))).toEqual(
      [],
    );
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says of every route what it answers', () => {
    const bodiless = operations
      .filter(([, operation]) => !('content' in (successOf(operation)?.[1] ?? {})))
      .map(([name, operation]) => `${name} ${successOf(operation)?.[0] ?? ''}`);
    expect(bodiless.filter((name) => !/ (202|204)$/.test(name))).toEqual([]);
    expect(JSON.stringify(description)).not.toContain(notDescribed);
  });

  it('takes any date in both times for every register and report, and gives each as JSON, CSV or XLSX', () => {
    const asked = operations
      .filter(([name]) => /(-book|-register|-by-class|\/balances|trial-balance)$/.test(name))
      .map(([name, { parameters = [] }]) => [name, parameters.map((one) => ('name' in one ? one.name : ''))]);
    expect(asked.map(([name]) => String(name).split('/').at(-1)).sort()).toEqual([
      'balances',
      'bank-book',
      'cash-book',
      'donations-by-class',
      'receipt-register',
      'trial-balance',
    ]);
    for (const [name, parameters = []] of asked)
      expect([name, parameters.includes('asOf') || parameters.includes('to'), parameters]).toEqual([
        ...[name, true, expect.arrayContaining(['recordedAt', 'format'])],
      ]);
  });

  it('holds no pages for people', () => {
    expect(Object.keys(description.paths).filter((path) => !/^\/(v1|health|metrics)/.test(path))).toEqual([]);
  });

  it('asks for an Idempotency-Key where something is recorded', () => {
    const keyed = new Set(
      operations
        .filter(([, { parameters = [] }]) =>
          parameters.some((one) => 'name' in one && one.name === 'Idempotency-Key'),
        )
        .map(([name]) => name),
    );
    expect([...keyed]).toContain('post /v1/donations');
    expect([...keyed].filter((name) => name.startsWith('get '))).toEqual([]);
    const recording = operations.map(([name]) => name).filter((name) => /^(post|put) /.test(name));
    // Nothing of these is recorded in a stream under a key: searches, what operators mend, what comes before anybody is known.
    const others = /search$|\/admin\/|\/(setup|sessions|resets|resets\/password|me\/.*)$/;
    expect(recording.filter((name) => !keyed.has(name) && !others.test(name))).toEqual([]);
  });

  it('lists the codes that a route may refuse with, by status', () => {
    const { responses } = description.paths['/v1/donations/{id}/refunds']?.post ?? { responses: {} };
    expect(responses['422']).toMatchObject({
      content: {
        'application/problem+json': {
          schema: { properties: { code: { enum: expect.arrayContaining(['donation/refund-above-left']) } } },
        },
      },
    });
    expect(Object.keys(responses).filter((code) => !code.startsWith('2'))).toEqual(
      expect.arrayContaining(['400', '401', '403', '404', '409', '422', '500', '503']),
    );
  });

  it('tells of registers that they are files too, and when one is refused', () => {
    const registers = operations.filter(([, { parameters = [] }]) =>
      parameters.some((one) => 'name' in one && one.name === 'format'),
    );
    expect(registers.map(([name]) => name)).toContain('get /v1/funds/{id}/cash-book');
    for (const [name, operation] of registers) {
      const [, success] = successOf(operation) ?? [];
      const { content = {} } = success as { content?: Record<string, { schema?: object }> };
      const types = [
        'application/json',
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'text/csv',
      ];
      expect([name, Object.keys(content).sort()]).toEqual([name, types]);
      expect(content['application/json']?.schema).toMatchObject({});
      expect(JSON.stringify(operation.responses)).toContain('http/register-too-long');
      expect(operation.responses).toHaveProperty('503');
    }
  });

  it('has one schema for one name, of bodies and of answers', () => {
    const warned = jest.spyOn(Logger, 'warn').mockReturnValue(undefined);
    const bodies = Object.keys(openApiDocument(api.running.app, undefined).components?.schemas ?? {});
    expect(warned.mock.calls).toEqual([]);
    warned.mockRestore();
    expect(bodies.filter((name) => name !== 'Problem' && name in answers.schemas)).toEqual([]);
  });

  it('says so where nothing was built', async () => {
    const bare = openApiDocument(api.running.app, undefined);
    expect(bare.info.description).toContain(notDescribed);
    expect(operationsOf(bare).map(([, operation]) => successOf(operation)?.[1])).toEqual(
      operations.map(() => ({ description: notDescribed })),
    );
    expect(await new Validator().validate(copyOf(bare))).toMatchObject({ valid: true });
  });
});

describe('answers', () => {
  const ids: Record<string, string> = {};

  const check = async (method: 'get' | 'post', path: string, body?: object): Promise<unknown> => {
    const url = path.replaceAll(/\{([A-Za-z]+)\}/g, (_, name: string) => ids[name] ?? '');
    const answer = await api.send(method.toUpperCase(), url, body);
    const described = path.split('?', 1)[0] ?? '';
    expect([path, answer.status < 300 ? [] : answer.body, checker.faults(method, described, answer)]).toEqual(
      [path, [], []],
    );
    return answer.body;
  };
  const keep = (json: unknown, names: Readonly<Record<string, string>>): void => {
    for (const [name, member] of Object.entries(names))
      ids[name] = (json as Record<string, string>)[member] ?? '';
  };

  beforeAll(async () => {
    const text = { vi: 'Thí dụ', en: 'Example' };
    const fund = {
      code: 'TD',
      level: 'province',
      name: text,
      decision: { number: '1', date: '2020-01-01', issuer: 'UBND tỉnh' },
      openedOn: '2020-01-01',
      openingBalances: [{ account: 'cash', amount: { amount: '1000', currency: 'VND' } }],
    };
    keep(await check('post', '/v1/funds', fund), { fundId: 'fundId', id: 'fundId' });
    await check('get', '/v1/funds/{id}');
    const person = {
      class: 'individual',
      inProvince: true,
      name: 'Đặng Thị Ước Thí Dụ',
      email: 'uoc@example.org',
    };
    keep(await check('post', '/v1/donors', { fundId: ids['fundId'], ...person }), { donorId: 'donorId' });
    const donation = {
      fundId: ids['fundId'],
      donor: { kind: 'named', donorId: ids['donorId'] },
      method: 'cash',
      amount: { amount: '500000', currency: 'VND' },
      receivedOn: '2020-06-01',
    };
    keep(await check('post', '/v1/donations', donation), { donationId: 'donationId' });
    await eventually(
      async () => {
        await api.caughtUp();
        const { items } = (await check('get', '/v1/receipts')) as {
          items: { number: string; mail: object }[];
        };
        expect(items).toEqual([
          expect.objectContaining({ mail: expect.objectContaining({ state: 'sent' }) }),
        ]);
        ids['number'] = items[0]?.number ?? '';
      },
      { withinMs: 40_000 },
    );
  });

  it.each([
    '/v1/funds',
    '/v1/funds/{id}/balances',
    '/v1/funds/{id}/balances?by=account',
    '/v1/funds/{id}/trial-balance',
    '/v1/funds/{id}/entries',
    '/v1/funds/{id}/receipt-template',
    '/v1/receipts/{number}',
    '/v1/receipts/{number}/pdf',
    '/v1/donations',
    '/v1/donors',
    '/v1/admin/status',
    '/v1/admin/parked',
    '/v1/admin/held',
    '/v1/staff',
    '/health/live',
    '/health/ready',
    '/metrics',
  ])('GET %s is as described', async (path) => {
    await check('get', path);
  });

  it.each(['/v1/donations/{id}', '/v1/donations/{id}/history'])('GET %s is as described', async (path) => {
    ids['id'] = ids['donationId'] ?? '';
    await check('get', path);
  });

  it('of signing in is as described', async () => {
    const first = {
      login: 'lan',
      name: 'Nguyễn Thị Lan',
      email: 'lan@example.org',
      password: 'mùa xuân trên núi',
    };
    await check('post', '/v1/setup', { link: await api.setUpLink(), ...first });
  });

  it('that refuse are as described', async () => {
    const answer = await api.post('/v1/donations', { fundId: 'LS' });
    expect([answer.status, checker.faults('post', '/v1/donations', answer)]).toEqual([400, []]);
    const unknown = await api.get('/v1/donations/00000000-0000-4000-8000-000000000000');
    expect([unknown.status, checker.faults('get', '/v1/donations/{id}', unknown)]).toEqual([404, []]);
  });

  it('that are other than described are found', async () => {
    const answer = await api.get('/v1/funds');
    const more = { ...answer, body: { ...(answer.body as object), more: 1 } };
    expect(checker.faults('get', '/v1/funds', more)).toHaveLength(1);
    expect(checker.faults('get', '/v1/funds', { ...answer, body: { items: [] } })).toHaveLength(2);
  });
});
