import assert from 'node:assert/strict';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { isDomainRefusal } from '#kernel/refusal.js';
import { cashBox, type CashBox, type CashBoxCommand, type CashBoxEvent } from '#testing/cash-box.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { newId } from './command-id.js';
import { WrongExpectedVersion, type EventStore } from './event-store.js';
import { handle, type CommandContext, type HandleOptions, type Handler } from './handle.js';

/** One promise of `handle`, on any engine. */
export interface HandleCase {
  readonly name: string;
  /** `open` gives another store over the same events, as another process would open it. */
  run(open: () => Promise<EventStore>): Promise<void>;
}

export type CashBoxes = Handler<CashBox, CashBoxCommand, CashBoxEvent>;

export function boxesOn(store: EventStore, options: Partial<HandleOptions> = {}): CashBoxes {
  return handle(store, cashBox, { service: 'cash', ids: newId, ...options });
}

export function asked(commandId = newId(), digest = 'digest'): CommandContext {
  return { actor: 'staff:1', commandId, digest, correlationId: newId() };
}

export async function eventsOf(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.read(stream)) events.push(...page);
  return events;
}

/** An answer's events know where they stand, but nothing resumes from them. */
function withoutCursor(events: readonly RecordedEvent[]): RecordedEvent[] {
  return events.map((event) => ({ ...event, cursor: '' }));
}

export function put(amount: bigint, label = 'a'): CashBoxCommand {
  return { type: 'put', amount, label };
}

function take(amount: bigint, label = 'b'): CashBoxCommand {
  return { type: 'take', amount, label, by: 'person' };
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return isDomainRefusal(error) ? error.code : `no refusal: ${String(error)}`;
}

export const commandCases: readonly HandleCase[] = [
  {
    name: 'answers a command with its events as they are stored, with all that is recorded beside them',
    async run(open) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const context = asked();
      const command: CashBoxCommand = { type: 'put', amount: 5n, label: 'a', times: 2 };
      const handled = await boxesOn(store).command(stream, command, context);
      assert.deepEqual(handled.events, await eventsOf(store, stream));
      const { events } = await boxesOn(store).command(stream, put(0n), asked());
      assert.deepEqual(events, withoutCursor(await eventsOf(store, stream)).slice(2));
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
    async run(open) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const context = { ...asked(), afterEventId: newId() };
      const { events } = await boxesOn(store).command(stream, put(1n), context);
      assert.deepEqual(events[0]?.cause, { kind: 'event', eventId: context.afterEventId });
      assert.equal((await boxesOn(store).command(stream, put(1n), context)).repeated, true);
      assert.equal((await eventsOf(store, stream)).length, 1);
    },
  },
  {
    name: 'answers a repeated command from what is stored, here and after a restart, and writes nothing',
    async run(open) {
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
      assert.equal((await eventsOf(store, stream)).length, 4);
    },
  },
  {
    name: 'answers a repeat without its command, and knows nothing of a new one',
    async run(open) {
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
    async run(open) {
      const [store, stream, context] = [await open(), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      await boxes.command(stream, put(5n), context);
      const other = { ...context, digest: 'another' };
      for (const again of [boxes, boxesOn(await open())])
        assert.equal(await refusalOf(again.command(stream, put(6n), other)), 'idempotency/body-differs');
      assert.equal((await eventsOf(store, stream)).length, 1);
    },
  },
  {
    name: 'does not remember a refusal: the same command is decided again',
    async run(open) {
      const [store, stream, context] = [await open(), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      assert.equal(await refusalOf(boxes.command(stream, take(5n), context)), 'cash-box/short');
      await boxes.command(stream, put(5n), asked());
      assert.equal((await boxes.command(stream, take(5n), context)).state.balance, 0n);
    },
  },
  {
    name: 'decides a refusal from a stale cache again on what is stored',
    async run(open) {
      const [here, there, stream] = [boxesOn(await open()), boxesOn(await open()), `box-${newId()}`];
      await here.command(stream, put(1n), asked());
      await there.command(stream, put(9n), asked());
      assert.equal((await here.command(stream, take(10n), asked())).state.balance, 0n);
    },
  },
  {
    name: 'decides a no-op from a stale cache again on what is stored',
    async run(open) {
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
    async run(open) {
      const [here, there, stream] = [boxesOn(await open()), boxesOn(await open()), `box-${newId()}`];
      await here.command(stream, put(10n), asked());
      await there.command(stream, take(10n), asked());
      assert.equal(await refusalOf(here.command(stream, take(10n), asked())), 'cash-box/short');
    },
  },
  ...(['before', 'after'] as const).map((when): HandleCase => ({
    name: `writes a command once whose answer is lost ${when} it is stored`,
    async run(open) {
      const [store, stream] = [new UnreliableEventStore(await open()), `box-${newId()}`];
      const boxes = boxesOn(store);
      await boxes.command(stream, put(1n), asked());
      store.lose(when, when);
      const handled = await boxes.command(stream, put(5n), asked());
      assert.deepEqual(handled.events, withoutCursor(await eventsOf(store, stream)).slice(1));
      assert.equal(handled.repeated, false);
      const [, first, ...again] = store.sent;
      assert.equal(again.length, 2);
      for (const send of again) assert.deepEqual(send, first);
    },
  })),
  {
    name: 'says that the outcome is unknown when the store stays silent, and answers the repeat with what was stored',
    async run(open) {
      const [store, stream, context] = [new UnreliableEventStore(await open()), `box-${newId()}`, asked()];
      const boxes = boxesOn(store);
      store.lose('after', 'before', 'before', 'before');
      await assert.rejects(boxes.command(stream, put(5n), context), { name: 'StoreUnavailable' });
      const repeat = await boxes.command(stream, put(5n), context);
      assert.equal(repeat.repeated, true);
      assert.deepEqual(repeat.events, await eventsOf(store, stream));
      assert.equal(repeat.events.length, 1);
    },
  },
  {
    name: 'writes each acknowledged command of a conflict storm once, and no other',
    async run(open) {
      const stream = `box-${newId()}`;
      const patient = { conflictDeadlineMs: 30_000 };
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
    async run(open) {
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
    async run(open) {
      const [store, other, stream] = [
        new UnreliableEventStore(await open()),
        boxesOn(await open()),
        `box-${newId()}`,
      ];
      store.beforeAppend = async () => {
        await other.command(stream, put(1n, 'other'), asked());
      };
      const began = performance.now();
      const losing = boxesOn(store, { conflictDeadlineMs: 150 }).command(stream, put(1n, 'mine'), asked());
      await assert.rejects(losing, WrongExpectedVersion);
      assert.ok(performance.now() - began >= 150);
      assert.ok(store.sent.length > 2, 'it was tried again');
      const { state } = await other.load(stream);
      assert.ok(!state.labels.includes('mine'));
    },
  },
  {
    name: 'answers one Idempotency-Key that comes at once through two processes with one event',
    async run(open) {
      for (let nth = 0; nth < 10; nth += 1) {
        const [stream, context] = [`box-${newId()}`, asked()];
        const processes = [boxesOn(await open()), boxesOn(await open())];
        const answers = await Promise.all(
          [...processes, ...processes].map((boxes) => boxes.command(stream, put(5n), context)),
        );
        const stored = await eventsOf(await open(), stream);
        assert.equal(stored.length, 1);
        for (const { events } of answers) assert.deepEqual(withoutCursor(events), withoutCursor(stored));
        assert.equal(answers.filter(({ repeated }) => !repeated).length, 1);
      }
    },
  },
  {
    name: 'reads only what is new of a stream that it has seen',
    async run(open) {
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
