import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { httpAdapter } from './adapter.js';

@Controller()
class MirrorController {
  @Get()
  look(@Req() { ip, protocol, host }: FastifyRequest): readonly string[] {
    return [ip, protocol, host];
  }
}

@Module({ controllers: [MirrorController] })
class MirrorModule {}

let app: NestFastifyApplication | undefined;
afterEach(() => app?.close());

/** What the application takes a request from this machine for, which says that it comes from elsewhere. */
async function seen(trustedProxies?: readonly string[]): Promise<unknown> {
  app = await NestFactory.create<NestFastifyApplication>(
    MirrorModule,
    httpAdapter(trustedProxies ? { trustedProxies } : {}),
    { logger: false, abortOnError: false },
  );
  await app.listen(0, '127.0.0.1');
  const address = await app.getUrl();
  const headers = {
    'x-forwarded-for': '203.0.113.9, 198.51.100.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'fund.example',
  };
  const answer = (await (await fetch(address, { headers })).json()) as readonly string[];
  return answer.map((part) => (part === new URL(address).host ? 'itself' : part));
}

const direct = ['127.0.0.1', 'http', 'itself'];

describe('what a proxy in front says of a request', () => {
  it.each([[undefined], [[]]])('is ignored where no proxy is trusted: %j', async (nobody) => {
    expect(await seen(nobody)).toEqual(direct);
  });

  it.each([[['127.0.0.1']], [['::1', '127.0.0.0/8']]])(
    'is believed of a trusted one, which vouches for the address before it alone: %j',
    async (trusted) => {
      expect(await seen(trusted)).toEqual(['198.51.100.7', 'https', 'fund.example']);
    },
  );

  it('is ignored of any other', async () => {
    expect(await seen(['10.0.0.0/8'])).toEqual(direct);
  });
});
