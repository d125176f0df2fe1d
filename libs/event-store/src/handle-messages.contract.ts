import assert from 'node:assert/strict';
import type { RecordedEvent } from '#kernel/domain-event.js';
import type { Message } from '#kernel/message.js';
import { cashBoxCommand, type CashMessage } from '#testing/cash-box.js';
import { wholeStream } from '#testing/events.js';
import { UnreliableEventStore } from '#testing/unreliable-event-store.js';
import { answerIdOf, newId } from './command-id.js';
import { appendBytesMax, type EventStore } from './event-store.js';
import { asked, cashMessage, patient, put, topic, type HandleCase } from './contract-boxes.contract.js';

/** Messages as the topic would bring them, one position apart, each of a subject of its own. */
function inbound(commands: readonly CashMessage[], from = 1): readonly Message[] {
  return commands.map((data, index) => cashMessage(from + index, `subject-${from + index}`, data));
}

function puts(count: number, from = 1): readonly Message[] {
  return inbound(
    Array.from({ length: count }, () => ({ command: 'put', amount: '1' })),
    from,
  );
}

function eventIds(events: readonly RecordedEvent[]): (string | undefined)[] {
  return events.map(({ cause }) => (cause.kind === 'message' ? cause.eventId : undefined));
}

function ids(messages: readonly Message[]): string[] {
  return messages.map(({ id }) => id);
}

async function parkedReasons(store: EventStore, stream: string): Promise<unknown[]> {
  const events = await wholeStream(store, stream);
  return events
    .filter(({ type }) => type === 'MessageParked')
    .map(({ data }) => (data as { reason: unknown }).reason);
}

/** What `handle` promises of messages that come at least once, in order. */
export const messageCases: readonly HandleCase[] = [
  {
    name: 'answers messages in order, and each event names the message that it answers',
    async run({ boxesOn, open }) {
      const [store, stream, messages] = [await open(), `box-${newId()}`, puts(3)];
      await boxesOn(store).messages(stream, messages, cashBoxCommand);
      const events = await wholeStream(store, stream);
      assert.deepEqual(eventIds(events), ids(messages));
      const [event] = events;
      const [message] = messages;
      assert.deepEqual(event?.cause, {
        kind: 'message',
        topic,
        position: message!.position,
        eventId: message!.id,
      });
      assert.equal(event.actor, 'service:cash');
      assert.equal(event.correlationId, message!.correlationId);
      assert.equal(event.commandId, answerIdOf(message!.id, stream));
    },
  },
  {
    name: 'drops a message that comes again, at the current revision and later, here and after a restart',
    async run({ boxesOn, open }) {
      const [store, stream, messages] = [await open(), `box-${newId()}`, puts(3)];
      const boxes = boxesOn(store);
      await boxes.messages(stream, messages, cashBoxCommand);
      await boxes.messages(stream, messages.slice(2), cashBoxCommand);
      await boxesOn(await open()).messages(stream, messages.slice(2), cashBoxCommand);
      await boxes.command(stream, put(1n), asked());
      await boxes.messages(stream, messages, cashBoxCommand);
      await boxesOn(await open()).messages(stream, [...messages, ...puts(1, 4)], cashBoxCommand);
      assert.equal((await wholeStream(store, stream)).length, 5);
    },
  },
  {
    name: 'measures what is answered by each topic alone',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      await boxesOn(store).messages(stream, puts(1, 9), cashBoxCommand);
      const others = puts(1, 2).map((message) => ({ ...message, topic: 'mangnon.other.v1' }));
      await boxesOn(store).messages(stream, others, cashBoxCommand);
      assert.equal((await wholeStream(store, stream)).length, 2);
    },
  },
  ...(['before', 'after'] as const).map((when): HandleCase => ({
    name: `answers a batch once whose answer is lost ${when} it is stored`,
    async run({ boxesOn, open }) {
      const [store, stream, messages] = [new UnreliableEventStore(await open()), `box-${newId()}`, puts(3)];
      store.lose(when, when);
      await boxesOn(store).messages(stream, messages, cashBoxCommand);
      assert.deepEqual(eventIds(await wholeStream(store, stream)), ids(messages));
      assert.equal(store.sent.length, 3);
      assert.deepEqual(store.sent[2], store.sent[0]);
    },
  })),
  {
    name: 'answers a batch once that comes again after its outcome stayed unknown',
    async run({ boxesOn, open }) {
      const [store, stream, messages] = [new UnreliableEventStore(await open()), `box-${newId()}`, puts(3)];
      const boxes = boxesOn(store);
      store.lose('after', 'before', 'before', 'before');
      await assert.rejects(boxes.messages(stream, messages, cashBoxCommand), { name: 'StoreUnavailable' });
      await boxes.messages(stream, messages, cashBoxCommand);
      assert.deepEqual(eventIds(await wholeStream(store, stream)), ids(messages));
    },
  },
  {
    name: 'appends a batch of more than 1 MiB in parts that are cut between messages',
    async run({ boxesOn, open }) {
      const [store, stream] = [new UnreliableEventStore(await open()), `box-${newId()}`];
      const messages = inbound(
        Array.from({ length: 5 }, () => ({ command: 'put', amount: '1', paddingBytes: 400_000 })),
      );
      await boxesOn(store).messages(stream, messages, cashBoxCommand);
      assert.deepEqual(
        store.sent.map(({ events }) => events.length),
        [2, 2, 1],
      );
      assert.deepEqual(eventIds(await wholeStream(store, stream)), ids(messages));
    },
  },
  {
    name: 'never cuts within the answer to one message, and parks one whose answer is over 1 MiB',
    async run({ boxesOn, open }) {
      const [store, stream] = [new UnreliableEventStore(await open()), `box-${newId()}`];
      const messages = puts(3);
      const twice = (message: Message) =>
        ({ type: 'put', amount: 1n, label: message.id, times: 2, paddingBytes: 300_000 }) as const;
      await boxesOn(store).messages(stream, messages.slice(0, 2), twice);
      assert.deepEqual(
        store.sent.map(({ events }) => events.length),
        [2, 2],
      );
      const tooMuch = (message: Message) => ({ ...twice(message), paddingBytes: appendBytesMax / 2 });
      await boxesOn(store).messages(stream, messages.slice(2), tooMuch);
      assert.equal((await parkedReasons(store, stream)).length, 1);
    },
  },
  {
    name: 'leaves no event for a message that needs none, and goes on with the next',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      const boxes = boxesOn(store);
      const messages = inbound([
        { command: 'put', amount: '5' },
        { command: 'fill', amount: '5' },
        { command: 'put', amount: '1' },
        { command: 'fill', amount: '3' },
      ]);
      const unknown = { ...puts(1, 5)[0]!, type: 'Unheard.v1' };
      await boxes.messages(stream, [...messages, unknown], cashBoxCommand);
      await boxes.messages(stream, [...messages.slice(3), unknown], cashBoxCommand);
      assert.deepEqual(eventIds(await wholeStream(store, stream)), [messages[0]!.id, messages[2]!.id]);
    },
  },
  {
    name: 'decides a message without effect again on what is stored when the cache was stale',
    async run({ boxesOn, open }) {
      const [here, there, stream] = [boxesOn(await open()), boxesOn(await open()), `box-${newId()}`];
      await here.command(stream, put(10n), asked());
      await there.command(stream, { type: 'take', amount: 10n, label: 't', by: 'person' }, asked());
      await here.messages(stream, inbound([{ command: 'fill', amount: '7' }]), cashBoxCommand);
      assert.equal((await there.load(stream)).state.balance, 7n);
    },
  },
  {
    name: 'decides a refusal as an event when the asking came by message',
    async run({ boxesOn, open }) {
      const [store, stream] = [await open(), `box-${newId()}`];
      await boxesOn(store).messages(stream, inbound([{ command: 'take', amount: '7' }]), cashBoxCommand);
      assert.deepEqual(
        (await wholeStream(store, stream)).map(({ type }) => type),
        ['TakeRefused'],
      );
    },
  },
  {
    name: 'answers each message once when two publishers and one from an old checkpoint bring them at once',
    async run({ boxesOn, open }) {
      const [stream, messages] = [`box-${newId()}`, puts(60)];
      const deliver = async (from: number, batch: number): Promise<void> => {
        const boxes = boxesOn(await open(), patient);
        for (let at = from; at < messages.length; at += batch)
          await boxes.messages(stream, messages.slice(at, at + batch), cashBoxCommand);
      };
      await deliver(0, 25);
      const stored = await wholeStream(await open(), stream);
      await Promise.all([deliver(20, 7), deliver(0, 60)]);
      assert.deepEqual(await wholeStream(await open(), stream), stored);
      const other = `box-${newId()}`;
      const race = async (batch: number): Promise<void> => {
        const boxes = boxesOn(await open(), patient);
        for (let at = 0; at < messages.length; at += batch)
          await boxes.messages(other, messages.slice(at, at + batch), cashBoxCommand);
      };
      await Promise.all([race(7), race(11), race(60)]);
      assert.deepEqual(eventIds(await wholeStream(await open(), other)), ids(messages));
    },
  },
  {
    name: 'answers each message and each command once while both doors write to one stream',
    async run({ boxesOn, open }) {
      const [stream, messages] = [`box-${newId()}`, puts(100)];
      const [byMessage, byCommand] = [boxesOn(await open(), patient), boxesOn(await open(), patient)];
      const delivering = async (): Promise<void> => {
        for (let at = 0; at < messages.length; at += 5)
          await byMessage.messages(stream, messages.slice(at, at + 5), cashBoxCommand);
      };
      const asking = async (): Promise<void> => {
        for (let nth = 0; nth < 20; nth += 1) await byCommand.command(stream, put(1n), asked());
      };
      await Promise.all([delivering(), asking()]);
      const events = await wholeStream(await open(), stream);
      assert.deepEqual(
        eventIds(events).filter((id) => id !== undefined),
        ids(messages),
      );
      assert.equal(events.length, 120);
    },
  },
];
