import { afterEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { httpAdapter } from '../http/adapter.js';
import { OtlpTracer } from './otlp-tracer.js';
import { traceBy, type SpanStart } from './spans.js';
import { traceRequests } from './traced-requests.js';

@Module({})
class NothingModule {}

const traceId = 'a'.repeat(32);
const kept = `00-${traceId}-${'1'.repeat(16)}-01`;
const notKept = kept.replace(/01$/, '00');

afterEach(() => traceBy(undefined));

describe('the trace of whoever asks', () => {
  it.each([true, false])('is that of a stranger where the process is the door: %s', async (isDoor) => {
    const started: SpanStart[] = [];
    traceBy({
      open: (start) => {
        started.push(start);
        return { traceparent: kept, add: () => undefined, end: () => undefined };
      },
    });
    const app = await NestFactory.create<NestFastifyApplication>(NothingModule, httpAdapter(), {
      logger: false,
    });
    traceRequests(app, isDoor);
    await app.init();
    await app.inject({ method: 'GET', url: '/v1/anything', headers: { traceparent: kept } });
    await app.close();
    expect(started).toMatchObject([{ parent: kept, isOfStranger: isDoor }]);
  });

  it.each([
    ['is kept by lot alone where it is a stranger’s', 0, kept, true, '00'],
    ['is kept where all are', 1, kept, true, '01'],
    ['is not kept where it says so', 1, notKept, true, '00'],
    ['is kept as it says where it is one of us', 0, kept, false, '01'],
  ])('%s', (_what, share, parent, isOfStranger, flags) => {
    const tracer = new OtlpTracer('spec', { url: 'http://127.0.0.1:1', share });
    const span = tracer.open({ name: 'GET', kind: 'server', parent, isOfStranger });
    const [, id, , ends] = span.traceparent.split('-');
    expect([id, ends]).toEqual([traceId, flags]);
  });
});
