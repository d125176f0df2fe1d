import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventually } from '#testing/eventually.js';
import { httpAdapter } from './adapter.js';
import { boundRequestsAtOnce } from './at-once.js';
import { ProblemFilter } from './problem-filter.js';

let arrived = 0;
let answerAll: () => void;
let answered: Promise<void>;

@Controller()
class SlowController {
  @Get('slow')
  async slow(): Promise<string> {
    arrived += 1;
    await answered;
    return 'done';
  }

  @Get('health/live')
  live(): string {
    return 'alive';
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

describe('requests at once', () => {
  let app: NestFastifyApplication;
  let url: string;

  beforeEach(async () => {
    arrived = 0;
    answered = new Promise((resolve) => (answerAll = resolve));
    app = await NestFactory.create<NestFastifyApplication>(SlowModule, httpAdapter(), { logger: false });
    app.useGlobalFilters(new ProblemFilter());
    boundRequestsAtOnce(app, 3);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterEach(async () => {
    answerAll();
    await app.close();
  });

  const slow = (signal?: AbortSignal): Promise<Response> => fetch(`${url}/slow`, signal ? { signal } : {});
  const allArrived = (count: number): Promise<void> => eventually(() => expect(arrived).toBe(count));

  it('are as many as may be; one more is told to come again, and whoever watches is answered', async () => {
    const letIn = [slow(), slow(), slow()];
    await allArrived(3);
    const refused = await slow();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({ code: 'http/busy', status: 503 });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    answerAll();
    expect((await Promise.all(letIn)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await slow()).status).toBe(200);
  });

  it('make room when somebody goes away unanswered, and none by being refused', async () => {
    const leaving = new AbortController();
    const left = slow(leaving.signal).catch((error: unknown) => (error as Error).name);
    const stay = [slow(), slow()];
    await allArrived(3);
    for (let times = 0; times < 5; times += 1) expect((await slow()).status).toBe(503);
    leaving.abort();
    expect(await left).toBe('AbortError');
    // The server hears of it a moment later.
    const next = eventually(async () => {
      const asked = slow();
      const told = await Promise.race([
        asked.then(({ status }) => status),
        allArrived(4).then(() => 'let in'),
      ]);
      expect(told).toBe('let in');
      return asked;
    });
    await allArrived(4);
    expect((await slow()).status).toBe(503);
    answerAll();
    expect((await next).status).toBe(200);
    await Promise.all(stay);
  });
});
