import assert from 'node:assert/strict';
import { newId } from '#event-store/command-id.js';
import type { EventStore } from '#event-store/event-store.js';
import { CheckpointLost, type Checkpoint, type CheckpointStore } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { comparePositions } from '#kernel/position.js';
import { eventually } from '#testing/eventually.js';
import { numbered, numberSources, numbersTopic } from '#testing/messaging-direct.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { DirectMessaging, type DirectOptions } from './direct-messaging.js';
import { TranslationFailed } from './topic-reader.js';

/** What the cases run on, empty at first. */
export interface ConsumerRig {
  readonly store: EventStore;
  readonly checkpoints: CheckpointStore;
  /** Another store with the events up to this one, whose later events belong to the next incarnation. */
  restored(upTo: Checkpoint): Promise<EventStore>;
}

/** One promise of direct messaging beyond the port's contract. */
export interface ConsumerCase {
  readonly name: string;
  run(rig: ConsumerRig): Promise<void>;
}

const group = 'readers';
const consumer = `direct:${group}:${numbersTopic}`;

function messagingOn(rig: Pick<ConsumerRig, 'store' | 'checkpoints'>, options: Partial<DirectOptions> = {}) {
  return new DirectMessaging({
    store: rig.store,
    checkpoints: rig.checkpoints,
    sources: numberSources,
    firstPauseMs: 5,
    ...options,
  });
}

/** Appends the numbers `from` to `to` to a key's stream. */
async function count(store: EventStore, from: number, to: number, key = 'a'): Promise<void> {
  for (let number = from; number <= to; number += 1)
    await store.append(`numbers-${key}`, [numbered(number)], number === 1 ? 'no_stream' : number - 2);
}

function numbersOf(messages: readonly Message[]): number[] {
  return messages.map(({ data }) => (data as { readonly number: number }).number);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

function soon(check: () => void | Promise<void>): Promise<void> {
  return eventually(check, { withinMs: 10_000 });
}

/** Reads with one consumer until `last` is handled and committed, and leaves. */
async function readUpTo(rig: ConsumerRig, last: number): Promise<Checkpoint> {
  const messaging = messagingOn(rig);
  const handled: Message[] = [];
  const handle = async (messages: readonly Message[]): Promise<void> => void handled.push(...messages);
  await messaging.consume({ group, topic: numbersTopic, handle });
  await soon(() => assert.ok(numbersOf(handled).includes(last)));
  await messaging.close();
  const checkpoint = await rig.checkpoints.find(consumer);
  assert.ok(checkpoint);
  return checkpoint;
}

/** Joins on a store and waits for the consumer to stop by itself. */
async function stopOf(rig: Pick<ConsumerRig, 'store' | 'checkpoints'>): Promise<[unknown, Message[]]> {
  const messaging = messagingOn(rig);
  const handled: Message[] = [];
  const stops: unknown[] = [];
  await messaging.consume({
    group,
    topic: numbersTopic,
    handle: async (messages) => void handled.push(...messages),
    onStopped: (cause) => stops.push(cause),
  });
  await soon(() => assert.equal(stops.length, 1));
  await messaging.close();
  assert.equal(stops.length, 1);
  return [stops[0], handled];
}

export const consumerCases: readonly ConsumerCase[] = [
  {
    name: 'stops a consumer, and says so, when the store was restored from before what it saw',
    async run(rig) {
      await count(rig.store, 1, 3);
      const standing = await readUpTo(rig, 3);
      await count(rig.store, 4, 6);
      const lost = await readUpTo(rig, 6);
      const restored = await rig.restored(standing);
      const [cause, handled] = await stopOf({ store: restored, checkpoints: rig.checkpoints });
      assert.ok(cause instanceof CheckpointLost);
      assert.deepEqual(cause.checkpoint, lost);
      assert.deepEqual(handled, []);
      await restored.close();
    },
  },
  {
    name: 'stops it also when the restored store has grown past it again, while who saw less goes on',
    async run(rig) {
      await count(rig.store, 1, 3);
      const standing = await readUpTo(rig, 3);
      await count(rig.store, 4, 6);
      await readUpTo(rig, 6);
      const restored = await rig.restored(standing);
      await count(restored, 4, 9);
      const [cause, handled] = await stopOf({ store: restored, checkpoints: rig.checkpoints });
      assert.ok(cause instanceof CheckpointLost);
      assert.deepEqual(handled, []);
      const seen: Message[] = [];
      const messaging = messagingOn({ store: restored, checkpoints: rig.checkpoints });
      await rig.checkpoints.move(`direct:slow:${numbersTopic}`, undefined, standing);
      await messaging.consume({
        group: 'slow',
        topic: numbersTopic,
        handle: async (messages) => void seen.push(...messages),
      });
      await soon(() => assert.deepEqual(numbersOf(seen), [4, 5, 6, 7, 8, 9]));
      await messaging.close();
      await restored.close();
    },
  },
  {
    name: 'goes on where it stood when its subscription breaks, losing nothing',
    async run(rig) {
      const store = new UnreliableEventStore(rig.store);
      const handled: Message[] = [];
      store.breakSubscriptions = 3;
      const troubles: unknown[] = [];
      const messaging = messagingOn(
        { ...rig, store },
        { onTrouble: (_consumer, cause) => void troubles.push(cause) },
      );
      await messaging.consume({
        group,
        topic: numbersTopic,
        handle: async (messages) => void handled.push(...messages),
      });
      for (let last = 5; last <= 20; last += 5) {
        await count(rig.store, last - 4, last);
        await soon(() => assert.ok(numbersOf(handled).includes(last)));
      }
      assert.deepEqual([...new Set(numbersOf(handled))], upTo(20));
      await soon(() => assert.equal(troubles.length, 3));
      await messaging.close();
    },
  },
  {
    name: 'goes on when a commit fails, before or after it was written',
    async run(rig) {
      let failures = 4;
      const checkpoints: CheckpointStore = {
        find: (name) => rig.checkpoints.find(name),
        async move(name, expected, next) {
          const fails = failures > 0;
          failures -= 1;
          if (fails && failures % 2 === 0) throw new Error('connection terminated before the commit');
          await rig.checkpoints.move(name, expected, next);
          if (fails) throw new Error('connection terminated after the commit');
        },
      };
      const handled: Message[] = [];
      const messaging = messagingOn({ ...rig, checkpoints });
      await messaging.consume({
        group,
        topic: numbersTopic,
        handle: async (messages) => void handled.push(...messages),
      });
      for (let last = 1; last <= 10; last += 1) {
        await count(rig.store, last, last);
        await soon(() => assert.ok(numbersOf(handled).includes(last)));
      }
      await messaging.close();
      assert.deepEqual([...new Set(numbersOf(handled))], upTo(10));
      assert.deepEqual(
        (await rig.checkpoints.find(consumer))?.eventId,
        handled.at(-1)?.id,
        'the last message handled is committed',
      );
    },
  },
  {
    name: 'has committed what it handled once it has stopped',
    async run(rig) {
      let commit: () => void = () => undefined;
      const slow = new Promise<void>((resolve) => (commit = resolve));
      let commits = 0;
      const checkpoints: CheckpointStore = {
        find: (name) => rig.checkpoints.find(name),
        async move(name, expected, next) {
          commits += 1;
          await slow;
          await rig.checkpoints.move(name, expected, next);
        },
      };
      await count(rig.store, 1, 3);
      const messaging = messagingOn({ ...rig, checkpoints });
      const handle = (): Promise<void> => Promise.resolve();
      const member = await messaging.consume({ group, topic: numbersTopic, handle });
      await soon(() => assert.equal(commits, 1));
      let stopped = false;
      const stopping = member.stop().then(() => (stopped = true));
      for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
      assert.equal(stopped, false, 'it waits for its commit');
      commit();
      await stopping;
      assert.deepEqual(await rig.checkpoints.find(consumer), await rig.store.head());
    },
  },
  {
    name: 'stops where its publisher cannot translate, once everything before that is handled and committed',
    async run(rig) {
      await count(rig.store, 1, 14);
      const sources = numberSources.map((source) => ({
        ...source,
        translate(event: RecordedEvent) {
          if ((event.data as { readonly number: number }).number === 13) throw new Error('a bug');
          return source.translate(event);
        },
      }));
      const [handled, stops]: [Message[], unknown[]] = [[], []];
      const messaging = messagingOn(rig, { sources });
      await messaging.consume({
        group,
        topic: numbersTopic,
        batchMessagesMax: 3,
        handle: async (messages) => void handled.push(...messages),
        onStopped: (cause) => stops.push(cause),
      });
      await soon(() => assert.equal(stops.length, 1));
      assert.ok(stops[0] instanceof TranslationFailed);
      assert.deepEqual(numbersOf(handled), upTo(12));
      assert.equal((await rig.checkpoints.find(consumer))?.eventId, handled.at(-1)?.id);
      await messaging.close();
    },
  },
  {
    name: 'brings everything, in order for each, when two processes read for one group',
    async run(rig) {
      const handled: Message[][] = [[], []];
      const processes = handled.map(() => messagingOn(rig));
      await count(rig.store, 1, 10);
      for (const [index, messaging] of processes.entries())
        await messaging.consume({
          group,
          topic: numbersTopic,
          handle: async (messages) => void handled[index]?.push(...messages),
        });
      await count(rig.store, 11, 40);
      await soon(async () => {
        assert.equal(new Set(numbersOf(handled.flat())).size, 40);
        assert.equal((await rig.checkpoints.find(consumer))?.eventId, (await rig.store.head())?.eventId);
      });
      await Promise.all(processes.map((messaging) => messaging.close()));
      for (const messages of handled) {
        const numbers = numbersOf(messages);
        const firsts = numbers.filter((number, index) => numbers.indexOf(number) === index);
        assert.deepEqual(
          firsts,
          [...firsts].sort((a, b) => a - b),
        );
      }
    },
  },
  {
    name: 'reads no further than its window ahead of a key that fails, and goes on once it does not',
    async run(rig) {
      await count(rig.store, 1, 60);
      await count(rig.store, 1, 5, 'good');
      let [refuses, failures] = [true, 0];
      const handled: Message[] = [];
      const seen = new Set<number>();
      const messaging = messagingOn(rig, { windowMessagesMax: 20 });
      await messaging.consume({
        group,
        topic: numbersTopic,
        async handle(messages) {
          for (const number of numbersOf(messages)) seen.add(number);
          if (refuses && messages[0]?.key === 'a') {
            failures += 1;
            throw new Error('not now');
          }
          handled.push(...messages);
        },
      });
      await soon(() => assert.ok(failures >= 3));
      assert.deepEqual([...seen], upTo(20));
      refuses = false;
      await soon(() => assert.equal(handled.length, 65));
      assert.deepEqual(numbersOf(handled.filter(({ key }) => key === 'a')), upTo(60));
      await messaging.close();
    },
  },
  {
    name: 'handles no more keys at once than it may',
    async run(rig) {
      for (const key of upTo(9)) await count(rig.store, 1, 2, `key${key}`);
      let [running, most, handled] = [0, 0, 0];
      const messaging = messagingOn(rig, { keysAtOnceMax: 3 });
      await messaging.consume({
        group,
        topic: numbersTopic,
        async handle(messages) {
          running += 1;
          most = Math.max(most, running);
          await new Promise(setImmediate);
          running -= 1;
          handled += messages.length;
        },
      });
      await soon(() => assert.equal(handled, 18));
      assert.equal(most, 3);
      await messaging.close();
    },
  },
  {
    name: 'names the message before it of the same key, from the second that it reads',
    async run(rig) {
      await count(rig.store, 1, 3);
      await count(rig.store, 1, 2, 'b');
      await rig.store.append('numbers-a', [numbered(0, 'Private')], 2);
      await rig.store.append('numbers-a', [numbered(4)], 3);
      const handled: Message[] = [];
      const messaging = messagingOn(rig);
      await messaging.consume({
        group: newId(),
        topic: numbersTopic,
        handle: async (messages) => void handled.push(...messages),
      });
      await soon(() => assert.equal(handled.length, 6));
      await messaging.close();
      const chain = handled.filter(({ key }) => key === 'a');
      assert.equal(chain[0]?.previous, undefined);
      for (const [index, message] of chain.slice(1).entries())
        assert.deepEqual(message.previous, chain[index]?.position);
      assert.ok(comparePositions(chain[0]!.position, chain[3]!.position) < 0);
    },
  },
];
