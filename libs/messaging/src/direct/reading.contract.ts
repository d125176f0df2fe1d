import assert from 'node:assert/strict';
import { comparePositions } from '#kernel/position.js';
import type { TopicSource } from '#kernel/message.js';
import { numbered, numbersOf, numbersTopic } from '#testing/messaging-direct.js';
import { numberOf, Recorder, soon, upTo } from '../contract-consumer.contract.js';
import { consumer, count, messagingOn, reading, type ConsumerCase } from './contract-numbers.contract.js';

/** What a consumer is handed at once, how far it reads ahead, and what it is told. */
export const readingCases: readonly ConsumerCase[] = [
  {
    name: 'brings everything, in order for each, when two processes read for one group',
    async run(rig) {
      const processes = [messagingOn(rig), messagingOn(rig)];
      await count(rig.store, 1, 10);
      const readers = await Promise.all(processes.map((messaging) => reading(messaging)));
      await count(rig.store, 11, 40);
      const numbers = () => readers.map(({ recorder }) => recorder.numbers('a'));
      await soon(async () => {
        assert.equal(new Set(numbers().flat()).size, 40);
        assert.equal((await rig.checkpoints.find(consumer))?.eventId, (await rig.store.head())?.eventId);
      });
      await Promise.all(processes.map((messaging) => messaging.close()));
      for (const seen of numbers())
        assert.deepEqual(
          seen,
          [...seen].sort((a, b) => a - b),
        );
    },
  },
  {
    name: 'reads no further than its window ahead of a key that fails, and goes on once it does not',
    async run(rig) {
      await count(rig.store, 1, 60);
      await count(rig.store, 1, 5, 'good');
      const recorder = new Recorder();
      recorder.refuse = ({ key }) => key === 'a';
      const seen = new Set<number>();
      const messaging = messagingOn(rig, { windowMessagesMax: 20 });
      await reading(messaging, {
        async handle(messages) {
          for (const message of messages) seen.add(numberOf(message));
          await recorder.handle(messages);
        },
      });
      await soon(() => assert.ok(recorder.failures >= 3));
      assert.deepEqual([...seen], upTo(20));
      recorder.refuse = () => false;
      await soon(() => assert.equal(recorder.handled.length, 65));
      assert.deepEqual(recorder.handled.filter(({ key }) => key === 'a').map(numberOf), upTo(60));
      await messaging.close();
    },
  },
  {
    name: 'handles no more keys at once than it may',
    async run(rig) {
      for (const key of upTo(9)) await count(rig.store, 1, 2, `key${key}`);
      let [running, most, handled] = [0, 0, 0];
      const messaging = messagingOn(rig, { keysAtOnceMax: 3 });
      await reading(messaging, {
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
      const messaging = messagingOn(rig);
      const { recorder } = await reading(messaging);
      await soon(() => assert.equal(recorder.handled.length, 6));
      await messaging.close();
      const chain = recorder.handled.filter(({ key }) => key === 'a');
      assert.equal(chain[0]?.previous, undefined);
      for (const [index, message] of chain.slice(1).entries())
        assert.deepEqual(message.previous, chain[index]?.position);
      assert.ok(comparePositions(chain[0]!.position, chain[3]!.position) < 0);
    },
  },
  {
    name: 'hands over messages of the wanted types alone, chained to one another, and passes the others for good',
    async run(rig) {
      await count(rig.store, 1, 6);
      const everyThird: TopicSource = {
        ...numbersOf(numbersTopic, 'numbers-'),
        translate(event) {
          const translated = numbersOf(numbersTopic, 'numbers-').translate(event);
          const isThird =
            translated !== undefined && (translated.data as { number: number }).number % 3 === 0;
          return translated && { ...translated, type: isThird ? 'Third.v1' : translated.type };
        },
      };
      const messaging = messagingOn(rig, { sources: [everyThird] });
      const { recorder } = await reading(messaging, { types: new Set(['Third.v1']) });
      await soon(() => assert.deepEqual(recorder.numbers('a'), [3, 6]));
      assert.deepEqual(recorder.handled[1]?.previous, recorder.handled[0]?.position);
      await count(rig.store, 7, 8);
      await soon(async () => {
        assert.equal((await rig.checkpoints.find(consumer))?.eventId, (await rig.store.head())?.eventId);
      });
      await messaging.close();
      const again = messagingOn(rig, { sources: [everyThird] });
      const second = await reading(again, { types: new Set(['Third.v1']) });
      await count(rig.store, 9, 9);
      await soon(() => assert.deepEqual(second.recorder.numbers('a'), [9]));
      await again.close();
    },
  },
];
