import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { InMemoryEventStore } from '#event-store/in-memory/in-memory-event-store.js';
import { NewerEvent } from '#event-store/handle-errors.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { DirectMessaging } from '#messaging/direct/direct-messaging.js';
import { InMemoryCheckpointStore } from '#messaging/direct/in-memory-checkpoint-store.js';
import type { ConsumeOptions, Messaging } from '#messaging/messaging.js';
import type { Database } from '#postgres/pool.js';
import { eventually } from '#testing/eventually.js';
import { numbered, numberSources, numbersTopic, othersTopic } from '#testing/messaging-direct.js';
import { systemClock } from '../clock.js';
import { ConsumerDesk } from './consumer-desk.js';
import { held as message } from './hold-store.contract.js';
import { InMemoryHoldStore } from './in-memory-hold-store.js';
import type { SubscriptionExtras } from './subscriptions.js';
import { TopicTransport } from './topic-transport.js';

const handled = { books: [] as Message[], letters: [] as Message[], others: [] as Message[] };
let bug: Error | undefined;

@Module({})
class ProcessModule {}

@Controller()
class BooksSubscription {
  @EventPattern(numbersTopic)
  on(@Payload() messages: readonly Message[]): void {
    if (bug) throw bug;
    handled.books.push(...messages);
  }

  @EventPattern(othersTopic)
  async others(@Payload() messages: readonly Message[]): Promise<void> {
    await Promise.resolve();
    handled.others.push(...messages);
  }
}

@Controller()
class LettersSubscription {
  @EventPattern(numbersTopic)
  async on(@Payload() messages: readonly Message[]): Promise<string> {
    await Promise.resolve();
    handled.letters.push(...messages);
    return 'an answer that nobody asked for';
  }
}

@Controller()
class ChoosySubscription {
  @EventPattern(numbersTopic, { types: ['Lettered.v1'] } satisfies SubscriptionExtras)
  never(@Payload() _messages: object): void {
    throw new Error('never');
  }

  @EventPattern(othersTopic, { types: ['Lettered.v1', 'Numbered.v1'] } satisfies SubscriptionExtras)
  on(@Payload() messages: readonly Message[]): void {
    handled.others.push(...messages);
  }
}

@Controller()
class MisspeltSubscription {
  @EventPattern('mangnon.nubmers.v1')
  on(@Payload() _messages: object): void {
    throw new Error('never');
  }
}

@Controller()
class TwiceSubscription {
  @EventPattern(numbersTopic)
  one(@Payload() _messages: object): void {
    throw new Error('never');
  }

  @EventPattern(numbersTopic)
  two(@Payload() _messages: object): void {
    throw new Error('never');
  }
}

@Controller()
class StraySubscription {
  @EventPattern(numbersTopic)
  on(@Payload() _messages: object): void {
    throw new Error('never');
  }
}

@Module({ imports: [{ module: ProcessModule, controllers: [StraySubscription] }] })
class WithStrayModule {}
@Module({ controllers: [BooksSubscription] })
class BooksModule {}
@Module({ controllers: [LettersSubscription] })
class LettersModule {}
@Module({ controllers: [ChoosySubscription] })
class ChoosyModule {}
@Module({ controllers: [MisspeltSubscription] })
class MisspeltModule {}
@Module({ controllers: [TwiceSubscription] })
class TwiceModule {}

const noDatabase = {} as Database;
/** A number that its publisher has a bug with. */
const unlucky = 13;
const sources = numberSources.map((source) => ({
  ...source,
  translate(event: RecordedEvent) {
    const translated = source.translate(event);
    if ('number' in event.data && event.data.number === unlucky) throw new Error('a bug of the publisher');
    return translated;
  },
}));
const running: NestFastifyApplication[] = [];

async function start(modules: Readonly<Record<string, Type>>) {
  const store = new InMemoryEventStore(systemClock);
  const checkpoints = new InMemoryCheckpointStore();
  const direct = new DirectMessaging({ store, checkpoints, sources, firstPauseMs: 5 });
  const joined: ConsumeOptions[] = [];
  const messaging: Messaging = {
    consume: (options) => {
      joined.push(options);
      return direct.consume(options);
    },
    close: () => direct.close(),
  };
  const services = Object.entries(modules).map(([name, module]) => ({ name, module }));
  const troubles: unknown[] = [];
  const desk = new ConsumerDesk();
  const holds = new Map(services.map(({ name }) => [name, new InMemoryHoldStore(systemClock)]));
  const started = await NestFactory.create<NestFastifyApplication>(
    { module: ProcessModule, imports: Object.values(modules) },
    new FastifyAdapter(),
    { logger: false },
  );
  running.push(started);
  for (const { name: group } of services) {
    const onTrouble = (_where: string, cause: unknown): void => void troubles.push(cause);
    const kept = { holds: holds.get(group)!, database: noDatabase };
    const options = { group, services, messaging, desk, onTrouble, ...kept };
    started.connectMicroservice({ strategy: new TopicTransport(options) });
  }
  await started.init();
  await started.startAllMicroservices();
  return { store, troubles, desk, joined, holds };
}

function numbersIn(messages: readonly Message[]): unknown[] {
  return messages.map(({ data }) => (data as { readonly number: number }).number);
}

afterEach(async () => {
  bug = undefined;
  for (const messages of Object.values(handled)) messages.splice(0);
  for (const app of running.splice(0)) await app.close();
});

describe('the topic transport', () => {
  it('brings each service of a process its own topics, each message once', async () => {
    const { store } = await start({ books: BooksModule, letters: LettersModule });
    await store.append('numbers-a', [numbered(1), numbered(2)], 'no_stream');
    await store.append('others-a', [numbered(3)], 'no_stream');
    await eventually(() => {
      expect(numbersIn(handled.books)).toEqual([1, 2]);
      expect(numbersIn(handled.letters)).toEqual([1, 2]);
      expect(numbersIn(handled.others)).toEqual([3]);
    });
    await store.append('numbers-a', [numbered(4)], 1);
    await eventually(() => expect(numbersIn(handled.letters)).toEqual([1, 2, 4]));
    await eventually(() => expect(numbersIn(handled.books)).toEqual([1, 2, 4]));
  });

  it('brings a method only the types that it wants', async () => {
    const { store, troubles } = await start({ letters: LettersModule, choosy: ChoosyModule });
    await store.append('numbers-a', [numbered(1)], 'no_stream');
    await store.append('others-a', [numbered(2)], 'no_stream');
    await eventually(() => {
      expect(numbersIn(handled.letters)).toEqual([1]);
      expect(numbersIn(handled.others)).toEqual([2]);
    });
    for (const app of running.splice(0)) await app.close();
    expect(troubles).toEqual([]);
  });

  it('remembers a dead letter that a method did not want, so that nothing waits for it', async () => {
    const { joined, holds } = await start({ choosy: ChoosyModule });
    const letter = message(3, 'a');
    await joined.find(({ topic }) => topic === numbersTopic)?.onUnwanted?.(letter);
    expect(await holds.get('choosy')?.readAgain(numbersTopic, 'a')).toEqual(letter.position);
  });

  it('holds a key with the error as it was thrown, tells the desk, and releases it there', async () => {
    const { store, troubles, desk } = await start({ books: BooksModule, letters: LettersModule });
    bug = new TypeError('a bug of the handler');
    await store.append('numbers-a', [numbered(1)], 'no_stream');
    await eventually(() => expect(troubles).toEqual([bug]));
    await store.append('numbers-a', [numbered(2)], 0);
    await eventually(async () => {
      const [held] = await desk.held();
      expect(held).toMatchObject({ group: 'books', topic: numbersTopic, key: 'a', messages: 2 });
      expect(held?.reason).toBe('TypeError: a bug of the handler');
    });
    expect(await desk.release('books', 'a')).toEqual({ released: 0, waiting: 2, failure: bug });
    expect(troubles).toEqual([bug, bug]);
    bug = undefined;
    expect(await desk.release('books', 'a')).toEqual({ released: 2, waiting: 0, failure: undefined });
    expect(numbersIn(handled.books)).toEqual([1, 2]);
    expect(await desk.held()).toEqual([]);
    expect(await desk.release('nobody', 'a')).toBeUndefined();
  });

  it('lets messages come again when an engine was away', async () => {
    const { store, desk } = await start({ books: BooksModule });
    bug = Object.assign(new Error('down'), { code: 'ECONNREFUSED' });
    await store.append('numbers-a', [numbered(1)], 'no_stream');
    await store.append('others-a', [numbered(2)], 'no_stream');
    await eventually(() => expect(numbersIn(handled.others)).toEqual([2]));
    bug = undefined;
    await eventually(() => expect(numbersIn(handled.books)).toEqual([1]));
    expect(await desk.held()).toEqual([]);
  });

  it('stops at an event of a newer release: holds nothing, says so, and lets others go on', async () => {
    const { store, desk, troubles } = await start({ books: BooksModule, letters: LettersModule });
    const newer = new NewerEvent('Opened of fund-1 is of a type that this release does not know');
    bug = newer;
    await store.append('numbers-a', [numbered(1)], 'no_stream');
    await eventually(() =>
      expect(desk.stopped()).toEqual(new Map([[`books <- ${numbersTopic}`, newer.message]])),
    );
    expect(troubles).toEqual([newer]);
    expect(await desk.held()).toEqual([]);
    await store.append('others-a', [numbered(2)], 'no_stream');
    await eventually(() => {
      expect(numbersIn(handled.others)).toEqual([2]);
      expect(numbersIn(handled.letters)).toEqual([1]);
    });
    await store.append('numbers-b', [numbered(3)], 'no_stream');
    await eventually(() => expect(numbersIn(handled.letters)).toEqual([1, 3]));
    expect(handled.books).toEqual([]);
  });

  it('refuses to start on a topic that nobody publishes', async () => {
    await expect(start({ misspelt: MisspeltModule })).rejects.toThrow('mangnon.nubmers.v1');
  });

  it('refuses to start with a subscription of no service, which would belong to all', async () => {
    await expect(start({ books: BooksModule, stray: WithStrayModule })).rejects.toThrow(
      'belongs to no service',
    );
  });

  it('refuses to start with two methods of a service for one topic', async () => {
    await expect(start({ twice: TwiceModule })).rejects.toThrow('must have one @EventPattern method');
  });

  it('hands over nothing more once it is closed', async () => {
    const { store } = await start({ books: BooksModule });
    await store.append('numbers-a', [numbered(1)], 'no_stream');
    await eventually(() => expect(handled.books).toHaveLength(1));
    for (const app of running.splice(0)) await app.close();
    await store.append('numbers-a', [numbered(2)], 0);
    await new Promise(setImmediate);
    expect(handled.books).toHaveLength(1);
  });

  it('names a consumer that cannot go on, and stops only that one', async () => {
    const { store, desk, troubles } = await start({ books: BooksModule });
    await store.append('numbers-a', [numbered(1), numbered(unlucky)], 'no_stream');
    await eventually(() => expect([...desk.stopped().keys()]).toEqual([`books <- ${numbersTopic}`]));
    expect(numbersIn(handled.books)).toEqual([1]);
    expect(troubles).toHaveLength(1);
    await store.append('others-a', [numbered(2)], 'no_stream');
    await eventually(() => expect(numbersIn(handled.others)).toEqual([2]));
  });
});
