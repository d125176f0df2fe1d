import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { signedAs } from '#testing/signed-as.js';
import { keysWithin } from '../keys/key-pairs.js';
import { CLOCK, KNOWN_KEYS } from '../tokens.js';
import { httpAdapter } from './adapter.js';
import { AllowStaff, Public } from './allow.js';
import { configureHttp } from './configure-http.js';
import { IsListOf, IsText } from './fields.js';
import { PageQuery } from './paging.http.js';

const ownKeys = keysWithin(['abused']);
const now = new Date('2025-05-29T01:00:00Z');
const staffId = '33333333-3333-4333-8333-333333333333';

class ItemBody {
  @IsText()
  readonly name!: string;

  @IsText()
  readonly unit!: string;
}

class ItemsBody {
  @IsListOf(() => ItemBody, { max: 2 })
  readonly items!: readonly ItemBody[];
}

@Controller('v1')
class AbusedController {
  @Post('open')
  @Public()
  open(@Body() body: ItemsBody): object {
    return body;
  }

  @Post('items')
  @AllowStaff()
  items(@Body() body: ItemsBody): object {
    return body;
  }

  @Get('items/:name')
  @AllowStaff()
  show(@Param('name') name: string): object {
    return { name };
  }

  @Get('items')
  @AllowStaff()
  list(@Query() query: PageQuery): object {
    return query;
  }
}

@Module({
  controllers: [AbusedController],
  providers: [
    { provide: CLOCK, useValue: { now: () => now } },
    { provide: KNOWN_KEYS, useValue: ownKeys.known },
  ],
})
class AbusedModule {}

describe('requests made to keep the server busy', () => {
  let app: NestFastifyApplication;
  let address: string;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(AbusedModule, httpAdapter(), { logger: false });
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
    address = await app.getUrl();
  });

  afterAll(() => app.close());

  interface Told {
    readonly code: string;
    readonly fields?: readonly unknown[];
    readonly details?: object;
  }

  async function send(method: string, path: string, body?: string): Promise<Told & { status: number }> {
    const signed = await signedAs({ staffId, secondFactor: true, grants: [] }, ownKeys, now);
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...signed },
      ...(body === undefined ? {} : { body }),
    });
    return { ...((await answer.json()) as Told), status: answer.status };
  }

  const keys = (length: number, pair: (index: number) => string): string =>
    Array.from({ length }, (_, index) => pair(index)).join(',');

  it('reads no large body of anybody', async () => {
    const body = `{${keys(92_999, (index) => `"k${String(index)}":0`)}}`;
    expect(body.length).toBeLessThan(1_048_576);
    expect(await send('POST', '/v1/open', body)).toMatchObject({ status: 413, code: 'http/too-large' });
    const small = JSON.stringify({ items: [{ name: 'x'.repeat(16_300), unit: 'kg' }] });
    expect(await send('POST', '/v1/open', small)).toMatchObject({ status: 400, code: 'http/invalid' });
  });

  it('reads no object of thousands of keys, also of who is signed in', async () => {
    const body = `{${keys(80_000, (index) => `"k${String(index)}":0`)}}`;
    expect(await send('POST', '/v1/items', body)).toMatchObject({
      status: 400,
      code: 'http/malformed-body',
      details: { reason: 'too many keys in an object' },
    });
  });

  it('tells at most fifty faults', async () => {
    const answer = await send('POST', '/v1/items', `{"items":[${keys(900, () => '{}')}]}`);
    expect(answer).toMatchObject({ status: 400, code: 'http/invalid' });
    expect(answer.fields).toHaveLength(50);
  });

  it.each(['%00', 'a%00b', '%0D%0A', '%E2%80%AE'])('finds nothing under the name %s', async (name) => {
    expect(await send('GET', `/v1/items/${name}`)).toMatchObject({
      status: 400,
      code: 'http/invalid',
      fields: [{ field: 'name' }],
    });
  });

  it('refuses a query of hundreds of parameters', async () => {
    const answer = await send(
      'GET',
      `/v1/items?${keys(500, (index) => `k${String(index)}=`).replaceAll(',', '&')}`,
    );
    expect(answer).toMatchObject({ status: 400, code: 'http/invalid', fields: [{ field: 'query' }] });
  });

  it.each(['toString', 'constructor', 'hasOwnProperty'])(
    'refuses %s in a query, which every object has',
    async (name) => {
      expect(await send('GET', `/v1/items?${name}=1`)).toMatchObject({
        status: 400,
        code: 'http/invalid',
        fields: [{ field: name }],
      });
    },
  );
});
