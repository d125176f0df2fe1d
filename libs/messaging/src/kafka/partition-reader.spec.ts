import { describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import { eventually } from '#testing/eventually.js';
import { toCloudEvent } from '../cloud-event.js';
import { Places } from '../key-lanes.js';
import type { DeadLetter } from './dead-letters.js';
import { PartitionReader } from './partition-reader.js';
import { readingOf } from './record-reading.js';

function messageAt(offset: number, previous?: Position, key = 'a'): Message {
  const position = { incarnation: 1, number: offset + 1 };
  const about = { topic: 't', type: 'Numbered.v1', subject: key, key, data: { number: offset } };
  const from = { actor: 'service:t', correlationId: 'c', time: '2025-03-10T09:00:00.000Z' } as const;
  return { id: `e-${String(offset)}`, position, ...about, ...from, ...(previous && { previous }) };
}

function record(offset: number, value?: string, previous?: Position, key = 'a'): KafkaMessage {
  const bytes = Buffer.from(value ?? toCloudEvent(messageAt(offset, previous, key)));
  return {
    key: Buffer.from(key),
    value: bytes,
    timestamp: '1',
    attributes: 0,
    offset: String(offset),
    headers: {},
  };
}

function rig(putAside: (letter: DeadLetter) => Promise<void> = async () => undefined) {
  const handled: number[] = [];
  const previous: (Position | undefined)[] = [];
  const told: (Position | undefined)[] = [];
  const gate = { opened: Promise.resolve() };
  const ending = new AbortController();
  const reader = new PartitionReader({
    reading: readingOf('t', 0, undefined),
    places: new Places(4),
    ...{ batchMessagesMax: 10, windowMessagesMax: 3, firstPauseMs: 1, putAside, signal: ending.signal },
    handle: async (messages: readonly Message[], passed?: Position) => {
      await gate.opened;
      for (const message of messages) {
        handled.push((message.data as { readonly number: number }).number);
        previous.push(message.previous);
        told.push(passed);
      }
    },
    onFailure: () => undefined,
    onHandled: () => undefined,
  });
  return { reader, handled, previous, told, gate, ending };
}

describe('the reader of a partition', () => {
  it('takes what is fetched once more, after a rebalance, only once', async () => {
    const { reader, handled } = rig();
    for (const offset of [5, 6, 5, 6, 7]) reader.take(record(offset));
    await eventually(() => expect(reader.handled).toBe(8n));
    expect(handled).toEqual([5, 6, 7]);
    expect(reader.reached).toBe(8n);
  });

  it('is full at its window', () => {
    const { reader } = rig();
    for (const offset of [0, 1]) reader.take(record(offset));
    expect(reader.isFull).toBe(false);
    reader.take(record(2));
    expect(reader.isFull).toBe(true);
  });

  it('counts what cannot be read as handled once it is kept, and tries until it is', async () => {
    const kept: DeadLetter[] = [];
    let failures = 3;
    const { reader, handled } = rig(async (letter) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('not now');
      }
      kept.push(letter);
    });
    reader.take(record(0, '{'));
    reader.take(record(1));
    await eventually(() => expect(handled).toEqual([1]));
    await eventually(() => expect(reader.handled).toBe(2n));
    expect(failures).toBe(0);
    expect(kept).toMatchObject([{ topic: 't', at: '0:0', key: 'a', reason: 'not JSON' }]);
  });

  it('counts it as unhandled where it could not be kept before the partition was given away', async () => {
    const { reader, handled } = rig(() => Promise.reject(new Error('not now')));
    reader.take(record(0, '{'));
    reader.take(record(1));
    await eventually(() => expect(handled).toEqual([1]));
    await reader.leave();
    expect(reader.handled).toBeUndefined();
  });

  it('takes a jump for what others have handled: misses nothing there and commits nothing of before', async () => {
    const { reader, handled, previous, gate } = rig();
    let open = (): void => undefined;
    gate.opened = new Promise((resolve) => {
      open = resolve;
    });
    reader.take(record(5));
    await Promise.resolve();
    await Promise.resolve();
    reader.take(record(20, undefined, { incarnation: 1, number: 20 }));
    expect(reader.handled).toBeUndefined();
    open();
    await eventually(() => expect(reader.handled).toBe(21n));
    expect(handled).toEqual([5, 20]);
    expect(previous).toEqual([undefined, undefined]);
  });

  it('tells how far the messages have come that are handled, from where its group stood', async () => {
    const { reader, gate } = rig();
    let open = (): void => undefined;
    gate.opened = new Promise((resolve) => {
      open = resolve;
    });
    const stood = { incarnation: 1, number: 9 };
    expect(reader.isBeyond(record(5))).toBe(true);
    reader.begin(stood);
    // Those of a second publisher, which repeat what the group has read: it has come no less far by that.
    for (const offset of [5, 6]) reader.take(record(offset));
    expect([reader.isBeyond(record(7)), reader.isBeyond(record(8))]).toEqual([false, true]);
    expect(reader.passed).toBe('unknown');
    open();
    await eventually(() => expect(reader.handled).toBe(7n));
    expect(reader.passed).toEqual(stood);
    for (const offset of [7, 8, 9]) reader.take(record(offset));
    await eventually(() => expect(reader.passed).toEqual({ incarnation: 1, number: 10 }));
  });

  it('has the next reader miss what could not be read of a key, although others of its partition were handled since', async () => {
    const at = (offset: number): Position => ({ incarnation: 1, number: offset + 1 });
    const { reader } = rig();
    reader.begin(at(0));
    for (const one of [record(1), record(2, '{'), record(3, undefined, undefined, 'b')]) reader.take(one);
    await eventually(() => expect(reader.handled).toBe(4n));
    const after = rig();
    after.reader.begin(reader.passed, reader.doubts);
    after.reader.take(record(4, undefined, at(3), 'b'));
    await eventually(() => expect(after.reader.handled).toBe(5n));
    const { passed, doubts } = after.reader;
    after.reader.take(record(5, undefined, at(2)));
    await eventually(() => expect(after.reader.handled).toBe(6n));
    expect(after.previous).toEqual([undefined, at(2)]);
    expect(after.told).toEqual([at(3), at(1)]);
    expect([...doubts]).toEqual([['a', { stood: at(1) }]]);
    expect([passed, after.reader.doubts.size]).toEqual([at(4), 0]);
  });

  it('forgets at a jump how far it had come', async () => {
    const { reader, gate } = rig();
    reader.take(record(5));
    await eventually(() => expect(reader.handled).toBe(6n));
    gate.opened = new Promise(() => undefined);
    reader.take(record(20));
    expect(reader.handled).toBeUndefined();
  });

  it('puts aside whatever the reading comes to grief over, with the name of the reason only', async () => {
    const kept: DeadLetter[] = [];
    const { reader, handled } = rig(async (letter) => void kept.push(letter));
    const readable = toCloudEvent(messageAt(0));
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    reader.take(record(0, readable.replace('"number":0', `"number":${deep}`)));
    reader.take(record(1));
    await eventually(() => expect(reader.handled).toBe(2n));
    expect(handled).toEqual([1]);
    expect(kept.map(({ reason }) => reason)).toEqual(['cannot be read: RangeError']);
  });

  it('counts dead letters that are being kept against its window, and has room once they are kept', async () => {
    let keep = (): void => undefined;
    const isKept = new Promise<void>((resolve) => {
      keep = resolve;
    });
    const { reader } = rig(() => isKept);
    for (const offset of [0, 1, 2]) reader.take(record(offset, '{'));
    expect(reader.isFull).toBe(true);
    const room = reader.hasRoom();
    expect(reader.isPaused).toBe(true);
    keep();
    await room;
    expect(reader.isPaused).toBe(false);
    expect(reader.isFull).toBe(false);
  });
});
