import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import type { Caller, Role } from '#kernel/roles.js';
import type { Clock } from '#platform/clock.js';
import { httpAdapter } from '#platform/http/adapter.js';
import { configureHttp } from '#platform/http/configure-http.js';
import { signContext } from '#platform/http/signed-context.js';
import { PlatformModule, type Platform } from '#platform/platform.module.js';
import type { Service } from '#platform/service.js';
import { ReadModels } from '#read-models/read-models.js';
import { readDatabase } from './read-models.js';

/** An answer of {@link ServiceApp}. */
export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

/** What a request carries. */
export interface Sent {
  readonly as: Caller;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

/** One service that listens, on an in-memory store and real read models, without the vault and without messaging. */
export interface ServiceApp {
  readonly app: NestFastifyApplication;
  readonly store: InMemoryEventStore;
  /** Sends a request in English, as the gateway would. */
  readonly send: (method: string, url: string, sent: Sent) => Promise<Answer>;
  /** GETs once the read models have taken in all that is in the store. */
  readonly ask: (url: string, as: Caller) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

const key = new Uint8Array(32).fill(3);

/** A person holding one role on one fund (`*` for all), with the second factor given. */
export function holding(role: Role, fundId: string): Caller {
  return {
    staffId: '33333333-3333-4333-8333-333333333333',
    secondFactor: true,
    grants: [{ role, fundId }],
  };
}

/** Serves one service's routes on a free port. */
export async function serviceApp(service: Service, clock: Clock): Promise<ServiceApp> {
  const read = await readDatabase();
  const { database } = read;
  const store = new InMemoryEventStore(clock);
  const readModels = new ReadModels({ store, database, lingerMs: 1 });
  readModels.register(service.name, service.projections);
  readModels.registerSources(service.publishers);
  await readModels.start();
  const app = await listening(service, { store, clock, readDatabase: database, readModels });
  const address = await app.getUrl();
  const send: ServiceApp['send'] = async (method, url, sent) => {
    const answer = await fetch(`${address}${url}`, await requestOf(method, sent, clock));
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };
  return {
    app,
    store,
    send,
    async ask(url, as) {
      const head = await store.head();
      if (head) await readModels.waitFor(service.name, head.position, 10_000);
      return send('GET', url, { as });
    },
    async stop() {
      await app.close();
      await readModels.stop();
      await read.drop();
    },
  };
}

async function requestOf(
  method: string,
  { as, body, idempotencyKey }: Sent,
  clock: Clock,
): Promise<RequestInit> {
  const headers = {
    'mangnon-context': await signContext(as, key, clock.now()),
    'accept-language': 'en',
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  return { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
}

async function listening(service: Service, given: Partial<Platform>): Promise<NestFastifyApplication> {
  const platform = { services: [service], digestKey: key, contextKey: key, ...given } as Platform;
  @Module({ imports: [PlatformModule.with(platform), service.module] })
  class SpecModule {}
  const app = await NestFactory.create<NestFastifyApplication>(SpecModule, httpAdapter(), {
    logger: false,
    abortOnError: false,
    bodyParser: false,
  });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return app;
}
