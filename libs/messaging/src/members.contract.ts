import assert from 'node:assert/strict';
import {
  join,
  numberOf,
  Recorder,
  rounds,
  soon,
  upTo,
  type MessagingCase,
} from './contract-consumer.contract.js';

/** How the members of a group share its messages, and how one leaves. */
export const memberCases: readonly MessagingCase[] = [
  {
    name: 'gives what a leaving member did not handle to another member of its group',
    async run(engine) {
      const [leaving, staying] = [new Recorder(), new Recorder()];
      leaving.refuse = (message) => numberOf(message) > 2;
      await engine.publish(engine.topic, rounds(['a'], 2));
      const member = await join(engine.messaging, engine, leaving);
      await soon(() => assert.deepEqual(leaving.numbers('a'), upTo(2)));
      await engine.publish(engine.topic, rounds(['a'], 3, 3));
      await soon(() => assert.ok(leaving.failures > 0));
      await join(engine.messaging, engine, staying);
      await member.stop();
      await engine.publish(engine.topic, rounds(['a'], 1, 6));
      await soon(() => assert.ok(staying.numbers('a').includes(6)));
      assert.deepEqual(
        staying.numbers('a').filter((number) => number > 2),
        upTo(6, 3),
      );
    },
  },
  {
    name: 'gives each message to one member of a group',
    async run(engine) {
      const members = [new Recorder(), new Recorder()];
      for (const member of members) await join(engine.messaging, engine, member);
      await engine.publish(engine.topic, rounds(['a', 'b', 'c', 'd'], 40));
      const all = () => members.flatMap(({ handled }) => handled.map(({ subject }) => subject));
      await soon(() => assert.equal(new Set(all()).size, 160));
      assert.equal(all().length, 160);
      for (const key of ['a', 'b', 'c', 'd']) {
        const numbers = members.flatMap((member) => member.numbers(key));
        assert.deepEqual(numbers, upTo(40));
      }
    },
  },
  {
    name: 'finishes what is being handled when it stops, commits that, and hands over nothing more',
    async run(engine) {
      const [before, after] = [new Recorder(), new Recorder()];
      let finish: () => void = () => undefined;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      let began = 0;
      await engine.publish(engine.topic, rounds(['a'], 9));
      const member = await join(engine.messaging, engine, before, {
        batchMessagesMax: 3,
        handle: async (messages) => {
          began += 1;
          await finished;
          await before.handle(messages);
        },
      });
      await soon(() => assert.equal(began, 1));
      const stopped = member.stop();
      finish();
      await stopped;
      const first = before.handled.map(numberOf);
      assert.ok(first.length > 0 && first.length <= 3);
      await join(await engine.reopen(), engine, after);
      await soon(() => assert.ok(after.numbers('a').includes(9)));
      assert.deepEqual([...first, ...after.handled.map(numberOf)], upTo(9));
      assert.equal(began, 1);
    },
  },
];
