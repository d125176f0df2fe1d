import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpException, Module, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { StoreBusy, WrongExpectedVersion } from '#event-store/event-store.js';
import type { CommandContext } from '#event-store/handle.js';
import { DomainRefusal } from '#kernel/refusal.js';
import type { Caller } from '#kernel/roles.js';
import { signedAs } from '#testing/signed-as.js';
import { keysWithin } from '../keys/key-pairs.js';
import { CLOCK, DIGEST_KEY, KNOWN_KEYS } from '../tokens.js';
import { httpAdapter } from './adapter.js';
import { Allow, AllowStaff, Public } from './allow.js';
import { AskedBy } from './asked-by.js';
import { assertGranted } from './caller.js';
import { CommandOf } from './command-of.js';
import { configureHttp } from './configure-http.js';
import { IdParam, IsChoice, IsDay, IsListOf, IsMoney, IsText, type MoneyBody } from './fields.js';
import { PageQuery } from './paging.http.js';
import { Refuses } from './problem-filter.js';
import { signContext } from './signed-context.js';

const keys = keysWithin(['baskets']);
const now = new Date('2025-05-29T01:00:00Z');
const fund = '11111111-1111-4111-8111-111111111111';
const otherFund = '22222222-2222-4222-8222-222222222222';
const staffId = '33333333-3333-4333-8333-333333333333';

class ItemBody {
  @IsText({ max: 5 })
  readonly name!: string;
}

class BasketBody {
  @IsMoney()
  readonly amount!: MoneyBody;

  @IsDay()
  readonly receivedOn!: string;

  @IsListOf(() => ItemBody, { max: 2, optional: true })
  readonly items?: readonly ItemBody[];
}

class BasketQuery extends PageQuery {
  @IsChoice(['cash', 'bank'], { optional: true })
  readonly method?: string;
}

const fail = (error: Error): never => {
  throw error;
};
const failures: Record<string, () => never> = {
  busy: () => fail(new StoreBusy(1500)),
  moved: () => fail(new WrongExpectedVersion('fund-1', 3, 4)),
  refused: () => {
    throw new DomainRefusal('basket/too-late', { days: 3 });
  },
  unanswered: () => {
    throw new DomainRefusal('basket/nobody-answers-this');
  },
  teapot: () => {
    throw new HttpException('secret', 418);
  },
  bug: () => {
    throw new Error('password=hunter2');
  },
};

@Controller('v1/baskets')
@Refuses({ 'basket/too-late': { status: 409, vi: 'Đã quá hạn.', en: 'It is too late.' } })
class BasketController {
  @Post()
  @Allow('cashier')
  record(@Body() body: BasketBody, @CommandOf() context: CommandContext): object {
    return { ...context, body };
  }

  @Post('of/:id')
  @Allow('approver')
  approve(
    @IdParam('id') id: string,
    @AskedBy() caller: Caller,
    @CommandOf() context: CommandContext,
  ): object {
    assertGranted(caller, id, 'approver');
    return { id, ...context };
  }

  @Get()
  @AllowStaff()
  list(@Query() query: BasketQuery): object {
    return query;
  }

  @Get('fails/:how')
  @Public()
  fail(@Query('how') how: string): void {
    failures[how]?.();
  }
}

@Controller('v1/forgotten')
class ForgottenController {
  @Get()
  open(): string {
    return 'open';
  }
}

function moduleOf(controllers: (new () => object)[]): object {
  @Module({
    controllers,
    providers: [
      { provide: CLOCK, useValue: { now: () => now } },
      { provide: KNOWN_KEYS, useValue: keys.known },
      { provide: DIGEST_KEY, useValue: new Uint8Array(32).fill(9) },
    ],
  })
  class SpecModule {}
  return SpecModule;
}

describe('the way with HTTP', () => {
  let app: NestFastifyApplication;
  let address: string;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(moduleOf([BasketController]), httpAdapter(), {
      logger: false,
      abortOnError: false,
    });
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
    address = await app.getUrl();
  });

  afterAll(() => app.close());

  const caller = (role: Caller['grants'][number]['role'], fundId: string, secondFactor = true): Caller => ({
    staffId,
    secondFactor,
    grants: [{ role, fundId }],
  });

  async function send(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    { as, body, headers }: { as?: Caller; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; json: Record<string, unknown>; headers: Record<string, unknown> }> {
    const answer = await fetch(`${address}${url}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(as && (await signedAs(as, keys, now))),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      headers: Object.fromEntries(answer.headers),
    };
  }

  const basket = { amount: { amount: '500000', currency: 'VND' }, receivedOn: '2025-05-29' };
  const cashier = caller('cashier', fund);
  const keyed = { 'idempotency-key': 'k1' };

  describe('who is let in', () => {
    it('refuses who sends no context', async () => {
      const answer = await send('POST', '/v1/baskets', { body: basket, headers: keyed });
      expect(answer).toMatchObject({ status: 401, json: { code: 'access/unauthenticated' } });
      expect(answer.headers).toMatchObject({
        'www-authenticate': 'Bearer',
        'content-type': 'application/problem+json; charset=utf-8',
      });
    });

    it.each([
      ['signed with another key', () => signContext(cashier, keysWithin([]).signer, 'baskets', now)],
      ['expired', () => signContext(cashier, keys.signer, 'baskets', new Date(now.getTime() - 12_000))],
      ['unsigned', () => Promise.resolve('eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.')],
    ])('refuses a context that is %s', async (_what, context) => {
      const answer = await send('GET', '/v1/baskets', { headers: { 'mangnon-context': await context() } });
      expect(answer).toMatchObject({ status: 401, json: { code: 'access/unauthenticated' } });
    });

    it('refuses another role', async () => {
      const answer = await send('POST', '/v1/baskets', {
        as: caller('viewer', fund),
        body: basket,
        headers: keyed,
      });
      expect(answer).toMatchObject({ status: 403, json: { code: 'access/forbidden' } });
    });

    it('refuses the role on another fund', async () => {
      const answer = await send('POST', `/v1/baskets/of/${fund}`, {
        as: caller('approver', otherFund),
        headers: keyed,
      });
      expect(answer).toMatchObject({ status: 403, json: { code: 'access/forbidden' } });
    });

    it('refuses an approver without the second factor', async () => {
      const answer = await send('POST', `/v1/baskets/of/${fund}`, {
        as: caller('approver', fund, false),
        headers: keyed,
      });
      expect(answer).toMatchObject({ status: 403, json: { code: 'access/second-factor-required' } });
    });

    it.each([fund, '*'])('lets the role on fund %s in', async (fundId) => {
      const as = caller('approver', fundId);
      const answer = await send('POST', `/v1/baskets/of/${fund}`, { as, headers: keyed });
      expect(answer).toMatchObject({ status: 201, json: { id: fund } });
    });

    it('refuses to boot with a route that says nothing', async () => {
      const open = await NestFactory.create<NestFastifyApplication>(
        moduleOf([ForgottenController]),
        httpAdapter(),
        {
          logger: false,
          abortOnError: false,
        },
      );
      expect(() => {
        configureHttp(open);
      }).toThrow('GET /v1/forgotten (ForgottenController.open)');
    });
  });

  describe('the Idempotency-Key', () => {
    it.each([
      [undefined, 'http/idempotency-key-missing'],
      ['', 'http/idempotency-key-missing'],
      ['x'.repeat(256), 'http/idempotency-key-malformed'],
      ['tab\tkey', 'http/idempotency-key-malformed'],
    ])('%j is answered with %s', async (value, code) => {
      const headers = value === undefined ? {} : { 'idempotency-key': value };
      const answer = await send('POST', '/v1/baskets', { as: cashier, body: basket, headers });
      expect(answer).toMatchObject({ status: 400, json: { code } });
    });

    it('gives the same command to the same key, route and person, and a digest to the body', async () => {
      const first = await send('POST', '/v1/baskets', { as: cashier, body: basket, headers: keyed });
      const reordered = { receivedOn: basket.receivedOn, amount: { currency: 'VND', amount: '500000' } };
      const again = await send('POST', '/v1/baskets', { as: cashier, body: reordered, headers: keyed });
      const other = await send('POST', '/v1/baskets', {
        as: cashier,
        body: { ...basket, receivedOn: '2025-05-28' },
        headers: keyed,
      });
      expect(again.json).toMatchObject({ commandId: first.json['commandId'], digest: first.json['digest'] });
      expect(other.json['commandId']).toBe(first.json['commandId']);
      expect(other.json['digest']).not.toBe(first.json['digest']);
      expect(first.json).toMatchObject({ actor: `staff:${staffId}`, correlationId: first.json['commandId'] });
    });

    it('gives another command to another key, another path and another person', async () => {
      const ids = new Set<unknown>();
      const approver = caller('approver', '*');
      for (const [as, id, headers] of [
        [approver, fund, keyed],
        [approver, otherFund, keyed],
        [approver, fund, { 'idempotency-key': 'k2' }],
        [{ ...approver, staffId: otherFund }, fund, keyed],
      ] as const)
        ids.add((await send('POST', `/v1/baskets/of/${id}`, { as, headers })).json['commandId']);
      expect(ids.size).toBe(4);
    });
  });

  describe('bodies and queries', () => {
    const invalid = async (body: unknown): Promise<unknown> =>
      (await send('POST', '/v1/baskets', { as: cashier, body, headers: keyed })).json['fields'];

    it('names every field that is wrong', async () => {
      const body = {
        amount: { amount: '١٢', currency: 'VND' },
        receivedOn: '2025-02-30',
        items: [{ name: 'rice' }, { name: 'too long' }],
        extra: 1,
      };
      expect(await invalid(body)).toEqual([
        { field: 'extra', reason: 'is not known here' },
        { field: 'amount.amount', reason: 'must be a whole number of at most 18 ASCII digits' },
        { field: 'receivedOn', reason: 'must be a date YYYY-MM-DD from 1900-01-01 to 2200-12-31' },
        { field: 'items[1].name', reason: 'must be a text of 1 to 5 characters' },
      ]);
    });

    it('keeps text as NFC without outer white space', async () => {
      const answer = await send('POST', '/v1/baskets', {
        as: cashier,
        body: { ...basket, items: [{ name: ' ga\u0323o ' }] },
        headers: keyed,
      });
      expect(answer.json['body']).toMatchObject({ items: [{ name: 'gạo' }] });
    });

    it('reads the limit of a page as a whole number of 1 to 200', async () => {
      expect((await send('GET', '/v1/baskets?limit=20&method=cash', { as: cashier })).json).toEqual({
        limit: 20,
        method: 'cash',
      });
      for (const query of [
        'limit=0',
        'limit=201',
        'limit=1e1',
        'limit=',
        'limit=5&limit=6',
        'cursor=%20',
        'x=1',
      ])
        expect(await send('GET', `/v1/baskets?${query}`, { as: cashier })).toMatchObject({
          status: 400,
          json: { code: 'http/invalid' },
        });
    });

    it('refuses a path id that is no UUID', async () => {
      const answer = await send('POST', '/v1/baskets/of/1', { as: caller('approver', '*'), headers: keyed });
      expect(answer).toMatchObject({
        status: 400,
        json: { fields: [{ field: 'id', reason: 'must be a UUID' }] },
      });
    });
  });

  describe('errors as problems', () => {
    it.each([
      ['busy', 503, 'http/busy'],
      ['moved', 409, 'http/conflict'],
      ['refused', 409, 'basket/too-late'],
      ['unanswered', 500, 'http/internal'],
      ['teapot', 500, 'http/internal'],
      ['bug', 500, 'http/internal'],
    ])('%s is told as %i %s', async (how, status, code) => {
      const answer = await send('GET', `/v1/baskets/fails/x?how=${how}`);
      expect(answer).toMatchObject({ status, json: { status, code, type: `/problems/${code}` } });
      expect(JSON.stringify(answer.json)).not.toMatch(/hunter2|secret|nobody|fund-1/);
    });

    it('says when to come again and which id the log has', async () => {
      expect((await send('GET', '/v1/baskets/fails/x?how=busy')).headers['retry-after']).toBe('2');
      expect((await send('GET', '/v1/baskets/fails/x?how=bug')).json['instance']).toMatch(
        /^urn:uuid:[0-9a-f-]{36}$/,
      );
    });

    it('speaks Vietnamese unless English is liked better', async () => {
      const url = '/v1/baskets/fails/x?how=refused';
      expect((await send('GET', url)).json).toMatchObject({
        title: 'Xung đột',
        detail: 'Đã quá hạn.',
        details: { days: 3 },
      });
      const english = await send('GET', url, { headers: { 'accept-language': 'vi;q=0.5, en-GB' } });
      expect(english.json).toMatchObject({ title: 'Conflict', detail: 'It is too late.' });
      expect(english.headers).toMatchObject({ 'content-language': 'en', vary: 'Accept-Language' });
    });

    it.each([
      ['GET', '/nothing', undefined, 404, 'http/not-found'],
      ['DELETE', '/v1/baskets', undefined, 405, 'http/method-not-allowed'],
      ['GET', '/v1/baskets/%zz', undefined, 400, 'http/invalid'],
      ['POST', '/v1/baskets', '{"a":1,"a":2}', 400, 'http/malformed-body'],
      ['POST', '/v1/baskets', `"${'x'.repeat(1_048_576)}"`, 413, 'http/too-large'],
    ] as const)('%s %s is told as a problem', async (method, url, body, status, code) => {
      const answer = await send(method, url, {
        as: cashier,
        headers: keyed,
        ...(body === undefined ? {} : { body }),
      });
      expect(answer).toMatchObject({ status, json: { code } });
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
      'refuses a body of type %s',
      async (type) => {
        const answer = await send('POST', '/v1/baskets', {
          as: cashier,
          body: '{}',
          headers: { ...keyed, 'content-type': type },
        });
        expect(answer).toMatchObject({ status: 415, json: { code: 'http/unsupported-media-type' } });
      },
    );

    it('names the methods that an address takes', async () => {
      expect((await send('DELETE', '/v1/baskets?x=1')).headers['allow']).toBe('GET, HEAD, POST');
    });
  });
});
