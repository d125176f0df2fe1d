import assert from 'node:assert/strict';
import { wholeStream } from '#testing/events.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { newId } from './command-id.js';
import { asked, patient, put, withoutCursor, type HandleCase } from './contract-boxes.contract.js';
import { WrongExpectedVersion } from './event-store.js';

/** What `handle` promises where the answer of an append is lost, or another process was faster. */
export const outcomeCases: readonly HandleCase[] = [
  ...(['before', 'after'] as const).map((when): HandleCase => ({
    name: `writes a command once whose answer is lost ${when} it is stored`,
    async run({ boxesOn, open }) {
      const [store, stream] = [new UnreliableEventStore(await open()), `box-${newId()}`];
      const boxes = boxesOn(store);
      await boxes.command(stream, put(1n), asked());
      store.lose(when, when);
      const handled = await boxes.command(stream, put(5n), asked());
      const stored = withoutCursor(await wholeStream(store, stream));
      assert.equal(stored.length, 2);
      assert.deepEqual(handled.events, stored.slice(1));
      assert.equal(handled.repeated, false);
      const [, first, ...again] = store.sent;
      assert.equal(again.length, 2);
      for (const send of again) assert.deepEqual(send, first);
    },
  })),
  {
    name: 'says that the outcome is unknown when the store stays silent, and answers the repeat with what was stored',
    async run({ boxesOn, open }) {
      const [store, stream, context] = [new UnreliableEventStore(await open()), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      store.lose('after', 'before', 'before', 'before');
      await assert.rejects(boxes.command(stream, put(5n), context), { name: 'StoreUnavailable' });
      const repeat = await boxes.command(stream, put(5n), context);
      assert.equal(repeat.repeated, true);
      assert.deepEqual(repeat.events, await wholeStream(store, stream));
      assert.equal(repeat.events.length, 1);
    },
  },
  {
    name: 'writes each acknowledged command of a conflict storm once, and no other',
    async run({ boxesOn, open }) {
      const stream = `box-${newId()}`;
      const writers = await Promise.all(
        Array.from({ length: 8 }, async () => boxesOn(await open(), patient)),
      );
      const acknowledged = new Set<string>();
      await Promise.all(
        writers.map(async (boxes, writer) => {
          for (let nth = 0; nth < 12; nth += 1) {
            const label = `${writer}.${nth}`;
            await boxes.command(stream, put(1n, label), asked());
            acknowledged.add(label);
          }
        }),
      );
      const { state } = await boxesOn(await open()).load(stream);
      assert.equal(state.labels.length, 96);
      assert.deepEqual(new Set(state.labels), acknowledged);
      assert.equal(state.balance, 96n);
    },
  },
  {
    name: 'keeps the ids of its events while it decides again after a conflict',
    async run({ boxesOn, open }) {
      const [store, other, stream] = [
        new UnreliableEventStore(await open()),
        boxesOn(await open()),
        `box-${newId()}`,
      ];
      let meanwhile = 2;
      store.beforeAppend = async () => {
        if (meanwhile > 0) await other.command(stream, put(1n, 'other'), asked());
        meanwhile -= 1;
      };
      await boxesOn(store).command(stream, put(1n, 'mine'), asked());
      const sent = store.sent.map(({ events }) => events.map(({ id, salt }) => [id, salt]));
      assert.equal(sent.length, 3);
      assert.deepEqual(sent[1], sent[0]);
      assert.deepEqual(sent[2], sent[0]);
    },
  },
  {
    name: 'gives up a conflict at the deadline and has then written nothing',
    async run({ boxesOn, open }) {
      const [store, other, stream] = [
        new UnreliableEventStore(await open()),
        boxesOn(await open()),
        `box-${newId()}`,
      ];
      store.beforeAppend = async () => {
        await other.command(stream, put(1n, 'other'), asked());
      };
      const began = performance.now();
      const losing = boxesOn(store, { conflictDeadlineMs: 600 }).command(stream, put(1n, 'mine'), asked());
      await assert.rejects(losing, WrongExpectedVersion);
      assert.ok(performance.now() - began >= 600);
      assert.ok(store.sent.length > 2, 'it was tried again');
      const { state } = await other.load(stream);
      assert.ok(!state.labels.includes('mine'));
    },
  },
  {
    name: 'answers one Idempotency-Key that comes at once through two processes with one event',
    async run({ boxesOn, open }) {
      for (let nth = 0; nth < 10; nth += 1) {
        const [stream, context] = [`box-${newId()}`, asked()];
        const processes = [boxesOn(await open()), boxesOn(await open())];
        const answers = await Promise.all(
          [...processes, ...processes].map((boxes) => boxes.command(stream, put(5n), context)),
        );
        const stored = await wholeStream(await open(), stream);
        assert.equal(stored.length, 1);
        for (const { events } of answers) assert.deepEqual(withoutCursor(events), withoutCursor(stored));
        assert.equal(answers.filter(({ repeated }) => !repeated).length, 1);
      }
    },
  },
];
