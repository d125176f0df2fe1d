import assert from 'node:assert/strict';
import { CheckpointLost, type CheckpointStore } from '#kernel/checkpoint.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { numberSources, numbersTopic } from '#testing/messaging-direct.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { numberOf, soon, upTo } from '../contract-consumer.contract.js';
import {
  consumer,
  count,
  messagingOn,
  reading,
  readUpTo,
  type ConsumerCase,
  type ConsumerRig,
} from './contract-numbers.contract.js';
import { TranslationFailed } from '../translation.js';

/** Joins on a store, waits for the consumer to stop by itself and gives its cause; it has handled nothing. */
async function stopOf(rig: ConsumerRig): Promise<unknown> {
  const messaging = messagingOn(rig);
  const { recorder, stops } = await reading(messaging);
  await soon(() => assert.equal(stops.length, 1));
  await messaging.close();
  assert.equal(stops.length, 1);
  assert.deepEqual(recorder.handled, []);
  return stops[0];
}

/** Where a consumer stands: what it has committed, where it goes on and where it must stop. */
export const standingCases: readonly ConsumerCase[] = [
  {
    name: 'stops a consumer, and says so, when the store was restored from before what it saw',
    async run(rig) {
      await count(rig.store, 1, 3);
      const standing = await readUpTo(rig, 3);
      await count(rig.store, 4, 6);
      const lost = await readUpTo(rig, 6);
      const restored = await rig.restored(standing);
      const cause = await stopOf({ ...rig, store: restored });
      assert.ok(cause instanceof CheckpointLost);
      assert.deepEqual(cause.checkpoint, lost);
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
      assert.ok((await stopOf({ ...rig, store: restored })) instanceof CheckpointLost);
      const messaging = messagingOn({ ...rig, store: restored });
      await rig.checkpoints.move(`direct:slow:${numbersTopic}`, undefined, standing);
      const { recorder } = await reading(messaging, { group: 'slow' });
      await soon(() => assert.deepEqual(recorder.handled.map(numberOf), upTo(9, 4)));
      await messaging.close();
      await restored.close();
    },
  },
  {
    name: 'goes on where it stood when its subscription breaks, losing nothing',
    async run(rig) {
      const store = new UnreliableEventStore(rig.store);
      store.breakSubscriptions = 3;
      const troubles: unknown[] = [];
      const onTrouble = (_consumer: string, cause: unknown): void => void troubles.push(cause);
      const messaging = messagingOn({ ...rig, store }, { onTrouble });
      const { recorder } = await reading(messaging);
      for (let last = 5; last <= 20; last += 5) {
        await count(rig.store, last - 4, last);
        await soon(() => assert.ok(recorder.numbers('a').includes(last)));
      }
      assert.deepEqual(recorder.numbers('a'), upTo(20));
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
      const messaging = messagingOn({ ...rig, checkpoints });
      const { recorder } = await reading(messaging);
      for (let last = 1; last <= 10; last += 1) {
        await count(rig.store, last, last);
        await soon(() => assert.ok(recorder.numbers('a').includes(last)));
      }
      await messaging.close();
      assert.deepEqual(recorder.numbers('a'), upTo(10));
      const committed = await rig.checkpoints.find(consumer);
      assert.equal(committed?.eventId, recorder.handled.at(-1)?.id, 'the last message handled is committed');
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
      const { member } = await reading(messagingOn({ ...rig, checkpoints }));
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
      const messaging = messagingOn(rig, { sources });
      const { recorder, stops } = await reading(messaging, { batchMessagesMax: 3 });
      await soon(() => assert.equal(stops.length, 1));
      assert.ok(stops[0] instanceof TranslationFailed);
      assert.deepEqual(recorder.handled.map(numberOf), upTo(12));
      assert.equal((await rig.checkpoints.find(consumer))?.eventId, recorder.handled.at(-1)?.id);
      await messaging.close();
    },
  },
];
