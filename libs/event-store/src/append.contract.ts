import { expect } from '@jest/globals';
import { comparePositions } from '#kernel/position.js';
import { wholeStream } from '#testing/events.js';
import { AppendMixed, AppendTooLarge, WrongExpectedVersion, appendBytesMax } from './event-store.js';
import { everything, noted, several, type EventStoreCase } from './contract-engine.contract.js';

/** What an append promises, one writer at a time. */
export const appendCases: readonly EventStoreCase[] = [
  {
    name: 'an append answers where its last event stands, and the stream reads back as it was given',
    async run({ store }) {
      const first = { ...noted({ b: [1, { ă: 'Đỗ Thị Mơ 🌱' }], a: null, n: -0.5 }), commandDigest: 'abc' };
      const message = {
        kind: 'message',
        topic: 'mangnon.ledger.v1',
        position: { incarnation: 1, number: 7 },
        eventId: first.id,
      } as const;
      const second = { ...noted({}, 'Answered'), schemaVersion: 3, cause: message };
      const appended = await store.append('note-1', [first, second], 'no_stream');
      const read = await wholeStream(store, 'note-1');
      expect(read).toMatchObject([
        { ...first, stream: 'note-1', revision: 0 },
        { ...second, stream: 'note-1', revision: 1 },
      ]);
      const { revision, position, recordedAt } = read[1] ?? {};
      expect(appended).toEqual({ revision, position, recordedAt });
      expect(position?.incarnation).toBe(await store.incarnation());
      expect(recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      expect(read[1]).not.toHaveProperty('commandDigest');
    },
  },
  {
    name: 'a stream reads from any revision on, page after page, and one that is not there reads as empty',
    async run({ store }) {
      const events = several(1_203);
      await store.append('note-1', events.slice(0, 700), 'no_stream');
      await store.append('note-2', several(3), 'no_stream');
      await store.append('note-1', events.slice(700), 699);
      const ids = events.map(({ id }) => id);
      expect((await wholeStream(store, 'note-1')).map(({ id }) => id)).toEqual(ids);
      expect((await wholeStream(store, 'note-1', 690)).map(({ id }) => id)).toEqual(ids.slice(690));
      expect((await wholeStream(store, 'note-1')).map(({ revision }) => revision)).toEqual([...ids.keys()]);
      expect(await wholeStream(store, 'note-1', 1_203)).toEqual([]);
      expect(await wholeStream(store, 'note-3')).toEqual([]);
    },
  },
  {
    name: 'an append after another event than the last is refused as moved, though the revision is right, and writes nothing',
    async run({ store }) {
      const [first, second, other, third] = [noted(), noted(), noted(), noted()];
      await store.append('note-1', [first, second], 'no_stream');
      await store.append('note-2', [other], 'no_stream');
      for (const id of [first.id, other.id, third.id]) {
        const moved = store.append('note-1', [third], 1, id).catch((error: unknown) => error);
        expect(await moved).toBeInstanceOf(WrongExpectedVersion);
        expect(await moved).toMatchObject({ stream: 'note-1', expected: 1, actual: 1 });
      }
      const appended = await store.append('note-1', [third], 1, second.id);
      expect(appended.revision).toBe(2);
      expect(await store.append('note-1', [third], 1, second.id)).toEqual(appended);
      expect(await everything(store)).toHaveLength(4);
    },
  },
  {
    name: 'an append at another revision than the last is refused, told where the stream stands, and writes nothing',
    async run({ store }) {
      await store.append('note-1', several(3), 'no_stream');
      const refused = async (stream: string, expected: number | 'no_stream'): Promise<unknown> =>
        store.append(stream, several(1), expected).catch((error: unknown) => error);
      for (const expected of ['no_stream', 0, 1, 3, 9] as const) {
        const error = await refused('note-1', expected);
        expect(error).toBeInstanceOf(WrongExpectedVersion);
        expect(error).toMatchObject({ stream: 'note-1', expected, actual: 2 });
      }
      expect(await refused('note-2', 0)).toMatchObject({ expected: 0, actual: 'no_stream' });
      expect(await everything(store)).toHaveLength(3);
    },
  },
  {
    name: 'the same ids at the same revision answer as the first time and write nothing, also after a restart',
    async run(engine) {
      const [one, two, three] = [several(2), several(1), several(2)];
      const first = await engine.store.append('note-1', one, 'no_stream');
      const second = await engine.store.append('note-1', two, 1);
      expect(await engine.store.append('note-1', one, 'no_stream')).toEqual(first);
      await engine.store.append('note-1', three, 2);
      await engine.store.append('note-2', several(1), 'no_stream');
      expect(await engine.store.append('note-1', two, 1)).toEqual(second);
      const reopened = await engine.reopen();
      expect(await reopened.append('note-1', one, 'no_stream')).toEqual(first);
      expect(await reopened.append('note-1', two, 1)).toEqual(second);
      const ids = [...one, ...two, ...three].map(({ id }) => id);
      expect((await wholeStream(reopened, 'note-1')).map(({ id }) => id)).toEqual(ids);
      expect(await everything(reopened)).toHaveLength(6);
    },
  },
  {
    name: 'part of an earlier append mixed with new events is refused and writes nothing',
    async run({ store }) {
      const [a, b, c] = several(3);
      if (!a || !b || !c) throw new Error('three events');
      await store.append('note-1', [a, b], 'no_stream');
      for (const mixed of [
        [a, b, c],
        [a, c],
        [c, b],
      ])
        await expect(store.append('note-1', mixed, 'no_stream')).rejects.toThrow(AppendMixed);
      for (const behind of [[b], [c, b]])
        await expect(store.append('note-1', behind, 1)).rejects.toThrow(AppendMixed);
      expect(await everything(store)).toHaveLength(2);
    },
  },
  {
    name: 'an append carries its full size, all or none, and not a byte more',
    async run({ store }) {
      const frame = Buffer.byteLength(JSON.stringify({ text: 'a' }));
      const half = { text: `a${'đ'.repeat((appendBytesMax / 2 - frame) / 2)}` };
      expect(Buffer.byteLength(JSON.stringify(half))).toBe(appendBytesMax / 2);
      await expect(
        store.append('note-1', [noted(half), noted(half), noted({})], 'no_stream'),
      ).rejects.toThrow(AppendTooLarge);
      expect(await wholeStream(store, 'note-1')).toEqual([]);
      await store.append('note-1', [noted(half), noted(half)], 'no_stream');
      expect((await wholeStream(store, 'note-1')).map(({ data }) => data)).toEqual([half, half]);
    },
  },
  {
    name: 'what is not an event of plain JSON is refused, and the store goes on',
    async run({ store }) {
      const [good] = several(1);
      if (!good) throw new Error('one event');
      const wrong = [
        { ...good, id: 'not-a-uuid' },
        { ...good, type: '' },
        { ...good, schemaVersion: 0 },
        noted({ at: new Date(0) }),
        noted({ none: undefined }),
        noted({ text: 'nul \0 inside' }),
        noted({ text: '\ud800 alone' }),
      ];
      for (const event of wrong)
        await expect(store.append('note-1', [event], 'no_stream')).rejects.toThrow(TypeError);
      await expect(store.append('note-1', [], 'no_stream')).rejects.toThrow(TypeError);
      await expect(store.append('note-1', [good, good], 'no_stream')).rejects.toThrow(TypeError);
      await expect(store.append('', [good], 'no_stream')).rejects.toThrow(TypeError);
      await expect(store.append('note-1', [good], -1)).rejects.toThrow(TypeError);
      await store.append('note-1', [good, noted({ text: String.raw`a backslash: \u0000` })], 'no_stream');
      expect(await wholeStream(store, 'note-1')).toHaveLength(2);
    },
  },
  {
    name: 'positions rise and times never run backwards from event to event, also over a restart',
    async run(engine) {
      expect(await engine.store.head()).toBeUndefined();
      await engine.store.append('note-1', several(3), 'no_stream');
      await engine.store.append('note-2', several(2), 'no_stream');
      const before = await engine.store.head();
      const reopened = await engine.reopen();
      expect(await reopened.head()).toEqual(before);
      await reopened.append('note-1', several(2), 2);
      const events = await everything(reopened);
      expect(events.map(({ stream }) => stream.at(-1)).join('')).toBe('1112211');
      events.slice(1).forEach((event, index) => {
        const previous = events[index];
        if (!previous) throw new Error('an event before it');
        expect(comparePositions(previous.position, event.position)).toBeLessThan(0);
        expect(event.recordedAt >= previous.recordedAt).toBe(true);
      });
      const last = events.at(-1);
      expect(await reopened.head()).toEqual({
        cursor: last?.cursor,
        position: last?.position,
        eventId: last?.id,
      });
    },
  },
  {
    name: 'a closed store takes and gives nothing more',
    async run({ store }) {
      await store.append('note-1', several(1), 'no_stream');
      await store.close();
      await expect(store.append('note-1', several(1), 0)).rejects.toThrow();
      await expect(wholeStream(store, 'note-1')).rejects.toThrow();
      await expect(everything(store)).rejects.toThrow();
    },
  },
];
