import assert from 'node:assert/strict';
import type { NewEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { cashBoxCommand, type CashBoxCommand } from '#testing/cash-box.js';
import { wholeStream } from '#testing/events.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { newId } from './command-id.js';
import type { EventStore } from './event-store.js';
import type { ParkedMessage } from './message-answers.js';
import { asked, cashMessage, patient, put, topic, type HandleCase } from './contract-boxes.contract.js';

/** A message of a subject that puts 1 into the box, or breaks it as long as the bug is not {@link mended}. */
function message(number: number, subject: string, command: 'put' | 'break' = 'put'): Message {
  return cashMessage(number, subject, { command, amount: '1' });
}

/** What the code does once its bug is mended. */
function mended({ id }: Message): CashBoxCommand {
  return { type: 'put', amount: 1n, label: id };
}

async function story(store: EventStore, stream: string): Promise<string[]> {
  return (await wholeStream(store, stream)).map(({ type, cause }) =>
    cause.kind === 'message' ? `${type} ${cause.position.number}` : type,
  );
}

/** How `handle` parks what fails by our own bug, and takes it up again. */
export const parkingCases: readonly HandleCase[] = [
  {
    name: 'parks a message whose handling fails, whole and with a reason that holds no data, and goes on',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const bad = message(2, 'b', 'break');
      await boxesOn(store).messages(stream, [message(1, 'a'), bad, message(3, 'c')], cashBoxCommand);
      const [, parked] = await wholeStream(store, stream);
      assert.deepEqual(await story(store, stream), ['CashPut 1', 'MessageParked 2', 'CashPut 3']);
      assert.deepEqual(parked?.data, {
        message: bad,
        reason: 'InvariantViolation: the box of … broke at …',
      });
    },
  },
  {
    name: 'parks what cannot be read as a command, and a refusal that is a bug behind this door',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      await boxes.messages(stream, [message(1, 'a')], () => {
        throw new TypeError('no amount');
      });
      await boxes.messages(stream, [message(2, 'b')], () => {
        return { type: 'take', amount: 9n, label: 't', by: 'person' };
      });
      assert.deepEqual(
        (await wholeStream(store, stream)).map(({ data }) => (data as { reason: string }).reason),
        ['TypeError: no amount', 'DomainRefusal: cash-box/short'],
      );
    },
  },
  {
    name: 'parks what follows of a parked subject behind it, also from another process, while others go on',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      await boxesOn(store).messages(stream, [message(1, 'a', 'break'), message(2, 'a')], cashBoxCommand);
      await boxesOn(await open()).messages(stream, [message(3, 'b'), message(4, 'a')], cashBoxCommand);
      assert.deepEqual(await story(store, stream), [
        'MessageParked 1',
        'MessageParked 2',
        'CashPut 3',
        'MessageParked 4',
      ]);
    },
  },
  {
    name: 'tells of each message once it stands parked, with what was thrown, and of each replay that fails',
    async run({ boxesOn, open }) {
      const [store, stream] = [new UnreliableEventStore(await open()), `box-${newId()}`];
      const told: ParkedMessage[] = [];
      const boxes = boxesOn(store, { onParked: (parked) => told.push(parked) });
      await boxes.command(stream, put(1n), asked());
      const messages = [message(1, 'a', 'break'), message(2, 'b'), message(3, 'a')];
      // The first plan rests on a cache that is stale by then: what comes of it is told of once, when it stands.
      store.beforeAppend = async () => {
        store.beforeAppend = () => Promise.resolve();
        await boxesOn(await open()).command(stream, put(1n), asked());
      };
      await boxes.messages(stream, messages, cashBoxCommand);
      const [first, , third] = messages;
      const brief = () =>
        told.splice(0).map((one) => [one.stream, one.message.id, one.why, String(one.error)]);
      const error = 'InvariantViolation: the box of "Lan" broke at 4711';
      assert.deepEqual(brief(), [
        [stream, first!.id, 'failed', error],
        [stream, third!.id, 'behind', 'undefined'],
      ]);
      await boxes.messages(stream, messages, cashBoxCommand);
      assert.deepEqual(brief(), []);
      await boxes.replayParked(stream, cashBoxCommand);
      assert.deepEqual(brief(), [[stream, first!.id, 'again', error]]);
    },
  },
  {
    name: 'does not park a message twice that comes again',
    async run({ boxesOn, open }) {
      const [store, stream, bad] = [await open(), `box-${newId()}`, message(1, 'a', 'break')];
      const boxes = boxesOn(store);
      await boxes.messages(stream, [bad], cashBoxCommand);
      await boxes.messages(stream, [bad], cashBoxCommand);
      await boxesOn(await open()).messages(stream, [bad], mended);
      assert.deepEqual(await story(store, stream), ['MessageParked 1']);
    },
  },
  {
    name: 'lets no news of what waits wait behind it, or telling of it would never end',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      await boxes.messages(stream, [message(1, 'a', 'break')], cashBoxCommand);
      await boxes.messages(stream, [{ ...message(2, 'a'), type: 'MessageParked.v1' }], cashBoxCommand);
      assert.deepEqual(await story(store, stream), ['MessageParked 1']);
    },
  },
  {
    name: 'takes parked messages up in order, each outcome and its MessageReplayed in one append',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      const messages = [1, 2, 3, 4].map((number) => message(number, number === 3 ? 'b' : 'a', 'break'));
      await boxes.messages(stream, messages, cashBoxCommand);
      await boxes.messages(stream, [message(9, 'c')], cashBoxCommand);
      const took = await boxesOn(await open()).replayParked(stream, mended, 'a');
      assert.deepEqual(took, { replayed: 3, failed: [], waiting: 0 });
      assert.deepEqual((await story(store, stream)).slice(5), [
        'CashPut 1',
        'MessageReplayed 1',
        'CashPut 2',
        'MessageReplayed 2',
        'CashPut 4',
        'MessageReplayed 4',
      ]);
      assert.equal((await boxes.replayParked(stream, mended)).replayed, 1);
      const { inbox } = await boxes.load(stream);
      assert.deepEqual(inbox.parked, {});
      assert.equal(inbox.watermarks[topic]?.number, 9);
    },
  },
  {
    name: 'leaves a message parked that still fails, and what stands behind it, but takes up other subjects',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      const messages = [message(1, 'a', 'break'), message(2, 'b', 'break'), message(3, 'a')];
      await boxes.messages(stream, messages, cashBoxCommand);
      const half = (parked: Message) => (parked.subject === 'b' ? mended(parked) : cashBoxCommand(parked));
      const { id: messageId, type } = messages[0]!;
      const reason = 'InvariantViolation: the box of … broke at …';
      assert.deepEqual(await boxes.replayParked(stream, half), {
        replayed: 1,
        failed: [{ messageId, type, subject: 'a', reason }],
        waiting: 2,
      });
      assert.deepEqual((await story(store, stream)).slice(3), ['CashPut 2', 'MessageReplayed 2']);
      assert.deepEqual(Object.keys((await boxes.load(stream)).inbox.parked), [
        messages[0]!.id,
        messages[2]!.id,
      ]);
    },
  },
  {
    name: 'keeps a subject in order while new messages of it arrive during its replay',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const [boxes, operator] = [boxesOn(store, patient), boxesOn(await open(), patient)];
      const messages = Array.from({ length: 60 }, (_, index) => message(index + 1, 'a'));
      await boxes.messages(stream, [{ ...messages[0]!, data: { command: 'break' } }], cashBoxCommand);
      const arriving = async (): Promise<void> => {
        for (const one of messages.slice(1)) await boxes.messages(stream, [one], mended);
      };
      const replaying = async (): Promise<void> => {
        while ((await wholeStream(store, stream)).length < 20) await new Promise(setImmediate);
        await operator.replayParked(stream, mended);
      };
      await Promise.all([arriving(), replaying()]);
      await operator.replayParked(stream, mended);
      const { state, inbox } = await operator.load(stream);
      assert.deepEqual(
        state.labels,
        messages.map(({ id }) => id),
      );
      assert.deepEqual(inbox.parked, {});
    },
  },
  {
    name: 'takes each parked message up once when two operators replay at once',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const messages = Array.from({ length: 10 }, (_, index) => message(index + 1, `s${index % 3}`, 'break'));
      await boxesOn(store).messages(stream, messages, cashBoxCommand);
      const counts = await Promise.all(
        [1, 2].map(async () => boxesOn(await open(), patient).replayParked(stream, mended)),
      );
      assert.equal(counts[0]!.replayed + counts[1]!.replayed, 10);
      assert.equal((await boxesOn(store).load(stream)).state.balance, 10n);
    },
  },
  {
    name: 'says that the key is unusable when more than 100 messages would be parked',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      const messages = Array.from({ length: 101 }, (_, index) => message(index + 1, `s${index}`, 'break'));
      await boxes.messages(stream, messages.slice(0, 100), cashBoxCommand);
      const tooMany = boxes.messages(stream, messages.slice(100), cashBoxCommand);
      await assert.rejects(tooMany, { name: 'KeyUnusable' });
      assert.equal((await wholeStream(store, stream)).length, 100);
      assert.equal((await boxes.replayParked(stream, mended)).replayed, 100);
      await boxes.messages(stream, messages.slice(100), mended);
      assert.equal((await boxes.load(stream)).state.balance, 101n);
    },
  },
  cannotFold('says that the key is unusable when the stream cannot be folded', {
    of: { data: {} },
    tells: { messages: 'KeyUnusable', load: 'InvariantViolation' },
  }),
  cannotFold('tells the event of a newer release from a stream that is broken', {
    of: { type: 'FromTheFuture' },
    tells: { messages: 'NewerEvent', load: 'NewerEvent' },
  }),
];

/** A stream whose second event no fold takes, and what is told of it. */
interface Unfolded {
  readonly of: Pick<Partial<NewEvent>, 'type' | 'data'>;
  readonly tells: Readonly<Record<'messages' | 'load', string>>;
}

function cannotFold(name: string, { of: wrong, tells }: Unfolded): HandleCase {
  return {
    name: `${name}, and other streams go on`,
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      const { events } = await boxes.command(stream, put(1n), asked());
      await store.append(stream, [{ ...events[0]!, id: newId(), ...wrong }], 0);
      for (const again of [boxes, boxesOn(await open())]) {
        const told = again.messages(stream, [message(1, 'a')], cashBoxCommand);
        await assert.rejects(told, { name: tells.messages });
        await assert.rejects(again.load(stream), { name: tells.load });
      }
      const other = `box-${newId()}`;
      await boxes.messages(other, [message(1, 'a')], cashBoxCommand);
      assert.equal((await boxes.load(other)).state.balance, 1n);
    },
  };
}
