import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CheckpointMoved } from '#kernel/checkpoint.js';
import type { Message } from '#kernel/message.js';
import { messageOf } from '#kernel/message-of.js';
import { eventually } from '#testing/eventually.js';
import { aCount, count, jarsTopic, Pantry, shelves } from '#testing/read-models.js';
import type { MessageProjection } from './projection.js';
import type { ReadModels } from './read-models.js';
import { TopicBehind, type TakeMessages, type TopicHistory } from './topic-history.js';
import { TopicRebuild } from './topic-rebuild.js';

/** A topic as brokers keep it, in memory; every message lies there twice. */
class Shelf implements TopicHistory {
  messages: Message[] = [];
  /** Runs before each hand-over. */
  meanwhile: (handedOver: number) => Promise<void> = () => Promise.resolve();
  /** Runs at each call that reads on. */
  asked: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly leftOut = new Set<string>();
  opened = 0;
  closed = 0;

  async open() {
    let at = 0;
    this.opened += 1;
    const readOn = async (take: TakeMessages, signal: AbortSignal): Promise<void> => {
      await this.asked(signal);
      if (signal.aborted) return;
      for (const end = this.messages.length; at < end; at = Math.min(at + 2, end)) {
        const page = this.messages.slice(at, Math.min(at + 2, end));
        await this.meanwhile(at);
        await take([...page, ...page], this.leftOut);
      }
    };
    return { readOn, close: async () => void (this.closed += 1) };
  }
}

function once(): { readonly happened: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const happened = new Promise<void>((settle) => (resolve = settle));
  return { happened, resolve };
}

describe('a table of another service’s topic, built anew', () => {
  let pantry: Pantry;
  let shelf: Shelf;
  const twice: MessageProjection = shelves({ version: 2 });

  beforeEach(async () => {
    pantry = await Pantry.open();
    shelf = new Shelf();
  });
  afterEach(() => pantry.close());

  const rows = () => pantry.rows('pantry.shelves');

  async function published(jar: string, amount: string): Promise<Message> {
    await count(pantry.store, jar, aCount(amount));
    const { signal } = new AbortController();
    for await (const { events, caughtUp } of pantry.store.subscribe({ consumer: 'test', signal })) {
      const message = events.map((event) => messageOf(jarsTopic, event)).at(-1);
      if (caughtUp && message) {
        shelf.messages.push(message);
        return message;
      }
    }
    throw new Error('nothing was recorded');
  }

  async function running(projection: MessageProjection = shelves()): Promise<ReadModels> {
    const models = pantry.models([projection], [], shelf);
    await models.start();
    await models.settled(5_000);
    return models;
  }

  it('is made of what lay there before anybody read it, each message once', async () => {
    for (let number = 1; number <= 5; number += 1) await published(`jar-${String(number % 2)}`, '1');
    await running();
    expect(await rows()).toMatchObject([
      { jar: 'jar-0', total: '2', counts: 2 },
      { jar: 'jar-1', total: '3', counts: 3 },
    ]);
    expect(shelf.closed).toBe(1);
  });

  it('takes in what is handled meanwhile, also in the last moment, by however many at once', async () => {
    const models = await running();
    for (let number = 0; number < 8; number += 1)
      await models.applyMessages([shelves()], [await published('jar-1', '1')]);
    const handling: Promise<void>[] = [];
    shelf.meanwhile = async () => {
      if (handling.length >= 30) return;
      const message = await published('jar-2', '1');
      handling.push(models.applyMessages([shelves()], [message]));
    };
    await models.rebuild('pantry.shelves');
    await Promise.all(handling);
    await models.applyMessages([shelves()], [await published('jar-2', '1')]);
    const all = await rows();
    expect(all).toMatchObject([
      { jar: 'jar-1', total: '8', counts: 8 },
      { jar: 'jar-2', counts: handling.length + 1 },
    ]);
  });

  it('is not put in place where the topic ends before what the table has', async () => {
    const models = await running();
    await models.applyMessages([shelves()], [await published('jar-1', '1')]);
    const lost = await published('jar-1', '1');
    await models.applyMessages([shelves()], [lost]);
    shelf.messages.pop();
    await expect(models.rebuild('pantry.shelves')).rejects.toThrow(TopicBehind);
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '2' }]);
    expect(models.status()[0]?.rebuildFault).toMatch(/end before/);
    shelf.messages.push(lost);
    await models.rebuild('pantry.shelves');
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '2' }]);
  });

  it('is filled by one builder alone, though two believe to be it', async () => {
    await running();
    for (let number = 1; number <= 6; number += 1) await published('jar-1', '1');
    const later = new Shelf();
    later.messages = shelf.messages;
    const begun = once();
    const goOn = once();
    later.meanwhile = async () => {
      begun.resolve();
      await goOn.happened;
    };
    const rebuildFrom = (topics: TopicHistory): Promise<void> => {
      const { signal } = new AbortController();
      return new TopicRebuild(
        shelves(),
        { database: pantry.database, topics, signal },
        () => undefined,
      ).run();
    };
    const ends: Promise<unknown>[] = [];
    shelf.meanwhile = async (at) => {
      if (at !== 2) return;
      ends.push(rebuildFrom(later).catch((error: unknown) => error));
      await begun.happened;
    };
    await expect(rebuildFrom(shelf)).rejects.toThrow(CheckpointMoved);
    goOn.resolve();
    expect(await Promise.all(ends)).toEqual([undefined]);
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '6', counts: 6 }]);
  });

  it('is not made of the end of a topic alone, but without what nobody could read; a person is told', async () => {
    const lost = await published('jar-1', '1');
    const last = await published('jar-1', '2');
    shelf.messages.splice(0, 2, { ...last, previous: lost.position });
    const models = await running();
    expect(models.status()).toMatchObject([{ state: 'stopped', unbuilt: true }]);
    expect(models.status()[0]?.reason).toMatch(/test.jars.v1: does not hold the message of position/);
    expect([shelf.opened, await rows()]).toEqual([1, []]);
    shelf.messages.unshift(lost);
    await models.rebuild('pantry.shelves');
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '3' }]);
    shelf.messages.shift();
    shelf.leftOut.add('jar-1');
    await models.rebuild('pantry.shelves');
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '2' }]);
    expect(models.status()[0]?.state).toBe('live');
  });

  it('is held only to read what came since it was indexed, and given back where the brokers fall silent', async () => {
    const indexed = shelves({ indexes: [{ columns: ['note'] }] });
    const models = await running(indexed);
    await models.applyMessages([indexed], [await published('jar-1', '1')]);
    const seen: string[] = [];
    const silent = once();
    shelf.asked = async (signal) => {
      const free = await pantry.database.query<unknown[]>(
        `SELECT 1 FROM pantry.read_model WHERE slot = 'live' FOR UPDATE SKIP LOCKED`,
      );
      const indexes = await pantry.database.query<unknown[]>(
        `SELECT 1 FROM pg_indexes WHERE tablename = 'shelves__next'`,
      );
      seen.push(`${free.length > 0 ? 'free' : 'held'}, ${String(indexes.length)}`);
      if (free.length > 0 || seen.length > 4) return;
      silent.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    const rebuilding = models.rebuild('pantry.shelves');
    await silent.happened;
    await models.applyMessages([indexed], [await published('jar-1', '1')]);
    await rebuilding;
    expect(seen).toEqual(['free, 1', 'free, 1', 'free, 2', 'held, 2', 'free, 2', 'held, 2']);
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '2', counts: 2 }]);
  }, 30_000);

  it('mends a table whose fold failed, and waits for whoever reads the live one', async () => {
    const failing = shelves({
      project: () => {
        throw new Error('a bug');
      },
    });
    const models = await running(failing);
    await models.applyMessages([failing], [await published('jar-1', '1')]);
    expect(models.status()[0]?.state).toBe('stopped');
    await pantry.stop();
    const reader = pantry.database.createQueryRunner();
    await reader.startTransaction();
    await reader.query('SELECT * FROM pantry.shelves');
    const mended = pantry.models([twice], [], shelf);
    await mended.start();
    await eventually(() => expect(mended.status()[0]?.rebuild?.phase).toBe('building'));
    await mended.applyMessages([twice], [await published('jar-1', '4')]);
    await reader.commitTransaction();
    await reader.release();
    await mended.settled(20_000);
    expect(await rows()).toMatchObject([{ jar: 'jar-1', total: '5', counts: 2 }]);
  }, 30_000);
});
