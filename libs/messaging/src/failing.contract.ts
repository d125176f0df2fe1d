import assert from 'node:assert/strict';
import { Hopeless } from '#testing/eventually.js';
import {
  join,
  numberOf,
  Recorder,
  rounds,
  soon,
  upTo,
  type MessagingCase,
} from './contract-consumer.contract.js';

/** What becomes of messages whose handling fails, now and after a restart. */
export const failingCases: readonly MessagingCase[] = [
  {
    name: 'brings what was refused again, after a pause, before anything later of its key',
    async run(engine) {
      const recorder = new Recorder();
      recorder.refuse = (message) => numberOf(message) === 5 && recorder.failures < 3;
      const began = performance.now();
      await engine.publish(engine.topic, rounds(['a'], 20));
      await join(engine.messaging, engine, recorder, { batchMessagesMax: 4 });
      await soon(() => assert.ok(recorder.numbers('a').includes(20)));
      assert.deepEqual(recorder.handled.map(numberOf), upTo(20));
      assert.equal(recorder.failures, 3);
      assert.ok(performance.now() - began > 20, 'there are pauses between three failures');
    },
  },
  {
    name: 'lets a key that fails hold back no other key',
    async run(engine) {
      const recorder = new Recorder();
      recorder.refuse = ({ key }) => key === 'bad';
      await engine.publish(engine.topic, rounds(['bad', 'good', 'fine'], 60));
      await join(engine.messaging, engine, recorder, { batchMessagesMax: 10 });
      const others = (check: () => void): Promise<void> =>
        soon(() => {
          if (recorder.failures > 100) throw new Hopeless('100 tries of the bad key, and the others wait');
          check();
        });
      await others(() => {
        assert.deepEqual(recorder.numbers('good'), upTo(60));
        assert.deepEqual(recorder.numbers('fine'), upTo(60));
      });
      await engine.publish(engine.topic, rounds(['new'], 1));
      await others(() => assert.deepEqual(recorder.numbers('new'), [1]));
      recorder.refuse = () => false;
      await soon(() => assert.deepEqual(recorder.numbers('bad'), upTo(60)));
    },
  },
  {
    name: 'brings what was never handled again after a restart, and nothing that was committed',
    async run(engine) {
      const [before, after] = [new Recorder(), new Recorder()];
      before.refuse = (message) => numberOf(message) >= 4;
      await engine.publish(engine.topic, rounds(['a'], 3));
      await join(engine.messaging, engine, before);
      await soon(() => assert.deepEqual(before.numbers('a'), upTo(3)));
      await engine.publish(engine.topic, rounds(['a'], 3, 4));
      await soon(() => assert.ok(before.failures > 0));
      const reopened = await engine.reopen();
      await engine.publish(engine.topic, rounds(['a'], 1, 7));
      await join(reopened, engine, after);
      await soon(() => assert.ok(after.numbers('a').includes(7)));
      assert.deepEqual(after.handled.map(numberOf), upTo(7, 4));
    },
  },
  {
    name: 'commits nothing behind a message of another key that is not handled yet',
    async run(engine) {
      const [before, after] = [new Recorder(), new Recorder()];
      before.refuse = ({ key }) => key === 'bad';
      await engine.publish(engine.topic, [{ key: 'bad', number: 1 }, ...rounds(['good'], 30)]);
      await join(engine.messaging, engine, before);
      await soon(() => assert.deepEqual(before.numbers('good'), upTo(30)));
      await join(await engine.reopen(), engine, after);
      await engine.publish(engine.topic, rounds(['bad'], 1, 2));
      await soon(() => assert.ok(after.numbers('bad').includes(2)));
      assert.deepEqual(after.numbers('bad'), [1, 2]);
    },
  },
];
