import type { Message, TopicSource } from '#kernel/message.js';
import type { Caller, Role } from '#kernel/roles.js';
import { OperationsModule } from '#platform/operations/operations.module.js';
import type { Service } from '#platform/service.js';
import { newId } from '#event-store/command-id.js';
import { newEvent } from './events.js';
import { openServices, type OpenedServices } from './opened-services.js';
import { signedAs, type OwnGateway } from './signed-as.js';

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

type Told = Pick<Message, 'type' | 'subject' | 'key' | 'data'>;

/** One service on real engines, asked as the gateway would. */
export interface ServiceApp {
  readonly services: OpenedServices;
  /** Sends a request in English. */
  readonly send: (method: string, url: string, sent: Sent) => Promise<Answer>;
  /** GETs once the read models have taken in all that is in the store. */
  readonly ask: (url: string, as: Caller) => Promise<Answer>;
  /** What another service says on the topic, or on another that the service listens to; id, position and time are the store's. */
  readonly tell: (message: Told, topic?: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A person holding one role on one fund (`*` for all), with the second factor given. */
export function holding(role: Role, fundId: string): Caller {
  return {
    staffId: '33333333-3333-4333-8333-333333333333',
    secondFactor: true,
    grants: [{ role, fundId }],
  };
}

/** Runs one service, and a stand-in for those whose topics it listens to. */
export async function serviceApp(service: Service, topic: string): Promise<ServiceApp> {
  const own = service.publishers.map((publisher) => publisher.topic);
  const known = Object.keys(service.knows ?? {}).filter((one) => !own.includes(one));
  const services = await openServices([service, standIn([...new Set([topic, ...known])])]);
  const { platform, url: origin } = services;
  const send: ServiceApp['send'] = async (method, url, sent) => {
    const answer = await fetch(`${origin}${url}`, await requestOf(method, sent, platform));
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };
  return {
    services,
    send,
    async ask(url, as) {
      const head = await platform.store.head();
      if (head) await platform.readModels.waitFor(service.name, head.position, 10_000);
      return send('GET', url, { as });
    },
    async tell(message, on = topic) {
      const told = newEvent('Told', { topic: on, message });
      await platform.store.append(`told-${newId()}`, [told], 'no_stream');
    },
    stop: () => services.stop(),
  };
}

/** Its module is one that every process has anyway. */
function standIn(topics: readonly string[]): Service {
  const publishers = topics.map((topic): TopicSource => ({
    topic,
    streams: ['told-'],
    translate: ({ data }) => {
      const told = data as { readonly topic: string; readonly message: Told };
      return told.topic === topic ? told.message : undefined;
    },
  }));
  return {
    name: 'stand_in',
    module: OperationsModule,
    publishers,
    streams: ['told-'],
    projections: [],
  };
}

async function requestOf(
  method: string,
  { as, body, idempotencyKey }: Sent,
  platform: OwnGateway,
): Promise<RequestInit> {
  const headers = {
    ...(await signedAs(as, platform)),
    'accept-language': 'en',
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  return { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
}
