import assert from 'node:assert/strict';
import type { CashBoxCommand } from '#testing/cash-box.js';
import { wholeStream } from '#testing/events.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { newId } from './command-id.js';
import { asked, put, refusalOf, take, withoutCursor, type HandleCase } from './contract-boxes.contract.js';

/** What `handle` answers a command, a repeat and a refusal with. */
export const commandCases: readonly HandleCase[] = [
  {
    name: 'answers a command with its events as they are stored, with all that is recorded beside them',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const context = asked();
      const command: CashBoxCommand = { type: 'put', amount: 5n, label: 'a', times: 2 };
      const handled = await boxesOn(store).command(stream, command, context);
      assert.deepEqual(handled.events, await wholeStream(store, stream));
      const { events } = await boxesOn(store).command(stream, put(0n), asked());
      assert.deepEqual(events, withoutCursor(await wholeStream(store, stream)).slice(2));
      assert.equal(handled.revision, 1);
      assert.equal(handled.state.balance, 10n);
      const [first, second] = handled.events;
      assert.deepEqual(first?.cause, { kind: 'command', id: context.commandId });
      assert.equal(first.commandDigest, 'digest');
      assert.equal(first.correlationId, context.correlationId);
      assert.equal(Buffer.from(first.salt, 'base64url').length, 16);
      assert.notEqual(first.salt, second?.salt);
    },
  },
  {
    name: 'tells which event a service’s own command followed, and answers that command once',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const context = { ...asked(), afterEventId: newId() };
      const { events } = await boxesOn(store).command(stream, put(1n), context);
      assert.deepEqual(events[0]?.cause, { kind: 'event', eventId: context.afterEventId });
      assert.equal((await boxesOn(store).command(stream, put(1n), context)).repeated, true);
      assert.equal((await wholeStream(store, stream)).length, 1);
    },
  },
  {
    name: 'answers a repeated command from what is stored, here and after a restart, and writes nothing',
    async run({ boxesOn, open }) {
      const [store, stream, context] = [await open(), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      const command: CashBoxCommand = { type: 'put', amount: 5n, label: 'a', times: 3 };
      const first = await boxes.command(stream, command, context);
      await boxes.command(stream, put(1n), asked());
      for (const again of [boxes, boxesOn(store), boxesOn(await open())]) {
        const repeat = await again.command(stream, command, context);
        assert.equal(repeat.repeated, true);
        assert.deepEqual(repeat.events, first.events);
      }
      assert.equal((await wholeStream(store, stream)).length, 4);
    },
  },
  {
    name: 'answers a repeat without its command, and knows nothing of a new one',
    async run({ boxesOn, open }) {
      const [store, stream, context] = [await open(), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      assert.equal(await boxes.repeated(stream, context), undefined);
      const first = await boxes.command(stream, put(5n), context);
      assert.equal(await boxes.repeated(stream, asked()), undefined);
      for (const again of [boxes, boxesOn(await open())]) {
        const repeat = await again.repeated(stream, context);
        assert.deepEqual({ ...repeat, events: withoutCursor(repeat!.events) }, { ...first, repeated: true });
        const other = { ...context, digest: 'another' };
        assert.equal(await refusalOf(again.repeated(stream, other)), 'idempotency/body-differs');
      }
    },
  },
  {
    name: 'refuses another body under the same command id',
    async run({ boxesOn, open }) {
      const [store, stream, context] = [await open(), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      await boxes.command(stream, put(5n), context);
      const other = { ...context, digest: 'another' };
      for (const again of [boxes, boxesOn(await open())])
        assert.equal(await refusalOf(again.command(stream, put(6n), other)), 'idempotency/body-differs');
      assert.equal((await wholeStream(store, stream)).length, 1);
    },
  },
  {
    name: 'does not remember a refusal: the same command is decided again',
    async run({ boxesOn, open }) {
      const [store, stream, context] = [await open(), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      assert.equal(await refusalOf(boxes.command(stream, take(5n), context)), 'cash-box/short');
      await boxes.command(stream, put(5n), asked());
      assert.equal((await boxes.command(stream, take(5n), context)).state.balance, 0n);
    },
  },
  {
    name: 'decides a refusal from a stale cache again on what is stored',
    async run({ boxesOn, open }) {
      const [here, there, stream] = [boxesOn(await open()), boxesOn(await open()), `box-${newId()}`];
      await here.command(stream, put(1n), asked());
      await there.command(stream, put(9n), asked());
      assert.equal((await here.command(stream, take(10n), asked())).state.balance, 0n);
    },
  },
  {
    name: 'decides a no-op from a stale cache again on what is stored',
    async run({ boxesOn, open }) {
      const [here, there, stream] = [boxesOn(await open()), boxesOn(await open()), `box-${newId()}`];
      await here.command(stream, put(10n), asked());
      await there.command(stream, take(10n), asked());
      const fill: CashBoxCommand = { type: 'fill', upTo: 7n, label: 'f' };
      assert.equal((await here.command(stream, fill, asked())).state.balance, 7n);
      assert.deepEqual((await here.command(stream, fill, asked())).events, []);
    },
  },
  {
    name: 'refuses on what is stored, though the cache would have accepted',
    async run({ boxesOn, open }) {
      const [here, there, stream] = [boxesOn(await open()), boxesOn(await open()), `box-${newId()}`];
      await here.command(stream, put(10n), asked());
      await there.command(stream, take(10n), asked());
      assert.equal(await refusalOf(here.command(stream, take(10n), asked())), 'cash-box/short');
    },
  },
  {
    name: 'reads only what is new of a stream that it has seen',
    async run({ boxesOn, open }) {
      const [store, stream] = [new UnreliableEventStore(await open()), `box-${newId()}`];
      const boxes = boxesOn(store);
      for (let nth = 0; nth < 3; nth += 1)
        await boxes.command(stream, { type: 'put', amount: 1n, label: 'a', times: 400 }, asked());
      await boxes.load(stream);
      store.pagesRead = 0;
      await boxes.load(stream);
      assert.equal(store.pagesRead, 1);
    },
  },
];
