import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Between being told to stop and stopping, in milliseconds, so that whoever sends work has looked away; the signal ends it. */
export type Drain = (forMs: number, signal?: AbortSignal) => Promise<void>;

/**
 * Makes a process that can be drained; before it listens. From the drain's beginning `/health/ready` answers 503 with
 * `{ "status": "draining" }`, everything else is answered as ever, also on new connections, and each answer closes its own.
 */
export function drainable(app: NestFastifyApplication): Drain {
  let isDraining = false;
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', async (request, reply) => {
    if (isDraining && request.url === '/health/ready') await reply.status(503).send({ status: 'draining' });
  });
  server.addHook('onSend', async (_request, reply) => {
    if (isDraining) void reply.header('Connection', 'close');
  });
  return async (forMs, signal) => {
    isDraining = true;
    await delay(forMs, undefined, signal && { signal }).catch(() => undefined);
  };
}
