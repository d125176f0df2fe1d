import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { RequestFault } from './request-fault.js';

/**
 * So many requests are answered at once. Whoever is let in waits for at most so many others: a second and a half where
 * two hundred a second are answered, however many more would like to be.
 */
export const requestsAtOnceMax = 256;

/** What watches over the process is answered whatever else waits. */
const watches = /^\/(health\/|metrics$)/;

/**
 * Refuses a request with 503 `http/busy` and a Retry-After, before any of it is read, while `max` others are being
 * answered. Without this the time that each waits grows for as long as more come than can be answered.
 */
export function boundRequestsAtOnce(app: NestFastifyApplication, max = requestsAtOnceMax): void {
  let underWay = 0;
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request, reply) => {
      if (watches.test(request.url)) return;
      if (underWay >= max) throw new RequestFault('http/busy', { headers: { 'Retry-After': '1' } });
      underWay += 1;
      reply.raw.once('close', () => {
        underWay -= 1;
      });
    });
}
