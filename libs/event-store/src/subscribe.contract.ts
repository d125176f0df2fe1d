import { expect } from '@jest/globals';
import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent } from '#kernel/domain-event.js';
import type { EventBatch, EventStore } from './event-store.js';
import { everything, noted, several, watch, type EventStoreCase } from './contract-engine.contract.js';

const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id);

/** The checkpoint behind the first event of the store. */
async function firstCheckpoint(store: EventStore): Promise<Checkpoint> {
  const [first] = await everything(store, { batchEventsMax: 1 });
  if (!first) throw new Error('the store is empty');
  return { cursor: first.cursor, position: first.position, eventId: first.id };
}

/** What a subscription promises. */
export const subscribeCases: readonly EventStoreCase[] = [
  {
    name: 'a subscriber sees history and then what is new, each event once and in order',
    async run({ store }) {
      const [old, young] = [several(7), several(5)];
      await store.append('note-1', old, 'no_stream');
      const watcher = watch(store);
      await watcher.sees(7);
      for (const [index, event] of young.entries()) await store.append('note-1', [event], 6 + index);
      await watcher.sees(12);
      await watcher.stop();
      expect(watcher.ids()).toEqual(idsOf([...old, ...young]));
    },
  },
  {
    name: 'a subscriber of an empty store is handed its first event',
    async run({ store }) {
      const watcher = watch(store);
      const events = several(2);
      await store.append('note-1', events, 'no_stream');
      await watcher.sees(2);
      await watcher.stop();
      expect(watcher.ids()).toEqual(idsOf(events));
    },
  },
  {
    name: 'batches keep their bound, name the last event scanned and tell which is the last of history',
    async run({ store }) {
      await store.append('note-1', several(10), 'no_stream');
      const watcher = watch(store, { batchEventsMax: 4 });
      await watcher.sees(10);
      await watcher.stop();
      expect(watcher.batches.map(({ events }) => events.length)).toEqual([4, 4, 2]);
      expect(watcher.batches.map(({ caughtUp }) => caughtUp)).toEqual([false, false, true]);
      for (const { events, checkpoint } of watcher.batches) {
        const last = events.at(-1);
        expect(checkpoint).toEqual({ cursor: last?.cursor, position: last?.position, eventId: last?.id });
      }
    },
  },
  {
    name: 'a subscriber goes on after any checkpoint without gap or repetition, also after a restart',
    async run(engine) {
      const events = several(9);
      await engine.store.append('note-1', events, 'no_stream');
      const watcher = watch(engine.store, { batchEventsMax: 1 });
      await watcher.sees(9);
      await watcher.stop();
      const checkpoints = watcher.batches.map(({ checkpoint }) => checkpoint);
      const reopened = await engine.reopen();
      const more = several(2);
      await reopened.append('note-1', more, 8);
      for (const [index, after] of checkpoints.entries()) {
        const rest = await everything(reopened, { after, batchEventsMax: 3 });
        expect(rest.map(({ id }) => id)).toEqual(idsOf([...events, ...more]).slice(index + 1));
      }
    },
  },
  {
    name: 'a prefix lets through its streams only, while the checkpoint moves on past the others',
    async run({ store }) {
      await store.append('note-1', several(2), 'no_stream');
      await store.append('notebook-1', several(6), 'no_stream');
      const chosen = several(2);
      await store.append('pad-1', chosen, 'no_stream');
      await store.append('note-2', several(5), 'no_stream');
      const watcher = watch(store, { streams: ['pad-', 'page-'], batchEventsMax: 4 });
      await watcher.reaches(await store.head());
      expect(watcher.ids()).toEqual(idsOf(chosen));
      expect(watcher.batches.at(-1)).toMatchObject({ events: [], caughtUp: true });
      const live = several(2);
      await store.append('page-1', live, 'no_stream');
      await watcher.sees(4);
      await store.append('note-3', several(1), 'no_stream');
      await watcher.reaches(await store.head());
      await watcher.stop();
      expect(watcher.ids()).toEqual(idsOf([...chosen, ...live]));
      let handed = 0;
      for (const { events, checkpoint } of watcher.batches.slice(0, -1)) {
        handed += events.length;
        const rest = await everything(store, { after: checkpoint, streams: ['pad-', 'page-'] });
        expect(rest.map(({ id }) => id)).toEqual(watcher.ids().slice(handed));
      }
    },
  },
  {
    name: 'a checkpoint whose event does not stand there is lost, and says so',
    async run({ store }) {
      await store.append('note-1', several(3), 'no_stream');
      const first = await firstCheckpoint(store);
      const forged = { ...first, eventId: noted().id };
      const subscribing = everything(store, { consumer: 'balances', after: forged });
      await expect(subscribing).rejects.toThrow(CheckpointLost);
      await expect(subscribing).rejects.toThrow('balances');
      expect(await everything(store, { after: first })).toHaveLength(2);
    },
  },
  {
    name: 'a lingering subscriber gathers what comes while it waits, but never longer than until its batch is full',
    async run({ store }) {
      await store.append('note-1', several(1), 'no_stream');
      const gathering = watch(store, { lingerMs: 1_000 });
      const filling = watch(store, { lingerMs: 60_000, batchEventsMax: 5 });
      await Promise.all([gathering.sees(1), filling.sees(1)]);
      for (const [index, event] of several(5).entries()) await store.append('note-1', [event], index);
      await Promise.all([gathering.sees(6), filling.sees(6)]);
      await Promise.all([gathering.stop(), filling.stop()]);
      expect(gathering.batches.length).toBeLessThanOrEqual(3);
      expect(filling.batches.map(({ events }) => events.length)).toEqual([1, 5]);
    },
  },
  {
    name: 'an aborted subscription returns, whether it waits, lingers or is in the middle of history',
    async run({ store }) {
      await store.append('note-1', several(5), 'no_stream');
      const waiting = watch(store);
      const lingering = watch(store, { lingerMs: 60_000 });
      await Promise.all([waiting.sees(5), lingering.sees(5)]);
      await store.append('note-1', several(1), 4);
      await waiting.sees(6);
      await waiting.stop();
      await lingering.stop();
      const abort = new AbortController();
      let batches = 0;
      const history = store.subscribe({ consumer: 'history', signal: abort.signal, batchEventsMax: 1 });
      for await (const batch of history) {
        batches += batch.events.length;
        if (batches === 2) abort.abort();
      }
      expect(batches).toBe(2);
    },
  },
  {
    name: 'a subscriber that falls far behind misses nothing, and holds nobody up',
    async run({ store }) {
      const events: NewEvent[] = [];
      const signal = new AbortController().signal;
      const slow = store.subscribe({ consumer: 'slow', signal })[Symbol.asyncIterator]();
      const seen: string[] = [];
      const take = async (): Promise<void> => {
        const { value } = (await slow.next()) as IteratorYieldResult<EventBatch>;
        seen.push(...idsOf(value.events));
      };
      const quick = watch(store);
      for (let round = 0; round < 30; round += 1) {
        const more = several(200);
        await store.append(`note-${round}`, more, 'no_stream');
        events.push(...more);
        if (round === 0) await take();
      }
      await quick.sees(6_000);
      await quick.stop();
      while (seen.length < 6_000) await take();
      await slow.return?.();
      expect(seen).toEqual(idsOf(events));
      expect(quick.ids()).toEqual(idsOf(events));
    },
  },
];
