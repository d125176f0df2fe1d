import assert from 'node:assert/strict';
import { comparePositions } from '#kernel/position.js';
import {
  join,
  numberOf,
  Recorder,
  rounds,
  soon,
  upTo,
  type MessagingCase,
} from './contract-consumer.contract.js';

/** What a topic brings to whom, and in which order. */
export const orderCases: readonly MessagingCase[] = [
  {
    name: 'brings every message whole and in the order of its key, from before and after joining',
    async run(engine) {
      const recorder = new Recorder();
      await engine.publish(engine.topic, rounds(['a', 'b', 'c'], 50));
      await join(engine.messaging, engine, recorder);
      await engine.publish(engine.topic, rounds(['a', 'b', 'c'], 50, 51));
      await soon(() => assert.equal(recorder.handled.length, 300));
      for (const key of ['a', 'b', 'c']) {
        const messages = recorder.handled.filter((message) => message.key === key);
        assert.deepEqual(messages.map(numberOf), upTo(100));
        messages.reduce((before, message) => {
          assert.ok(comparePositions(before.position, message.position) < 0, 'positions rise');
          return message;
        });
      }
      const first = recorder.handled.find(({ key }) => key === 'a');
      assert.equal(first?.topic, engine.topic);
      assert.equal(first.type, 'Numbered.v1');
      assert.equal(first.subject, 'a-1');
      assert.match(first.time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    },
  },
  {
    name: 'names the message before it of the same key, where it names one',
    async run(engine) {
      const recorder = new Recorder();
      await engine.publish(engine.topic, rounds(['a', 'b'], 20));
      await join(engine.messaging, engine, recorder);
      await soon(() => assert.equal(recorder.handled.length, 40));
      const messages = recorder.handled.filter(({ key }) => key === 'a');
      messages.forEach(({ previous }, index) => {
        if (previous) assert.deepEqual(previous, messages[index - 1]?.position);
      });
    },
  },
  {
    name: 'hands over no more messages at once than asked for',
    async run(engine) {
      const recorder = new Recorder();
      const sizes: number[] = [];
      await engine.publish(engine.topic, rounds(['a'], 25));
      await join(engine.messaging, engine, recorder, {
        batchMessagesMax: 10,
        handle: async (messages) => {
          sizes.push(messages.length);
          await recorder.handle(messages);
        },
      });
      await soon(() => assert.deepEqual(recorder.numbers('a'), upTo(25)));
      assert.ok(Math.max(...sizes) <= 10);
    },
  },
  {
    name: 'brings each group everything, and each topic only its own',
    async run(engine) {
      const [one, two, other] = [new Recorder(), new Recorder(), new Recorder()];
      await engine.publish(engine.topic, rounds(['a'], 3));
      await engine.publish(engine.otherTopic, rounds(['a'], 1, 9));
      await join(engine.messaging, engine, one, { group: 'one' });
      await join(engine.messaging, engine, two, { group: 'two' });
      await join(engine.messaging, engine, other, { group: 'one', topic: engine.otherTopic });
      await soon(() => {
        for (const recorder of [one, two]) assert.deepEqual(recorder.numbers('a'), upTo(3));
        assert.deepEqual(other.numbers('a'), [9]);
      });
    },
  },
  {
    name: 'refuses a topic that does not exist',
    async run(engine) {
      await assert.rejects(join(engine.messaging, engine, new Recorder(), { topic: 'mangnon.nowhere.v1' }));
    },
  },
];
