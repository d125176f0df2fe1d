import assert from 'node:assert/strict';
import { describe, it } from '@jest/globals';
import { comparePositions } from '#kernel/position.js';
import type { Message } from '#kernel/message.js';
import { eventually } from '#testing/eventually.js';
import type { Consumer, ConsumeOptions, Messaging } from './messaging.js';

/** What a case publishes: the `number`-th message of a key. */
export interface Published {
  readonly key: string;
  readonly number: number;
}

/** An engine under the contract, with two topics of its own that are empty at first. */
export interface MessagingEngine {
  readonly messaging: Messaging;
  readonly topic: string;
  readonly otherTopic: string;
  /** Publishes in order as type `Numbered.v1`, subject `<key>-<number>`, data `{ number }`. */
  publish(topic: string, messages: readonly Published[]): Promise<void>;
  /** Closes the messaging that was given last and opens it again. */
  reopen(): Promise<Messaging>;
  close(): Promise<void>;
}

/** One promise of the port; `run` rejects when the engine breaks it. */
export interface MessagingCase {
  readonly name: string;
  run(engine: MessagingEngine): Promise<void>;
}

/** A consumer that remembers what it handled; `refuse` makes it fail on what the case says. */
class Recorder {
  /** How often handling failed. */
  failures = 0;
  refuse: (message: Message) => boolean = () => false;
  private readonly seen: Message[] = [];
  private readonly busy = new Set<string>();
  private readonly wrongs: string[] = [];

  readonly handle = async (messages: readonly Message[]): Promise<void> => {
    const keys = [...new Set(messages.map(({ key }) => key))];
    if (keys.length !== 1) this.wrongs.push(`a call of the keys ${keys.join()}`);
    if (keys.some((key) => this.busy.has(key))) this.wrongs.push(`two calls of ${keys.join()} at once`);
    for (const key of keys) this.busy.add(key);
    await new Promise(setImmediate);
    for (const key of keys) this.busy.delete(key);
    if (messages.some(this.refuse)) {
      this.failures += 1;
      throw new Error('not now');
    }
    this.seen.push(...messages);
  };

  /** Everything handled, in order; throws if any call was not of one key, one at a time. */
  get handled(): readonly Message[] {
    assert.deepEqual(this.wrongs, []);
    return this.seen;
  }

  /** Numbers of a key in the order of their first handling. */
  numbers(key: string): number[] {
    const numbers = this.handled.filter((message) => message.key === key).map(numberOf);
    return [...new Set(numbers)];
  }
}

function numberOf(message: Message): number {
  return (message.data as { readonly number: number }).number;
}

/** `count` messages of each key, taking turns. */
function rounds(keys: readonly string[], count: number, from = 1): readonly Published[] {
  return Array.from({ length: count }, (_, index) =>
    keys.map((key) => ({ key, number: from + index })),
  ).flat();
}

function upTo(last: number, from = 1): number[] {
  return Array.from({ length: last - from + 1 }, (_, index) => from + index);
}

async function join(
  messaging: Messaging,
  engine: MessagingEngine,
  recorder: Recorder,
  options: Partial<ConsumeOptions> = {},
): Promise<Consumer> {
  return messaging.consume({ group: 'readers', topic: engine.topic, handle: recorder.handle, ...options });
}

function soon(check: () => void): Promise<void> {
  return eventually(check, { withinMs: 5_000 });
}

/** Longer than any engine takes to bring what it wrongly would bring. */
async function publishedAndRead(engine: MessagingEngine, recorder: Recorder, number: number): Promise<void> {
  await engine.publish(engine.topic, [{ key: 'last', number }]);
  await soon(() => assert.deepEqual(recorder.numbers('last'), [number]));
}

export const messagingCases: readonly MessagingCase[] = [
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
    name: 'brings what was refused again, after a pause, before anything later of its key',
    async run(engine) {
      const recorder = new Recorder();
      recorder.refuse = (message) => numberOf(message) === 5 && recorder.failures < 3;
      const began = performance.now();
      await engine.publish(engine.topic, rounds(['a'], 20));
      await join(engine.messaging, engine, recorder, { batchMessagesMax: 4 });
      await soon(() => assert.equal(recorder.handled.length, 20));
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
      await soon(() => {
        assert.deepEqual(recorder.numbers('good'), upTo(60));
        assert.deepEqual(recorder.numbers('fine'), upTo(60));
      });
      await publishedAndRead(engine, recorder, 1);
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
      await publishedAndRead(engine, after, 1);
      await soon(() => assert.deepEqual(after.numbers('bad'), [1]));
    },
  },
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
  {
    name: 'refuses a topic that does not exist',
    async run(engine) {
      await assert.rejects(join(engine.messaging, engine, new Recorder(), { topic: 'mangnon.nowhere.v1' }));
    },
  },
];

const caseTimeoutMs = 60_000;

/** Declares the whole contract for one engine; `open` gives empty topics each time. */
export function messagingContract(open: () => Promise<MessagingEngine>): void {
  describe('keeps the contract of messaging', () => {
    for (const { name, run } of messagingCases)
      it(
        name,
        async () => {
          const engine = await open();
          try {
            await run(engine);
          } finally {
            await engine.close();
          }
        },
        caseTimeoutMs,
      );
  });
}
