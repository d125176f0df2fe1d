import assert from 'node:assert/strict';
import type { Message } from '#kernel/message.js';
import type { HoldStore } from './hold-store.js';

/** One promise of a hold store; `store` is empty at first. */
export interface HoldStoreCase {
  readonly name: string;
  run(store: HoldStore): Promise<void>;
}

const topic = 'mangnon.test.v1';

export function held(number: number, key = 'fund-1', incarnation = 1): Message {
  return {
    id: `message-${key}-${incarnation}-${number}`,
    topic,
    type: 'Tested.v1',
    subject: `subject-${number}`,
    key,
    time: '2025-01-01T00:00:00.000Z',
    position: { incarnation, number },
    actor: 'staff:1',
    correlationId: 'c',
    data: { number, text: 'Măng' },
  };
}

export const holdStoreCases: readonly HoldStoreCase[] = [
  {
    name: 'keeps whole messages in the order of their positions, each once',
    async run(store) {
      await store.hold(topic, 'fund-1', 'a bug', [held(30), held(4)]);
      await store.hold(topic, 'fund-1', 'another', [held(4), held(200), held(3, 'fund-1', 2)]);
      const all = [held(4), held(30), held(200), held(3, 'fund-1', 2)];
      assert.deepEqual(await store.next(topic, 'fund-1', 9), all);
      assert.deepEqual(await store.next(topic, 'fund-1', 2), all.slice(0, 2));
    },
  },
  {
    name: 'names the held keys with their first reason',
    async run(store) {
      await store.hold(topic, 'fund-1', 'a bug', [held(1), held(2)]);
      await store.hold(topic, 'fund-1', 'another', [held(3)]);
      const [only, ...others] = await store.keys();
      assert.equal(others.length, 0);
      assert.match(only?.heldAt ?? '', /^\d{4}-\d\d-\d\dT/);
      const { heldAt: _heldAt, ...rest } = only!;
      assert.deepEqual({ ...rest }, { ...rest, topic, key: 'fund-1', reason: 'a bug', messages: 3 });
    },
  },
  {
    name: 'knows a key of one topic apart from the same key of another',
    async run(store) {
      await store.hold(topic, 'fund-1', 'a bug', [held(1)]);
      assert.equal(await store.isHeld(topic, 'fund-1'), true);
      assert.equal(await store.isHeld('mangnon.other.v1', 'fund-1'), false, 'the other topic’s is held too');
      assert.equal(await store.isHeld(topic, 'fund-2'), false);
      assert.equal(await store.divert('mangnon.other.v1', 'fund-1', [held(2)]), false);
      assert.deepEqual(await store.next('mangnon.other.v1', 'fund-1', 9), []);
    },
  },
  {
    name: 'diverts behind what is held, and keeps nothing of a key that is not',
    async run(store) {
      assert.equal(await store.divert(topic, 'fund-1', [held(1)]), false, 'it keeps what is not held');
      await store.hold(topic, 'fund-1', 'a bug', [held(1)]);
      assert.equal(await store.divert(topic, 'fund-1', [held(1), held(2)]), true);
      assert.deepEqual(await store.next(topic, 'fund-1', 9), [held(1), held(2)]);
    },
  },
  {
    name: 'knows what was handled last before what waits, and never goes back behind it',
    async run(store) {
      const at = (number: number, incarnation = 1) => ({ incarnation, number });
      await store.hold(topic, 'fund-2', 'a bug', [held(1, 'fund-2')]);
      assert.equal(await store.passed(topic, 'fund-2'), undefined, 'it knows what nobody told');
      await store.hold(topic, 'fund-1', 'a gap', [held(30)], at(9));
      await store.hold(topic, 'fund-1', 'another', [held(40)], at(20));
      assert.deepEqual(await store.passed(topic, 'fund-1'), at(9));
      await store.divert(topic, 'fund-1', [held(4), held(2, 'fund-1', 2)]);
      await store.remove(topic, 'fund-1', [held(4), held(30)]);
      assert.deepEqual(await store.passed(topic, 'fund-1'), at(30));
      await store.remove(topic, 'fund-1', [held(2, 'fund-1', 2), held(40)]);
      assert.deepEqual(await store.passed(topic, 'fund-1'), at(2, 2), 'it forgets the later of two');
      await store.letGo(topic, 'fund-1');
      assert.equal(await store.passed(topic, 'fund-1'), undefined);
    },
  },
  {
    name: 'knows the last dead letter of a key that was read again, held or not',
    async run(store) {
      assert.equal(await store.readAgain(topic, 'fund-1'), undefined);
      await store.noteReadAgain(topic, 'fund-1', [held(3, 'fund-1', 2), held(9)]);
      await store.noteReadAgain(topic, 'fund-1', [held(40)]);
      await store.hold(topic, 'fund-1', 'a bug', []);
      await store.letGo(topic, 'fund-1');
      assert.deepEqual(await store.readAgain(topic, 'fund-1'), { incarnation: 2, number: 3 });
      assert.equal(await store.readAgain('mangnon.other.v1', 'fund-1'), undefined);
      assert.equal(await store.readAgain(topic, 'fund-2'), undefined);
    },
  },
  {
    name: 'lets go of a key only once nothing of it waits',
    async run(store) {
      await store.hold(topic, 'fund-1', 'a bug', [held(1), held(2)]);
      assert.equal(await store.letGo(topic, 'fund-1'), false, 'it lets go of what waits');
      await store.remove(topic, 'fund-1', [held(1), held(2)]);
      assert.equal(await store.letGo(topic, 'fund-1'), true);
      assert.equal(await store.isHeld(topic, 'fund-1'), false);
      assert.deepEqual(await store.keys(), []);
    },
  },
  {
    name: 'loses no message that is diverted while the key is let go',
    async run(store) {
      for (let number = 1; number <= 200; number += 2) {
        await store.hold(topic, 'fund-1', 'a bug', [held(number)]);
        await store.remove(topic, 'fund-1', [held(number)]);
        const [diverted, letGo] = await Promise.all([
          store.divert(topic, 'fund-1', [held(number + 1)]),
          store.letGo(topic, 'fund-1'),
        ]);
        assert.equal(diverted, !letGo, 'it says that it keeps what it has let go');
        assert.equal(await store.isHeld(topic, 'fund-1'), diverted);
        if (diverted) await store.remove(topic, 'fund-1', [held(number + 1)]);
        await store.letGo(topic, 'fund-1');
      }
    },
  },
];
